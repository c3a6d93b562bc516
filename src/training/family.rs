//! The families of networks, as a protocol names them.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::hyperparameters::hyperparameter;
use super::protocol::{hold, out_of_range};
use super::{Preset, Protocol, ProtocolError};
use crate::engine::MapShape;
use crate::network::{Activation, Architecture, Body, CodeUnits, Convolutional, Resnet, Vgg};

/// The kind of a network, with the sizes that no axis has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[serde(tag = "name", rename_all = "lowercase")]
pub enum Family {
    /// Dense layers alone: a multi-layer perceptron.
    #[default]
    Mlp,
    /// Blocks of convolutions before them, for pictures; the layer width is that of the Dense layers.
    Vgg {
        /// Channels of the first block; each block has twice those of the one before.
        #[schemars(range(min = 1))]
        channels: u32,
        /// Blocks of convolutions, each followed by max pooling.
        #[schemars(range(min = 1))]
        blocks: u32,
        /// 3 x 3 convolutions of a block.
        #[schemars(range(min = 1))]
        convolutions: u32,
    },
    /// Convolutions with shortcuts around them, for pictures, in three stages of 1, 2 and 4 times the channels, as He et al. (2016) have it for CIFAR-10;
    /// the layer width is the channels of the first stage.
    Resnet {
        /// Blocks of two convolutions of each stage: `6 blocks + 2` layers.
        #[schemars(range(min = 1))]
        blocks: u32,
    },
}

impl<'de> Deserialize<'de> for Family {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// All that a family may have, side by side: reading it takes a fraction of the code that a tagged one does, in a module that every visitor
        /// fetches.
        #[derive(Deserialize)]
        struct Written {
            name: String,
            channels: Option<u32>,
            blocks: Option<u32>,
            convolutions: Option<u32>,
        }
        let Written { name, channels, blocks, convolutions } = Written::deserialize(deserializer)?;
        match (name.as_str(), channels, blocks, convolutions) {
            ("mlp", ..) => Ok(Self::Mlp),
            ("resnet", _, Some(blocks), _) => Ok(Self::Resnet { blocks }),
            ("vgg", Some(channels), Some(blocks), Some(convolutions)) => {
                Ok(Self::Vgg { channels, blocks, convolutions })
            }
            _ => Err(D::Error::custom(
                "it is an mlp, a vgg with its channels, blocks and convolutions, or a resnet with its blocks",
            )),
        }
    }
}

impl Family {
    /// Their names, as the command line and the chart file spell them.
    pub const NAMES: [&str; 3] = ["mlp", "vgg", "resnet"];
    /// The sizes of a `vgg` where nothing else is said: small enough for a live page.
    pub const VGG: Self = Self::Vgg { channels: 2, blocks: 3, convolutions: 1 };
    /// The size of a `resnet` where nothing else is said: eight layers.
    pub const RESNET: Self = Self::Resnet { blocks: 1 };

    /// The axis of model sizes where nothing else is said, if that of a preset is not fit.
    pub fn usual_widths(self, preset: Preset) -> Option<Vec<u32>> {
        let channels = if preset == Preset::Quick { vec![2, 3, 4] } else { vec![2, 4, 8] };
        matches!(self, Self::Resnet { .. }).then_some(channels)
    }

    /// How many of the last epochs of the preset `quick` take too long for a live page.
    pub fn epochs_too_long(self) -> usize {
        match self {
            Self::Mlp => 0,
            Self::Vgg { .. } => 1,
            Self::Resnet { .. } => 2,
        }
    }

    /// Its name, one of [`NAMES`](Self::NAMES).
    pub fn name(self) -> &'static str {
        match self {
            Self::Mlp => "mlp",
            Self::Vgg { .. } => "vgg",
            Self::Resnet { .. } => "resnet",
        }
    }

    /// What to write along the axis of model sizes.
    pub fn width_label(self) -> &'static str {
        match self {
            Self::Mlp => "layer width",
            Self::Vgg { .. } => "dense layer width",
            Self::Resnet { .. } => "channels",
        }
    }

    /// Whether its networks have what the hyper-parameter of that name sets.
    pub fn has(self, name: &str) -> bool {
        hyperparameter(name).is_none_or(|one| one.networks.contains(&self.name()))
    }

    /// Refuses a hyper-parameter that its networks do not have.
    pub fn hold(self, name: &'static str) -> Result<(), ProtocolError> {
        if self.has(name) { Ok(()) } else { Err(ProtocolError::NotOf { name, network: self.name() }) }
    }

    fn hold_unless_off(self, asked: &[(&'static str, bool)]) -> Result<(), ProtocolError> {
        asked.iter().filter(|(_, is_on)| *is_on).try_for_each(|(name, _)| self.hold(name))
    }

    pub(super) fn check(self, protocol: &Protocol) -> Result<(), ProtocolError> {
        let unsuited = |field, value, remedy: &str| Err(ProtocolError::Choice { field, value, remedy: remedy.into() });
        match self {
            Self::Mlp => {
                hold("depth", protocol.depth.into())?;
                self.hold_unless_off(&[
                    ("rotation", protocol.rotation > 0.0),
                    ("shift", protocol.shift > 0.0),
                    ("flip", protocol.flip),
                ])?;
            }
            Self::Vgg { channels, blocks, convolutions } => {
                hold("depth", protocol.depth.into())?;
                hold("channels", channels.into())?;
                hold("blocks", blocks.into())?;
                hold("convolutions", convolutions.into())?;
            }
            Self::Resnet { blocks } => {
                hold("blocks", blocks.into())?;
                self.hold_unless_off(&[("depth", protocol.depth > 0), ("dropout", protocol.dropout > 0.0)])?;
            }
        }
        match (self, protocol.code, protocol.activation) {
            (Self::Mlp, CodeUnits::All, _) => Ok(()),
            (Self::Mlp, code, _) => {
                unsuited("code", code.name(), "all, or layer for one of its layers: an mlp has none but Dense layers")
            }
            (Self::Resnet { .. }, CodeUnits::Dense, _) => {
                unsuited("code", "dense", "channels or all: a resnet has no Dense hidden layer")
            }
            (_, _, smooth @ (Activation::Tanh | Activation::Gelu)) => {
                unsuited("activation", smooth.name(), "relu or leaky_relu for convolutional networks")
            }
            _ => Ok(()),
        }
    }
}

impl FromStr for Family {
    type Err = ProtocolError;

    fn from_str(name: &str) -> Result<Self, ProtocolError> {
        match name {
            "mlp" => Ok(Self::Mlp),
            "vgg" => Ok(Self::VGG),
            "resnet" => Ok(Self::RESNET),
            _ => Err(ProtocolError::Family(name.into())),
        }
    }
}

impl Protocol {
    /// The same protocol for networks of a family, with its usual code: a `vgg` has one Dense hidden layer, a `resnet` none; both have batch norm, as the paper's have.
    pub fn with_family(self, family: Family) -> Self {
        let own = Self { network: family, ..self };
        match family {
            Family::Mlp => Self { code: CodeUnits::All, depth: own.depth.max(1), ..own },
            Family::Vgg { .. } => Self { code: CodeUnits::Dense, depth: 1, batch_norm: true, ..own },
            Family::Resnet { .. } => Self { code: CodeUnits::Channels, depth: 0, batch_norm: true, ..own },
        }
    }

    /// The network of that width, for pictures of that shape where examples are pictures.
    ///
    /// # Errors
    ///
    /// Convolutions over what is no picture, or more poolings than it has sizes.
    pub fn architecture(&self, width: usize, image: Option<MapShape>) -> Result<Architecture, ProtocolError> {
        let dense = self.mlp(width);
        let body = match self.network {
            Family::Mlp => return Ok(dense.into()),
            Family::Vgg { channels, blocks, convolutions } => {
                let [channels, blocks, convolutions] = [channels, blocks, convolutions].map(|size| size as usize);
                Body::Vgg(Vgg { channels, blocks, convolutions })
            }
            Family::Resnet { blocks } => Body::Resnet(Resnet { channels: width, blocks: blocks as usize }),
        };
        let image = image.ok_or(ProtocolError::NoPictures(self.network.name()))?;
        if let Body::Vgg(Vgg { blocks, .. }) = body {
            let most = image.height.min(image.width).checked_ilog2().unwrap_or(0);
            if blocks > most as usize {
                let remedy = format!("{most} or fewer for pictures of {} x {}", image.height, image.width);
                return Err(out_of_range("blocks", blocks as f64, remedy));
            }
        }
        Ok(Architecture::Convolutional(Convolutional { image, body, dense, code: self.code }))
    }

    /// How many layers its code has.
    pub fn code_depth(&self) -> u32 {
        let convolutions = match self.network {
            Family::Mlp => 0,
            Family::Vgg { blocks, convolutions, .. } => blocks.saturating_mul(convolutions),
            Family::Resnet { blocks } => blocks.saturating_mul(6).saturating_add(1),
        };
        match self.code {
            CodeUnits::Dense => 1,
            CodeUnits::All | CodeUnits::Channels => convolutions.saturating_add(self.depth),
        }
    }

    /// Bits of the code of a network of that width: one per ReLU of the measured layers; nothing where they depend on the size of a picture that is
    /// not known.
    pub fn code_bits(&self, width: u32, image: Option<MapShape>) -> Option<u64> {
        let layers = self.architecture(width as usize, image).ok()?.code_layers();
        Some(match self.layer {
            Some(layer) => *layers.get(layer as usize - 1)? as u64,
            None => layers.iter().map(|&bits| bits as u64).sum(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGIT: Option<MapShape> = Some(MapShape { channels: 1, height: 28, width: 28 });

    #[test]
    fn a_family_brings_its_usual_code_and_keeps_what_else_was_set() {
        let vgg = Protocol { dropout: 0.2, depth: 5, ..Preset::Figure.protocol() }.with_family(Family::VGG);
        assert_eq!((vgg.code, vgg.depth, vgg.batch_norm, vgg.dropout), (CodeUnits::Dense, 1, true, 0.2));
        vgg.check().unwrap();
        assert_eq!(vgg.code_bits(40, DIGIT), Some(40));
        let all = Protocol { code: CodeUnits::All, ..vgg.clone() };
        assert_eq!(all.code_bits(40, DIGIT), Some(2 * 784 + 4 * 196 + 8 * 49 + 40));
        assert_eq!(Protocol { layer: Some(2), ..all.clone() }.code_bits(40, DIGIT), Some(4 * 196));
        let channels = Protocol { code: CodeUnits::Channels, ..vgg.clone() };
        assert_eq!((channels.code_bits(40, DIGIT), channels.code_depth()), (Some(2 + 4 + 8 + 40), 4));
        assert_eq!((all.code_bits(40, None), all.code_depth()), (None, 4));
        assert_eq!(vgg.clone().with_family(Family::Mlp).code_bits(40, None), Some(40));
        let resnet = vgg.with_family(Family::Resnet { blocks: 3 });
        assert_eq!((resnet.code, resnet.depth, resnet.code_depth()), (CodeUnits::Channels, 0, 19));
        assert_eq!(resnet.code_bits(4, DIGIT), Some(4 * 7 + 8 * 6 + 16 * 6));
        assert_eq!(resnet.with_family(Family::Mlp).depth, 1);
    }

    #[test]
    fn what_a_family_cannot_do_is_refused_with_the_remedy() {
        let refused = |protocol: Protocol| protocol.check().unwrap_err().to_string();
        let plain = Preset::Figure.protocol();
        let vgg = plain.clone().with_family(Family::VGG);
        assert!(refused(Protocol { activation: Activation::Tanh, ..vgg.clone() }).contains("relu or leaky_relu"));
        assert!(refused(Protocol { code: CodeUnits::Dense, ..plain.clone() }).starts_with("code is dense"));
        let none = Family::Vgg { channels: 0, blocks: 3, convolutions: 1 };
        assert!(refused(Protocol { network: none, ..vgg.clone() }).starts_with("channels is 0"));
        assert!(refused(Protocol { layer: Some(2), ..vgg.clone() }).contains("from 1 to 1"));
        let deep = Family::Vgg { channels: 4, blocks: 5, convolutions: 1 };
        let deep = Protocol { network: deep, ..vgg.clone() }.architecture(40, DIGIT).unwrap_err().to_string();
        assert_eq!(deep, "blocks is 5, which is out of range: use 4 or fewer for pictures of 28 x 28");
        assert!(vgg.architecture(40, None).unwrap_err().to_string().contains("pictures"));
        let resnet = plain.with_family(Family::RESNET);
        assert!(refused(Protocol { code: CodeUnits::Dense, ..resnet.clone() }).contains("no Dense hidden layer"));
        assert_eq!(
            refused(Protocol { depth: 1, ..resnet.clone() }),
            "network resnet has no depth: use network mlp or vgg"
        );
        assert!(refused(Protocol { dropout: 0.5, ..resnet }).starts_with("network resnet has no dropout"));
        let flipped = refused(Protocol { flip: true, ..Preset::Figure.protocol() });
        assert_eq!(flipped, "network mlp has no flip: use network vgg or resnet");
        assert!(refused(Protocol { shift: 1.0, ..vgg }).starts_with("shift is 1, which is out of range"));
        assert!("cnn".parse::<Family>().unwrap_err().to_string().contains("mlp, vgg"));
    }
}
