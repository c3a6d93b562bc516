//! Networks without numbers: named, so that a chart says what is missing and why.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_first;

/// One network at one time that has no numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// ReLUs per hidden layer.
    pub width: u32,
    /// Epochs trained.
    pub epoch: u32,
    /// Training examples.
    pub samples: u32,
    /// Seed.
    pub seed: u32,
    /// Place of its value along the axis of the factor; 0 where there is none.
    #[serde(default, skip_serializing_if = "is_first")]
    pub level: u32,
    /// Why.
    pub reason: Reason,
}

/// Why a network has no numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Training diverged: numbers are no longer finite.
    Diverged,
}

impl Gap {
    /// Its key, unique in its chart, like [`Cell::key`](super::Cell::key).
    pub fn key(&self) -> [u32; 5] {
        [self.level, self.seed, self.samples, self.epoch, self.width]
    }
}
