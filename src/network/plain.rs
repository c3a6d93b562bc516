//! One network in evaluation mode as plain numbers, for one input at a time.

use super::layers::NORM_EPSILON;
use super::{Activation, Layer, Member, NetworkError, Population};

/// A network of Dense layers with ReLUs between them, batch norm folded into the layers before it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlainNetwork {
    /// The hidden layers, each followed by its ReLUs, and the output.
    layers: Vec<Affine>,
}

/// What a Dense layer does to a signal: times a kernel plus a bias.
#[derive(Debug, Clone, PartialEq)]
pub struct Affine {
    /// Numbers that come in.
    pub inputs: usize,
    /// Numbers that go out.
    pub units: usize,
    /// `[inputs, units]`, row by row.
    pub kernel: Vec<f32>,
    /// `[units]`.
    pub bias: Vec<f32>,
}

impl Affine {
    /// Of one signal, in double precision.
    pub fn of(&self, signal: &[f64]) -> Vec<f64> {
        let mut sums: Vec<f64> = self.bias.iter().copied().map(f64::from).collect();
        for (row, &input) in self.kernel.chunks_exact(self.units).zip(signal) {
            // Most pixels are dark.
            if input != 0.0 {
                sums.iter_mut().zip(row).for_each(|(sum, &weight)| *sum += input * f64::from(weight));
            }
        }
        sums
    }
}

impl PlainNetwork {
    /// From layers that follow each other, the last of them the output; nothing where they do not fit.
    pub fn new(layers: Vec<Affine>) -> Option<Self> {
        let fits = |layer: &Affine| {
            layer.kernel.len() == layer.inputs * layer.units && layer.bias.len() == layer.units && layer.units > 0
        };
        let follow = layers.windows(2).all(|pair| pair[0].units == pair[1].inputs);
        (layers.len() > 1 && layers.iter().all(fits) && follow).then_some(Self { layers })
    }

    /// The hidden layers.
    pub fn hidden(&self) -> &[Affine] {
        &self.layers[..self.layers.len() - 1]
    }

    /// Every layer, the output last.
    pub fn layers(&self) -> &[Affine] {
        &self.layers
    }

    /// Numbers an input has.
    pub fn inputs(&self) -> usize {
        self.layers[0].inputs
    }

    /// Bits of a code.
    pub fn bits(&self) -> usize {
        self.hidden().iter().map(|layer| layer.units).sum()
    }

    /// What comes to every hidden ReLU, layer after layer: it fires where that is above 0.
    pub fn before_relus(&self, input: &[f64]) -> Vec<f64> {
        let mut all = Vec::with_capacity(self.bits());
        let mut signal = input.to_vec();
        for layer in self.hidden() {
            let units = layer.of(&signal);
            all.extend_from_slice(&units);
            signal = units.into_iter().map(|unit| unit.max(0.0)).collect();
        }
        all
    }

    /// The linear map that the network is all around an input, as far as its code reaches: for each output the factors of
    /// the inputs, then what is added.
    pub fn linear_map(&self, input: &[f64]) -> Vec<Vec<f64>> {
        let identity = |place: usize| (0..=input.len()).map(|at| f64::from(u8::from(at == place))).collect();
        let mut map: Vec<Vec<f64>> = (0..input.len()).map(identity).collect();
        let mut signal = input.to_vec();
        for (index, layer) in self.layers.iter().enumerate() {
            let values = layer.of(&signal);
            let is_output = index + 1 == self.layers.len();
            let unit = |unit: usize| {
                let mut row = vec![0.0; input.len() + 1];
                if is_output || values[unit] > 0.0 {
                    row[input.len()] = f64::from(layer.bias[unit]);
                    for (weights, before) in layer.kernel.chunks_exact(layer.units).zip(&map) {
                        let weight = f64::from(weights[unit]);
                        row.iter_mut().zip(before).for_each(|(sum, part)| *sum += weight * part);
                    }
                }
                row
            };
            map = (0..layer.units).map(unit).collect();
            signal = values.into_iter().map(|value| value.max(0.0)).collect();
        }
        map
    }
}

impl Population {
    /// One of its networks as plain numbers.
    ///
    /// # Errors
    ///
    /// Another activation than ReLU, whose networks are no linear maps inside a region; an engine that fails.
    pub async fn plain(&self, member: Member) -> Result<PlainNetwork, NetworkError> {
        if self.activation() != Activation::Relu {
            return Err(NetworkError::NoRegions(self.activation().name()));
        }
        let mut layers = Vec::new();
        for (index, layer) in self.layers().enumerate() {
            let Layer { kernel, bias, norm } = layer;
            let [inputs, units] = self.kernel_shape(member, index);
            let mut kernel = self.own(kernel, member, index, &[inputs, units]).await?;
            let mut bias = self.own(bias, member, index, &[units]).await?;
            if let (Some([scale, shift]), Some([mean, variance])) = (norm, self.running.get(index)) {
                let mut parts = Vec::new();
                for tensor in [scale, shift, mean, variance] {
                    parts.push(self.own(tensor, member, index, &[units]).await?);
                }
                for unit in 0..units {
                    let factor = parts[0][unit] / (parts[3][unit] + NORM_EPSILON as f32).sqrt();
                    kernel.iter_mut().skip(unit).step_by(units).for_each(|weight| *weight *= factor);
                    bias[unit] = (bias[unit] - parts[2][unit]) * factor + parts[1][unit];
                }
            }
            layers.push(Affine { inputs, units, kernel, bias });
        }
        PlainNetwork::new(layers)
            .ok_or(NetworkError::Read { what: "weights", reason: "its layers do not fit together".into() })
    }
}

#[cfg(all(test, feature = "cpu", not(target_arch = "wasm32")))]
mod tests {
    use burn::tensor::{Tensor, TensorData};

    use super::*;
    use crate::engine::Engine;
    use crate::network::{Mlp, read};

    #[test]
    fn a_plain_network_says_what_its_tensors_say_with_batch_norm_and_two_layers() {
        let device = Engine::cpu();
        let [narrow, wide] =
            [5, 9].map(|width| Mlp { depth: 2, width, batch_norm: true, dropout: 0.0, activation: Activation::Relu });
        let mut population = Population::new(3, 4, &[narrow, wide], &[7], device.device()).unwrap();
        // Running statistics as training would leave them.
        for [mean, variance] in &mut population.running {
            *mean = mean.clone().add_scalar(0.2);
            *variance = variance.clone().mul_scalar(3.0);
        }
        let input = [0.3_f32, -0.8, 0.5];
        let batch = Tensor::from_data(TensorData::new(input.to_vec(), [1, 1, 3]), device.device());
        let logits = pollster::block_on(read(population.evaluation_pass(batch).logits, "logits")).unwrap();
        for member in population.members() {
            let plain = pollster::block_on(population.plain(member)).unwrap();
            assert_eq!(plain.bits(), member.bits);
            let input = input.map(f64::from);
            for (class, row) in plain.linear_map(&input).iter().enumerate() {
                let output: f64 =
                    row.iter().zip(input.iter().chain([&1.0])).map(|(factor, input)| factor * input).sum();
                let wanted = f64::from(logits[member.index * 4 + class]);
                assert!((output - wanted).abs() < 1e-5, "{output} for {wanted}");
            }
        }
    }
}
