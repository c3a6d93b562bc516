//! The first layer of a cohort on the CPU, over the inputs that are not 0.
//!
//! A step's largest products are those of the first layer with the batch: 64 images by 784 pixels by the widths of all
//! networks, forward and back. Four fifths of MNIST's pixels are dark and add nothing to either. So the products run over
//! the lit pixels alone, no batch of inputs is ever written down, and the gradient of a pixel's row of weights is added up
//! where Adam uses it. It serves the [step](super::host_step) that is wholly of the CPU's own kernels, and the tensor program
//! of networks with batch norm or dropout, whose graph is then cut behind it.

use super::optimizer::{Adam, AdamStep};
use crate::dataset::Examples;
use crate::engine::{Kernel, SparseRows, Term, add_rows, vectorised, with_numbers};
use crate::network::Layer;

/// The first layer's weights in the making.
pub(super) struct FirstLayer {
    kernel: Adam,
    bias: Adam,
    /// Of each input, whether it was ever lit: the others have no gradient, no moments, and without weight decay no step.
    seen: Vec<bool>,
    /// For each input the examples of the batch in which it is lit, with its value there.
    rows: Vec<Vec<Term>>,
    /// The batch.
    lit: SparseRows,
}

impl FirstLayer {
    pub fn new(inputs: usize) -> Self {
        Self {
            kernel: Adam::default(),
            bias: Adam::default(),
            seen: vec![false; inputs],
            rows: vec![Vec::new(); inputs],
            lit: SparseRows::default(),
        }
    }

    /// What comes to the units for some of `train`, `[examples, units]`.
    pub fn forward(&mut self, layer: &mut Layer, train: &Examples, examples: &[u32]) -> Vec<f32> {
        self.rows.iter_mut().for_each(Vec::clear);
        self.lit.clear();
        for (place, &example) in examples.iter().enumerate() {
            for &(input, value) in self.lit.push(|terms| train.nonzero(example as usize, terms)) {
                self.rows[input].push((place, value));
                self.seen[input] = true;
            }
        }
        with_numbers(&mut layer.kernel, |kernel| with_numbers(&mut layer.bias, |bias| self.lit.product(kernel, bias)))
    }

    /// A step down the gradient of the units, `[examples, units]`.
    pub fn step(&mut self, rate: f64, decay: f64, layer: &mut Layer, gradient: &[f32]) {
        let [.., units] = layer.kernel.dims();
        let mut sums = vec![0.0_f32; units];
        for example in gradient.chunks_exact(units) {
            sums.iter_mut().zip(example).for_each(|(sum, slope)| *sum += slope);
        }
        with_numbers(&mut layer.bias, |bias| {
            let step = self.bias.begin(bias.len(), rate, 0.0);
            self.bias.step(&step, 0, bias, &sums);
        });
        with_numbers(&mut layer.kernel, |weights| {
            let step = self.kernel.begin(weights.len(), rate, decay);
            let skips = decay == 0.0;
            vectorised(Backward { layer: self, step: &step, skips, weights, gradient, own: &mut sums });
        });
    }
}

/// A step of every input's weights, down the gradient that its examples give.
struct Backward<'a> {
    layer: &'a mut FirstLayer,
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
            add_rows(&self.layer.rows[input], self.gradient, units, self.own);
            self.layer.kernel.step(self.step, input * units, weights, self.own);
        }
    }
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

    /// More than are always run over one by one.
    const PIXELS: usize = 70;

    /// Images, a fifth of their pixels lit, a few never: as bytes, and as the numbers that networks see.
    fn images() -> [Dataset; 2] {
        let mut random = stream(3, "images", &[]);
        let mut pixel = |place: usize| match random.random::<f64>() {
            lit if lit < 0.2 && place % PIXELS > 4 => random.random::<u8>(),
            _ => 0,
        };
        let bytes: Vec<u8> = (0..300 * PIXELS).map(&mut pixel).collect();
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
            kernels[..PIXELS * units].chunks_exact(units).flat_map(|row| row[units - 7..].to_vec()).collect()
        };
        // The first kernel alone: what follows is a batched product, padded to the widest.
        let (alone, together) = (trained(&data, &protocol, &[7]), trained(&data, &protocol, &[7, 7]));
        assert_eq!(first(alone, 7), first(together, 14));
    }
}
