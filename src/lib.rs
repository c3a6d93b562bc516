//! The activation hash phase chart: ordinary ReLU networks as hash encoders.
//!
//! Which ReLUs of a network fire on an input is the input's **neural code**. It is nearly unique for every training
//! example (*determinism*) and so telling that K-Means, K-NN or logistic regression on the code alone classify well
//! (*categorization*). How well depends above all on model size, training time and sample size; the space they span is
//! the **activation hash phase chart** (He, Lei, Ji, Tao: *Neural networks behave as hash encoders*, arXiv 2101.05490).
//!
//! The crate fills such charts, in the browser and on the command line. Data moves through it in one direction:
//!
//! ```text
//! dataset -> network -> training -> code -> properties -> chart -> (web | cli)
//! ```
//!
//! * [`dataset`]: labelled examples. MNIST from its files, seeded toys in the plane.
//! * [`network`]: an [`Architecture`](network::Architecture), and the [`Population`](network::Population): many networks
//!   as one tensor program, each training exactly as it would alone.
//! * [`training`]: the [`Protocol`](training::Protocol) holds every hyper-parameter, the
//!   [`Trainer`](training::Trainer) takes steps.
//! * [`code`]: the [`CodeMatrix`](code::CodeMatrix), one bit a ReLU, read off in evaluation mode; in the plane, the
//!   [`Regions`](code::Regions) that codes are constant in.
//! * [`properties`]: redundancy ratio, K-Means, K-NN, logistic regression of codes.
//! * [`chart`]: the [`PhaseChart`](chart::PhaseChart): one type, one file format, one JSON Schema; regimes; pictures.
//! * [`sweep`]: a [`Plan`](sweep::Plan) says which networks, a [`PopulationRun`](sweep::PopulationRun) yields their
//!   cells one by one; on a GPU a [`TrainingRun`](sweep::TrainingRun) yields codes, to be measured beside it.
//! * `web`: the boundary to JavaScript. The command line is `main.rs`. Both only translate.
//!
//! All of this is computed on an [`engine`]: the CPU or a GPU. One table of [`bounds`] limits plans and files.
//!
//! A module depends only on those to its left. Random numbers come from [`random`]'s streams, derived from what they
//! are for, so that a chart is the same on every run and for any number of workers.
//!
//! ```
//! use std::sync::Arc;
//! use hash_phase::{engine::Engine, sweep::{Event, Plan, PopulationRun}, training::Preset};
//! use hash_phase::dataset::{Dataset, Source};
//!
//! let mut plan = Plan::preset(Preset::Quick, "moons")?;
//! plan.axes.width = vec![4, 16];
//! plan.axes.epoch = vec![0, 2];
//! let Source::Toy(moons) = Dataset::source("moons")? else { unreachable!() };
//! let data = Arc::new(moons.generate());
//! let mut run = PopulationRun::new(&plan, plan.populations()[0], data, &Engine::cpu())?;
//! let mut cells = Vec::new();
//! while let Some(event) = pollster::block_on(run.next())? {
//!     if let Event::Cell { cell } = event { cells.push(cell) }
//! }
//! assert_eq!(cells.len(), plan.cells_per_population()); // 2 widths at 2 epochs
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod bounds;
pub mod chart;
pub mod code;
pub mod dataset;
pub mod engine;
pub mod network;
pub mod properties;
pub mod random;
#[cfg(any(not(target_arch = "wasm32"), feature = "reader"))]
pub mod reader;
pub mod sweep;
pub mod training;
#[cfg(target_arch = "wasm32")]
pub mod web;
