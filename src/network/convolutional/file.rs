//! A convolutional network as a file of weights, which [`Stored::read`](crate::network::Stored::read) reads back.

use std::collections::BTreeMap;

use super::units::Body;
use super::{ConvNet, ConvNets, Convolution, Resnet, Vgg};
use crate::engine::TAPS;
use crate::network::weights::{Named, written};
use crate::network::{Activation, Member, NetworkError};

/// What PyTorch calls the parts of batch norm.
pub(super) const NORM: [&str; 4] = ["weight", "bias", "running_mean", "running_var"];

impl Body {
    /// The names of its convolutions, and of the batch norm of each, as PyTorch users know them.
    pub(super) fn names(&self, batch_norm: bool) -> Vec<[String; 2]> {
        match self {
            Self::Vgg(vgg) => vgg.names(batch_norm),
            Self::Resnet(resnet) => resnet.names(),
        }
    }

    /// Those of so many hidden Dense layers behind, and of the output.
    pub(super) fn dense_names(&self, depth: usize, batch_norm: bool) -> Vec<[String; 2]> {
        match self {
            Self::Vgg(_) => Vgg::dense_names(depth, batch_norm),
            Self::Resnet(_) => Resnet::dense_names(),
        }
    }

    /// The family and the sizes of the network in a file, as far as its names and shapes tell; nothing where it is none of these.
    // Weights are read on the CPU backend.
    #[cfg(any(feature = "cpu", not(feature = "burn")))]
    pub(super) fn found(tensors: &safetensors::SafeTensors) -> Option<Self> {
        Vgg::found(tensors).map(Self::Vgg).or_else(|| Resnet::found(tensors).map(Self::Resnet))
    }
}

impl ConvNets {
    /// One network's weights as a safetensors file: tensors as PyTorch names and lays them.
    ///
    /// A `vgg` is two `nn.Sequential`: `features` of `Conv2d(padding=1)`, `BatchNorm2d(eps=1e-3)`, `ReLU` and `MaxPool2d(2)`, and `classifier` of
    /// `Linear`, `BatchNorm1d(eps=1e-3)` and `ReLU`. A `resnet` has the names of torchvision's (`conv1`, `layer1.0.conv1`, `bn1`, `fc`), and its
    /// convolutions have biases.
    ///
    /// # Errors
    ///
    /// A network of another activation than ReLU; an engine that fails.
    pub async fn weights(&self, member: Member, stated: &[(&str, String)]) -> Result<Vec<u8>, NetworkError> {
        let ConvNet { architecture, convolutions, head, .. } = &self.networks[member.index];
        let (body, batch_norm) = (architecture.body, architecture.dense.batch_norm);
        if architecture.dense.activation != Activation::Relu {
            return Err(NetworkError::NoFile(architecture.dense.activation.name()));
        }
        let mut tensors = Vec::new();
        let mut push = |module: &str, part: &str, shape: &[usize], numbers: &[f32]| {
            tensors.push(Named::new(format!("{module}.{part}"), shape, numbers));
        };
        for ([name, norm_name], Convolution { kernel, bias, norm }) in body.names(batch_norm).iter().zip(convolutions) {
            let outputs = bias.len();
            push(name, "weight", &[outputs, kernel.len() / TAPS / outputs, 3, 3], kernel);
            push(name, "bias", &[outputs], bias);
            let parts = NORM.into_iter().zip(norm.iter().flatten());
            parts.for_each(|(part, numbers)| push(norm_name, part, &[outputs], numbers));
        }
        let only = Member { index: 0, cohort: 0, width: architecture.dense.width, bits: 0, start: 0 };
        let names = body.dense_names(head.depth(), batch_norm);
        for (index, (layer, [name, norm_name])) in head.layers().zip(&names).enumerate() {
            let [inputs, units] = head.kernel_shape(only, index);
            let kernel = head.own(&layer.kernel, only, index, &[inputs, units]).await?;
            let turned: Vec<f32> = (0..kernel.len()).map(|at| kernel[at % inputs * units + at / inputs]).collect();
            push(name, "weight", &[units, inputs], &turned);
            push(name, "bias", &[units], &head.own(&layer.bias, only, index, &[units]).await?);
            if let (Some([scale, shift]), Some([mean, variance])) = (&layer.norm, head.running.get(index)) {
                for (part, numbers) in NORM.into_iter().zip([scale, shift, mean, variance]) {
                    let numbers = head.own(numbers, only, index, &[units]).await?;
                    push(norm_name, part, &[units], &numbers);
                }
            }
        }
        written(&tensors, &stated.iter().cloned().collect::<BTreeMap<_, _>>())
    }
}
