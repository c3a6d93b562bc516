//! What is trained: an [`Architecture`] of one of the families; a [`Population`] of perceptrons that are one tensor program, or
//! [`ConvNets`]; and [`Networks`], which is what every later stage needs of either.

mod activation;
mod architecture;
mod convolutional;
mod fed;
mod file;
#[cfg(feature = "burn")]
mod forward;
mod initial;
mod layers;
mod networks;
mod onnx;
mod perceptron;
mod plain;
mod population;
#[cfg(feature = "burn")]
mod selected;
#[cfg(feature = "burn")]
mod stacking;
mod stored;
mod weights;

pub(crate) use activation::rectified;
pub use activation::{Activation, ActivationError};
pub use architecture::{Architecture, CodeUnits, CodeUnitsError, Mlp};
#[cfg(feature = "gpu")]
pub(crate) use convolutional::largest;
pub use convolutional::{Body, ConvNets, Convolutional, Resnet, Then, Unit, Vgg};
pub(crate) use convolutional::{ConvNet, Convolution, begins_shortcut};
#[cfg(feature = "burn")]
pub(crate) use convolutional::{TowerPass, Towers, by_channel, flat};
pub use fed::Fed;
#[cfg(feature = "burn")]
pub use forward::EvaluationPass;
#[cfg(feature = "burn")]
pub(crate) use forward::{From, Parting, TrainingPass, activate, move_running};
pub use layers::{Layer, Parameters, Role};
pub(crate) use layers::{NORM_EPSILON, NORM_MOMENTUM};
pub use networks::Networks;
pub use onnx::{Channels, Onnx, OnnxError, OnnxPass};
pub use perceptron::{Perceptron, PerceptronError};
pub use plain::{Affine, PlainNetwork};
#[cfg(feature = "burn")]
pub(crate) use population::read;
pub use population::{Member, Population};
pub use stored::{Stored, StoredFile};

use thiserror::Error;

/// Why networks cannot be trained together, or not at all.
#[derive(Debug, Error, PartialEq)]
pub enum NetworkError {
    /// Nothing to train.
    #[error("a population needs at least one network: give at least one width")]
    Empty,
    /// Networks of one population differ in more than width.
    #[error("networks of one population may differ only in width: train {0:?} and {1:?} separately")]
    Mixed(Box<Mlp>, Box<Mlp>),
    /// Networks of several families.
    #[error("networks of one population are of one family: train each family separately")]
    Families,
    /// Convolutional networks of several seeds, or of none.
    #[error("convolutional networks are trained one seed at a time: give one seed")]
    OneSeed,
    /// No hidden layer, no unit.
    #[error("{what} 0 has no ReLU and so no code: use 1 or more")]
    NoUnits {
        /// `depth` or `width`.
        what: &'static str,
    },
    /// No cohort.
    #[error("a population needs at least one seed: give at least one")]
    NoSeed,
    /// Dropout outside `[0, 1)`.
    #[error("dropout {0} would leave nothing: use a number from 0 to below 1")]
    Dropout(f64),
    /// An activation whose networks are not written as files.
    #[error("weights of {0} networks cannot be saved, since only ReLU networks can be read back: use relu")]
    NoFile(&'static str),
    /// An activation whose networks are no linear maps inside a region.
    #[error("a {0} network has no linear regions: use relu")]
    NoRegions(&'static str),
    /// Networks, or several cohorts of them, that only a tensor program trains, in a module without.
    #[error(
        "the CPU's own kernels train networks with relu or leaky_relu: use the engine with tensor programs for others"
    )]
    NoKernels,
    /// A network from an ONNX file does not take these examples, or cannot be run.
    #[error(transparent)]
    Onnx(#[from] OnnxError),
    /// The engine failed.
    #[error(
        "the {what} could not be read back from the engine ({reason}): run it again, on the CPU engine if this was the GPU"
    )]
    Read {
        /// What was read.
        what: &'static str,
        /// The engine's words.
        reason: String,
    },
}
