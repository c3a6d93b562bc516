//! The boundary to JavaScript, and nothing else: values are translated here, decisions are taken further left.
//!
//! JavaScript pulls: `await run.next()` does a little work and says what came of it. To pause is not to call it.

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

/// Lets a panic say where and why in the browser's console, and the GPU's framework what it has to say.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    #[cfg(feature = "gpu")]
    let _ = console_log::init_with_level(log::Level::Error); // fails where it is there already
}
