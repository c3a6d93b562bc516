//! From a batch to logits: once with the batch's own statistics (training), once with the running ones (evaluation mode).

use burn::tensor::Tensor;
use burn::tensor::activation::relu;

use super::{Layer, Parameters, Population};

/// Keras' BatchNormalization default.
const NORM_MOMENTUM: f64 = 0.99;
/// Keras' BatchNormalization default.
const NORM_EPSILON: f64 = 1e-3;

/// What the forward pass of a training step gives.
pub(crate) struct TrainingPass {
    /// `[networks, batch, classes]`.
    pub logits: Tensor<3>,
    /// The batch's mean and (biased) variance of each hidden layer, `[groups, 1, units]`; empty without batch norm.
    pub statistics: Vec<[Tensor<3>; 2]>,
}

/// What the forward pass in evaluation mode gives.
#[derive(Debug, Clone)]
pub struct EvaluationPass {
    /// `[networks, batch, classes]`.
    pub logits: Tensor<3>,
    /// Post-ReLU outputs of each hidden layer: the first `[cohorts, batch, sum of widths]`, the others `[networks, batch, widest]`.
    pub activations: Vec<Tensor<3>>,
}

impl Population {
    /// A training step's forward pass over `parameters` (this population's, tracked for gradients) and a batch
    /// `[cohorts, batch, inputs]`. `masks` holds, with dropout, a factor for every activation of every hidden layer.
    pub(crate) fn training_pass(&self, parameters: &Parameters, batch: Tensor<3>, masks: &[Tensor<3>]) -> TrainingPass {
        let mut statistics = Vec::new();
        let mut signal = batch;
        for (index, layer) in parameters.hidden.iter().enumerate() {
            let mut units = layer.dense(signal);
            if let Some(norm) = &layer.norm {
                let mean = units.clone().mean_dim(1);
                let centred = units - mean.clone();
                let variance = centred.clone().square().mean_dim(1);
                units = normalise(centred, variance.clone(), norm);
                statistics.push([mean, variance].map(Tensor::inner));
            }
            signal = relu(units);
            if let Some(mask) = masks.get(index) {
                signal = signal * mask.clone();
            }
            if index == 0 {
                signal = self.stack(signal);
            }
        }
        TrainingPass { logits: parameters.output.dense(signal), statistics }
    }

    /// Evaluation mode: running statistics, no dropout. `batch` is `[cohorts, batch, inputs]`, or one for all, `[1, batch, inputs]`.
    pub fn evaluation_pass(&self, batch: Tensor<3>) -> EvaluationPass {
        let mut activations = Vec::with_capacity(self.depth());
        let mut signal = batch;
        for (index, layer) in self.parameters.hidden.iter().enumerate() {
            let mut units = layer.dense(signal);
            if let Some(norm) = &layer.norm {
                let [mean, variance] = self.running[index].clone();
                units = normalise(units - mean, variance, norm);
            }
            let active = relu(units);
            activations.push(active.clone());
            signal = if index == 0 { self.stack(active) } else { active };
        }
        EvaluationPass { logits: self.parameters.output.dense(signal), activations }
    }

    /// Moves the running statistics towards a batch's (Keras: `running = 0.99 running + 0.01 batch`).
    pub(crate) fn update_running(&mut self, statistics: Vec<[Tensor<3>; 2]>) {
        for (running, batch) in self.running.iter_mut().zip(statistics) {
            for (running, batch) in running.iter_mut().zip(batch) {
                *running = running.clone().mul_scalar(NORM_MOMENTUM) + batch.mul_scalar(1.0 - NORM_MOMENTUM);
            }
        }
    }

    /// Side by side `[cohorts, batch, sum of widths]` to stacked and padded `[networks, batch, widest]`.
    fn stack(&self, side_by_side: Tensor<3>) -> Tensor<3> {
        let [cohorts, batch, total] = side_by_side.dims();
        let (networks, widest) = (self.architectures.len(), self.widest);
        if networks == 1 {
            return side_by_side;
        }
        let columns = if networks * widest == total {
            side_by_side // equal widths: nothing to pad
        } else {
            let zeros = Tensor::zeros([cohorts, batch, 1], &side_by_side.device());
            Tensor::cat(vec![side_by_side, zeros], 2).select(2, self.stacking.clone())
        };
        columns.reshape([cohorts, batch, networks, widest]).swap_dims(1, 2).reshape([cohorts * networks, batch, widest])
    }
}

impl Layer {
    /// `[groups, batch, inputs]` to `[groups, batch, units]`.
    fn dense(&self, signal: Tensor<3>) -> Tensor<3> {
        signal.matmul(self.kernel.clone()) + self.bias.clone()
    }
}

/// Batch norm of units from which the mean is already taken, `[groups, batch, units]`.
fn normalise(centred: Tensor<3>, variance: Tensor<3>, [scale, shift]: &[Tensor<3>; 2]) -> Tensor<3> {
    centred / variance.add_scalar(NORM_EPSILON).sqrt() * scale.clone() + shift.clone()
}
