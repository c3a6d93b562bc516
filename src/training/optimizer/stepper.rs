//! Optimizers applied to a population's tensors, one after the other.

use burn::tensor::{Device, Tensor};

#[cfg(feature = "gpu")]
use super::device_adam::DeviceAdam;
use super::tensor_adam::TensorAdam;
#[cfg(feature = "gpu")]
use crate::engine::is_host;
use crate::training::Optimizer;

/// Updates tensors one after another, in a fixed order, and keeps the optimizer's state of each.
pub(in crate::training) enum Stepper {
    /// Adam by a kernel of our own: on a GPU, the number of kernels is what a step waits for.
    #[cfg(feature = "gpu")]
    DeviceAdam { states: Vec<Option<DeviceAdam>> },
    /// Adam in one pass over the numbers where they lie: on the CPU, memory is what a step waits for.
    HostAdam { states: Vec<TensorAdam> },
    /// Stochastic gradient descent.
    Sgd { momentum: f64, velocities: Vec<Option<Tensor<3>>> },
}

/// One tensor's step.
pub(in crate::training) struct Step {
    /// The tensor's place in the fixed order.
    pub index: usize,
    /// Learning rate.
    pub rate: f64,
    /// Weight decay: `decay * sum of squares` is part of the loss.
    pub decay: f64,
}

impl Stepper {
    /// For `tensors` tensors on `device`.
    #[cfg_attr(not(feature = "gpu"), allow(unused_variables))] // then there is the CPU alone
    pub fn new(optimizer: Optimizer, tensors: usize, device: &Device) -> Self {
        match optimizer {
            #[cfg(feature = "gpu")]
            Optimizer::Adam { .. } if !is_host(device) => {
                Self::DeviceAdam { states: (0..tensors).map(|_| None).collect() }
            }
            Optimizer::Adam { .. } => Self::HostAdam { states: (0..tensors).map(|_| TensorAdam::default()).collect() },
            Optimizer::Sgd { momentum, .. } => Self::Sgd { momentum, velocities: vec![None; tensors] },
        }
    }

    /// The tensor after a step down its gradient.
    pub fn step(&mut self, step: &Step, tensor: Tensor<3>, gradient: Tensor<3>) -> Tensor<3> {
        let &Step { index, rate, decay } = step;
        match self {
            Self::HostAdam { states } => states[index].step(rate, decay, tensor, gradient),
            #[cfg(feature = "gpu")]
            Self::DeviceAdam { states } => {
                states[index].get_or_insert_with(|| DeviceAdam::new(&tensor)).step(rate, decay, tensor, gradient)
            }
            Self::Sgd { momentum, velocities } => {
                // Keras: velocity = momentum * velocity - rate * gradient.
                let own = with_decay(gradient, &tensor, decay).mul_scalar(-rate);
                let velocity = match velocities[index].take() {
                    Some(before) => before.mul_scalar(*momentum) + own,
                    None => own,
                };
                velocities[index] = Some(velocity.clone());
                tensor + velocity
            }
        }
    }
}

/// A gradient with that of `decay * sum of squares`.
fn with_decay(gradient: Tensor<3>, tensor: &Tensor<3>, decay: f64) -> Tensor<3> {
    if decay > 0.0 { gradient + tensor.clone().mul_scalar(2.0 * decay) } else { gradient }
}

#[cfg(all(test, feature = "cpu"))]
mod tests {
    use super::*;
    use crate::engine::Engine;

    #[test]
    fn the_first_step_of_a_tiny_gradient_is_held_back_as_in_keras() {
        // 0.0316 rate * 0.1 g / (0.0316 g + epsilon), for a gradient of 1e-6 a quarter of the rate: not nearly all of it.
        let tensor = |number: f32| Tensor::<3>::from_data([[[number]]], Engine::cpu().device());
        let mut stepper = Stepper::new(Optimizer::Adam { learning_rate: 1.0 }, 1, Engine::cpu().device());
        let moved = stepper.step(&Step { index: 0, rate: 1.0, decay: 0.0 }, tensor(0.0), tensor(1e-6));
        let moved: f32 = moved.into_scalar();
        assert!((moved + 0.2403).abs() < 1e-3, "{moved}");
    }

    #[test]
    fn when_the_rate_falls_momentum_keeps_the_old_steps_as_in_keras() {
        // Keras 3.15: SGD(momentum=0.9) on a gradient of 1, the rate falling from 0.1 to 0.01 after two steps.
        let tensor = |number: f32| Tensor::<3>::from_data([[[number]]], Engine::cpu().device());
        let mut stepper = Stepper::new(Optimizer::Sgd { learning_rate: 0.1, momentum: 0.9 }, 1, Engine::cpu().device());
        let mut weight = tensor(0.0);
        let walked = [0.1, 0.1, 0.01, 0.01].map(|rate| {
            weight = stepper.step(&Step { index: 0, rate, decay: 0.0 }, weight.clone(), tensor(1.0));
            weight.clone().into_scalar::<f32>()
        });
        for (ours, keras) in walked.into_iter().zip([-0.1, -0.29, -0.471, -0.6439]) {
            assert!((ours - keras).abs() < 1e-5, "{walked:?}");
        }
    }
}
