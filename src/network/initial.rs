//! Keras-style initial weights: Glorot-uniform kernels, zero biases (paper, protocol).

use rand::RngExt;

use super::{Layer, Mlp, Parameters};
use crate::engine::{Device, Tensor, tensor};
use crate::random::stream;

/// The sizes and places of a population's networks.
pub(super) struct Sizes<'a> {
    pub architectures: &'a [Mlp],
    pub inputs: usize,
    pub classes: usize,
    pub seeds: &'a [u64],
}

impl Sizes<'_> {
    pub fn widest(&self) -> usize {
        self.architectures.iter().map(|network| network.width).max().unwrap_or_default()
    }

    pub fn parameters(&self, device: &Device) -> Parameters {
        let (depth, batch_norm) = (self.architectures[0].depth, self.architectures[0].batch_norm);
        let side_by_side = (depth > 0).then(|| self.side_by_side(device));
        let mut hidden: Vec<Layer> = side_by_side.into_iter().collect();
        hidden.extend((1..depth).map(|layer| self.stacked(layer, device)));
        if batch_norm {
            for layer in &mut hidden {
                layer.norm = Some([layer.bias.ones_like(), layer.bias.zeros_like()]);
            }
        }
        Parameters { hidden, output: self.stacked(depth, device) }
    }

    /// The first hidden layers: `[cohorts, inputs, sum of widths]`.
    fn side_by_side(&self, device: &Device) -> Layer {
        let total: usize = self.architectures.iter().map(|network| network.width).sum();
        let mut kernel = vec![0.0; self.seeds.len() * self.inputs * total];
        for (&seed, cohort) in self.seeds.iter().zip(kernel.chunks_exact_mut(self.inputs * total)) {
            let mut start = 0;
            for network in self.architectures {
                for (row, own) in self.glorot(network, seed, 0).chunks_exact(network.width).enumerate() {
                    cohort[row * total + start..][..network.width].copy_from_slice(own);
                }
                start += network.width;
            }
        }
        layer([self.seeds.len(), self.inputs, total], kernel, device)
    }

    /// Layer `layer >= 1`, or at depth 0 the only one, the output where `layer` is the depth: `[networks, widest, widest or classes]`, cohort by cohort.
    fn stacked(&self, layer_index: usize, device: &Device) -> Layer {
        let widest = self.widest();
        let output = layer_index == self.architectures[0].depth;
        let columns = if output { self.classes } else { widest };
        let networks = self.seeds.len() * self.architectures.len();
        let mut kernel = vec![0.0; networks * widest * columns];
        let every = self.seeds.iter().flat_map(|&seed| self.architectures.iter().map(move |network| (seed, network)));
        for ((seed, network), group) in every.zip(kernel.chunks_exact_mut(widest * columns)) {
            let units = if output { self.classes } else { network.width };
            let own = self.glorot(network, seed, layer_index);
            for (row, own) in group.chunks_exact_mut(columns).zip(own.chunks_exact(units)) {
                row[..units].copy_from_slice(own);
            }
        }
        layer([networks, widest, columns], kernel, device)
    }

    /// Uniform in `±sqrt(6 / (inputs + units))`, drawn from a stream of the network's own, so that company changes nothing.
    fn glorot(&self, network: &Mlp, seed: u64, layer_index: usize) -> Vec<f32> {
        let inputs = if layer_index == 0 { self.inputs } else { network.width };
        let units = if layer_index == network.depth { self.classes } else { network.width };
        let limit = (6.0 / (inputs + units) as f32).sqrt();
        let mut random = stream(seed, "weights", &[network.width as u64, layer_index as u64]);
        (0..inputs * units).map(|_| (2.0 * random.random::<f32>() - 1.0) * limit).collect()
    }
}

fn layer(shape: [usize; 3], kernel: Vec<f32>, device: &Device) -> Layer {
    let bias = Tensor::zeros([shape[0], 1, shape[2]], device);
    Layer { kernel: tensor(kernel, shape, device), bias, norm: None }
}
