//! The first layer of a cohort on the CPU, over the pixels that are lit.
//!
//! A step's largest products are those of the first layer with the batch: 64 images by 784 pixels by the widths of all
//! networks, forward and back. Four fifths of MNIST's pixels are dark and add nothing to either. So the products run over
//! the lit pixels alone, no batch of inputs is ever written down, and the gradient of a pixel's row of weights is added up
//! where Adam uses it. What comes after the first layer's units stays with the tensor program: the graph is cut there.
//!
//! Columns are taken [`LANES`] at a time, in arrays of fixed size, which the compiler keeps in vector registers; each column's
//! sum runs over the lit pixels (or the examples) in their order, so that it does not depend on the company it is in.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};

use super::optimizer::{Adam, AdamStep};
use crate::dataset::Lit;
use crate::engine::{Kernel, host_numbers, vectorised};
use crate::network::Layer;

/// Columns side by side: four vectors of 128 bits.
const LANES: usize = 16;

/// The first layer's weights in the making.
pub(super) struct LitFirstLayer {
    lit: Arc<Lit>,
    kernel: Adam,
    bias: Adam,
    /// Of each input, whether it was ever lit: the others have no gradient, no moments, and without weight decay no step.
    seen: Vec<bool>,
    /// For each input the examples of the batch in which it is lit, with its value there.
    rows: Vec<Vec<(usize, f32)>>,
    /// The lit pixels of the example that is looked at.
    lit_now: Vec<(usize, f32)>,
}

impl LitFirstLayer {
    pub fn new(lit: Arc<Lit>, inputs: usize) -> Self {
        Self {
            lit,
            kernel: Adam::default(),
            bias: Adam::default(),
            seen: vec![false; inputs],
            rows: vec![Vec::new(); inputs],
            lit_now: Vec::new(),
        }
    }

    /// What comes to the units for some examples, `[1, examples, units]`.
    pub fn units(&mut self, layer: &mut Layer, examples: &[u32]) -> Tensor<3> {
        let device = layer.kernel.device();
        let [_, inputs, units] = layer.kernel.dims();
        self.rows.iter_mut().for_each(Vec::clear);
        for (place, &example) in examples.iter().enumerate() {
            for (input, value) in self.lit.example(example as usize) {
                self.rows[input].push((place, value));
                self.seen[input] = true;
            }
        }
        let kernel = take(&mut layer.kernel);
        let bias = take(&mut layer.bias);
        let mut out = vec![0.0_f32; examples.len() * units];
        vectorised(Forward {
            lit: &self.lit,
            examples,
            now: &mut self.lit_now,
            kernel: &kernel,
            bias: &bias,
            out: &mut out,
        });
        give(&mut layer.kernel, kernel, [1, inputs, units], &device);
        give(&mut layer.bias, bias, [1, 1, units], &device);
        Tensor::from_data(TensorData::new(out, [1, examples.len(), units]), &device)
    }

    /// A step down the gradient, given that of the units, `[1, examples, units]`.
    pub fn step(&mut self, rate: f64, decay: f64, layer: &mut Layer, gradient: Tensor<3>) {
        let device = layer.kernel.device();
        let [_, inputs, units] = layer.kernel.dims();
        let gradient = host_numbers(gradient);
        let mut bias = take(&mut layer.bias);
        let mut sums = vec![0.0_f32; units];
        for example in gradient.chunks_exact(units) {
            sums.iter_mut().zip(example).for_each(|(sum, slope)| *sum += slope);
        }
        let step = self.bias.begin(bias.len(), rate, 0.0);
        self.bias.step(&step, 0, &mut bias, &sums);
        give(&mut layer.bias, bias, [1, 1, units], &device);

        let mut kernel = take(&mut layer.kernel);
        let step = self.kernel.begin(kernel.len(), rate, decay);
        let mut own = vec![0.0_f32; units];
        vectorised(Backward {
            layer: self,
            step: &step,
            skips: decay == 0.0,
            weights: &mut kernel,
            gradient: &gradient,
            own: &mut own,
        });
        give(&mut layer.kernel, kernel, [1, inputs, units], &device);
    }
}

/// What comes to the units for all examples.
struct Forward<'a> {
    lit: &'a Lit,
    examples: &'a [u32],
    now: &'a mut Vec<(usize, f32)>,
    kernel: &'a [f32],
    bias: &'a [f32],
    out: &'a mut [f32],
}

impl Kernel for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (out, &example) in self.out.chunks_exact_mut(self.bias.len()).zip(self.examples) {
            self.now.clear();
            self.now.extend(self.lit.example(example as usize));
            out.copy_from_slice(self.bias);
            add_rows(self.now, self.kernel, out);
        }
    }
}

/// A step of every input's weights, down the gradient that its examples give.
struct Backward<'a> {
    layer: &'a mut LitFirstLayer,
    step: &'a AdamStep,
    /// Whether inputs that were never lit are left as they are.
    skips: bool,
    weights: &'a mut [f32],
    gradient: &'a [f32],
    own: &'a mut [f32],
}

impl Kernel for Backward<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let units = self.own.len();
        for (input, weights) in self.weights.chunks_exact_mut(units).enumerate() {
            if self.skips && !self.layer.seen[input] {
                continue;
            }
            self.own.fill(0.0);
            add_rows(&self.layer.rows[input], self.gradient, self.own);
            self.layer.kernel.step(self.step, input * units, weights, self.own);
        }
    }
}

/// Adds rows of a matrix, each times its factor, to `sums`, which is as wide as it.
#[inline(always)]
fn add_rows(terms: &[(usize, f32)], matrix: &[f32], sums: &mut [f32]) {
    let columns = sums.len();
    let mut blocks = sums.chunks_exact_mut(LANES);
    let mut first = 0;
    for block in &mut blocks {
        let mut own: [f32; LANES] = lanes(block);
        for &(row, factor) in terms {
            let row: [f32; LANES] = lanes(&matrix[row * columns + first..]);
            for (sum, number) in own.iter_mut().zip(row) {
                *sum += factor * number;
            }
        }
        block.copy_from_slice(&own);
        first += LANES;
    }
    for (place, sum) in blocks.into_remainder().iter_mut().enumerate() {
        *sum = terms.iter().fold(*sum, |sum, &(row, factor)| sum + factor * matrix[row * columns + first + place]);
    }
}

/// The first numbers of a slice that has as many.
#[inline(always)]
fn lanes(numbers: &[f32]) -> [f32; LANES] {
    let mut lanes = [0.0; LANES];
    lanes.copy_from_slice(&numbers[..LANES]);
    lanes
}

/// A host tensor's own memory; no copy is made of a tensor that nobody else holds. It is to be given back.
fn take(tensor: &mut Tensor<3>) -> Vec<f32> {
    let empty = Tensor::empty([0, 0, 0], &tensor.device());
    host_numbers(std::mem::replace(tensor, empty))
}

fn give(tensor: &mut Tensor<3>, numbers: Vec<f32>, shape: [usize; 3], device: &Device) {
    *tensor = Tensor::from_data(TensorData::new(numbers, shape), device);
}

#[cfg(all(test, feature = "cpu", not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)] // a test may panic
mod tests {
    use rand::RngExt;

    use crate::dataset::{Dataset, OwnValues};
    use crate::engine::Engine;
    use crate::network::Population;
    use crate::random::stream;
    use crate::training::{Batches, Preset, Protocol, Trainer};

    /// Images of 60 pixels, a fifth of them lit, a few never: as bytes, and as the numbers that networks see.
    fn images() -> [Dataset; 2] {
        let mut random = stream(3, "images", &[]);
        let mut pixel = |place: usize| match random.random::<f64>() {
            lit if lit < 0.2 && place % 60 > 4 => random.random::<u8>(),
            _ => 0,
        };
        let bytes: Vec<u8> = (0..300 * 60).map(&mut pixel).collect();
        let floats = bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect();
        let labels: Vec<u8> = (0..300).map(|place| (place % 3) as u8).collect();
        [OwnValues::Bytes(bytes), OwnValues::Floats(floats)]
            .map(|values| Dataset::own(values, labels.clone(), 250).unwrap())
    }

    /// Every kernel after some steps.
    fn trained(data: &Dataset, protocol: &Protocol, widths: &[usize]) -> Vec<f32> {
        let networks: Vec<_> = widths.iter().map(|&width| protocol.architecture(width)).collect();
        let population =
            Population::new(data.inputs(), data.classes(), &networks, &[1], Engine::cpu().device()).unwrap();
        let mut trainer = Trainer::new(population, protocol.clone(), vec![Batches::new(1, 200, 250, 64)]);
        (0..12).for_each(|_| trainer.step(data.train()));
        pollster::block_on(trainer.population().all_kernels()).unwrap()
    }

    #[test]
    fn over_the_lit_pixels_networks_take_the_steps_that_they_take_over_all() {
        let [bytes, floats] = images();
        assert!(bytes.train().lit().is_some() && floats.train().lit().is_none());
        let plain = Preset::Figure.protocol();
        let deep = Protocol { depth: 2, weight_decay: 1e-3, dropout: 0.2, ..Preset::Code.protocol() };
        let early = Protocol { early_stopping: 2, weight_decay: 1e-4, ..Preset::Figure.protocol() };
        for protocol in [plain, deep, early] {
            for widths in [&[5][..], &[16, 3, 40]] {
                let (lit, all) = (trained(&bytes, &protocol, widths), trained(&floats, &protocol, widths));
                let apart = lit.iter().zip(&all).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(lit.len() == all.len() && apart < 2e-5, "{apart} apart, widths {widths:?}");
            }
        }
    }

    #[test]
    fn a_network_takes_the_same_steps_to_the_bit_in_any_company() {
        let [data, _] = images();
        let protocol = Preset::Figure.protocol();
        let first = |kernels: Vec<f32>, units: usize| -> Vec<f32> {
            kernels[..60 * units].chunks_exact(units).flat_map(|row| row[units - 7..].to_vec()).collect()
        };
        // The first kernel alone: what follows is a batched product, padded to the widest.
        let (alone, together) = (trained(&data, &protocol, &[7]), trained(&data, &protocol, &[7, 7]));
        assert_eq!(first(alone, 7), first(together, 14));
    }
}
