//! Charts of a data set.

use wasm_bindgen::prelude::*;

use super::dataset::JsDataset;
use super::engine::JsEngine;
use super::errors;
use super::values::{JsChart, JsPlan, read_plan, to_js};
use crate::chart::PhaseChart;

#[wasm_bindgen(js_class = Dataset)]
impl JsDataset {
    /// The chart of a plan on this data set and engine, with no cell yet.
    #[wasm_bindgen(js_name = emptyChart)]
    pub fn empty_chart(&self, plan: &JsPlan, engine: &JsEngine) -> Result<JsChart, JsValue> {
        let plan = read_plan(plan)?;
        plan.check_on(&self.0).map_err(errors::to_js)?;
        to_js(&PhaseChart::empty(&self.0, plan.protocol, plan.axes, &engine.0))
    }

    /// The chart of a plan on this data set and engine with what an earlier run of it has finished: a chart file, refused where its
    /// networks are not those that the plan would come to here.
    #[wasm_bindgen(js_name = resumedChart)]
    pub fn resumed_chart(&self, plan: &JsPlan, engine: &JsEngine, finished: &str) -> Result<JsChart, JsValue> {
        let plan = read_plan(plan)?;
        plan.check_on(&self.0).map_err(errors::to_js)?;
        let mut chart = PhaseChart::empty(&self.0, plan.protocol, plan.axes, &engine.0);
        let finished = PhaseChart::from_json(finished).map_err(errors::to_js)?;
        chart.resume(finished, &self.0).map_err(errors::to_js)?;
        to_js(&chart)
    }
}
