//! Adam on a GPU as one kernel per tensor. Written with tensor operations it would be a dozen kernels, half the time of a step.

use burn::tensor::{Tensor, TensorData};
use burn_wgpu::Wgpu;
use cubecl::prelude::*;

use super::{BETA_1, BETA_2, EPSILON, corrected_rate};
use crate::engine::memory;

/// Numbers that one workgroup moves.
const WORKGROUP: u32 = 64;

/// Adam's state for one tensor: running means of its gradient and of the gradient's square.
pub(in crate::training) struct DeviceAdam {
    steps: i32,
    mean: Tensor<1>,
    square: Tensor<1>,
}

impl DeviceAdam {
    /// Before the first step of `tensor`.
    pub fn new(tensor: &Tensor<3>) -> Self {
        // Uploaded instead of filled by a kernel, so that the two moments get separate buffers.
        let count = tensor.shape().num_elements();
        let zeros = || Tensor::from_data(TensorData::new(vec![0.0_f32; count], [count]), &tensor.device());
        Self { steps: 0, mean: zeros(), square: zeros() }
    }

    /// The tensor after a step. It is changed in place where nobody else holds it.
    pub fn step(&mut self, rate: f64, decay: f64, tensor: Tensor<3>, gradient: Tensor<3>) -> Tensor<3> {
        self.steps += 1;
        let shape = tensor.dims();
        let count = tensor.shape().num_elements();
        let weights = own(tensor.reshape([count]));
        let [kept, mean, square, gradient] =
            [weights.clone(), self.mean.clone(), self.square.clone(), gradient.reshape([count])].map(memory);
        let groups = (count as u32).div_ceil(WORKGROUP);
        // WebGPU guarantees 65,535 workgroups in each dimension of a dispatch.
        let rows = groups.div_ceil(1 << 15);
        let client = mean.client.clone();
        adam::launch(
            &client,
            CubeCount::Static(groups.div_ceil(rows), rows, 1),
            CubeDim::new_1d(WORKGROUP),
            kept.into_buffer_arg(),
            mean.into_buffer_arg(),
            square.into_buffer_arg(),
            gradient.into_buffer_arg(),
            corrected_rate(rate, self.steps),
            2.0 * decay as f32,
        );
        weights.reshape(shape)
    }
}

/// One number's step.
#[cube(launch)]
fn adam(weights: &mut [f32], means: &mut [f32], squares: &mut [f32], gradients: &[f32], rate: f32, decay: f32) {
    if ABSOLUTE_POS < weights.len() {
        let gradient = gradients[ABSOLUTE_POS] + decay * weights[ABSOLUTE_POS];
        let mean = BETA_1 * means[ABSOLUTE_POS] + (1.0 - BETA_1) * gradient;
        let square = BETA_2 * squares[ABSOLUTE_POS] + (1.0 - BETA_2) * gradient * gradient;
        means[ABSOLUTE_POS] = mean;
        squares[ABSOLUTE_POS] = square;
        weights[ABSOLUTE_POS] -= rate * mean / (square.sqrt() + EPSILON);
    }
}

/// The tensor, in memory that nobody else holds.
fn own(tensor: Tensor<1>) -> Tensor<1> {
    let memory = memory(tensor);
    let shared = !memory.can_mut();
    let tensor = Tensor::from_primitive::<Wgpu>(memory);
    if shared { tensor.mul_scalar(1.0) } else { tensor }
}
