//! A network's layer after the first on the CPU: hidden, or the output.
//!
//! A ReLU sets about half of the incoming activations to zero, and half of the gradients that come back: both products and the
//! gradient run over the nonzero ones only.

use std::ops::Range;

use super::optimizer::{AdamStep, Moments};
use super::signal::Signal;
use crate::engine::{Kernel, LANES, Term, add_rows, host_numbers, push_terms, vectorised, with_numbers};
use crate::network::Layer;

/// A layer of one network in the making.
#[derive(Debug)]
pub(super) struct LaterLayer {
    inputs: usize,
    outputs: usize,
    /// A row for each input, each as wide as whole vectors need.
    weights: Vec<f32>,
    moments: Moments,
    bias: Vec<f32>,
    bias_moments: Moments,
}

/// What a layer at work writes down, one after the other.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// The weights with a row for each output.
    turned: Vec<f32>,
    sums: Vec<f32>,
    terms: Vec<Term>,
}

/// Some columns of a signal: what one network sees of it.
#[derive(Debug, Clone)]
pub(super) struct Part<'a> {
    pub signal: &'a Signal,
    pub columns: Range<usize>,
}

impl Part<'_> {
    fn rows(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.signal.rows().map(|row| &row[self.columns.clone()])
    }
}

impl LaterLayer {
    /// From the weights of the network `network` of a layer as they stand.
    pub fn new(layer: &Layer, network: usize, inputs: usize, outputs: usize) -> Self {
        let [_, rows, columns] = layer.kernel.dims();
        let (kernel, bias) = (host_numbers(layer.kernel.clone()), host_numbers(layer.bias.clone()));
        let width = outputs.next_multiple_of(LANES);
        let mut weights = vec![0.0; inputs * width];
        let own = kernel.chunks_exact(columns).skip(network * rows);
        for (weights, row) in weights.chunks_exact_mut(width).zip(own) {
            weights[..outputs].copy_from_slice(&row[..outputs]);
        }
        Self {
            inputs,
            outputs,
            moments: Moments::new(weights.len()),
            weights,
            bias: bias[network * columns..][..outputs].to_vec(),
            bias_moments: Moments::new(outputs),
        }
    }

    /// Writes the weights back to where they came from.
    pub fn write(&self, layer: &mut Layer, network: usize) {
        let [_, rows, columns] = layer.kernel.dims();
        with_numbers(&mut layer.kernel, |kernel| {
            let rows = kernel.chunks_exact_mut(columns).skip(network * rows);
            for (row, own) in rows.zip(self.weights.chunks_exact(self.width())) {
                row[..self.outputs].copy_from_slice(&own[..self.outputs]);
            }
        });
        with_numbers(&mut layer.bias, |bias| bias[network * columns..][..self.outputs].copy_from_slice(&self.bias));
    }

    /// Numbers of a row of weights, and of what goes out.
    fn width(&self) -> usize {
        self.outputs.next_multiple_of(LANES)
    }

    /// What goes out, before any ReLU.
    pub fn forward(&self, from: &Part, to: &mut Signal, scratch: &mut Scratch) {
        to.clear(from.signal.len(), self.width());
        vectorised(Forward { layer: self, from, to, terms: &mut scratch.terms });
    }

    /// A step down the gradient of what went out; writes into `back` that of what came in, where a ReLU had let it through.
    pub fn step(&mut self, step: AdamStep, from: &Part, gradient: &Signal, back: &mut Signal, scratch: &mut Scratch) {
        vectorised(Backward { layer: self, step, from, gradient, back, scratch });
    }

    /// The sum of the squares of its weights.
    pub fn squares(&self) -> f32 {
        self.weights.iter().map(|weight| weight * weight).sum()
    }
}

struct Forward<'a> {
    layer: &'a LaterLayer,
    from: &'a Part<'a>,
    to: &'a mut Signal,
    terms: &'a mut Vec<Term>,
}

impl Kernel for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { layer: LaterLayer { outputs, weights, bias, .. }, from, to, terms } = self;
        let width = to.width;
        for (from, to) in from.rows().zip(to.rows_mut()) {
            to[..*outputs].copy_from_slice(bias);
            terms.clear();
            push_terms(from.iter().copied(), terms);
            add_rows(terms, weights, width, to);
        }
    }
}

struct Backward<'a> {
    layer: &'a mut LaterLayer,
    step: AdamStep,
    from: &'a Part<'a>,
    gradient: &'a Signal,
    back: &'a mut Signal,
    scratch: &'a mut Scratch,
}

impl Kernel for Backward<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { layer, step, from, gradient, back, scratch: Scratch { turned, sums, terms } } = self;
        let LaterLayer { inputs, outputs, weights, moments, bias, bias_moments } = layer;
        let width = gradient.width;
        // The gradient of what came in: over the weights as they were, a row for each output.
        let turned_width = inputs.next_multiple_of(LANES);
        turned.clear();
        turned.resize(*outputs * turned_width, 0.0);
        for (input, weights) in weights.chunks_exact(width).enumerate() {
            weights[..*outputs]
                .iter()
                .enumerate()
                .for_each(|(output, &weight)| turned[output * turned_width + input] = weight);
        }
        let rows = gradient.rows().zip(from.rows()).zip(back.rows_mut());
        for ((gradient, signals), back) in rows {
            sums.clear();
            sums.resize(turned_width, 0.0);
            terms.clear();
            push_terms(gradient[..*outputs].iter().copied(), terms);
            add_rows(terms, turned, turned_width, sums);
            let back = &mut back[from.columns.clone()];
            for ((back, &signal), &sum) in back.iter_mut().zip(signals).zip(&*sums) {
                *back = if signal > 0.0 { sum } else { 0.0 };
            }
        }
        // The weights, an input's at a time; then the biases.
        sums.resize(width, 0.0);
        for (input, weights) in weights.chunks_exact_mut(width).enumerate() {
            terms.clear();
            push_terms(from.rows().map(|row| row[input]), terms);
            sums.fill(0.0);
            add_rows(terms, &gradient.numbers, width, sums);
            moments.step(step, input * width, weights, sums);
        }
        sums.fill(0.0);
        for gradient in gradient.rows() {
            sums.iter_mut().zip(gradient).for_each(|(sum, slope)| *sum += slope);
        }
        bias_moments.step(step.without_decay(), 0, bias, sums);
    }
}
