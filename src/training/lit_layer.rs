//! The first layer of a tensor program on the CPU, trained over the lit pixels only; the program's graph starts after it.

use super::first_layer::FirstLayer;
use super::optimizer::AdamStep;
use super::signal::Signal;
use crate::dataset::Examples;
use crate::engine::SparseRows;
use crate::network::Layer;

/// The first layer, whose weights it keeps meanwhile.
pub(super) struct LitLayer {
    layer: FirstLayer,
    taken: i32,
    /// Of each example of the batch the inputs that are lit, and of each input the examples.
    lit: SparseRows,
    by_input: SparseRows,
    signal: Signal,
}

impl LitLayer {
    /// From the weights as they stand.
    pub fn new(layer: &Layer) -> Self {
        Self {
            layer: FirstLayer::new(layer),
            taken: 0,
            lit: SparseRows::default(),
            by_input: SparseRows::default(),
            signal: Signal::default(),
        }
    }

    /// Writes the weights back to where they came from.
    pub fn write(&self, layer: &mut Layer) {
        self.layer.write(layer);
    }

    /// What comes to the units for the examples `rows` of `train`, `[examples, units]`.
    pub fn forward(&mut self, train: &Examples, rows: &[u32]) -> Vec<f32> {
        self.lit.clear();
        rows.iter().for_each(|&row| _ = self.lit.push(|terms| train.nonzero(row as usize, terms)));
        self.layer.forward(&self.lit, &mut self.signal);
        std::mem::take(&mut self.signal.numbers)
    }

    /// A step on the same, down the gradient of what came out.
    pub fn step(&mut self, rate: f64, decay: f64, gradient: Vec<f32>) {
        self.taken += 1;
        self.lit.turn(self.layer.inputs(), &mut self.by_input);
        self.signal.numbers = gradient;
        self.layer.step(AdamStep::new(self.taken, rate, decay), &self.by_input, &self.signal);
    }
}
