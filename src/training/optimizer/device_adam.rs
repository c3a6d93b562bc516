//! Adam by tensor operations.

use burn::tensor::Tensor;

use super::{BETA_1, BETA_2, EPSILON, corrected_rate};

/// What Adam remembers of one tensor: running means of its gradient and of the gradient's square.
pub(in crate::training) struct DeviceAdam {
    steps: i32,
    mean: Tensor<3>,
    square: Tensor<3>,
}

impl DeviceAdam {
    /// Before the first step of `tensor`.
    pub fn new(tensor: &Tensor<3>) -> Self {
        Self { steps: 0, mean: tensor.zeros_like(), square: tensor.zeros_like() }
    }

    /// The tensor after a step.
    pub fn step(&mut self, rate: f64, tensor: Tensor<3>, gradient: Tensor<3>) -> Tensor<3> {
        self.steps += 1;
        let fresh = gradient.clone().mul_scalar(1.0 - BETA_1);
        self.mean.inplace(|mean| mean.mul_scalar(BETA_1) + fresh);
        self.square.inplace(|square| square.mul_scalar(BETA_2) + gradient.square().mul_scalar(1.0 - BETA_2));
        let step = self.mean.clone().mul_scalar(corrected_rate(rate, self.steps));
        tensor - step / self.square.clone().sqrt().add_scalar(EPSILON)
    }
}
