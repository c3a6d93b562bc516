//! The boundary to JavaScript: it translates values and decides nothing.
//!
//! JavaScript pulls: `await run.next()` does a little work and returns its result. To pause, stop calling it. There are three kinds of modules: engines,
//! the reader of the user's own data, and the reader of networks that were trained elsewhere.

#[cfg(not(any(feature = "reader", feature = "networks")))]
mod charts;
#[cfg(not(feature = "reader"))]
mod crossing;
#[cfg(not(feature = "reader"))]
mod dataset;
#[cfg(not(any(feature = "reader", feature = "networks")))]
mod engine;
#[cfg(not(feature = "reader"))]
mod errors;
#[cfg(not(any(feature = "reader", feature = "networks")))]
mod live;
#[cfg(feature = "networks")]
mod network;
#[cfg(feature = "reader")]
mod reader;
#[cfg(not(any(feature = "reader", feature = "networks")))]
mod run;
#[cfg(not(any(feature = "reader", feature = "networks")))]
mod values;

#[cfg(not(feature = "reader"))]
pub use dataset::{JsDataset, JsDescription};
#[cfg(not(any(feature = "reader", feature = "networks")))]
pub use engine::{JsEngine, Trial, compare_first_steps, first_steps, matrix_product};
#[cfg(all(feature = "gpu", not(any(feature = "reader", feature = "networks"))))]
pub use engine::{TrainingRun, groups};
#[cfg(not(any(feature = "reader", feature = "networks")))]
pub use live::{JsLive, JsRegions};
#[cfg(feature = "networks")]
pub use network::{JsCodeStudy, JsElsewhere, JsFed, JsNetwork, JsOfLayer, JsTaken};
#[cfg(feature = "reader")]
pub use reader::{JsOptions, JsOwn, read_own};
#[cfg(not(any(feature = "reader", feature = "networks")))]
pub use run::{PopulationRun, measure, populations, read_chart};
#[cfg(not(any(feature = "reader", feature = "networks")))]
pub use values::{
    JsChart, JsEncoded, JsEvent, JsFirstSteps, JsGroups, JsMeasured, JsPlan, JsPopulation, JsPopulations, JsStudy,
    JsTrained,
};

use wasm_bindgen::prelude::wasm_bindgen;

/// Reports panics and the GPU framework's log in the browser's console.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    #[cfg(feature = "gpu")]
    let _ = console_log::init_with_level(log::Level::Error); // fails if a logger is already set
}
