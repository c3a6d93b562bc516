//! Training steps on the CPU by kernels of our own, for the plain networks of the paper's figures.
//!
//! As a tensor program a step of these small networks is dozens of operations, each with its allocations and its walk through a
//! graph: a third of the step's time, as much as all products of the first layer. Here it is one pass forward and one backward, over
//! nonzero values only. Networks with batch norm, dropout, another activation or another optimizer are trained by the tensor program;
//! the tests below check that both give the same numbers.

use super::batch::Batch;
use super::first_layer::FirstLayer;
use super::later_layer::Scratch;
use super::optimizer::AdamStep;
use super::signal::Signal;
use super::tail::Tail;
use super::{Optimizer, Protocol};
use crate::dataset::{DENSE_SUITS_KERNELS, Dataset, Examples};
use crate::network::{Activation, Layer, Parameters, Population};

impl Protocol {
    /// Whether the CPU has kernels of its own for these networks; others are tensor programs.
    pub fn has_kernels(&self) -> bool {
        let adam = matches!(self.optimizer, Optimizer::Adam { .. });
        adam && self.activation == Activation::Relu && !self.batch_norm && self.dropout == 0.0
    }
}

impl Protocol {
    /// Whether these networks are trained, encoded and measured on `data` by those kernels alone: each by itself, with the same operations
    /// on every processor, so that it comes out the same to the bit in any company and anywhere.
    pub fn has_kernels_for(&self, data: &Dataset) -> bool {
        let dense = self.noise_inputs || self.random_inputs;
        let kernels = self.has_kernels() && (DENSE_SUITS_KERNELS || !dense);
        kernels && data.train().suits_kernels() && data.test().suits_kernels()
    }
}

/// Takes the steps of one cohort, whose weights it keeps meanwhile.
pub(super) struct HostStep {
    batch: Batch,
    /// The first layers of all networks, side by side.
    first: FirstLayer,
    tails: Vec<Tail>,
    /// What comes out of the first layer, and its gradient.
    units: Signal,
    slopes: Signal,
    scratch: Scratch,
    taken: i32,
    /// With early stopping, of the examples since they were last asked for.
    losses: Option<Losses>,
}

/// Each network's losses, added up over examples.
#[derive(Debug)]
struct Losses {
    sums: Vec<f32>,
    examples: usize,
}

impl Losses {
    fn none(networks: usize) -> Self {
        Self { sums: vec![0.0; networks], examples: 0 }
    }
}

impl HostStep {
    /// Whether it is made for a population under a protocol.
    pub fn takes(population: &Population, protocol: &Protocol) -> bool {
        population.is_plain_on_host() && protocol.has_kernels()
    }

    /// For `population`, which it [takes](Self::takes), to be trained under `protocol`.
    pub fn new(population: &Population, protocol: &Protocol) -> Self {
        Self {
            batch: Batch::default(),
            first: FirstLayer::new(&population.parameters.hidden[0]),
            tails: population.members().map(|member| Tail::new(population, member)).collect(),
            units: Signal::default(),
            slopes: Signal::default(),
            scratch: Scratch::default(),
            taken: 0,
            losses: (protocol.early_stopping > 0).then(|| Losses::none(population.len())),
        }
    }

    /// Takes a step on the examples `rows` of `train`.
    pub fn take(&mut self, train: &Examples, rows: &[u32], rate: f64, decay: f64) {
        self.taken += 1;
        self.batch.take(train, rows);
        if decay > 0.0 && self.losses.is_some() {
            // Keras penalises the weights as they were before the step.
            let penalties: Vec<f32> = self.squares().map(|squares| decay as f32 * squares).collect();
            self.note(penalties);
        }
        let step = AdamStep::new(self.taken, rate, decay);
        self.first.forward(&self.batch.lit, &mut self.units);
        self.units.relu();
        self.slopes.clear(self.units.len(), self.units.width);
        for tail in &mut self.tails {
            tail.step(step, &self.units, &self.batch, &mut self.slopes, &mut self.scratch);
        }
        self.first.step(step, &self.batch.by_input, &self.slopes);
        if self.losses.is_some() {
            self.note(self.losses());
        }
        if let Some(losses) = &mut self.losses {
            losses.examples += rows.len();
        }
    }

    /// Adds to what is kept for early stopping: Keras weighs batches by their examples.
    fn note(&mut self, losses: Vec<f32>) {
        if let Some(Losses { sums, .. }) = &mut self.losses {
            sums.iter_mut().zip(losses).for_each(|(sum, loss)| *sum += loss * self.batch.len as f32);
        }
    }

    /// Of each network the sum of the squares of the weights that decay.
    fn squares(&self) -> impl Iterator<Item = f32> {
        self.tails.iter().map(|tail| self.first.squares(tail.units()) + tail.squares())
    }

    /// Writes the weights into `population`.
    pub fn write(&self, population: &mut Population) {
        let Parameters { hidden, output } = &mut population.parameters;
        let mut layers: Vec<&mut Layer> = hidden.iter_mut().chain([output]).collect();
        self.first.write(layers[0]);
        self.tails.iter().for_each(|tail| tail.write(&mut layers[1..]));
    }

    /// Each network's mean loss on the batch of the last step.
    pub fn losses(&self) -> Vec<f32> {
        self.tails.iter().map(|tail| tail.loss(&self.batch)).collect()
    }

    /// With early stopping, each network's mean loss over the examples since the last call, weight decay's penalty included.
    pub fn mean_losses(&mut self) -> Vec<f32> {
        let Some(losses) = &mut self.losses else { return Vec::new() };
        let none = Losses::none(losses.sums.len());
        let Losses { sums, examples } = std::mem::replace(losses, none);
        sums.into_iter().map(|sum| sum / examples as f32).collect()
    }
}
