//! A Dense layer's training on the CPU, with what follows it: batch norm, the rectifier, dropout.
//!
//! Most of a population's step is its first layer: 64 examples by 784 pixels by the widths of all
//! networks, forward and backward. Four fifths of MNIST's pixels are dark and contribute nothing. So the products run over
//! the lit pixels only where most are dark, no batch of inputs is written to memory, and the gradient of an input's row of weights is summed
//! where the optimizer uses it. Weights lie in blocks of a few columns, a block behind the other: of the whole layer only the lit rows are
//! read, and scattered over megabytes they would each be waited for, whereas a block stays in the processor's own cache for the whole batch;
//! and what follows the products finds them there.
//!
//! The first layers of all networks are one such layer, each network's later ones are one each; a [tensor program](super::lit_layer) uses it
//! for its first layer, with nothing that follows.

mod block;
mod follow;
mod norm;
mod send_back;
mod strips;
#[cfg(all(test, feature = "cpu", not(target_arch = "wasm32")))]
mod tests;

use std::ops::Range;

use self::block::{Block, Forward, WIDTH, width_for};
use self::follow::Follow;
use self::norm::Norm;
pub(super) use self::send_back::SendBack;
use super::inputs::{Inputs, SparseInputs};
use super::optimizer::Update;
use super::signal::Signal;
use crate::engine::{Kernel, Tensor, host_numbers, vectorised, with_numbers};
use crate::network::Layer;

/// Some units in the making, with the weights of their inputs.
#[derive(Debug)]
pub(super) struct DenseLayer {
    units: usize,
    blocks: Vec<Block>,
    /// Of each input, whether it was ever not 0: the others have no gradient, no moments, and without weight decay no step.
    seen: Vec<bool>,
    /// Where its numbers lie in the population's tensors.
    group: usize,
}

/// What a layer made of a batch.
pub(super) struct Made<'a> {
    /// Each example's share of the batch.
    pub shares: &'a [f32],
    /// With dropout, the factors of what went out.
    pub masks: Option<&'a Signal>,
    pub out: &'a Signal,
}

impl DenseLayer {
    /// From the numbers as they stand in one group of a layer's tensors, the first `units` units with the first `inputs` inputs of each.
    /// `running` are the statistics of batch norm; `negative_slope` says how much a rectifier lets through of what is below 0, where there is one.
    pub fn new(
        layer: &Layer,
        running: Option<&[Tensor<3>; 2]>,
        group: usize,
        [inputs, units]: [usize; 2],
        negative_slope: Option<f32>,
    ) -> Self {
        let [_, rows, columns] = layer.kernel.dims();
        let kernel = host_numbers(layer.kernel.clone());
        let of_units = |tensor: &Tensor<3>| host_numbers(tensor.clone())[group * columns..][..units].to_vec();
        let bias = of_units(&layer.bias);
        let norm = layer
            .norm
            .as_ref()
            .zip(running)
            .map(|([scale, shift], [mean, variance])| [scale, shift, mean, variance].map(of_units));
        let block = |first: usize| {
            let (width, own) = (width_for(units - first), WIDTH.min(units - first));
            let mut weights = vec![0.0; inputs * width];
            let rows = kernel.chunks_exact(columns).skip(group * rows);
            for (block, row) in weights.chunks_exact_mut(width).zip(rows) {
                block[..own].copy_from_slice(&row[first..][..own]);
            }
            let norm = norm.as_ref().map(|vectors| {
                Norm::new(vectors.each_ref().map(|vector| {
                    let mut own = vector[first..][..own].to_vec();
                    own.resize(width, 0.0);
                    own
                }))
            });
            let follow = Follow { norm, negative_slope };
            Block::new(first, weights, width, &bias[first..][..own], follow)
        };
        Self { units, blocks: (0..units).step_by(WIDTH).map(block).collect(), seen: vec![false; inputs], group }
    }

    /// Writes the numbers back to where they came from.
    pub fn write(&self, layer: &mut Layer, running: Option<&mut [Tensor<3>; 2]>) {
        let [_, rows, columns] = layer.kernel.dims();
        with_numbers(&mut layer.kernel, |kernel| {
            for Block { first, units, width, weights, .. } in &self.blocks {
                let rows = kernel.chunks_exact_mut(columns).skip(self.group * rows);
                for (row, own) in rows.zip(weights.chunks_exact(*width)) {
                    row[*first..][..*units].copy_from_slice(&own[..*units]);
                }
            }
        });
        let write = |tensor: &mut Tensor<3>, of: &dyn Fn(&Block) -> Option<&[f32]>| {
            with_numbers(tensor, |numbers| {
                for block in &self.blocks {
                    let own = &mut numbers[self.group * columns + block.first..][..block.units];
                    if let Some(numbers) = of(block) {
                        own.copy_from_slice(&numbers[..own.len()]);
                    }
                }
            });
        };
        write(&mut layer.bias, &|block| Some(&block.bias));
        if let (Some([scale, shift]), Some([mean, variance])) = (&mut layer.norm, running) {
            write(scale, &|block| Some(&block.follow.norm.as_ref()?.scale));
            write(shift, &|block| Some(&block.follow.norm.as_ref()?.shift));
            write(mean, &|block| Some(&block.follow.norm.as_ref()?.mean));
            write(variance, &|block| Some(&block.follow.norm.as_ref()?.variance));
        }
    }

    /// How many units.
    pub fn units(&self) -> usize {
        self.units
    }

    /// What goes out for a batch, of which each example has its share; written over `out`, which is as wide as its units at least. `masks`
    /// holds, with dropout, a factor for every unit.
    pub fn forward(&mut self, inputs: Inputs, shares: &[f32], masks: Option<&Signal>, out: &mut Signal) {
        struct All<'a>(&'a mut [Block], Forward<'a>);
        impl Kernel for All<'_> {
            type Output = ();

            #[inline(always)]
            fn call(mut self) {
                for block in self.0 {
                    block.forward(&mut self.1);
                }
            }
        }
        vectorised(All(&mut self.blocks, Forward { inputs, shares, masks, out }));
    }

    /// From the gradient of what went out to that of the products; the biases and batch norm take their step.
    pub fn backward(&mut self, update: Update, made: &Made, gradient: &Signal) {
        struct All<'a>(&'a mut [Block], Update, &'a Made<'a>, &'a Signal);
        impl Kernel for All<'_> {
            type Output = ();

            #[inline(always)]
            fn call(self) {
                let Self(blocks, update, made, gradient) = self;
                for block in blocks {
                    block.backward(update, made, gradient);
                }
            }
        }
        vectorised(All(&mut self.blocks, update.without_decay(), made, gradient));
    }

    /// A step of the weights, after `backward`.
    pub fn step(&mut self, update: Update, inputs: Inputs) {
        struct All<'a>(&'a mut [Block], Update, Inputs<'a>, &'a [bool]);
        impl Kernel for All<'_> {
            type Output = ();

            #[inline(always)]
            fn call(self) {
                let Self(blocks, update, inputs, seen) = self;
                for block in blocks {
                    block.step(update, inputs, seen);
                }
            }
        }
        if let Inputs::Sparse(SparseInputs { by_input, .. }) = inputs {
            self.seen.iter_mut().zip(by_input.rows()).for_each(|(seen, examples)| *seen |= !examples.is_empty());
        }
        vectorised(All(&mut self.blocks, update, inputs, &self.seen));
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
