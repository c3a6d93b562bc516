//! A whole training step on the CPU by kernels of our own, for the networks that the paper's figures are about.
//!
//! As a tensor program a step of these small networks is dozens of operations, each with its allocations and its walk through a
//! graph: a third of the step's time, as much as all products of the first layer. Here it is one pass forward and one back, over
//! what is not 0 alone. Networks with batch norm, dropout, another activation or another optimizer are the tensor program's, which
//! is held to the same numbers by the tests below.

use super::batch::Batch;
use super::first_layer::FirstLayer;
use super::later_layer::{LaterLayer, Signal, Span};
use super::softmax::{self, PaddedRows};
use super::{Optimizer, Protocol};
use crate::dataset::Examples;
use crate::engine::{LANES, is_host};
use crate::network::{Activation, Layer, Parameters, Population};

/// Inputs up to which it is no loss to run over every one of them, where most are not 0.
const FEW_INPUTS: usize = 64;

/// Takes the steps of one cohort.
pub(super) struct HostStep {
    batch: Batch,
    first: FirstLayer,
    /// The hidden layers after it, then the output.
    later: Vec<LaterLayer>,
    /// What comes out of each layer: hidden activations, then logits.
    signals: Vec<Signal>,
    /// The gradients of what comes in and of what goes out of the layer at work.
    back: [Signal; 2],
    /// The labels of the batch.
    labels: Vec<u8>,
    classes: usize,
    networks: usize,
}

/// How a step is taken.
pub(super) struct Rates {
    pub rate: f64,
    pub decay: f64,
}

impl HostStep {
    /// For `population`, which is to be trained on `train` under `protocol`; nothing where that is the tensor program's.
    pub fn new(population: &Population, protocol: &Protocol, train: &Examples) -> Option<Self> {
        let adam = matches!(protocol.optimizer, Optimizer::Adam { .. });
        let plain = protocol.activation == Activation::Relu && !protocol.batch_norm && protocol.dropout == 0.0;
        let alone = population.seeds().len() == 1 && is_host(population.device());
        let sparse = train.inputs() <= FEW_INPUTS || train.lit().is_some();
        if !(adam && plain && alone && sparse) {
            return None;
        }
        let classes = population.classes();
        let total = population.members().map(|member| member.width).sum();
        let mut signals = vec![Signal::new(total)];
        let mut later = Vec::new();
        for layer in 1..=population.depth() {
            let output = layer == population.depth();
            let mut to = 0;
            let spans = population.members().scan(0, |from, member| {
                let outputs = if output { classes } else { member.width };
                let span = Span { from: *from, inputs: member.width, to, outputs };
                // The first layer's units stand side by side, those of others as wide as whole vectors need.
                *from += if layer == 1 { member.width } else { member.width.next_multiple_of(LANES) };
                to += outputs.next_multiple_of(LANES);
                Some(span)
            });
            later.push(LaterLayer::new(spans.collect()));
            signals.push(Signal::new(to));
        }
        Some(Self {
            batch: Batch::default(),
            first: FirstLayer::new(train.inputs()),
            later,
            signals,
            back: [Signal::new(1), Signal::new(1)],
            labels: Vec::new(),
            classes,
            networks: population.len(),
        })
    }

    /// Takes a step on the examples `rows` of `train`.
    pub fn take(&mut self, population: &mut Population, train: &Examples, rows: &[u32], Rates { rate, decay }: Rates) {
        self.batch.take(rows);
        self.labels.clear();
        self.labels.extend(self.batch.examples.iter().map(|&example| train.labels()[example as usize]));
        let Parameters { hidden, output } = &mut population.parameters;
        let mut layers: Vec<&mut Layer> = hidden.iter_mut().chain([output]).collect();
        self.signals[0].numbers = self.first.forward(layers[0], train, &self.batch.examples);
        relu(&mut self.signals[0]);
        let outputs = self.later.len();
        for (index, later) in self.later.iter_mut().enumerate() {
            let (from, to) = self.signals.split_at_mut(index + 1);
            later.forward(layers[index + 1], &from[index], &mut to[0]);
            if index + 1 < outputs {
                relu(&mut to[0]);
            }
        }
        let [gradient, back] = &mut self.back;
        let logits = &self.signals[outputs];
        gradient.stride = logits.stride;
        gradient.numbers.clone_from(&logits.numbers);
        softmax::errors(
            PaddedRows { numbers: &mut gradient.numbers, networks: self.networks, classes: self.classes },
            &self.labels,
            &self.batch.shares,
        );
        for (index, later) in self.later.iter_mut().enumerate().rev() {
            back.stride = self.signals[index].stride;
            let decay = if index + 1 == outputs { 0.0 } else { decay };
            later.step(rate, decay, layers[index + 1], &self.signals[index], gradient, back);
            std::mem::swap(gradient, back);
        }
        self.first.step(rate, decay, layers[0], &gradient.numbers);
    }

    /// Each network's mean loss on the batch of the last step.
    pub fn losses(&self) -> Vec<f32> {
        let numbers: &[f32] = &self.signals[self.later.len()].numbers;
        softmax::losses(
            PaddedRows { numbers, networks: self.networks, classes: self.classes },
            &self.labels,
            &self.batch.shares,
        )
    }
}

fn relu(signal: &mut Signal) {
    signal.numbers.iter_mut().for_each(|number| *number = number.max(0.0));
}
