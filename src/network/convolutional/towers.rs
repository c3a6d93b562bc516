//! Convolutional networks side by side as one tensor program, for a GPU: there the number of kernels is what a step waits for, and it is that of
//! one network however many there are.

use std::ops::Range;

use burn::tensor::{Device, Tensor, Transaction};

use super::places::Places;
use super::units::{Then, Unit};
use super::{ConvNet, ConvNets, Convolution};
use crate::engine::{TAPS, tensor};
use crate::network::forward::activate;
use crate::network::{Activation, Layer, NORM_EPSILON, NetworkError, Parameters};

/// Bytes of the largest tensor of networks that go side by side: what every WebGPU adapter takes.
const LARGEST: u64 = 128 << 20;

/// Networks whose convolutions are of the same sizes. Their Dense layers are padded with zeros to the widest; a padded unit has zero weights in and
/// out, so that its activation and all its gradients stay zero.
#[derive(Debug, Clone)]
pub(crate) struct Towers {
    /// Their places among the networks they are of.
    pub members: Range<usize>,
    /// Units of their Dense layers.
    pub widths: Vec<usize>,
    /// Of each of them.
    pub units: Vec<Unit>,
    pub places: Vec<Places>,
    pub activation: Activation,
    /// Of the convolutions, the hidden Dense layers and the output; other than in a [`Population`](crate::network::Population), a kernel is
    /// `[networks, units, inputs]`, all others `[networks, units, 1]`. Inputs of a convolution are channel by channel, tap by tap.
    pub parameters: Parameters,
    /// Batch norm's running mean and variance of each hidden layer, `[networks, units, 1]`; empty without batch norm.
    pub running: Vec<[Tensor<3>; 2]>,
}

/// What comes of a pass in evaluation mode, of all networks.
pub(crate) struct TowerPass {
    /// What the ReLUs of each convolution let through, `[networks, channels, places, examples]`.
    pub maps: Vec<Tensor<4>>,
    /// The same of each hidden Dense layer, `[networks, widest, examples]`.
    pub dense: Vec<Tensor<3>>,
    /// `[networks, classes, examples]`.
    pub logits: Tensor<3>,
}

impl Towers {
    /// All of `networks`, as few programs as their sizes allow for so many examples at a time.
    pub fn of(networks: &ConvNets, examples: usize) -> Vec<Self> {
        let (own, device) = (&networks.networks, networks.device());
        let mut all = Vec::new();
        let mut first = 0;
        while first < own.len() {
            let alike = own[first..].iter().take_while(|one| one.units == own[first].units).count();
            let together = (LARGEST / largest(&own[first].units, examples)).clamp(1, alike as u64) as usize;
            all.push(Self::new(own, first..first + together, device));
            first += together;
        }
        all
    }

    /// How many examples the largest of `networks` bears at a time; no more than `most`.
    pub fn rows_at_a_time(networks: &ConvNets, most: usize) -> usize {
        let of_one = networks.networks.iter().map(|one| largest(&one.units, 1)).max().unwrap_or(1);
        most.min((LARGEST / of_one) as usize).max(1)
    }

    fn new(all: &[ConvNet], members: Range<usize>, device: &Device) -> Self {
        let networks = &all[members.clone()];
        let first = &networks[0];
        let convolutions = (0..first.units.len()).map(|unit| {
            let own: Vec<&Convolution> = networks.iter().map(|one| &one.convolutions[unit]).collect();
            convolution(&own, device)
        });
        let (mut hidden, mut running): (Vec<Layer>, Vec<_>) = convolutions.unzip();
        let heads = || networks.iter().map(|one| &one.head);
        let widest = heads().map(|head| head.widest).max().unwrap_or_default();
        let depth = first.head.depth();
        let side_by_side = |each: &dyn Fn(&ConvNet) -> Tensor<3>, size: [usize; 2]| {
            let own = networks.iter().map(|one| padded(each(one).swap_dims(1, 2), size));
            Tensor::cat(own.collect(), 0)
        };
        for index in 0..depth {
            let inputs = if index == 0 { first.architecture.features().len() } else { widest };
            let of = |one: &ConvNet| one.head.parameters.hidden[index].clone();
            let norm = |part: usize| {
                let own = |one: &ConvNet| of(one).norm.map_or_else(|| of(one).bias, |norm| norm[part].clone());
                side_by_side(&own, [widest, 1])
            };
            hidden.push(Layer {
                kernel: side_by_side(&|one| of(one).kernel, [widest, inputs]),
                bias: side_by_side(&|one| of(one).bias, [widest, 1]),
                norm: of(first).norm.is_some().then(|| [norm(0), norm(1)]),
            });
            let statistic = |part: usize| side_by_side(&|one| one.head.running[index][part].clone(), [widest, 1]);
            running.push((!first.head.running.is_empty()).then(|| [statistic(0), statistic(1)]));
        }
        let classes = first.head.classes;
        let output = Layer {
            kernel: side_by_side(&|one| one.head.parameters.output.kernel.clone(), [classes, widest]),
            bias: side_by_side(&|one| one.head.parameters.output.bias.clone(), [classes, 1]),
            norm: None,
        };
        let shortcut_from = |unit: &Unit| unit.shortcut.map(|source| first.units[source].out());
        Self {
            widths: networks.iter().map(|one| one.architecture.dense.width).collect(),
            places: first.units.iter().map(|unit| Places::new(unit, shortcut_from(unit), device)).collect(),
            units: first.units.clone(),
            activation: first.architecture.dense.activation,
            parameters: Parameters { hidden, output },
            running: running.into_iter().flatten().collect(),
            members,
        }
    }

    /// How many networks.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Writes the weights into the networks they are of, and the running statistics of batch norm.
    pub async fn write(&self, networks: &mut ConvNets) -> Result<(), NetworkError> {
        let own = &mut networks.networks[self.members.clone()];
        let convolutions = self.units.len();
        let of_unit = |unit: usize| {
            let Layer { kernel, bias, norm } = &self.parameters.hidden[unit];
            [kernel, bias].into_iter().chain(norm.iter().flatten()).chain(self.running.get(unit).into_iter().flatten())
        };
        // Read together, because every read waits for the device.
        let all =
            (0..convolutions).flat_map(of_unit).fold(Transaction::default(), |all, one| all.register(one.clone()));
        let refused = |reason: String| NetworkError::Read { what: "weights", reason };
        let mut read = all.execute_async().await.map_err(|error| refused(format!("{error:?}")))?.into_iter();
        for unit in 0..convolutions {
            let mut next = || {
                let numbers: Vec<f32> =
                    read.next().into_iter().flat_map(|data| data.iter::<f32>().collect::<Vec<_>>()).collect();
                let each = (numbers.len() / own.len()).max(1);
                numbers.chunks_exact(each).map(<[f32]>::to_vec).collect::<Vec<_>>()
            };
            let (kernels, biases) = (next(), next());
            let norms: Vec<_> = own[0].convolutions[unit].norm.iter().flatten().map(|_| next()).collect();
            for (index, one) in own.iter_mut().enumerate() {
                let to = &mut one.convolutions[unit];
                to.kernel.clone_from(&kernels[index]);
                to.bias.clone_from(&biases[index]);
                for (to, from) in to.norm.iter_mut().flatten().zip(&norms) {
                    to.clone_from(&from[index]);
                }
            }
        }
        for (index, one) in own.iter_mut().enumerate() {
            let back = |tensor: &Tensor<3>, like: &Tensor<3>| {
                let [_, inputs, units] = like.dims();
                let own = tensor.clone().narrow(0, index, 1).narrow(1, 0, units);
                own.narrow(2, 0, inputs).swap_dims(1, 2)
            };
            let head = &mut one.head;
            let dense = &self.parameters.hidden[convolutions..];
            for (to, from) in head
                .parameters
                .hidden
                .iter_mut()
                .zip(dense)
                .chain([(&mut head.parameters.output, &self.parameters.output)])
            {
                to.kernel = back(&from.kernel, &to.kernel);
                to.bias = back(&from.bias, &to.bias);
                if let (Some(to), Some(from)) = (&mut to.norm, &from.norm) {
                    to.iter_mut().zip(from).for_each(|(to, from)| *to = back(from, to));
                }
            }
            let running = self.running.iter().skip(convolutions);
            for (to, from) in head.running.iter_mut().flatten().zip(running.flatten()) {
                *to = back(from, to);
            }
        }
        Ok(())
    }

    /// Evaluation mode: running statistics, no dropout; of some examples, `[1, channels, places, examples]`.
    pub fn evaluation_pass(&self, images: Tensor<4>) -> TowerPass {
        let mut maps: Vec<Tensor<4>> = Vec::new();
        let mut signal = images;
        for (index, (unit, places)) in self.units.iter().zip(&self.places).enumerate() {
            let sums = places.convolve(&self.parameters.hidden[index], signal);
            let shape = sums.dims();
            let mut units = self.evaluated(index, flat(sums)).reshape(shape);
            if let Some(source) = unit.shortcut {
                units = units + places.shorten(maps[source].clone(), unit.outputs);
            }
            let through = activate(self.activation, units);
            maps.push(through.clone());
            signal = match unit.then {
                Then::Nothing => through,
                Then::Pooled => places.pool(through.clone()).map_or(through, |(largest, _)| largest),
                Then::Averaged => through.mean_dim(2),
            };
        }
        let [networks, channels, places, examples] = signal.dims();
        let mut signal = signal.reshape([networks, channels * places, examples]);
        let mut dense = Vec::new();
        for index in self.units.len()..self.parameters.hidden.len() {
            let sums = self.parameters.hidden[index].of(signal);
            signal = activate(self.activation, self.evaluated(index, sums));
            dense.push(signal.clone());
        }
        TowerPass { maps, dense, logits: self.parameters.output.of(signal) }
    }

    /// What batch norm makes of the sums of a hidden layer in evaluation mode, `[networks, units, columns]`.
    fn evaluated(&self, index: usize, sums: Tensor<3>) -> Tensor<3> {
        match (&self.parameters.hidden[index].norm, self.running.get(index)) {
            (Some([scale, shift]), Some([mean, variance])) => {
                let inverse = variance.clone().add_scalar(NORM_EPSILON).sqrt().recip();
                (sums - mean.clone()) * (inverse * scale.clone()) + shift.clone()
            }
            _ => sums,
        }
    }

    /// The sum of squares of each network's hidden kernels, `[networks]`, which weight decay penalises.
    pub fn squares(&self) -> Tensor<1> {
        let zeros = Tensor::zeros([self.len()], &self.parameters.output.kernel.device());
        let of_layer = |layer: &Layer| layer.kernel.clone().square().sum_dim(2).sum_dim(1).reshape([self.len()]);
        self.parameters.hidden.iter().map(of_layer).fold(zeros, |sum, layer| sum + layer)
    }
}

impl Layer {
    /// From `[networks, inputs, columns]` to `[networks, units, columns]`, of a kernel `[networks, units, inputs]`.
    pub(crate) fn of(&self, taken: Tensor<3>) -> Tensor<3> {
        self.kernel.clone().matmul(taken) + self.bias.clone()
    }
}

/// Maps as the columns of a layer, `[networks, channels, places x examples]`.
pub(crate) fn flat(maps: Tensor<4>) -> Tensor<3> {
    let [networks, channels, places, examples] = maps.dims();
    maps.reshape([networks, channels, places * examples])
}

/// Bytes of the largest tensor that one network makes of so many examples.
pub(crate) fn largest(units: &[Unit], examples: usize) -> u64 {
    let of_unit = |unit: &Unit| {
        let maps = unit.taken.len().max(unit.out().len());
        // Gradients are summed for each example separately.
        (maps.max(unit.taken.channels * unit.outputs * TAPS) * examples * size_of::<f32>()) as u64
    };
    units.iter().map(of_unit).max().unwrap_or(1)
}

/// The same convolution of several networks; and its running statistics.
fn convolution(own: &[&Convolution], device: &Device) -> (Layer, Option<[Tensor<3>; 2]>) {
    let outputs = own[0].bias.len();
    let side_by_side = |each: &dyn Fn(&Convolution) -> &[f32]| {
        let all: Vec<f32> = own.iter().flat_map(|one| each(one)).copied().collect();
        let columns = all.len() / own.len() / outputs;
        tensor(all, [own.len(), outputs, columns], device)
    };
    let norm = |part: usize| side_by_side(&|one| one.norm.as_ref().map_or(&[][..], |norm| &norm[part]));
    let has_norm = own[0].norm.is_some();
    let layer = Layer {
        kernel: side_by_side(&|one| &one.kernel),
        bias: side_by_side(&|one| &one.bias),
        norm: has_norm.then(|| [norm(0), norm(1)]),
    };
    (layer, has_norm.then(|| [norm(2), norm(3)]))
}

/// With zeros below and to the right.
fn padded(tensor: Tensor<3>, [rows, columns]: [usize; 2]) -> Tensor<3> {
    let [_, own_rows, own_columns] = tensor.dims();
    if [own_rows, own_columns] == [rows, columns] {
        return tensor;
    }
    Tensor::zeros([1, rows, columns], &tensor.device()).slice_assign([0..1, 0..own_rows, 0..own_columns], tensor)
}

/// Pictures whose pixels' channels lie side by side, as a tower takes them: from `[examples, places x channels]` to
/// `[1, channels, places, examples]`.
pub(crate) fn by_channel(inputs: Tensor<2>, channels: usize) -> Tensor<4> {
    let [examples, all] = inputs.dims();
    let pixels = inputs.reshape([examples, all / channels, channels]).permute([2, 1, 0]);
    pixels.reshape([1, channels, all / channels, examples])
}
