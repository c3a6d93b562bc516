//! A block of a layer's units: few enough that their weights for some inputs stay in the processor's own cache for a whole batch.

use super::Made;
use super::follow::{Follow, Place};
use super::strips::{STRIP, strips_mut};
use crate::engine::{ROWS, SparseRows, multiply, multiply_panel};
use crate::training::inputs::{DenseInputs, Inputs, SparseInputs};
use crate::training::optimizer::{Moments, Update};
use crate::training::signal::Signal;

/// Columns of a block: as many sums as the vector registers hold, enough for one addition not to wait for the last.
pub(super) const WIDTH: usize = 32;
/// Those of the last, where it is to have no more.
const NARROWER: [usize; 2] = [16, 8];

/// The weights of some units, an input's after the other's.
#[derive(Debug)]
pub(super) struct Block {
    /// Its first unit.
    pub first: usize,
    /// Its units.
    pub units: usize,
    /// Columns: as many as units or, at the end of the layer, a few more.
    pub width: usize,
    pub weights: Vec<f32>,
    moments: Moments,
    pub bias: Vec<f32>,
    bias_moments: Moments,
    pub follow: Follow,
    /// Of the last batch what came to its units, `[examples, width]`, with batch norm less their mean and by their deviation.
    products: Vec<f32>,
    /// The gradients of the products, `[examples, width]`.
    pub slopes: Vec<f32>,
}

/// What a pass forward reads beside the inputs, and what it writes.
pub(super) struct Forward<'a> {
    pub inputs: Inputs<'a>,
    /// Each example's share of the batch.
    pub shares: &'a [f32],
    /// With dropout, a factor for every unit of the layer.
    pub masks: Option<&'a Signal>,
    pub out: &'a mut Signal,
}

/// How many columns a block has for what is left of a layer's units.
pub(super) fn width_for(units: usize) -> usize {
    NARROWER.into_iter().rfind(|&width| units <= width).unwrap_or(WIDTH)
}

impl Block {
    /// The units from `first` on, of which the weights, as wide as the block, and the biases are given.
    pub fn new(first: usize, weights: Vec<f32>, width: usize, bias: &[f32], follow: Follow) -> Self {
        let mut padded = bias.to_vec();
        padded.resize(width, 0.0);
        Self {
            first,
            units: bias.len(),
            width,
            moments: Moments::new(weights.len()),
            weights,
            bias: padded,
            bias_moments: Moments::new(width),
            follow,
            products: Vec::new(),
            slopes: Vec::new(),
        }
    }

    /// What goes out for the examples of a batch.
    #[inline(always)]
    pub fn forward(&mut self, pass: &mut Forward) {
        self.products.resize(pass.inputs.len() * self.width, 0.0);
        match self.width {
            WIDTH => self.multiply_as::<WIDTH>(pass.inputs),
            16 => self.multiply_as::<16>(pass.inputs),
            _ => self.multiply_as::<8>(pass.inputs),
        }
        let at = Place { width: self.width, own: self.first..self.first + self.units, shares: pass.shares };
        self.follow.forward(at, &mut self.products, pass.masks, pass.out);
    }

    /// The gradient of the products, from that of what went out.
    #[inline(always)]
    pub fn backward(&mut self, update: Update, made: &Made, gradient: &Signal) {
        self.slopes.resize(made.shares.len() * self.width, 0.0);
        let own = self.first..self.first + self.units;
        for (slopes, gradient) in self.slopes.chunks_exact_mut(self.width).zip(gradient.rows()) {
            slopes[..self.units].copy_from_slice(&gradient[own.clone()]);
        }
        let at = Place { width: self.width, own, shares: made.shares };
        self.follow.backward(update, at, &self.products, made, &mut self.slopes);
        let strips = strips_mut(&mut self.bias).zip(self.bias_moments.chunks());
        for (strip, (bias, (means, squares))) in strips.enumerate() {
            let mut sums = [0.0; STRIP];
            for slopes in self.slopes.chunks_exact(self.width) {
                let slopes = &slopes.as_chunks::<STRIP>().0[strip];
                for unit in 0..STRIP {
                    sums[unit] += slopes[unit];
                }
            }
            update.take(bias, &sums, means, squares);
        }
    }

    /// A step down the gradient of the products; `seen` says which inputs were ever not 0.
    #[inline(always)]
    pub fn step(&mut self, update: Update, inputs: Inputs, seen: &[bool]) {
        match self.width {
            WIDTH => self.step_as::<WIDTH>(update, inputs, seen),
            16 => self.step_as::<16>(update, inputs, seen),
            _ => self.step_as::<8>(update, inputs, seen),
        }
    }

    #[inline(always)]
    fn multiply_as<const COLUMNS: usize>(&mut self, inputs: Inputs) {
        let products = self.products.as_chunks_mut::<COLUMNS>().0;
        let weights = self.weights.as_chunks::<COLUMNS>().0;
        let mut bias = [0.0; COLUMNS];
        bias.copy_from_slice(&self.bias);
        match inputs {
            Inputs::Sparse(SparseInputs { rows, .. }) => {
                for (products, terms) in products.iter_mut().zip(rows.rows()) {
                    let mut sums = bias;
                    for &(input, value) in terms {
                        add(&mut sums, value, &weights[input as usize]);
                    }
                    *products = sums;
                }
            }
            Inputs::Dense(DenseInputs { rows, .. }) => multiply(rows.panels(), weights, &bias, products),
        }
    }

    #[inline(always)]
    fn step_as<const COLUMNS: usize>(&mut self, update: Update, inputs: Inputs, seen: &[bool]) {
        let slopes = self.slopes.as_chunks::<COLUMNS>().0;
        let weights = self.weights.as_chunks_mut::<COLUMNS>().0;
        match inputs {
            Inputs::Sparse(SparseInputs { by_input, .. }) => {
                step_over_terms(update, weights, &mut self.moments, slopes, by_input, seen);
            }
            Inputs::Dense(DenseInputs { by_input, .. }) => {
                let mut weights = weights.iter_mut().zip(self.moments.chunks());
                for panel in by_input.panels() {
                    let sums = multiply_panel(panel, slopes);
                    for ((weights, (means, squares)), sums) in weights.by_ref().take(ROWS).zip(&sums) {
                        update.take(weights, sums, means, squares);
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn step_over_terms<const COLUMNS: usize>(
    update: Update,
    weights: &mut [[f32; COLUMNS]],
    moments: &mut Moments,
    slopes: &[[f32; COLUMNS]],
    by_input: &SparseRows,
    seen: &[bool],
) {
    let weights = weights.iter_mut().zip(moments.chunks());
    for (((weights, (means, squares)), examples), &seen) in weights.zip(by_input.rows()).zip(seen) {
        if update.rests() && !seen {
            continue;
        }
        let mut sums = [0.0; COLUMNS];
        for &(example, value) in examples {
            add(&mut sums, value, &slopes[example as usize]);
        }
        update.take(weights, &sums, means, squares);
    }
}

/// Adds a row to sums, times a factor.
#[inline(always)]
fn add<const COLUMNS: usize>(sums: &mut [f32; COLUMNS], factor: f32, row: &[f32; COLUMNS]) {
    for column in 0..COLUMNS {
        sums[column] += factor * row[column];
    }
}
