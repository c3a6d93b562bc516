//! Adam in one pass over memory.

use burn::tensor::{Tensor, TensorData};

use super::{BETA_1, BETA_2, EPSILON, corrected_rate};

/// What Adam remembers of one tensor: running means of its gradient and of the gradient's square.
#[derive(Default)]
pub(in crate::training) struct HostAdam {
    steps: i32,
    means: Vec<f32>,
    squares: Vec<f32>,
}

impl HostAdam {
    /// The tensor after a step; no copy is made of a tensor that nobody else holds.
    pub fn step(&mut self, rate: f64, decay: f64, tensor: Tensor<3>, gradient: Tensor<3>) -> Tensor<3> {
        let device = tensor.device();
        let shape = tensor.dims();
        let (mut weights, gradient) = (numbers(tensor), numbers(gradient));
        self.means.resize(weights.len(), 0.0);
        self.squares.resize(weights.len(), 0.0);
        self.steps += 1;
        let rate = corrected_rate(rate, self.steps);
        let decay = 2.0 * decay as f32;
        let moments = self.means.iter_mut().zip(&mut self.squares);
        for ((weight, &gradient), (mean, square)) in weights.iter_mut().zip(&gradient).zip(moments) {
            let gradient = gradient + decay * *weight;
            *mean = BETA_1 * *mean + (1.0 - BETA_1) * gradient;
            *square = BETA_2 * *square + (1.0 - BETA_2) * (gradient * gradient);
            *weight -= rate * *mean / (square.sqrt() + EPSILON);
        }
        Tensor::from_data(TensorData::new(weights, shape), &device)
    }
}

/// A host tensor's own memory.
fn numbers(tensor: Tensor<3>) -> Vec<f32> {
    // The CPU engine keeps f32, and its memory can always be read; an empty list would be caught by the shape.
    tensor.into_data().try_into_vec().unwrap_or_default()
}
