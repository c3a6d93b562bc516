//! Many networks as one tensor program.

use std::borrow::Cow;

use super::initial::Sizes;
#[cfg(feature = "burn")]
use super::stacking::Stacking;
use super::{Activation, Layer, Mlp, NetworkError, Parameters};
use crate::engine::{Device, Tensor, column_sizes, is_host, numbers};

/// Networks that differ only in width and seed, trained as one tensor program.
///
/// The paper trains hundreds of tiny networks one after the other; each step is far smaller than its own overhead, above
/// all in a browser. Here networks that use the same batches form a *cohort*: their first layers lie side by side in one
/// matrix, so a whole model-size axis costs about as much as one wide network. Several cohorts, each with a seed and batches of its
/// own, add one dimension to the batched products, which pays on a GPU. Each network still trains exactly as it would alone with the
/// same seed and batches: weights are drawn from streams of its own, the loss is the sum of the networks' own losses, and
/// nothing else joins them.
///
/// ```
/// use hash_phase::engine::Engine;
/// use hash_phase::network::{Activation, Mlp, Population};
/// let networks = [3, 10, 40].map(|width| Mlp { depth: 1, width, batch_norm: false, dropout: 0.0, activation: Activation::Relu });
/// let population = Population::new(784, 10, &networks, &[1], Engine::cpu().device())?; // one cohort, of seed 1
/// assert_eq!(population.members().map(|member| member.bits).sum::<usize>(), 53);
/// # Ok::<(), hash_phase::network::NetworkError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Population {
    pub(super) architectures: Vec<Mlp>,
    pub(super) seeds: Vec<u64>,
    pub(super) classes: usize,
    pub(super) widest: usize,
    pub(super) device: Device,
    /// What the optimizer moves.
    pub parameters: Parameters,
    /// Batch norm's running mean and variance of each hidden layer, `[groups, 1, units]`; empty without batch norm.
    pub running: Vec<[Tensor<3>; 2]>,
    /// How columns move between layouts; none if all networks have the same width.
    #[cfg(feature = "burn")]
    pub(super) stacking: Option<Stacking>,
}

/// One network of a population.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Its place in the population: cohort by cohort.
    pub index: usize,
    /// Its cohort.
    pub cohort: usize,
    /// ReLUs per hidden layer.
    pub width: usize,
    /// Bits of its code.
    pub bits: usize,
    /// First column of its units in the side-by-side layout.
    pub(crate) start: usize,
}

impl Member {
    /// Where its units of hidden layer `layer` lie: the group and the first column. The first layers of a cohort stand
    /// side by side in one group, later ones in a group of their own.
    pub(crate) fn place(&self, layer: usize) -> (usize, usize) {
        if layer == 0 { (self.cohort, self.start) } else { (self.index, 0) }
    }
}

impl Population {
    /// A cohort of all `architectures` for each of `seeds`, with initial weights drawn from that seed, on `device`.
    pub fn new(
        inputs: usize,
        classes: usize,
        architectures: &[Mlp],
        seeds: &[u64],
        device: &Device,
    ) -> Result<Self, NetworkError> {
        let first = architectures.first().ok_or(NetworkError::Empty)?;
        for network in architectures {
            if (Mlp { width: first.width, ..*network }) != *first {
                return Err(NetworkError::Mixed(Box::new(*first), Box::new(*network)));
            }
            if network.width == 0 {
                return Err(NetworkError::NoUnits { what: "width" });
            }
        }
        if first.depth == 0 {
            return Err(NetworkError::NoUnits { what: "depth" });
        }
        Self::of(Sizes { architectures, inputs, classes, seeds }, device)
    }

    /// What stands behind so many features of another network: Dense layers or, at depth 0, the output alone.
    pub(super) fn behind(
        features: usize,
        classes: usize,
        layers: Mlp,
        seed: u64,
        device: &Device,
    ) -> Result<Self, NetworkError> {
        if layers.depth > 0 {
            return Self::new(features, classes, &[layers], &[seed], device);
        }
        let output = Mlp { width: features, ..layers };
        Self::of(Sizes { architectures: &[output], inputs: features, classes, seeds: &[seed] }, device)
    }

    fn of(sizes: Sizes, device: &Device) -> Result<Self, NetworkError> {
        let Sizes { architectures, classes, seeds, .. } = sizes;
        let first = &architectures[0];
        if !(0.0..1.0).contains(&first.dropout) {
            return Err(NetworkError::Dropout(first.dropout));
        }
        if seeds.is_empty() {
            return Err(NetworkError::NoSeed);
        }
        let parameters = sizes.parameters(device);
        let running = parameters.hidden.iter().filter(|layer| layer.norm.is_some());
        Ok(Self {
            running: running.map(|layer| [layer.bias.zeros_like(), layer.bias.ones_like()]).collect(),
            #[cfg(feature = "burn")]
            stacking: Stacking::of(architectures, sizes.widest(), device),
            architectures: architectures.to_vec(),
            seeds: seeds.to_vec(),
            classes,
            widest: sizes.widest(),
            device: device.clone(),
            parameters,
        })
    }

    /// Its networks, cohort by cohort, in the order they were given.
    pub fn members(&self) -> impl Iterator<Item = Member> {
        let networks = self.architectures.len();
        self.seeds.iter().enumerate().flat_map(move |(cohort, _)| {
            self.architectures.iter().enumerate().scan(0, move |start, (place, network)| {
                let index = cohort * networks + place;
                let member = Member { index, cohort, width: network.width, bits: network.bits(), start: *start };
                *start += network.width;
                Some(member)
            })
        })
    }

    /// The seed of each cohort.
    pub fn seeds(&self) -> &[u64] {
        &self.seeds
    }

    /// How many networks.
    #[allow(clippy::len_without_is_empty)] // never empty
    pub fn len(&self) -> usize {
        self.seeds.len() * self.architectures.len()
    }

    /// Outputs of each network.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Hidden layers of each network.
    pub fn depth(&self) -> usize {
        self.architectures[0].depth
    }

    /// Fraction of activations dropped during training.
    pub fn dropout(&self) -> f64 {
        self.architectures[0].dropout
    }

    /// Whether it is one cohort on the CPU of networks that the CPU has kernels of its own for.
    pub(crate) fn has_kernels(&self) -> bool {
        is_host(&self.device) && self.seeds.len() == 1 && self.activation().negative_slope().is_some()
    }

    /// What follows each Dense layer.
    pub(crate) fn activation(&self) -> Activation {
        self.architectures[0].activation
    }

    /// A population of some of its cohorts, with their current weights.
    pub(crate) fn of_cohorts(&self, cohorts: &[usize]) -> Cow<'_, Self> {
        #[cfg(feature = "burn")]
        if cohorts.len() < self.seeds.len() {
            return Cow::Owned(self.selected(cohorts));
        }
        // Without tensor programs there is only one.
        debug_assert_eq!(cohorts.len(), self.seeds.len());
        Cow::Borrowed(self)
    }

    /// Activations per example in its widest layer, all networks together.
    pub(crate) fn widest_layer(&self) -> usize {
        let side_by_side: usize = self.architectures.iter().map(|network| network.width).sum();
        self.seeds.len() * side_by_side.max(self.architectures.len() * self.widest)
    }

    /// Its device.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The weights of one network's hidden kernels and output kernel, padding left out, each row by row `[inputs, units]`.
    pub async fn kernels(&self, member: Member) -> Result<Vec<Vec<f32>>, NetworkError> {
        let mut kernels = Vec::new();
        for (index, layer) in self.layers().enumerate() {
            kernels.push(self.own(&layer.kernel, member, index, &self.kernel_shape(member, index)).await?);
        }
        Ok(kernels)
    }

    /// `[inputs, units]` of one network's layer, padding and other networks left out.
    pub(super) fn kernel_shape(&self, member: Member, layer: usize) -> [usize; 2] {
        let Parameters { hidden, output } = &self.parameters;
        let [_, inputs, _] = hidden.first().unwrap_or(output).kernel.dims();
        let inputs = if layer == 0 { inputs } else { member.width };
        [inputs, if layer == self.depth() { self.classes } else { member.width }]
    }

    /// Of each network whether all its numbers are finite, running statistics included.
    pub(crate) async fn are_finite(&self) -> Result<Vec<bool>, NetworkError> {
        let mut finite = vec![true; self.len()];
        for (index, layer) in self.layers().enumerate() {
            let running = self.running.get(index).into_iter().flatten();
            let norm = layer.norm.iter().flatten();
            for tensor in [&layer.kernel, &layer.bias].into_iter().chain(norm).chain(running) {
                let [_, _, columns] = tensor.dims();
                // If a sum is finite, all of its terms are.
                let sums = read(column_sizes(tensor), "weights").await?;
                for member in self.members() {
                    let (group, first) = member.place(index);
                    let side_by_side = index == 0 && self.depth() > 0;
                    let own = if side_by_side { first..first + member.width } else { 0..columns };
                    finite[member.index] &= sums[group * columns..][own].iter().all(|sum| sum.is_finite());
                }
            }
        }
        Ok(finite)
    }

    /// The weights of each layer's kernels as they lie in memory, cohort by cohort.
    pub(crate) async fn all_kernels(&self) -> Result<Vec<Vec<f32>>, NetworkError> {
        let mut kernels = Vec::new();
        for layer in self.layers() {
            kernels.push(read(layer.kernel.clone(), "weights").await?);
        }
        Ok(kernels)
    }

    /// The hidden layers and the output.
    pub(super) fn layers(&self) -> impl Iterator<Item = &Layer> {
        self.parameters.hidden.iter().chain([&self.parameters.output])
    }
}

/// A tensor's numbers, row by row.
pub(crate) async fn read<const D: usize>(tensor: Tensor<D>, what: &'static str) -> Result<Vec<f32>, NetworkError> {
    numbers(tensor).await.map_err(|reason| NetworkError::Read { what, reason })
}
