//! The optimizers as Keras has them.
//!
//! Adam is written out here because burn's (as PyTorch's) shrinks epsilon together with the correction for young means,
//! and Keras' does not. In the first thousand steps that makes a hundredfold difference to pixels that are hardly ever lit,
//! and in the end a percent of test accuracy. Momentum is written out because burn's (as PyTorch's) accumulates gradients and
//! multiplies them by the current learning rate, while Keras' accumulates steps: after the rate falls, earlier steps keep their size.

#[cfg(feature = "gpu")]
mod device_adam;
mod host;
#[cfg(feature = "burn")]
mod stepper;
#[cfg(feature = "burn")]
mod tensor_adam;

pub(super) use host::{Moments, Update};
#[cfg(feature = "burn")]
pub(super) use stepper::{Step, Stepper};

/// Decay of the running mean of gradients per step (Keras' default).
const BETA_1: f32 = 0.9;
/// The same of their squares (Keras' default).
const BETA_2: f32 = 0.999;
/// Keras' default.
const EPSILON: f32 = 1e-7;

/// The learning rate with the corrections for the young means of step `steps`, counted from 1.
fn corrected_rate(rate: f64, steps: i32) -> f32 {
    let correction = |beta: f32| 1.0 - f64::from(beta).powi(steps);
    (rate * correction(BETA_2).sqrt() / correction(BETA_1)) as f32
}
