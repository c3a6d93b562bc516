//! Values of plans and their runs that cross to JavaScript.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::crossing::serialize;
pub(super) use super::crossing::to_js;
use super::errors::{self, Coded};
use crate::sweep::{Plan, PlanError};

#[wasm_bindgen]
extern "C" {
    /// A [`Plan`].
    #[wasm_bindgen(typescript_type = "Plan")]
    pub type JsPlan;
    /// A [`PopulationPlan`](crate::sweep::PopulationPlan).
    #[wasm_bindgen(typescript_type = "PopulationPlan")]
    pub type JsPopulation;
    /// Several [`PopulationPlan`](crate::sweep::PopulationPlan)s.
    #[wasm_bindgen(typescript_type = "PopulationPlan[]")]
    pub type JsPopulations;
    /// [`Part`](crate::sweep::Part)s of populations.
    #[wasm_bindgen(typescript_type = "Part[]")]
    pub type JsParts;
    /// Groups of populations that a GPU trains together.
    #[wasm_bindgen(typescript_type = "PopulationPlan[][]")]
    pub type JsGroups;
    /// A [`PhaseChart`](crate::chart::PhaseChart).
    #[wasm_bindgen(typescript_type = "PhaseChart")]
    pub type JsChart;
    /// An [`Event`](crate::sweep::Event), or nothing at the end.
    #[wasm_bindgen(typescript_type = "RunEvent | undefined")]
    pub type JsEvent;
    /// An [`Event`](crate::sweep::Event) that is a cell or a gap.
    #[wasm_bindgen(typescript_type = "RunEvent")]
    pub type JsMeasured;
    /// An [`Encoded`](crate::sweep::Encoded), its codes as bytes.
    #[wasm_bindgen(typescript_type = "Encoded")]
    pub type JsEncoded;
    /// A [`Trained`](crate::sweep::Trained), or nothing at the end.
    #[wasm_bindgen(typescript_type = "Trained | undefined")]
    pub type JsTrained;
    /// A [`Study`](crate::sweep::Study), or nothing.
    #[wasm_bindgen(typescript_type = "Study | undefined")]
    pub type JsStudy;
    /// A [`FirstSteps`](crate::sweep::FirstSteps), to be handed on as it is.
    #[wasm_bindgen(typescript_type = "FirstSteps")]
    pub type JsFirstSteps;
}

/// What is no JSON: codes and weights, each one array of bytes or numbers.
#[wasm_bindgen(typescript_custom_section)]
const BINARY_TYPES: &str = "
/** The codes of one network at one time. */
export interface Encoded { width: number; epoch: number; population: PopulationPlan; stopped?: number; train: Encoding; test: Encoding; random?: Encoding }
/** What a little training came to. */
export type Trained = { kind: 'progress'; progress: Progress } | { kind: 'encoded'; encoded: Encoded[] };
/** What the first steps of a plan came to on one engine; only to be compared with another's. */
export interface FirstSteps { readonly weights: unknown }
";

pub(super) fn read_plan(plan: &JsPlan) -> Result<Plan, JsValue> {
    // As text, because the chart reader checks and parses text.
    let text = js_sys::JSON::stringify(plan.as_ref()).ok().and_then(|text| text.as_string());
    let text = text.ok_or_else(|| shape_error("value", "it cannot be written as JSON"))?;
    Plan::from_json(&text).map_err(|error| errors::new(error.code(), &error.to_string()))
}

fn shape_error(path: &str, reason: &str) -> JsValue {
    let shape = PlanError::Shape { path: path.into(), reason: reason.into() };
    errors::new(shape.code(), &shape.to_string())
}

pub(super) fn from_js<T: DeserializeOwned>(value: &JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value.clone()).map_err(|error| shape_error("value", &error.to_string()))
}

/// With bytes in one piece.
pub(super) fn to_js_with_bytes<T: JsCast>(value: &impl Serialize) -> Result<T, JsValue> {
    serialize(value, &serde_wasm_bindgen::Serializer::new())
}
