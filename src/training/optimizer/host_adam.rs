//! Adam in one pass over memory.

use burn::tensor::{Tensor, TensorData};

use crate::engine::{Kernel, host_numbers, vectorised};

use super::{BETA_1, BETA_2, EPSILON, corrected_rate};

/// What Adam remembers of some weights: running means of their gradient and of the gradient's square.
#[derive(Default)]
pub(in crate::training) struct Adam {
    steps: i32,
    means: Vec<f32>,
    squares: Vec<f32>,
}

/// One step, the same for all weights.
pub(in crate::training) struct AdamStep {
    rate: f32,
    decay: f32,
}

impl Adam {
    /// Begins a step of so many weights.
    pub fn begin(&mut self, weights: usize, rate: f64, decay: f64) -> AdamStep {
        self.means.resize(weights, 0.0);
        self.squares.resize(weights, 0.0);
        self.steps += 1;
        AdamStep { rate: corrected_rate(rate, self.steps), decay: 2.0 * decay as f32 }
    }

    /// Moves the weights from `first` on down their gradient.
    #[inline(always)]
    pub fn step(&mut self, &AdamStep { rate, decay }: &AdamStep, first: usize, weights: &mut [f32], gradient: &[f32]) {
        let own = first..first + weights.len();
        let moments = self.means[own.clone()].iter_mut().zip(&mut self.squares[own]);
        for ((weight, &gradient), (mean, square)) in weights.iter_mut().zip(gradient).zip(moments) {
            let gradient = gradient + decay * *weight;
            *mean = BETA_1 * *mean + (1.0 - BETA_1) * gradient;
            *square = BETA_2 * *square + (1.0 - BETA_2) * (gradient * gradient);
            *weight -= rate * *mean / (square.sqrt() + EPSILON);
        }
    }

    /// A whole tensor after a step; no copy is made of a tensor that nobody else holds.
    pub fn step_tensor(&mut self, rate: f64, decay: f64, tensor: Tensor<3>, gradient: Tensor<3>) -> Tensor<3> {
        let device = tensor.device();
        let shape = tensor.dims();
        let (mut weights, gradient) = (host_numbers(tensor), host_numbers(gradient));
        let step = self.begin(weights.len(), rate, decay);
        vectorised(Whole { adam: self, step: &step, weights: &mut weights, gradient: &gradient });
        Tensor::from_data(TensorData::new(weights, shape), &device)
    }
}

/// A step of all weights at once.
struct Whole<'a> {
    adam: &'a mut Adam,
    step: &'a AdamStep,
    weights: &'a mut [f32],
    gradient: &'a [f32],
}

impl Kernel for Whole<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.adam.step(self.step, 0, self.weights, self.gradient);
    }
}
