//! Everything after a network's first layer on the CPU: the other hidden layers, the output, the loss.

use std::ops::Range;

use super::batch::Batch;
use super::dropout::Dropout;
use super::inputs::{DenseInputs, Inputs};
use super::layer::{DenseLayer, Made, SendBack};
use super::optimizer::Update;
use super::signal::Signal;
use super::softmax;
use crate::engine::LANES;
use crate::network::{Layer, Member, Parameters, Population};

/// One network behind its first layer.
#[derive(Debug)]
pub(super) struct Tail {
    /// Which network.
    member: Member,
    classes: usize,
    stages: Vec<Stage>,
    /// The gradients of what goes out of the layer at work, and of what comes in.
    back: [Signal; 2],
}

/// One layer, hidden or the output, with what passes through it.
#[derive(Debug)]
struct Stage {
    layer: DenseLayer,
    inputs: DenseInputs,
    /// What comes out: hidden activations, or logits.
    out: Signal,
    /// With dropout, the factors of what comes out.
    masks: Option<Signal>,
}

impl Tail {
    /// From the weights as they stand; `negative_slope` is that of the hidden layers' rectifiers.
    pub fn new(population: &Population, member: Member, negative_slope: Option<f32>) -> Self {
        let Parameters { hidden, output } = &population.parameters;
        let (group, width, classes) = (member.index, member.width, population.classes());
        let stage = |layer| Stage { layer, inputs: DenseInputs::default(), out: Signal::default(), masks: None };
        let hidden = (1..hidden.len()).map(|index| {
            let running = population.running.get(index);
            stage(DenseLayer::new(&hidden[index], running, group, [width, width], negative_slope))
        });
        let output = DenseLayer::new(output, None, group, [width, classes], None);
        Self { member, classes, stages: hidden.chain([stage(output)]).collect(), back: Default::default() }
    }

    /// Its units among those of the first layers, which stand side by side.
    pub fn units(&self) -> Range<usize> {
        self.member.start..self.member.start + self.member.width
    }

    /// Draws what dropout lets through of so many examples in a step: of each hidden layer after the first.
    pub fn draw_masks(&mut self, dropout: &mut Dropout, step: usize, examples: usize) {
        let (hidden, width) = (self.stages.len() - 1, self.member.width);
        for (index, stage) in self.stages[..hidden].iter_mut().enumerate() {
            let masks = stage.masks.get_or_insert_default();
            masks.clear(examples, width);
            dropout.draw(width, index + 1, step, masks, 0);
        }
    }

    /// Writes the numbers back to where they came from.
    pub fn write(&self, population: &mut Population) {
        let Parameters { hidden, output } = &mut population.parameters;
        let layers: Vec<&mut Layer> = hidden.iter_mut().skip(1).chain([output]).collect();
        for (index, (stage, layer)) in self.stages.iter().zip(layers).enumerate() {
            stage.layer.write(layer, population.running.get_mut(index + 1));
        }
    }

    /// A step on what comes out of the first layer; writes its gradient into `back`.
    pub fn step(&mut self, update: Update, first: &Signal, batch: &Batch, back: &mut Signal, scratch: &mut SendBack) {
        let (units, width, shares) = (self.units(), self.member.width, &batch.shares[..]);
        let outputs = self.stages.len() - 1;
        for index in 0..=outputs {
            let (before, rest) = self.stages.split_at_mut(index);
            let Stage { layer, inputs, out, masks } = &mut rest[0];
            match before.last() {
                Some(before) => inputs.take(width, before.out.rows()),
                None => inputs.take(width, first.rows().map(|row| &row[units.clone()])),
            }
            // Softmax is computed over whole vectors.
            let wide = if index == outputs { LANES } else { 1 };
            out.clear(shares.len(), layer.units().next_multiple_of(wide));
            layer.forward(Inputs::Dense(inputs), shares, masks.as_ref(), out);
        }
        let [gradient, next] = &mut self.back;
        gradient.copy(&self.stages[outputs].out);
        softmax::errors(&mut gradient.numbers, self.classes, &batch.labels, shares);
        for (index, Stage { layer, inputs, out, masks }) in self.stages.iter_mut().enumerate().rev() {
            layer.backward(update, &Made { shares, masks: masks.as_ref(), out }, gradient);
            if index > 0 {
                next.clear(shares.len(), width);
                scratch.take(layer, next, 0..width);
                std::mem::swap(gradient, next);
            } else {
                scratch.take(layer, back, units.clone());
            }
            layer.step(if index == outputs { update.without_decay() } else { update }, Inputs::Dense(inputs));
        }
    }

    /// The loss on the batch of the last step.
    pub fn loss(&self, batch: &Batch) -> f32 {
        let logits = self.stages.last().map_or(&[][..], |stage| &stage.out.numbers);
        softmax::loss(logits, self.classes, &batch.labels, &batch.shares)
    }

    /// The sum of the squares of the weights that decay: those of its hidden layers.
    pub fn squares(&self) -> f32 {
        let hidden = &self.stages[..self.stages.len() - 1];
        hidden.iter().map(|stage| stage.layer.squares(0..self.member.width)).sum()
    }
}
