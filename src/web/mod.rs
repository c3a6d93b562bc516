//! The boundary to JavaScript: it translates values and decides nothing.
//!
//! JavaScript pulls: `await run.next()` does a little work and returns its result. To pause, stop calling it.

mod dataset;
mod engine;
mod errors;
mod live;
mod run;
mod values;

pub use dataset::JsDataset;
pub use engine::{JsEngine, Trial, compare_first_steps, first_steps};
#[cfg(feature = "gpu")]
pub use engine::{TrainingRun, groups};
pub use live::{JsLive, JsRegions};
pub use run::{PopulationRun, measure, measure_elsewhere, populations, read_chart};
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
    let _ = console_log::init_with_level(log::Level::Error); // fails where it is there already
}
