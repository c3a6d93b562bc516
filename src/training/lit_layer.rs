//! The first layer of a tensor program on the CPU, trained over the lit pixels only; the program's graph starts after it.

use super::Optimizer;
use super::batch::Batch;
use super::inputs::{Inputs, SparseInputs};
use super::layer::{DenseLayer, Made};
use super::optimizer::Update;
use super::signal::Signal;
use crate::dataset::Examples;
use crate::network::Layer;

/// The first layer, whose weights it keeps meanwhile.
pub(super) struct LitLayer {
    optimizer: Optimizer,
    layer: DenseLayer,
    batch: Batch,
    inputs: SparseInputs,
    taken: i32,
    signal: Signal,
}

impl LitLayer {
    /// From the weights as they stand.
    pub fn new(layer: &Layer, optimizer: Optimizer) -> Self {
        let [_, inputs, units] = layer.kernel.dims();
        // Its batch norm is applied by the tensor program.
        let plain = Layer { norm: None, ..layer.clone() };
        Self {
            optimizer,
            layer: DenseLayer::new(&plain, None, 0, [inputs, units], None),
            batch: Batch::new(false),
            inputs: SparseInputs::default(),
            taken: 0,
            signal: Signal::default(),
        }
    }

    /// Writes the weights back to where they came from.
    pub fn write(&self, layer: &mut Layer) {
        self.layer.write(layer, None);
    }

    /// What comes to the units for the examples `rows` of `train`, `[examples, units]`.
    pub fn forward(&mut self, train: &Examples, rows: &[u32]) -> Vec<f32> {
        self.batch.take(train, rows);
        self.inputs.take(train, &self.batch.rows);
        self.signal.clear(rows.len(), self.layer.units());
        self.layer.forward(Inputs::Sparse(&self.inputs), &self.batch.shares, None, &mut self.signal);
        std::mem::take(&mut self.signal.numbers)
    }

    /// A step on the same, down the gradient of what came out.
    pub fn step(&mut self, rate: f64, decay: f64, gradient: Vec<f32>) {
        self.taken += 1;
        self.signal.numbers = gradient;
        let update = Update::new(self.optimizer, self.taken, rate, decay);
        let made = Made { shares: &self.batch.shares, masks: None, out: &self.signal };
        self.layer.backward(update, &made, &self.signal);
        self.layer.step(update, Inputs::Sparse(&self.inputs));
    }
}
