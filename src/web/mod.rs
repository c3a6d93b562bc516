//! The boundary to JavaScript: it translates values and decides nothing.
//!
//! JavaScript pulls: `await run.next()` does a little work and returns its result. To pause, stop calling it.

#[cfg(not(feature = "reader"))]
mod dataset;
#[cfg(not(feature = "reader"))]
mod engine;
#[cfg(not(feature = "reader"))]
mod errors;
#[cfg(not(feature = "reader"))]
mod live;
#[cfg(feature = "reader")]
mod reader;
#[cfg(not(feature = "reader"))]
mod run;
#[cfg(not(feature = "reader"))]
mod values;

#[cfg(not(feature = "reader"))]
pub use dataset::JsDataset;
#[cfg(not(feature = "reader"))]
pub use engine::{JsEngine, Trial, compare_first_steps, first_steps, matrix_product};
#[cfg(all(feature = "gpu", not(feature = "reader")))]
pub use engine::{TrainingRun, groups};
#[cfg(not(feature = "reader"))]
pub use live::{JsLive, JsRegions};
#[cfg(feature = "reader")]
pub use reader::{JsOptions, JsOwn, read_own};
#[cfg(not(feature = "reader"))]
pub use run::{PopulationRun, measure, measure_elsewhere, populations, read_chart};
#[cfg(not(feature = "reader"))]
pub use values::{
    JsChart, JsElsewhere, JsEncoded, JsEvent, JsFirstSteps, JsGroups, JsMeasured, JsPlan, JsPopulation, JsPopulations,
    JsStudy, JsTrained,
};

use wasm_bindgen::prelude::wasm_bindgen;

/// Reports panics and the GPU framework's log in the browser's console.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    #[cfg(feature = "gpu")]
    let _ = console_log::init_with_level(log::Level::Error); // fails if a logger is already set
}
