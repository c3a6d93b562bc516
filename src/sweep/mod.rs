//! Filling a chart: a [`Plan`] says which networks, a [`PopulationRun`] trains one population and yields its cells one by
//! one, and (natively) [`run`] shares the populations out over threads.

#[cfg(not(target_arch = "wasm32"))]
mod local;
mod plan;
mod run;

#[cfg(not(target_arch = "wasm32"))]
pub use local::run;
pub use plan::{Plan, PlanError, PopulationPlan};
pub use run::{Event, PopulationRun, Progress, SweepError};
