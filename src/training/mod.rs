//! How networks are trained: a [`Protocol`] says it, a [`Trainer`] does it to networks, step by step.

mod augmentation;
mod batch;
mod batches;
mod convolutional;
#[cfg(feature = "burn")]
mod cross_entropy;
mod dropout;
mod early_stopping;
mod family;
mod host_step;
mod hyperparameters;
mod inputs;
mod layer;
#[cfg(feature = "burn")]
mod lit_layer;
mod losses;
mod optimizer;
mod protocol;
mod signal;
mod softmax;
mod tail;
#[cfg(feature = "burn")]
mod tensor_batch;
#[cfg(feature = "burn")]
mod tensor_step;
mod trainer;

pub use batches::Batches;
pub use early_stopping::EarlyStopping;
pub use family::Family;
pub use hyperparameters::{HYPERPARAMETERS, Hyperparameter, Values, hyperparameter};
pub use protocol::{Optimizer, Preset, Protocol, ProtocolError, Schedule, ScheduleError};
pub use trainer::Trainer;
