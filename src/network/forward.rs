//! From a batch to logits: once with the batch's own statistics (training), once with the running ones (evaluation mode).

use burn::tensor::Tensor;
use burn::tensor::activation::{gelu, leaky_relu, relu, tanh};

use super::activation::NEGATIVE_SLOPE;
use super::layers::{NORM_EPSILON, NORM_MOMENTUM};
use super::{Activation, Layer, Parameters, Population};

/// Where a forward pass begins.
pub(crate) enum From {
    /// With the inputs, `[cohorts, batch, inputs]`.
    Batch(Tensor<3>),
    /// With what comes to the first hidden layer's units, `[cohorts, batch, sum of widths]`: in training a leaf of its own.
    Units(Tensor<3>),
}

/// What the forward pass of a training step gives.
pub(crate) struct TrainingPass {
    /// Where the networks of a cohort part; none where there is one network only.
    pub parting: Option<Parting>,
    /// `[networks, batch, classes]`.
    pub logits: Tensor<3>,
    /// The batch's mean and (biased) variance of each hidden layer, `[groups, 1, units]`; empty without batch norm.
    pub statistics: Vec<[Tensor<3>; 2]>,
}

/// The first hidden layer's outputs, side by side, and the same as the next layer takes them, stacked. The graph is cut
/// between the two, and [`Population::unstack`] carries the gradient over: what automatic differentiation makes of it adds
/// up column by column, one after the other, which a GPU cannot share out.
pub(crate) struct Parting {
    /// `[cohorts, batch, sum of widths]`, tracked.
    pub side_by_side: Tensor<3>,
    /// `[networks, batch, widest]`, a leaf of its own.
    pub stacked: Tensor<3>,
}

/// What the forward pass in evaluation mode gives.
#[derive(Debug, Clone)]
pub struct EvaluationPass {
    /// `[networks, batch, classes]`.
    pub logits: Tensor<3>,
    /// Activations of each hidden layer: the first `[cohorts, batch, sum of widths]`, the others `[networks, batch, widest]`.
    pub activations: Vec<Tensor<3>>,
}

impl Population {
    /// A training step's forward pass over `parameters` (this population's, tracked for gradients), from a batch or from what
    /// the first layer has made of it. `masks` holds, with dropout, a factor for every activation of every hidden layer.
    pub(crate) fn training_pass(&self, parameters: &Parameters, from: From, masks: &[Tensor<3>]) -> TrainingPass {
        let mut statistics = Vec::new();
        let mut parting = None;
        let mut from = Some(from);
        let mut signal = Tensor::empty([0, 0, 0], &self.device);
        for (index, layer) in parameters.hidden.iter().enumerate() {
            let mut units = match from.take() {
                Some(From::Units(units)) => units,
                Some(From::Batch(batch)) => layer.dense(batch),
                None => layer.dense(signal),
            };
            if let Some(norm) = &layer.norm {
                let mean = units.clone().mean_dim(1);
                let centred = units - mean.clone();
                let variance = centred.clone().square().mean_dim(1);
                units = normalise(centred, variance.clone(), norm);
                statistics.push([mean, variance].map(Tensor::inner));
            }
            signal = activate(self.activation(), units);
            if let Some(mask) = masks.get(index) {
                signal = signal * mask.clone();
            }
            if index == 0 && self.architectures.len() > 1 {
                let stacked = self.stack(signal.clone().inner());
                let stacked = Tensor::from_inner(stacked).to_device(&signal.device()).require_grad();
                parting = Some(Parting { side_by_side: signal, stacked: stacked.clone() });
                signal = stacked;
            }
        }
        TrainingPass { parting, logits: parameters.output.dense(signal), statistics }
    }

    /// Evaluation mode: running statistics, no dropout. `batch` is `[cohorts, batch, inputs]`, or one for all, `[1, batch, inputs]`.
    pub fn evaluation_pass(&self, batch: Tensor<3>) -> EvaluationPass {
        self.evaluation_pass_from(From::Batch(batch))
    }

    /// The same, perhaps from what the first layer makes of a batch.
    pub(crate) fn evaluation_pass_from(&self, from: From) -> EvaluationPass {
        let mut activations = Vec::with_capacity(self.depth());
        let mut from = Some(from);
        let mut signal = Tensor::empty([0, 0, 0], &self.device);
        for (index, layer) in self.parameters.hidden.iter().enumerate() {
            let mut units = match from.take() {
                Some(From::Units(units)) => units,
                Some(From::Batch(batch)) => layer.dense(batch),
                None => layer.dense(signal),
            };
            if let Some(norm) = &layer.norm {
                let [mean, variance] = self.running[index].clone();
                units = normalise(units - mean, variance, norm);
            }
            let active = activate(self.activation(), units);
            activations.push(active.clone());
            signal = if index == 0 { self.stack(active) } else { active };
        }
        EvaluationPass { logits: self.parameters.output.dense(signal), activations }
    }

    /// Moves the running statistics towards a batch's (Keras: `running = 0.99 running + 0.01 batch`).
    pub(crate) fn update_running(&mut self, statistics: Vec<[Tensor<3>; 2]>) {
        move_running(&mut self.running, statistics);
    }
}

/// The same of any layers.
pub(crate) fn move_running(running: &mut [[Tensor<3>; 2]], statistics: Vec<[Tensor<3>; 2]>) {
    for (running, batch) in running.iter_mut().zip(statistics) {
        for (running, batch) in running.iter_mut().zip(batch) {
            *running = running.clone().mul_scalar(NORM_MOMENTUM) + batch.mul_scalar(1.0 - NORM_MOMENTUM);
        }
    }
}

impl Layer {
    /// `[groups, batch, inputs]` to `[groups, batch, units]`.
    fn dense(&self, signal: Tensor<3>) -> Tensor<3> {
        signal.matmul(self.kernel.clone()) + self.bias.clone()
    }
}

/// What comes out of units. 0 stays 0, so that padding does.
pub(crate) fn activate<const D: usize>(activation: Activation, units: Tensor<D>) -> Tensor<D> {
    match activation {
        Activation::Relu => relu(units),
        Activation::LeakyRelu => leaky_relu(units, f64::from(NEGATIVE_SLOPE)),
        Activation::Tanh => tanh(units),
        Activation::Gelu => gelu(units),
    }
}

/// Batch norm of units from which the mean is already taken, `[groups, batch, units]`.
fn normalise(centred: Tensor<3>, variance: Tensor<3>, [scale, shift]: &[Tensor<3>; 2]) -> Tensor<3> {
    centred / variance.add_scalar(NORM_EPSILON).sqrt() * scale.clone() + shift.clone()
}
