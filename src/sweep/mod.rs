//! Filling a chart: a [`Plan`] says which networks, a [`TrainingRun`] trains populations and yields their codes,
//! [`Encoded::measure`] makes cells of those, a [`PopulationRun`] does both for one population, and (natively) a [`Task`] does
//! it for a whole plan, or a [`Share`] of it, over threads or on a GPU; [`Merge`] makes one chart of all shares. [`Live`] trains one
//! network step by step for a view, and a [`Study`] gives the data behind the numbers of a cell.

mod agreement;
mod convolutional_work;
#[cfg(all(not(target_arch = "wasm32"), feature = "gpu"))]
mod device;
mod elsewhere;
mod encoded;
#[cfg(feature = "gpu")]
mod groups;
mod live;
#[cfg(not(target_arch = "wasm32"))]
mod local;
mod measured_as;
mod memory;
#[cfg(not(target_arch = "wasm32"))]
mod merge;
mod opened;
mod otherwise;
mod part;
mod plan;
mod run;
#[cfg(not(target_arch = "wasm32"))]
mod share;
mod study;
mod training;
mod trial;
mod work;

pub use agreement::FirstSteps;
pub use elsewhere::{AskedOf, Elsewhere, Found, OfLayer, SEED};
pub use encoded::Encoded;
pub use live::Live;
#[cfg(not(target_arch = "wasm32"))]
pub use local::{Keep, News, Task, run};
pub use measured_as::MeasuredAs;
pub use memory::held;
#[cfg(not(target_arch = "wasm32"))]
pub use merge::{Merge, MergeError, Merged};
pub use opened::{ExamplePart, Opened};
pub use otherwise::Otherwise;
pub use part::Part;
pub use plan::{Plan, PlanError, PopulationPlan};
pub use run::{Event, PopulationRun, SweepError};
#[cfg(not(target_arch = "wasm32"))]
pub use share::{Share, ShareError};
pub use study::{Answers, CodeStudy, Coded, Firing, Shared, Study, Wrong};
pub use training::{Progress, Trained, TrainingRun};
pub use trial::Trial;
pub use work::Work;
