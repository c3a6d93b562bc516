//! Plans, populations, cells.

use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::dataset::JsDataset;
use super::engine::JsEngine;
use super::errors;
use super::values::{
    JsChart, JsEncoded, JsEvent, JsMeasured, JsParts, JsPlan, JsPopulation, JsPopulations, JsStudy, from_js, read_plan,
    to_js,
};
use crate::chart::PhaseChart;
use crate::sweep::{self, Encoded, PopulationPlan};

/// The populations of a plan, in the order in which they are worth seeing.
///
/// @throws {Error} with a `code`, as every function here
#[wasm_bindgen]
pub fn populations(plan: &JsPlan) -> Result<JsPopulations, JsValue> {
    to_js(&read_plan(plan)?.populations())
}

/// The same in parts, as so many workers share them; no number depends on how many there are.
#[wasm_bindgen]
pub fn parts(plan: &JsPlan, workers: usize) -> Result<JsParts, JsValue> {
    to_js(&read_plan(plan)?.parts(workers))
}

/// Whether every network of a plan comes out the same to the bit on the CPU when it is trained without the others.
#[wasm_bindgen(js_name = isSeparable)]
pub fn is_separable(plan: &JsPlan) -> Result<bool, JsValue> {
    Ok(read_plan(plan)?.is_separable())
}

/// Reads a chart file, or says where and why it is none.
#[wasm_bindgen(js_name = readChart)]
pub fn read_chart(text: &str) -> Result<JsChart, JsValue> {
    to_js(&PhaseChart::from_json(text).map_err(errors::to_js)?)
}

/// Measures codes that another worker took.
#[wasm_bindgen]
pub fn measure(plan: &JsPlan, encoded: &JsEncoded, dataset: &JsDataset) -> Result<JsMeasured, JsValue> {
    let (encoded, plan): (Encoded, _) = (from_js(encoded.as_ref())?, read_plan(plan)?);
    plan.check_on(&dataset.0).map_err(errors::to_js)?;
    to_js(&encoded.measure(&plan, &dataset.0).map_err(errors::to_js)?)
}

/// One population from its first weights to its last cell.
#[wasm_bindgen]
pub struct PopulationRun(sweep::PopulationRun);

#[wasm_bindgen]
impl PopulationRun {
    /// Readies the networks of one sample size and seed; nothing is trained yet.
    #[wasm_bindgen(constructor)]
    pub fn new(
        plan: &JsPlan,
        population: &JsPopulation,
        dataset: &JsDataset,
        engine: &JsEngine,
    ) -> Result<Self, JsValue> {
        let population: PopulationPlan = from_js(population.as_ref())?;
        let run = sweep::PopulationRun::new(&read_plan(plan)?, population, Arc::clone(&dataset.0), &engine.0);
        Ok(Self(run.map_err(errors::to_js)?))
    }

    /// The weights of the network of a width as they stand: a safetensors file.
    pub async fn weights(&mut self, width: u32) -> Result<Vec<u8>, JsValue> {
        self.0.weights(width).await.map_err(errors::to_js)
    }

    /// What stands behind the numbers of the network of a width at a level whose codes were just taken; nothing where there is none, or
    /// its training has diverged. The other networks of that time are then not measured any more.
    pub async fn study(&mut self, width: u32, level: u32, dataset: &JsDataset) -> Result<JsStudy, JsValue> {
        match self.0.study(width, level, &dataset.0).await.map_err(errors::to_js)? {
            Some(study) => to_js(&study),
            None => Ok(JsValue::UNDEFINED.unchecked_into()),
        }
    }

    /// Does a little more work: some training steps, or the measuring of one network. None when everything is done.
    pub async fn next(&mut self) -> Result<JsEvent, JsValue> {
        match self.0.next().await.map_err(errors::to_js)? {
            Some(event) => to_js(&event),
            None => Ok(JsValue::UNDEFINED.unchecked_into()),
        }
    }
}
