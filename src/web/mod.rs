//! The boundary to JavaScript, and nothing else: values are translated here, decisions are taken further left.
//!
//! JavaScript pulls: `await run.next()` does a little work and says what came of it. To pause is not to call it.

mod errors;

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use crate::chart::PhaseChart;
use crate::dataset::{Dataset, IdxFiles, Source};
use crate::network;
use crate::sweep::{self, Plan, PlanError, PopulationPlan};
use errors::Coded;

/// The types of the values that cross, generated from the Rust types they are.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../../www/types.d.ts");

#[wasm_bindgen]
extern "C" {
    /// A [`Plan`].
    #[wasm_bindgen(typescript_type = "Plan")]
    pub type JsPlan;
    /// A [`PopulationPlan`].
    #[wasm_bindgen(typescript_type = "PopulationPlan")]
    pub type JsPopulation;
    /// Several [`PopulationPlan`]s.
    #[wasm_bindgen(typescript_type = "PopulationPlan[]")]
    pub type JsPopulations;
    /// A [`PhaseChart`].
    #[wasm_bindgen(typescript_type = "PhaseChart")]
    pub type JsChart;
    /// A [`sweep::Event`], or nothing at the end.
    #[wasm_bindgen(typescript_type = "RunEvent | undefined")]
    pub type JsEvent;
}

/// Lets a panic say where and why in the browser's console.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// The populations of a plan, in the order in which they are worth seeing.
///
/// @throws {Error} with a `code`, as every function here
#[wasm_bindgen]
pub fn populations(plan: &JsPlan) -> Result<JsPopulations, JsValue> {
    to_js(&read_plan(plan)?.populations())
}

/// Reads a chart file, or says where and why it is none.
#[wasm_bindgen(js_name = readChart)]
pub fn read_chart(text: &str) -> Result<JsChart, JsValue> {
    to_js(&PhaseChart::from_json(text).map_err(errors::to_js)?)
}

/// A data set in this module's memory.
#[wasm_bindgen(js_name = Dataset)]
pub struct JsDataset(Arc<Dataset>);

#[wasm_bindgen(js_class = Dataset)]
impl JsDataset {
    /// Whether the data set of that name is made of files, which `fromIdx` takes; if not, `generate` makes it.
    #[wasm_bindgen(js_name = isFiles)]
    pub fn is_files(name: &str) -> Result<bool, JsValue> {
        Ok(matches!(Dataset::source(name).map_err(errors::to_js)?, Source::Idx { .. }))
    }

    /// A toy.
    pub fn generate(name: &str) -> Result<Self, JsValue> {
        match Dataset::source(name).map_err(errors::to_js)? {
            Source::Toy(toy) => Ok(Self(Arc::new(toy.generate()))),
            Source::Idx { .. } => Err(errors::new("dataset/files", &format!("'{name}' is made of files: use fromIdx"))),
        }
    }

    /// From unpacked idx files.
    #[wasm_bindgen(js_name = fromIdx)]
    pub fn from_idx(
        name: &str,
        train_images: &[u8],
        train_labels: &[u8],
        test_images: &[u8],
        test_labels: &[u8],
    ) -> Result<Self, JsValue> {
        let Source::Idx { train } = Dataset::source(name).map_err(errors::to_js)? else {
            return Err(errors::new("dataset/toy", &format!("'{name}' has no files: use generate")));
        };
        let files = IdxFiles { train_images, train_labels, test_images, test_labels };
        Ok(Self(Arc::new(Dataset::from_idx(name, train, files).map_err(errors::to_js)?)))
    }

    /// The chart of a plan on this data set, with no cell yet.
    #[wasm_bindgen(js_name = emptyChart)]
    pub fn empty_chart(&self, plan: &JsPlan) -> Result<JsChart, JsValue> {
        let plan = read_plan(plan)?;
        plan.check(self.0.train().len()).map_err(errors::to_js)?;
        to_js(&PhaseChart::empty(&self.0, plan.protocol, plan.axes))
    }
}

/// One population from its first weights to its last cell.
#[wasm_bindgen]
pub struct PopulationRun(sweep::PopulationRun);

#[wasm_bindgen]
impl PopulationRun {
    /// Readies the networks of one sample size and seed; nothing is trained yet.
    #[wasm_bindgen(constructor)]
    pub fn new(plan: &JsPlan, population: &JsPopulation, dataset: &JsDataset) -> Result<Self, JsValue> {
        let population: PopulationPlan = from_js(population.as_ref())?;
        let run = sweep::PopulationRun::new(&read_plan(plan)?, population, Arc::clone(&dataset.0), &network::cpu());
        Ok(Self(run.map_err(errors::to_js)?))
    }

    /// A little more work (some training steps, or the measuring of one network); nothing where all is done.
    pub async fn next(&mut self) -> Result<JsEvent, JsValue> {
        match self.0.next().await.map_err(errors::to_js)? {
            Some(event) => to_js(&event),
            None => Ok(JsValue::UNDEFINED.unchecked_into()),
        }
    }
}

fn read_plan(plan: &JsPlan) -> Result<Plan, JsValue> {
    from_js(plan.as_ref())
}

fn from_js<T: DeserializeOwned>(value: &JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value.clone()).map_err(|error| {
        let shape = PlanError::Shape { path: "value".into(), reason: error.to_string() };
        errors::new(shape.code(), &shape.to_string())
    })
}

fn to_js<T: JsCast>(value: &impl Serialize) -> Result<T, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    Ok(value.serialize(&serializer).map_err(|error| errors::new("boundary", &error.to_string()))?.unchecked_into())
}
