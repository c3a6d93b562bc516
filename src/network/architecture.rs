//! What a network is: the families of architectures.

use super::{Activation, Convolutional};
use crate::dataset::Kind;
use crate::engine::MapShape;

/// A network of one of the families.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Architecture {
    /// Dense layers alone.
    Mlp(Mlp),
    /// Convolutions before them.
    Convolutional(Convolutional),
}

/// A multi-layer perceptron as the paper trains it: `depth` hidden layers of equal `width`, each Dense, then (optionally)
/// batch norm, then the activation, then (optionally) dropout; the last Dense layer has one output per class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mlp {
    /// Hidden layers.
    pub depth: usize,
    /// ReLUs per hidden layer (paper: layer width).
    pub width: usize,
    /// Batch norm between Dense and ReLU, momentum 0.99, epsilon 1e-3 (Keras defaults).
    pub batch_norm: bool,
    /// Fraction of activations dropped during training, in `[0, 1)`; 0 is no dropout.
    pub dropout: f64,
    /// What follows a Dense layer (paper: ReLU).
    pub activation: Activation,
}

/// Which ReLUs of a network are its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CodeUnits {
    /// Every one: of a feature map each place (the paper's, for MNIST and CIFAR-10).
    #[default]
    All,
    /// Those of the last Dense hidden layer (the paper's, for TinyImageNet).
    Dense,
    /// Those of the Dense hidden layers, and before them a bit a channel of each feature map: whether it fires at more places than on the median
    /// training example.
    Channels,
}

impl Mlp {
    /// ReLUs of each hidden layer.
    pub fn code_layers(&self) -> Vec<usize> {
        vec![self.width; self.depth]
    }

    /// Bits of its neural code: one per ReLU.
    pub fn bits(&self) -> usize {
        self.depth * self.width
    }
}

impl Architecture {
    /// ReLUs of each layer of its code.
    pub fn code_layers(&self) -> Vec<usize> {
        match self {
            Self::Mlp(mlp) => mlp.code_layers(),
            Self::Convolutional(network) => network.code_layers(),
        }
    }
}

impl From<Mlp> for Architecture {
    fn from(mlp: Mlp) -> Self {
        Self::Mlp(mlp)
    }
}

impl MapShape {
    /// The form of an example, where it is a picture.
    pub fn of(kind: &Kind) -> Option<Self> {
        let &Kind::Image { height, width, channels } = kind else { return None };
        let [channels, height, width] = [channels, height, width].map(|size| size as usize);
        Some(Self { channels, height, width })
    }
}

impl CodeUnits {
    /// Their names, as the command line and the chart file spell them.
    pub const NAMES: [&str; 3] = ["all", "dense", "channels"];

    /// The one of this name, of [`NAMES`](Self::NAMES).
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Dense => "dense",
            Self::Channels => "channels",
        }
    }
}

/// No such choice of ReLUs.
#[derive(Debug, thiserror::Error, PartialEq)]
#[error("'{0}' is no choice of ReLUs: choose one of {names}", names = CodeUnits::NAMES.join(", "))]
pub struct CodeUnitsError(String);

impl std::str::FromStr for CodeUnits {
    type Err = CodeUnitsError;

    fn from_str(name: &str) -> Result<Self, CodeUnitsError> {
        match name {
            "all" => Ok(Self::All),
            "dense" => Ok(Self::Dense),
            "channels" => Ok(Self::Channels),
            _ => Err(CodeUnitsError(name.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Body, Resnet, Vgg};

    #[test]
    fn the_layers_of_a_code_are_those_of_its_relus() {
        let dense = Mlp { depth: 2, width: 40, batch_norm: false, dropout: 0.0, activation: Activation::Relu };
        let image = MapShape { channels: 1, height: 28, width: 28 };
        let vgg = |blocks, convolutions| Body::Vgg(Vgg { channels: 4, blocks, convolutions });
        let layers =
            |body, dense, code| Architecture::Convolutional(Convolutional { image, body, dense, code }).code_layers();
        assert_eq!(layers(vgg(3, 1), dense, CodeUnits::All), [4 * 784, 8 * 196, 16 * 49, 40, 40]);
        assert_eq!(layers(vgg(1, 2), dense, CodeUnits::All), [4 * 784, 4 * 784, 40, 40]);
        assert_eq!(layers(vgg(3, 1), dense, CodeUnits::Dense), [40]);
        assert_eq!(layers(vgg(3, 1), dense, CodeUnits::Channels), [4, 8, 16, 40, 40]);
        let (resnet, output) = (Body::Resnet(Resnet { channels: 4, blocks: 1 }), Mlp { depth: 0, ..dense });
        assert_eq!(layers(resnet, output, CodeUnits::Channels), [4, 4, 4, 8, 8, 16, 16]);
        assert_eq!(layers(resnet, output, CodeUnits::All)[2..5], [4 * 784, 8 * 196, 8 * 196]);
    }
}
