//! Many networks as one tensor program.

use burn::tensor::{Device, Int, Tensor, TensorData};

use super::initial::Sizes;
use super::{Architecture, NetworkError, Parameters};

/// Networks that see the same batches and differ in width alone, trained as one tensor program.
///
/// The paper trains hundreds of tiny networks one after the other; each step is far smaller than its own overhead, above
/// all in a browser. Here their first layers stand side by side as one matrix, so a whole model-size axis costs about
/// one wide network. Each network still trains exactly as it would alone with the same seed and batches: weights are
/// drawn from streams of its own, the loss is the sum of the networks' own losses, and nothing else joins them.
///
/// ```
/// use hash_phase::network::{Architecture, Population, cpu};
/// let networks = [3, 10, 40].map(|width| Architecture { depth: 1, width, batch_norm: false, dropout: 0.0 });
/// let population = Population::new(784, 10, &networks, 1, &cpu())?; // seed 1
/// assert_eq!(population.members().map(|member| member.bits).sum::<usize>(), 53);
/// # Ok::<(), hash_phase::network::NetworkError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Population {
    pub(super) architectures: Vec<Architecture>,
    pub(super) classes: usize,
    pub(super) widest: usize,
    pub(super) device: Device,
    /// What the optimizer moves.
    pub parameters: Parameters,
    /// Batch norm's running mean and variance of each hidden layer, `[groups, 1, units]`; empty without batch norm.
    pub running: Vec<[Tensor<3>; 2]>,
    /// For each place of the stacked layout `[networks * widest]` the column that belongs there from the side-by-side
    /// layout, or one past the last, where a column of zeros is put.
    pub(super) stacking: Tensor<1, Int>,
}

/// One network of a population.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Its place in the population.
    pub index: usize,
    /// ReLUs a hidden layer.
    pub width: usize,
    /// Bits of its code.
    pub bits: usize,
    /// First column of its units in the side-by-side layout.
    pub(crate) start: usize,
}

impl Member {
    /// Where its units of hidden layer `layer` lie: the group and the first column. The first layers stand side by side
    /// in one group, later ones in a group of their own.
    pub(crate) fn place(&self, layer: usize) -> (usize, usize) {
        if layer == 0 { (0, self.start) } else { (self.index, 0) }
    }
}

impl Population {
    /// Networks with initial weights of `seed`, on `device`.
    pub fn new(
        inputs: usize,
        classes: usize,
        architectures: &[Architecture],
        seed: u64,
        device: &Device,
    ) -> Result<Self, NetworkError> {
        let first = architectures.first().ok_or(NetworkError::Empty)?;
        for network in architectures {
            if (Architecture { width: first.width, ..*network }) != *first {
                return Err(NetworkError::Mixed(Box::new(*first), Box::new(*network)));
            }
            if network.width == 0 {
                return Err(NetworkError::NoUnits { what: "width" });
            }
        }
        if first.depth == 0 {
            return Err(NetworkError::NoUnits { what: "depth" });
        }
        if !(0.0..1.0).contains(&first.dropout) {
            return Err(NetworkError::Dropout(first.dropout));
        }
        let sizes = Sizes { architectures, inputs, classes, seed };
        let parameters = sizes.parameters(device);
        let running = parameters.hidden.iter().filter(|layer| layer.norm.is_some());
        Ok(Self {
            running: running.map(|layer| [layer.bias.zeros_like(), layer.bias.ones_like()]).collect(),
            stacking: stacking(architectures, sizes.widest(), device),
            architectures: architectures.to_vec(),
            classes,
            widest: sizes.widest(),
            device: device.clone(),
            parameters,
        })
    }

    /// Its networks, in the order they were given.
    pub fn members(&self) -> impl Iterator<Item = Member> {
        self.architectures.iter().enumerate().scan(0, |start, (index, network)| {
            let member = Member { index, width: network.width, bits: network.bits(), start: *start };
            *start += network.width;
            Some(member)
        })
    }

    /// How many networks.
    #[allow(clippy::len_without_is_empty)] // never empty
    pub fn len(&self) -> usize {
        self.architectures.len()
    }

    /// Outputs of each network.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Hidden layers of each network.
    pub fn depth(&self) -> usize {
        self.architectures[0].depth
    }

    /// Share of activations dropped in training.
    pub fn dropout(&self) -> f64 {
        self.architectures[0].dropout
    }

    /// Where it lives.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The weights of one network's hidden kernels and output kernel, padding left out, each row by row `[inputs, units]`.
    pub async fn kernels(&self, member: Member) -> Result<Vec<Vec<f32>>, NetworkError> {
        let mut kernels = Vec::new();
        let layers = self.parameters.hidden.iter().chain([&self.parameters.output]);
        for (index, layer) in layers.enumerate() {
            let [_, rows, columns] = layer.kernel.dims();
            let (group, first) = member.place(index);
            let own_rows = if index == 0 { rows } else { member.width };
            let own_columns = if index == self.depth() { self.classes } else { member.width };
            let kernel = read(layer.kernel.clone(), "weights").await?;
            let group = &kernel[group * rows * columns..][..rows * columns];
            let own = group.chunks_exact(columns).take(own_rows).flat_map(|row| &row[first..first + own_columns]);
            kernels.push(own.copied().collect());
        }
        Ok(kernels)
    }
}

/// A tensor's numbers, row by row.
pub(crate) async fn read<const D: usize>(tensor: Tensor<D>, what: &'static str) -> Result<Vec<f32>, NetworkError> {
    let data =
        tensor.into_data_async().await.map_err(|error| NetworkError::Read { what, reason: format!("{error:?}") })?;
    data.try_into_vec::<f32>().map_err(|error| NetworkError::Read { what, reason: format!("{error:?}") })
}

fn stacking(architectures: &[Architecture], widest: usize, device: &Device) -> Tensor<1, Int> {
    let total: usize = architectures.iter().map(|network| network.width).sum();
    let mut columns = Vec::with_capacity(architectures.len() * widest);
    let mut start = 0;
    for network in architectures {
        columns.extend((0..widest).map(|unit| if unit < network.width { start + unit } else { total } as i32));
        start += network.width;
    }
    let places = columns.len();
    Tensor::from_data(TensorData::new(columns, [places]), device)
}
