//! burn's optimizers, set to Keras' defaults and applied to a population's tensors.

use burn::optim::momentum::{Momentum, MomentumConfig, MomentumState};
use burn::optim::{Adam, AdamConfig, AdamState, Optimizer as _};
use burn::tensor::Tensor;

use super::protocol::Optimizer;

/// Moves one tensor after another, in a fixed order, and keeps what it must remember of each.
pub(super) enum Stepper {
    Adam { rule: Adam, states: Vec<Option<AdamState<3>>> },
    Sgd { rule: Momentum, states: Vec<Option<MomentumState<3>>> },
}

impl Stepper {
    /// For `tensors` tensors.
    pub fn new(optimizer: Optimizer, tensors: usize) -> Self {
        match optimizer {
            // 1e-7 is Keras' epsilon, burn's own default is 1e-5.
            Optimizer::Adam { .. } => {
                Self::Adam { rule: AdamConfig::new().with_epsilon(1e-7).build(), states: vec![None; tensors] }
            }
            // Keras does not dampen.
            Optimizer::Sgd { momentum, .. } => {
                let rule = Momentum::new(&MomentumConfig::new().with_momentum(momentum).with_dampening(0.0));
                Self::Sgd { rule, states: vec![None; tensors] }
            }
        }
    }

    /// The tensor of place `index` after a step down its gradient.
    pub fn step(&mut self, index: usize, rate: f64, tensor: Tensor<3>, gradient: Tensor<3>) -> Tensor<3> {
        match self {
            Self::Adam { rule, states } => {
                let (tensor, state) = rule.step(rate, tensor, gradient, states[index].take());
                states[index] = state;
                tensor
            }
            Self::Sgd { rule, states } => {
                let (gradient, state) = rule.transform(gradient, states[index].take());
                states[index] = Some(state);
                tensor - gradient.mul_scalar(rate)
            }
        }
    }
}
