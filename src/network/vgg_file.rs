//! A convolutional network as a file of weights, which [`Stored::read`](super::Stored::read) reads back.

use std::collections::BTreeMap;

use super::weights::{Named, written};
use super::{Activation, ConvNet, ConvNets, Convolution, Member, NetworkError};
use crate::engine::TAPS;

/// What PyTorch calls the parts of batch norm.
pub(super) const NORM: [&str; 4] = ["weight", "bias", "running_mean", "running_var"];

impl ConvNets {
    /// One network's weights as a safetensors file: tensors as PyTorch names and lays them in a network of two `nn.Sequential`, `features` of
    /// `Conv2d(padding=1)`, `BatchNorm2d(eps=1e-3)`, `ReLU` and `MaxPool2d(2)`, and `classifier` of `Linear`, `BatchNorm1d(eps=1e-3)` and `ReLU`.
    ///
    /// # Errors
    ///
    /// A network of another activation than ReLU; an engine that fails.
    pub async fn weights(&self, member: Member, stated: &[(&str, String)]) -> Result<Vec<u8>, NetworkError> {
        let ConvNet { architecture, convolutions, head } = &self.networks[member.index];
        if architecture.dense.activation != Activation::Relu {
            return Err(NetworkError::NoFile(architecture.dense.activation.name()));
        }
        let mut tensors = Vec::new();
        let mut push = |name: String, shape: &[usize], numbers: &[f32]| {
            tensors.push(Named::new(name, shape, numbers));
        };
        let mut place = 0;
        for (index, Convolution { kernel, bias, norm }) in convolutions.iter().enumerate() {
            let outputs = bias.len();
            push(format!("features.{place}.weight"), &[outputs, kernel.len() / TAPS / outputs, 3, 3], kernel);
            push(format!("features.{place}.bias"), &[outputs], bias);
            if let Some(norm) = norm {
                place += 1;
                let parts = NORM.into_iter().zip(norm);
                parts.for_each(|(part, numbers)| push(format!("features.{place}.{part}"), &[outputs], numbers));
            }
            place += if architecture.is_pooled(index) { 3 } else { 2 };
        }
        place = 0;
        let only = Member { index: 0, cohort: 0, width: member.width, bits: 0, start: 0 };
        for (index, layer) in head.layers().enumerate() {
            let [inputs, units] = head.kernel_shape(only, index);
            let kernel = head.own(&layer.kernel, only, index, &[inputs, units]).await?;
            let turned: Vec<f32> = (0..kernel.len()).map(|at| kernel[at % inputs * units + at / inputs]).collect();
            push(format!("classifier.{place}.weight"), &[units, inputs], &turned);
            push(format!("classifier.{place}.bias"), &[units], &head.own(&layer.bias, only, index, &[units]).await?);
            if let (Some([scale, shift]), Some([mean, variance])) = (&layer.norm, head.running.get(index)) {
                place += 1;
                for (part, numbers) in NORM.into_iter().zip([scale, shift, mean, variance]) {
                    let numbers = head.own(numbers, only, index, &[units]).await?;
                    push(format!("classifier.{place}.{part}"), &[units], &numbers);
                }
            }
            place += 2;
        }
        written(&tensors, &stated.iter().cloned().collect::<BTreeMap<_, _>>())
    }
}
