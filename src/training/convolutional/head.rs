//! The Dense layers behind the convolutions.

use crate::engine::Maps;
use crate::network::{Member, Population};
use crate::training::batch::Batch;
use crate::training::dropout::Dropout;
use crate::training::inputs::{DenseInputs, Inputs};
use crate::training::layer::{DenseLayer, Made, SendBack};
use crate::training::optimizer::Update;
use crate::training::signal::Signal;
use crate::training::tail::Tail;

/// All of them, from the last feature maps to the loss.
pub(super) struct Head {
    first: DenseLayer,
    tail: Tail,
    inputs: DenseInputs,
    /// The features of a batch, a row an example, and their gradient.
    rows: Vec<f32>,
    back: Signal,
    /// What comes out of the first layer, and its gradient.
    units: Signal,
    slopes: Signal,
    /// With dropout, the factors of the first layer.
    masks: Option<Signal>,
}

impl Head {
    /// From the weights of the only network of `population` as they stand.
    pub fn new(population: &Population, negative_slope: Option<f32>) -> Self {
        let layer = &population.parameters.hidden[0];
        let [_, inputs, units] = layer.kernel.dims();
        let only = Member { index: 0, cohort: 0, width: units, bits: 0, start: 0 };
        Self {
            first: DenseLayer::new(layer, population.running.first(), 0, [inputs, units], negative_slope),
            tail: Tail::new(population, only, negative_slope),
            inputs: DenseInputs::default(),
            rows: Vec::new(),
            back: Signal::default(),
            units: Signal::default(),
            slopes: Signal::default(),
            masks: None,
        }
    }

    /// Draws what dropout lets through of so many examples in a step.
    pub fn draw_masks(&mut self, dropout: &mut Dropout, step: usize, examples: usize) {
        let masks = self.masks.get_or_insert_default();
        masks.clear(examples, self.first.units());
        dropout.draw(self.first.units(), 0, step, masks, 0);
        self.tail.draw_masks(dropout, step, examples);
    }

    /// A step on the features of a batch; writes their gradient into `slopes`.
    pub fn step(&mut self, update: Update, features: &Maps, batch: &Batch, slopes: &mut Maps, scratch: &mut SendBack) {
        let (shares, inputs) = (&batch.shares[..], features.shape.len());
        features.write_rows(shares.len(), &mut self.rows);
        self.inputs.take(inputs, self.rows.chunks_exact(inputs));
        self.units.clear(shares.len(), self.first.units());
        self.first.forward(Inputs::Dense(&self.inputs), shares, self.masks.as_ref(), &mut self.units);
        self.slopes.clear(shares.len(), self.first.units());
        self.tail.step(update, &self.units, batch, &mut self.slopes, scratch);
        let made = Made { shares, masks: self.masks.as_ref(), out: &self.units };
        self.first.backward(update, &made, &self.slopes);
        self.back.clear(shares.len(), inputs);
        scratch.take(&self.first, &mut self.back, 0..inputs);
        self.first.step(update, Inputs::Dense(&self.inputs));
        slopes.read_rows(features.shape, &self.back.numbers);
    }

    /// Writes the numbers back to where they came from.
    pub fn write(&self, population: &mut Population) {
        self.first.write(&mut population.parameters.hidden[0], population.running.first_mut());
        self.tail.write(population);
    }

    /// The loss on the batch of the last step.
    pub fn loss(&self, batch: &Batch) -> f32 {
        self.tail.loss(batch)
    }

    /// The sum of the squares of the weights that decay: those of its hidden layers.
    pub fn squares(&self) -> f32 {
        self.first.squares(0..self.first.units()) + self.tail.squares()
    }
}
