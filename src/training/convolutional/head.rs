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
    /// The first hidden layer, where there is one.
    first: Option<First>,
    tail: Tail,
    /// The features of a batch, a row an example, and their gradient.
    rows: Signal,
    back: Signal,
}

/// The first hidden layer, with what passes through it.
struct First {
    layer: DenseLayer,
    inputs: DenseInputs,
    units: Signal,
    slopes: Signal,
    /// With dropout, the factors of its units.
    masks: Option<Signal>,
}

impl Head {
    /// From the weights of the only network of `population` as they stand.
    pub fn new(population: &Population, negative_slope: Option<f32>) -> Self {
        let [_, width, _] = population.parameters.output.kernel.dims();
        let only = Member { index: 0, cohort: 0, width, bits: 0, start: 0 };
        let first = population.parameters.hidden.first().map(|layer| {
            let [_, inputs, units] = layer.kernel.dims();
            First {
                layer: DenseLayer::new(layer, population.running.first(), 0, [inputs, units], negative_slope),
                inputs: DenseInputs::default(),
                units: Signal::default(),
                slopes: Signal::default(),
                masks: None,
            }
        });
        let tail = Tail::new(population, only, negative_slope);
        Self { first, tail, rows: Signal::default(), back: Signal::default() }
    }

    /// Draws what dropout lets through of so many examples in a step.
    pub fn draw_masks(&mut self, dropout: &mut Dropout, step: usize, examples: usize) {
        let Some(First { layer, masks, .. }) = &mut self.first else { return };
        let masks = masks.get_or_insert_default();
        masks.clear(examples, layer.units());
        dropout.draw(layer.units(), 0, step, masks, 0);
        self.tail.draw_masks(dropout, step, examples);
    }

    /// A step on the features of a batch; writes their gradient into `slopes`.
    pub fn step(&mut self, update: Update, features: &Maps, batch: &Batch, slopes: &mut Maps, scratch: &mut SendBack) {
        let Self { first, tail, rows, back } = self;
        let (examples, inputs) = (batch.shares.len(), features.shape.len());
        rows.clear(examples, inputs);
        features.write_rows(examples, &mut rows.numbers);
        back.clear(examples, inputs);
        match first {
            Some(first) => first.step(update, tail, rows, batch, back, scratch),
            None => tail.step(update, rows, batch, back, scratch),
        }
        slopes.read_rows(features.shape, &back.numbers);
    }

    /// Writes the numbers back to where they came from.
    pub fn write(&self, population: &mut Population) {
        if let (Some(first), Some(to)) = (&self.first, population.parameters.hidden.first_mut()) {
            first.layer.write(to, population.running.first_mut());
        }
        self.tail.write(population);
    }

    /// The loss on the batch of the last step.
    pub fn loss(&self, batch: &Batch) -> f32 {
        self.tail.loss(batch)
    }

    /// The sum of the squares of the weights that decay: those of its hidden layers.
    pub fn squares(&self) -> f32 {
        let first = self.first.as_ref().map_or(0.0, |First { layer, .. }| layer.squares(0..layer.units()));
        first + self.tail.squares()
    }
}

impl First {
    fn step(
        &mut self,
        update: Update,
        tail: &mut Tail,
        rows: &Signal,
        batch: &Batch,
        back: &mut Signal,
        scratch: &mut SendBack,
    ) {
        let Self { layer, inputs, units, slopes, masks } = self;
        let shares = &batch.shares[..];
        inputs.take(rows.width, rows.rows());
        units.clear(shares.len(), layer.units());
        layer.forward(Inputs::Dense(inputs), shares, masks.as_ref(), units);
        slopes.clear(shares.len(), layer.units());
        tail.step(update, units, batch, slopes, scratch);
        layer.backward(update, &Made { shares, masks: masks.as_ref(), out: units }, slopes);
        scratch.take(layer, back, 0..rows.width);
        layer.step(update, Inputs::Dense(inputs));
    }
}
