//! The families of networks, as a protocol names them.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::protocol::{hold, out_of_range};
use super::{Protocol, ProtocolError};
use crate::engine::MapShape;
use crate::network::{Activation, Architecture, CodeUnits, Vgg};

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
            ("vgg", Some(channels), Some(blocks), Some(convolutions)) => {
                Ok(Self::Vgg { channels, blocks, convolutions })
            }
            _ => Err(D::Error::custom("it is an mlp, or a vgg with its channels, blocks and convolutions")),
        }
    }
}

impl Family {
    /// Their names, as the command line and the chart file spell them.
    pub const NAMES: [&str; 2] = ["mlp", "vgg"];
    /// The sizes of a `vgg` where nothing else is said.
    pub const VGG: Self = Self::Vgg { channels: 4, blocks: 3, convolutions: 1 };

    /// Its name, one of [`NAMES`](Self::NAMES).
    pub fn name(self) -> &'static str {
        match self {
            Self::Mlp => "mlp",
            Self::Vgg { .. } => "vgg",
        }
    }

    /// What to write along the axis of model sizes.
    pub fn width_label(self) -> &'static str {
        match self {
            Self::Mlp => "layer width",
            Self::Vgg { .. } => "dense layer width",
        }
    }

    pub(super) fn check(self, protocol: &Protocol) -> Result<(), ProtocolError> {
        let Self::Vgg { channels, blocks, convolutions } = self else {
            if protocol.code != CodeUnits::All {
                let remedy = "all, or layer for one of its layers: an mlp has none but Dense layers".into();
                return Err(ProtocolError::Choice { field: "code", value: protocol.code.name(), remedy });
            }
            return Ok(());
        };
        hold("channels", channels.into())?;
        hold("blocks", blocks.into())?;
        hold("convolutions", convolutions.into())?;
        match protocol.activation {
            Activation::Relu | Activation::LeakyRelu => Ok(()),
            Activation::Tanh | Activation::Gelu => Err(ProtocolError::Choice {
                field: "activation",
                value: protocol.activation.name(),
                remedy: "relu or leaky_relu for convolutional networks".into(),
            }),
        }
    }
}

impl FromStr for Family {
    type Err = ProtocolError;

    fn from_str(name: &str) -> Result<Self, ProtocolError> {
        match name {
            "mlp" => Ok(Self::Mlp),
            "vgg" => Ok(Self::VGG),
            _ => Err(ProtocolError::Family(name.into())),
        }
    }
}

impl Protocol {
    /// The same protocol for networks of a family, with its usual code; a `vgg` has one Dense hidden layer.
    pub fn with_family(self, family: Family) -> Self {
        match family {
            Family::Mlp => Self { network: family, code: CodeUnits::All, ..self },
            Family::Vgg { .. } => Self { network: family, code: CodeUnits::Dense, depth: 1, ..self },
        }
    }

    /// The network of that width, for pictures of that shape where examples are pictures.
    ///
    /// # Errors
    ///
    /// Convolutions over what is no picture, or more poolings than it has sizes.
    pub fn architecture(&self, width: usize, image: Option<MapShape>) -> Result<Architecture, ProtocolError> {
        let Family::Vgg { channels, blocks, convolutions } = self.network else { return Ok(self.mlp(width).into()) };
        let image = image.ok_or(ProtocolError::NoPictures)?;
        let most = image.height.min(image.width).checked_ilog2().unwrap_or(0);
        if blocks > most {
            let remedy = format!("{most} or fewer for pictures of {} x {}", image.height, image.width);
            return Err(out_of_range("blocks", blocks.into(), remedy));
        }
        let [channels, blocks, convolutions] = [channels, blocks, convolutions].map(|size| size as usize);
        let (dense, code) = (self.mlp(width), self.code);
        Ok(Architecture::Vgg(Vgg { image, channels, blocks, convolutions, dense, code }))
    }

    /// How many layers its code has.
    pub fn code_depth(&self) -> u32 {
        match (self.network, self.code) {
            (_, CodeUnits::Dense) => 1,
            (Family::Mlp, CodeUnits::All | CodeUnits::Channels) => self.depth,
            (Family::Vgg { blocks, convolutions, .. }, CodeUnits::All | CodeUnits::Channels) => {
                blocks.saturating_mul(convolutions).saturating_add(self.depth)
            }
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
    use crate::training::Preset;

    const DIGIT: Option<MapShape> = Some(MapShape { channels: 1, height: 28, width: 28 });

    #[test]
    fn a_family_brings_its_usual_code_and_keeps_what_else_was_set() {
        let vgg = Protocol { batch_norm: true, depth: 5, ..Preset::Figure.protocol() }.with_family(Family::VGG);
        assert_eq!((vgg.code, vgg.depth, vgg.batch_norm), (CodeUnits::Dense, 1, true));
        vgg.check().unwrap();
        assert_eq!(vgg.code_bits(40, DIGIT), Some(40));
        let all = Protocol { code: CodeUnits::All, ..vgg.clone() };
        assert_eq!(all.code_bits(40, DIGIT), Some(4 * 784 + 8 * 196 + 16 * 49 + 40));
        assert_eq!(Protocol { layer: Some(2), ..all.clone() }.code_bits(40, DIGIT), Some(8 * 196));
        let channels = Protocol { code: CodeUnits::Channels, ..vgg.clone() };
        assert_eq!((channels.code_bits(40, DIGIT), channels.code_depth()), (Some(4 + 8 + 16 + 40), 4));
        assert_eq!((all.code_bits(40, None), all.code_depth()), (None, 4));
        assert_eq!(vgg.clone().with_family(Family::Mlp).code_bits(40, None), Some(40));
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
        assert!("cnn".parse::<Family>().unwrap_err().to_string().contains("mlp, vgg"));
    }
}
