//! Errors as JavaScript's `Error`, with a `code` that stays the same when the words change.

use wasm_bindgen::JsValue;

use crate::chart::ChartError;
use crate::dataset::DatasetError;
use crate::engine::EngineError;
use crate::network::NetworkError;
use crate::sweep::{PlanError, SweepError};

/// An error with a stable code, `stage/what`.
pub(super) trait Coded: std::error::Error {
    /// The code.
    fn code(&self) -> &'static str;
}

/// The `Error` that JavaScript sees.
pub(super) fn to_js(error: impl Coded) -> JsValue {
    new(error.code(), &error.to_string())
}

/// An `Error` with that code and message.
pub(super) fn new(code: &str, message: &str) -> JsValue {
    let error = js_sys::Error::new(message);
    // A fresh Error is an ordinary object, to which a property can always be added.
    let _ = js_sys::Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}

impl Coded for DatasetError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "dataset/unknown",
            Self::Mismatch { .. } => "dataset/mismatch",
            Self::TooFew { .. } => "dataset/too-few",
            Self::Label { .. } => "dataset/label",
            Self::Size { .. } => "dataset/size",
            Self::Idx { .. } | Self::Rows { .. } => "dataset/idx",
            Self::Own { .. } => "dataset/own",
        }
    }
}

impl Coded for ChartError {
    fn code(&self) -> &'static str {
        match self {
            Self::Shape { .. } => "chart/shape",
            Self::Sense { .. } => "chart/sense",
            Self::Protocol(_) => "protocol/range",
            Self::Other { .. } | Self::Processor { .. } => "chart/other",
        }
    }
}

impl Coded for PlanError {
    fn code(&self) -> &'static str {
        match self {
            Self::Dataset(error) => error.code(),
            Self::Protocol(_) => "protocol/range",
            Self::Axes(_) => "plan/axes",
            Self::Samples { .. } => "plan/samples",
            Self::Bound { .. } | Self::Memory { .. } | Self::Codes { .. } => "plan/bound",
            Self::Apart { .. } => "plan/apart",
            Self::Shape { .. } => "plan/shape",
        }
    }
}

impl Coded for EngineError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoAdapter { .. } => "engine/no-adapter",
            Self::Refused { .. } => "engine/refused",
            Self::Lost { .. } => "engine/lost",
            Self::TooLarge { .. } => "engine/too-large",
            Self::Disagrees { .. } => "engine/disagrees",
        }
    }
}

impl Coded for SweepError {
    fn code(&self) -> &'static str {
        match self {
            Self::Plan(error) => error.code(),
            Self::Network(NetworkError::Read { .. }) => "engine/read",
            Self::Network(NetworkError::NoKernels) => "engine/no-kernels",
            Self::Network(_) => "plan/network",
            Self::Engine(error) => error.code(),
            Self::Chart(error) => error.code(),
            Self::Perceptron(_) => "network/file",
            Self::NoWeights { .. } | Self::Keep(_) => "network/weights",
            Self::Samples { .. } | Self::Tests { .. } => "plan/samples",
            Self::Properties(_) => "properties",
        }
    }
}
