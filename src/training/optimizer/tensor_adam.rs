//! Adam for one tensor on the CPU, in place and in one pass.

use burn::tensor::Tensor;

use super::{Moments, Update};
use crate::engine::{host_numbers, tensor};
use crate::training::Optimizer;

/// The steps of a tensor.
#[derive(Debug, Default)]
pub(in crate::training) struct TensorAdam {
    steps: i32,
    moments: Option<Moments>,
}

impl TensorAdam {
    /// The tensor after a step; no copy is made of a tensor that nobody else holds.
    pub fn step(&mut self, rate: f64, decay: f64, weights: Tensor<3>, gradient: Tensor<3>) -> Tensor<3> {
        let (device, shape) = (weights.device(), weights.dims());
        let (mut weights, gradient) = (host_numbers(weights), host_numbers(gradient));
        self.steps += 1;
        let update = Update::new(Optimizer::Adam { learning_rate: rate }, self.steps, rate, decay);
        let moments = self.moments.get_or_insert_with(|| Moments::new(weights.len()));
        moments.take(update, &mut weights, &gradient);
        tensor(weights, shape, &device)
    }
}
