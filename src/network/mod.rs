//! What is trained: an [`Architecture`], and the [`Population`] that trains many of them as one tensor program.

mod activation;
#[cfg(feature = "burn")]
mod forward;
mod initial;
mod layers;
mod perceptron;
mod plain;
mod population;
#[cfg(feature = "burn")]
mod selected;
#[cfg(feature = "burn")]
mod stacking;
mod weights;

pub(crate) use activation::rectified;
pub use activation::{Activation, ActivationError};
#[cfg(feature = "burn")]
pub use forward::EvaluationPass;
#[cfg(feature = "burn")]
pub(crate) use forward::{From, Parting, TrainingPass};
pub use layers::{Layer, Parameters, Role};
pub(crate) use layers::{NORM_EPSILON, NORM_MOMENTUM};
pub use perceptron::{Perceptron, PerceptronError};
pub use plain::{Affine, PlainNetwork};
#[cfg(feature = "burn")]
pub(crate) use population::read;
pub use population::{Member, Population};

use thiserror::Error;

/// A multi-layer perceptron as the paper trains it: `depth` hidden layers of equal `width`, each Dense, then (optionally)
/// batch norm, then the activation, then (optionally) dropout; the last Dense layer has one output per class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Architecture {
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

impl Architecture {
    /// Bits of its neural code: one per ReLU.
    pub fn bits(&self) -> usize {
        self.depth * self.width
    }
}

/// Why networks cannot be trained together, or not at all.
#[derive(Debug, Error, PartialEq)]
pub enum NetworkError {
    /// Nothing to train.
    #[error("a population needs at least one network: give at least one width")]
    Empty,
    /// Networks of one population differ in more than width.
    #[error("networks of one population may differ only in width: train {0:?} and {1:?} separately")]
    Mixed(Box<Architecture>, Box<Architecture>),
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
