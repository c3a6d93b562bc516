//! Filling a chart: a [`Plan`] says which networks, a [`TrainingRun`] trains populations and yields their codes,
//! [`Encoded::measure`] makes cells of those, a [`PopulationRun`] does both for one population, and (natively) [`run`] does
//! it for a whole plan, over threads or on a GPU.

mod agreement;
mod bounds;
#[cfg(all(not(target_arch = "wasm32"), feature = "gpu"))]
mod device;
mod elsewhere;
mod encoded;
#[cfg(feature = "gpu")]
mod groups;
#[cfg(not(target_arch = "wasm32"))]
mod local;
mod plan;
mod run;
mod training;

pub use agreement::FirstSteps;
pub use bounds::{BOUNDS, Bounds};
pub use elsewhere::Elsewhere;
pub use encoded::Encoded;
#[cfg(not(target_arch = "wasm32"))]
pub use local::{Keep, News, run, run_keeping};
pub use plan::{Plan, PlanError, PopulationPlan};
pub use run::{Event, PopulationRun, SweepError};
pub use training::{Progress, Trained, TrainingRun};
