//! What follows a Dense layer.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a rectifier lets through of a number. (WebAssembly's own maximum would be a call for each.)
#[inline(always)]
pub(crate) fn rectified(number: f32, negative_slope: f32) -> f32 {
    let below = if negative_slope == 0.0 { 0.0 } else { negative_slope * number };
    if number > 0.0 { number } else { below }
}

/// Of the leaky ReLU (Keras' default).
pub(super) const NEGATIVE_SLOPE: f32 = 0.3;

/// The function of a hidden unit. A bit of the code tells whether its output is above 0, which for each of these is whether
/// its input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// The paper's: `max(0, x)`.
    #[default]
    Relu,
    /// `x` above 0, `0.3 x` below (Keras' default).
    LeakyRelu,
    /// Smooth, and so outside the paper: inputs of one code do not share a linear map.
    Tanh,
    /// Smooth, and so outside the paper: `x` times the normal distribution's cumulative function.
    Gelu,
}

impl Activation {
    /// Its name, as the chart file spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::LeakyRelu => "leaky_relu",
            Self::Tanh => "tanh",
            Self::Gelu => "gelu",
        }
    }

    /// Of a rectifier, how much it lets through of what is below 0; none of a smooth function.
    pub(crate) fn negative_slope(self) -> Option<f32> {
        match self {
            Self::Relu => Some(0.0),
            Self::LeakyRelu => Some(NEGATIVE_SLOPE),
            Self::Tanh | Self::Gelu => None,
        }
    }

    /// Every one.
    pub const ALL: [Self; 4] = [Self::Relu, Self::LeakyRelu, Self::Tanh, Self::Gelu];
}

/// No activation of that name.
#[derive(Debug, Error, PartialEq)]
#[error("unknown activation '{0}': choose one of {names}", names = Activation::ALL.map(Activation::name).join(", "))]
pub struct ActivationError(String);

impl FromStr for Activation {
    type Err = ActivationError;

    fn from_str(name: &str) -> Result<Self, ActivationError> {
        Self::ALL.into_iter().find(|activation| activation.name() == name).ok_or_else(|| ActivationError(name.into()))
    }
}
