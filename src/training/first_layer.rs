//! The first layer's training on the CPU, over the pixels that are lit.
//!
//! Most of a population's step is its first layer: 64 examples by 784 pixels by the widths of all
//! networks, forward and backward. Four fifths of MNIST's pixels are dark and contribute nothing. So the products run over
//! the lit pixels only, no batch of inputs is written to memory, and the gradient of a pixel's row of weights is summed
//! where Adam uses it. Weights lie in blocks of a few columns, a block behind the other: of the whole layer only the lit rows are
//! read, and scattered over megabytes they would each be waited for, whereas a block stays in the processor's own cache for the whole batch.
//!
//! Used by the [step](super::host_step) that consists of the CPU's own kernels only, and by the [tensor program](super::lit_layer) of
//! networks with batch norm or dropout.

use std::ops::Range;

use super::optimizer::{AdamStep, Moments};
use super::signal::Signal;
use crate::engine::{Kernel, SparseRows, host_numbers, vectorised, with_numbers};
use crate::network::Layer;

/// Columns of a block: as many sums as the vector registers hold, enough for one addition not to wait for the last.
const WIDTH: usize = 32;
/// Those of the last, where it is to have no more.
const NARROW: usize = 8;

/// The first layer's weights in the making: those of all networks, side by side.
#[derive(Debug)]
pub(super) struct FirstLayer {
    units: usize,
    blocks: Vec<Block>,
    bias: Vec<f32>,
    bias_moments: Moments,
    /// Of each input, whether it was ever lit: the others have no gradient, no moments, and without weight decay no step.
    seen: Vec<bool>,
}

/// The weights of some units, an input's after the other's.
#[derive(Debug)]
struct Block {
    /// Its first unit.
    first: usize,
    /// Its units.
    units: usize,
    /// Columns: as many as units or, at the end of the layer, a few more.
    width: usize,
    weights: Vec<f32>,
    moments: Moments,
    /// The gradients of its units, `[examples, width]`.
    slopes: Vec<f32>,
}

impl FirstLayer {
    /// From the weights as they stand.
    pub fn new(layer: &Layer) -> Self {
        let [_, inputs, units] = layer.kernel.dims();
        let kernel = host_numbers(layer.kernel.clone());
        let block = |first: usize| {
            let left = units - first;
            let width = if left > NARROW { WIDTH } else { NARROW };
            let own = left.min(width);
            let mut weights = vec![0.0; inputs * width];
            for (block, row) in weights.chunks_exact_mut(width).zip(kernel.chunks_exact(units)) {
                block[..own].copy_from_slice(&row[first..][..own]);
            }
            Block { first, units: own, width, moments: Moments::new(weights.len()), weights, slopes: Vec::new() }
        };
        Self {
            units,
            blocks: (0..units).step_by(WIDTH).map(block).collect(),
            bias: host_numbers(layer.bias.clone()),
            bias_moments: Moments::new(units),
            seen: vec![false; inputs],
        }
    }

    /// Writes the weights back to where they came from.
    pub fn write(&self, layer: &mut Layer) {
        with_numbers(&mut layer.kernel, |kernel| {
            for Block { first, units, width, weights, .. } in &self.blocks {
                for (row, own) in kernel.chunks_exact_mut(self.units).zip(weights.chunks_exact(*width)) {
                    row[*first..][..*units].copy_from_slice(&own[..*units]);
                }
            }
        });
        with_numbers(&mut layer.bias, |bias| bias.copy_from_slice(&self.bias));
    }

    /// How many inputs.
    #[cfg(feature = "burn")]
    pub fn inputs(&self) -> usize {
        self.seen.len()
    }

    /// What comes to the units for examples of which the lit pixels are given.
    pub fn forward(&self, lit: &SparseRows, out: &mut Signal) {
        out.clear(lit.len(), self.units);
        vectorised(Forward { layer: self, lit, out });
    }

    /// A step down the gradient of the units; given are for each pixel the examples in which it is lit.
    pub fn step(&mut self, step: AdamStep, lit: &SparseRows, gradient: &Signal) {
        self.seen.iter_mut().zip(lit.rows()).for_each(|(seen, examples)| *seen |= !examples.is_empty());
        vectorised(Backward { layer: self, step, lit, gradient });
    }

    /// The sum of the squares of the weights of some of its units: added up unit by unit, so that the blocks in which they happen to lie,
    /// and so a network's company, do not change how it is rounded.
    pub fn squares(&self, units: Range<usize>) -> f32 {
        let mut of_unit = vec![0.0; units.len()];
        for block in &self.blocks {
            let own = units.start.max(block.first)..units.end.min(block.first + block.units);
            if own.is_empty() {
                continue;
            }
            let sums = &mut of_unit[own.start - units.start..own.end - units.start];
            for row in block.weights.chunks_exact(block.width) {
                let weights = &row[own.start - block.first..own.end - block.first];
                sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight * weight);
            }
        }
        of_unit.iter().sum()
    }
}

struct Forward<'a> {
    layer: &'a FirstLayer,
    lit: &'a SparseRows,
    out: &'a mut Signal,
}

impl Kernel for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { layer, lit, out } = self;
        for block in &layer.blocks {
            let bias = &layer.bias[block.first..][..block.units];
            match block.width {
                WIDTH => block.forward::<WIDTH>(bias, lit, out),
                _ => block.forward::<NARROW>(bias, lit, out),
            }
        }
    }
}

/// A step of every input's weights, down the gradient that its examples give; then of the biases.
struct Backward<'a> {
    layer: &'a mut FirstLayer,
    step: AdamStep,
    lit: &'a SparseRows,
    gradient: &'a Signal,
}

impl Kernel for Backward<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { layer: FirstLayer { blocks, bias, bias_moments, seen, .. }, step, lit, gradient } = self;
        for block in blocks {
            match block.width {
                WIDTH => block.step::<WIDTH>(step, seen, lit, gradient),
                _ => block.step::<NARROW>(step, seen, lit, gradient),
            }
            let mut sums = [0.0; WIDTH];
            for slopes in block.slopes.chunks_exact(block.width) {
                sums.iter_mut().zip(slopes).for_each(|(sum, slope)| *sum += slope);
            }
            bias_moments.step(
                step.without_decay(),
                block.first,
                &mut bias[block.first..][..block.units],
                &sums[..block.units],
            );
        }
    }
}

impl Block {
    #[inline(always)]
    fn forward<const COLUMNS: usize>(&self, bias: &[f32], lit: &SparseRows, out: &mut Signal) {
        let weights = self.weights.as_chunks::<COLUMNS>().0;
        let mut start = [0.0; COLUMNS];
        start[..self.units].copy_from_slice(bias);
        for (out, terms) in out.rows_mut().zip(lit.rows()) {
            let mut sums = start;
            for &(input, value) in terms {
                add(&mut sums, value, &weights[input as usize]);
            }
            let out = &mut out[self.first..];
            match out.first_chunk_mut() {
                Some(whole) if self.units == COLUMNS => *whole = sums,
                _ => out[..self.units].copy_from_slice(&sums[..self.units]),
            }
        }
    }

    #[inline(always)]
    fn step<const COLUMNS: usize>(&mut self, step: AdamStep, seen: &[bool], lit: &SparseRows, gradient: &Signal) {
        self.slopes.clear();
        self.slopes.resize(gradient.len() * COLUMNS, 0.0);
        for (slopes, gradient) in self.slopes.chunks_exact_mut(COLUMNS).zip(gradient.rows()) {
            slopes[..self.units].copy_from_slice(&gradient[self.first..][..self.units]);
        }
        let slopes = self.slopes.as_chunks::<COLUMNS>().0;
        let weights = self.weights.as_chunks_mut::<COLUMNS>().0.iter_mut().zip(self.moments.chunks());
        for (((weights, (means, squares)), examples), &seen) in weights.zip(lit.rows()).zip(seen) {
            if step.rests() && !seen {
                continue;
            }
            let mut sums = [0.0; COLUMNS];
            for &(example, value) in examples {
                add(&mut sums, value, &slopes[example as usize]);
            }
            step.take(weights, &sums, means, squares);
        }
    }
}

/// Adds a row to sums, times a factor.
#[inline(always)]
fn add<const COLUMNS: usize>(sums: &mut [f32; COLUMNS], factor: f32, row: &[f32; COLUMNS]) {
    for column in 0..COLUMNS {
        sums[column] += factor * row[column];
    }
}

#[cfg(all(test, feature = "cpu", not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)] // a test may panic
mod tests {
    use rand::RngExt;

    use super::FirstLayer;
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
        [OwnValues::Bytes(bytes.into()), OwnValues::Floats(floats)]
            .map(|values| Dataset::own(values, labels.clone(), 250).unwrap())
    }

    /// Every kernel after some steps.
    fn trained(data: &Dataset, protocol: &Protocol, widths: &[usize]) -> Vec<f32> {
        let networks: Vec<_> = widths.iter().map(|&width| protocol.architecture(width)).collect();
        let population =
            Population::new(data.inputs(), data.classes(), &networks, &[1], Engine::cpu().device()).unwrap();
        let mut trainer = Trainer::new(population, protocol.clone(), vec![Batches::new(1, 200, 250, 64)]).unwrap();
        (0..12).for_each(|_| trainer.step(data.train()));
        pollster::block_on(trainer.population().all_kernels()).unwrap().concat()
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
    fn the_penalty_of_a_network_is_the_same_to_the_bit_wherever_its_units_lie() {
        let [data, _] = images();
        let networks = |widths: &[usize]| {
            let architectures: Vec<_> =
                widths.iter().map(|&width| Preset::Figure.protocol().architecture(width)).collect();
            Population::new(PIXELS, data.classes(), &architectures, &[1], Engine::cpu().device()).unwrap()
        };
        let penalty = |before: &[usize]| {
            let all = networks(&[before, &[40]].concat());
            let start = before.iter().sum::<usize>();
            FirstLayer::new(&all.parameters.hidden[0]).squares(start..start + 40)
        };
        let alone = penalty(&[]);
        for before in [&[3][..], &[7], &[10, 20], &[31], &[33]] {
            assert_eq!(penalty(before), alone, "beside {before:?}");
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
