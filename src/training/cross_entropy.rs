//! The cross-entropy loss and its gradient, for tensor programs.

use burn::tensor::Tensor;
use burn::tensor::activation::{log_softmax, softmax};

/// What networks said of a batch, and what they should have said.
pub(super) struct Outputs {
    /// `[networks, batch, classes]`.
    pub logits: Tensor<3>,
    /// One-hot, `[cohorts, batch, classes]`.
    pub targets: Tensor<3>,
}

impl Outputs {
    /// Mean cross-entropy of each network, `[networks]`.
    pub fn losses(&self) -> Tensor<1> {
        let [networks, batch, classes] = self.logits.dims();
        let log_likelihood =
            self.by_cohort(log_softmax(self.logits.clone(), 2)) * self.targets.clone().unsqueeze_dim(1);
        log_likelihood
            .reshape([networks, batch * classes])
            .sum_dim(1)
            .reshape([networks])
            .mul_scalar(-1.0 / batch as f64)
    }

    /// Gradient of the sum of all losses by the logits, `[networks, batch, classes]`: each network's is that of its own
    /// loss, whatever its company.
    pub fn gradient(&self) -> Tensor<3> {
        let [.., batch, _] = self.logits.dims();
        let error = self.by_cohort(softmax(self.logits.clone(), 2)) - self.targets.clone().unsqueeze_dim(1);
        error.reshape(self.logits.dims()).mul_scalar(1.0 / batch as f64)
    }

    /// `[networks, batch, classes]` as `[cohorts, networks per cohort, batch, classes]`.
    fn by_cohort(&self, tensor: Tensor<3>) -> Tensor<4> {
        let ([networks, batch, classes], [cohorts, ..]) = (self.logits.dims(), self.targets.dims());
        tensor.reshape([cohorts, networks / cohorts, batch, classes])
    }
}

#[cfg(all(test, feature = "cpu"))]
mod tests {
    use super::*;
    use crate::engine::Engine;

    #[test]
    fn the_gradient_is_the_slope_of_the_loss() {
        let engine = Engine::cpu();
        let numbers = |phase: f32| -> Vec<f32> { (0..2 * 3 * 4).map(|at| (at as f32 * 1.3 + phase).sin()).collect() };
        let tensor = |numbers: Vec<f32>| {
            Tensor::<3>::from_data(burn::tensor::TensorData::new(numbers, [2, 3, 4]), engine.device())
        };
        let targets = Tensor::from_data([[[0., 1., 0., 0.], [1., 0., 0., 0.], [0., 0., 0., 1.]]], engine.device());
        let losses = |logits: Vec<f32>| {
            let outputs = Outputs { logits: tensor(logits), targets: targets.clone() };
            outputs.losses().into_data().try_into_vec::<f32>().unwrap()
        };
        let outputs = Outputs { logits: tensor(numbers(0.4)), targets: targets.clone() };
        let gradient = outputs.gradient().into_data().try_into_vec::<f32>().unwrap();
        for (at, slope) in gradient.into_iter().enumerate() {
            let (mut up, mut down) = (numbers(0.4), numbers(0.4));
            up[at] += 0.01;
            down[at] -= 0.01;
            let network = at / 12;
            let measured = (losses(up)[network] - losses(down)[network]) / 0.02;
            assert!((slope - measured).abs() < 1e-4, "output {at}: {slope}, measured {measured}");
        }
    }
}
