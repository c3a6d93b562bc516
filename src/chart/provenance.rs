//! Provenance: what made a chart.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;

/// Between the names of two engines that made a chart one after the other.
const THEN: &str = ", then ";

/// What made a chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// This crate's version.
    #[serde(rename = "crate")]
    pub version: String,
    /// `cpu` or `gpu`, or those that made its cells one after the other: `gpu, then cpu` where the GPU failed on the way.
    pub engine: String,
    /// The tensor backend and its version, of each engine.
    pub backend: String,
    /// The kind of processor whose vector instructions its tensor programs were rounded by, as `x86_64 with FMA`, or those that were one
    /// after the other. Absent where no number depends on it: of the CPU's own kernels, on a GPU, in WebAssembly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processor: Option<String>,
    /// Seconds it took. The only part of a chart that differs between runs of one module with one plan.
    #[schemars(range(min = 0))]
    pub seconds: f64,
    /// The command line that made it; absent where the page did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

impl Provenance {
    /// Before anything is made.
    pub(super) fn of(engine: &Engine) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").into(),
            engine: engine.name().into(),
            backend: engine.backend().into(),
            processor: None,
            seconds: 0.0,
            command: None,
        }
    }

    /// Whether that backend made some of the chart.
    pub(super) fn names(&self, backend: &str) -> bool {
        self.backends().any(|one| one == backend)
    }

    /// The engines that made its cells.
    pub fn engines(&self) -> impl Iterator<Item = &str> {
        self.engine.split(THEN)
    }

    /// Their backends.
    pub fn backends(&self) -> impl Iterator<Item = &str> {
        self.backend.split(THEN)
    }

    /// The kinds of processors that matter to them.
    pub fn processors(&self) -> impl Iterator<Item = &str> {
        self.processor.iter().flat_map(|kinds| kinds.split(THEN))
    }

    /// For cells made by several engines in an unknown order.
    pub fn set_makers(
        &mut self,
        engines: &BTreeSet<String>,
        backends: &BTreeSet<String>,
        processors: &BTreeSet<String>,
    ) {
        let joined = |names: &BTreeSet<String>| names.iter().map(String::as_str).collect::<Vec<_>>().join(THEN);
        (self.engine, self.backend) = (joined(engines), joined(backends));
        self.processor = (!processors.is_empty()).then(|| joined(processors));
    }

    /// Another engine goes on with a chart that has cells.
    pub(super) fn then(&mut self, engine: &Engine) {
        for (made_by, next) in [(&mut self.engine, engine.name()), (&mut self.backend, engine.backend())] {
            if made_by.rsplit(THEN).next() != Some(next) {
                *made_by = format!("{made_by}{THEN}{next}");
            }
        }
    }

    /// An engine makes the first cell of a chart.
    pub(super) fn begin(&mut self, engine: &Engine) {
        self.engine = engine.name().into();
        self.backend = engine.backend().into();
    }
}
