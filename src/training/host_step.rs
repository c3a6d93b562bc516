//! Training steps on the CPU by kernels of our own, for networks of Dense layers and rectifiers: the plain ones of the paper's figures, and
//! those with batch norm and dropout of its published code.
//!
//! As a tensor program a step of these small networks is dozens of operations, each with its allocations and its walk through a
//! graph: a third of the step's time, as much as all products of the first layer. Here it is one pass forward and one backward, over
//! nonzero values only where most inputs are 0. Each network is computed by itself and comes out the same to the bit in any company and on
//! any machine. Networks with a smooth activation are trained by the tensor program; the tests check that both give the same numbers.

use super::batch::{Batch, FirstInputs};
use super::dropout::Dropout;
use super::layer::{DenseLayer, Made, SendBack};
use super::losses::Losses;
use super::optimizer::Update;
use super::signal::Signal;
use super::tail::Tail;
use super::{Optimizer, Protocol};
use crate::dataset::Examples;
use crate::network::Population;

impl Protocol {
    /// Whether the CPU has kernels of its own for these networks, by which each comes out the same to the bit in any company and anywhere; others
    /// are tensor programs.
    pub fn has_kernels(&self) -> bool {
        self.activation.negative_slope().is_some()
    }
}

/// Takes the steps of one cohort, whose weights it keeps meanwhile.
pub(super) struct HostStep {
    optimizer: Optimizer,
    batch: Batch,
    inputs: FirstInputs,
    /// The first layers of all networks, side by side.
    first: DenseLayer,
    tails: Vec<Tail>,
    /// What comes out of the first layer, and its gradient.
    units: Signal,
    slopes: Signal,
    dropout: Option<Dropout>,
    /// With dropout, the factors of the first layer.
    masks: Option<Signal>,
    scratch: SendBack,
    taken: usize,
    /// With early stopping, of the examples since they were last asked for.
    losses: Option<Losses>,
}

impl HostStep {
    /// For `population`, one of those that have [kernels](Population::has_kernels), to be trained under `protocol` on `train`.
    pub fn new(population: &Population, protocol: &Protocol, train: &Examples) -> Self {
        let share = population.dropout();
        let slope = protocol.activation.negative_slope();
        let layer = &population.parameters.hidden[0];
        let [_, inputs, units] = layer.kernel.dims();
        Self {
            optimizer: protocol.optimizer,
            batch: Batch::new(share == 0.0),
            inputs: FirstInputs::new(train.is_mostly_zero()),
            first: DenseLayer::new(layer, population.running.first(), 0, [inputs, units], slope),
            tails: population.members().map(|member| Tail::new(population, member, slope)).collect(),
            units: Signal::default(),
            slopes: Signal::default(),
            dropout: (share > 0.0).then(|| Dropout::new(population.seeds()[0], share)),
            masks: None,
            scratch: SendBack::default(),
            taken: 0,
            losses: (protocol.early_stopping > 0).then(|| Losses::none(population.len())),
        }
    }

    /// Takes a step on the examples `rows` of `train`.
    pub fn take(&mut self, train: &Examples, rows: &[u32], rate: f64, decay: f64) {
        self.batch.take(train, rows);
        self.inputs.take(train, &self.batch.rows);
        if let Some(losses) = self.losses.as_mut().filter(|_| decay > 0.0) {
            // Keras penalises the weights as they were before the step.
            let of_network = |tail: &Tail| self.first.squares(tail.units()) + tail.squares();
            losses.add(self.tails.iter().map(|tail| decay as f32 * of_network(tail)), rows.len());
        }
        self.draw_masks();
        self.taken += 1;
        let update = Update::new(self.optimizer, self.taken as i32, rate, decay);
        let (inputs, shares) = (self.inputs.get(), &self.batch.shares[..]);
        self.units.clear(shares.len(), self.first.units());
        self.first.forward(inputs, shares, self.masks.as_ref(), &mut self.units);
        self.slopes.clear(self.units.len(), self.units.width);
        for tail in &mut self.tails {
            tail.step(update, &self.units, &self.batch, &mut self.slopes, &mut self.scratch);
        }
        let made = Made { shares, masks: self.masks.as_ref(), out: &self.units };
        self.first.backward(update, &made, &self.slopes);
        self.first.step(update, inputs);
        if let Some(losses) = &mut self.losses {
            losses.add(self.tails.iter().map(|tail| tail.loss(&self.batch)), rows.len());
            losses.examples += rows.len();
        }
    }

    /// Draws what dropout lets through in the next step.
    fn draw_masks(&mut self) {
        let Some(dropout) = &mut self.dropout else { return };
        let examples = self.batch.shares.len();
        let first = self.masks.get_or_insert_default();
        first.clear(examples, self.first.units());
        for tail in &mut self.tails {
            let units = tail.units();
            dropout.draw(units.len(), 0, self.taken, first, units.start);
            tail.draw_masks(dropout, self.taken, examples);
        }
    }

    /// Writes the weights into `population`, and the running statistics of batch norm.
    pub fn write(&self, population: &mut Population) {
        self.first.write(&mut population.parameters.hidden[0], population.running.first_mut());
        self.tails.iter().for_each(|tail| tail.write(population));
    }

    /// Each network's mean loss on the batch of the last step.
    pub fn losses(&self) -> Vec<f32> {
        self.tails.iter().map(|tail| tail.loss(&self.batch)).collect()
    }

    /// With early stopping, each network's mean loss over the examples since the last call, weight decay's penalty included.
    pub fn mean_losses(&mut self) -> Vec<f32> {
        self.losses.as_mut().map_or_else(Vec::new, Losses::take)
    }
}
