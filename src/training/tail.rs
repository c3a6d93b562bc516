//! Everything after a network's first layer on the CPU: the other hidden layers, the output, the loss.

use std::ops::Range;

use super::batch::Batch;
use super::later_layer::{LaterLayer, Part, Scratch};
use super::optimizer::AdamStep;
use super::signal::Signal;
use super::softmax;
use crate::network::{Layer, Member, Parameters, Population};

/// One network behind its first layer.
#[derive(Debug)]
pub(super) struct Tail {
    /// Which network.
    member: Member,
    classes: usize,
    /// The hidden layers, then the output.
    layers: Vec<LaterLayer>,
    /// What comes out of each: hidden activations, then logits.
    signals: Vec<Signal>,
    /// The gradients of what goes out of the layer at work, and of what comes in.
    back: [Signal; 2],
}

impl Tail {
    /// From the weights as they stand.
    pub fn new(population: &Population, member: Member) -> Self {
        let Parameters { hidden, output } = &population.parameters;
        let classes = population.classes();
        let hidden = hidden[1..].iter().map(|layer| (layer, member.width));
        let layers = hidden.chain([(output, classes)]);
        let layers: Vec<_> =
            layers.map(|(layer, outputs)| LaterLayer::new(layer, member.index, member.width, outputs)).collect();
        let signals = layers.iter().map(|_| Signal::default()).collect();
        Self { member, classes, layers, signals, back: Default::default() }
    }

    /// Its units among those of the first layers, which stand side by side.
    pub fn units(&self) -> Range<usize> {
        self.member.start..self.member.start + self.member.width
    }

    /// Writes the weights back to where they came from.
    pub fn write(&self, later: &mut [&mut Layer]) {
        self.layers.iter().zip(later).for_each(|(own, layer)| own.write(layer, self.member.index));
    }

    /// A step on what comes out of the first layer; writes its gradient into `back`.
    pub fn step(&mut self, step: AdamStep, first: &Signal, batch: &Batch, back: &mut Signal, scratch: &mut Scratch) {
        let first = Part { signal: first, columns: self.units() };
        let inputs = 0..self.member.width;
        let outputs = self.layers.len() - 1;
        for (index, layer) in self.layers.iter().enumerate() {
            let (before, out) = self.signals.split_at_mut(index);
            let from = before.last().map(|signal| Part { signal, columns: inputs.clone() });
            layer.forward(from.as_ref().unwrap_or(&first), &mut out[0], scratch);
            if index < outputs {
                out[0].relu();
            }
        }
        let [gradient, next] = &mut self.back;
        gradient.copy(&self.signals[outputs]);
        softmax::errors(&mut gradient.numbers, self.classes, &batch.labels, &batch.shares);
        for index in (1..=outputs).rev() {
            let signal = &self.signals[index - 1];
            let step = if index == outputs { step.without_decay() } else { step };
            next.clear(signal.len(), signal.width);
            self.layers[index].step(step, &Part { signal, columns: inputs.clone() }, gradient, next, scratch);
            std::mem::swap(gradient, next);
        }
        let step = if outputs == 0 { step.without_decay() } else { step };
        self.layers[0].step(step, &first, gradient, back, scratch);
    }

    /// The loss on the batch of the last step.
    pub fn loss(&self, batch: &Batch) -> f32 {
        let logits = self.signals.last().map_or(&[][..], |signal| &signal.numbers);
        softmax::loss(logits, self.classes, &batch.labels, &batch.shares)
    }

    /// The sum of the squares of the weights that decay: those of its hidden layers.
    pub fn squares(&self) -> f32 {
        self.layers[..self.layers.len() - 1].iter().map(LaterLayer::squares).sum()
    }
}
