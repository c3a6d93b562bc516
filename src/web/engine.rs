//! Engines as JavaScript sees them, and what only a GPU offers.

use wasm_bindgen::prelude::*;

use super::dataset::JsDataset;
use super::errors;
use super::values::{JsFirstSteps, JsPlan, JsPopulations, from_js, read_plan, to_js_with_bytes};
use crate::engine::{Engine, product};
use crate::sweep::{self, FirstSteps, PopulationPlan};

/// Where networks are trained.
#[wasm_bindgen(js_name = Engine)]
pub struct JsEngine(pub(super) Engine);

#[wasm_bindgen(js_class = Engine)]
impl JsEngine {
    /// The CPU engine.
    #[cfg(any(feature = "cpu", not(feature = "burn")))]
    pub fn cpu() -> Self {
        Self(Engine::cpu())
    }

    /// The GPU engine, on the browser's adapter.
    #[cfg(feature = "gpu")]
    pub async fn gpu() -> Result<Self, JsValue> {
        Ok(Self(Engine::gpu().await.map_err(errors::to_js)?))
    }
}

/// The product of two matrices on the CPU, row by row: `[rows, depth]` times `[depth, columns]`. What training multiplies by, to be measured.
///
/// @throws {RangeError} where the numbers are not as many
#[wasm_bindgen(js_name = matrixProduct)]
pub fn matrix_product(
    left: &[f32],
    right: &[f32],
    rows: usize,
    depth: usize,
    columns: usize,
) -> Result<Vec<f32>, JsValue> {
    let missing = || js_sys::RangeError::new("the matrices do not have that many rows and columns").into();
    product(left, right, [rows, depth, columns]).ok_or_else(missing)
}

/// The first steps of some populations, for [`compare_first_steps`].
#[wasm_bindgen(js_name = firstSteps)]
pub async fn first_steps(
    plan: &JsPlan,
    populations: &JsPopulations,
    dataset: &JsDataset,
    engine: &JsEngine,
) -> Result<JsFirstSteps, JsValue> {
    let populations: Vec<PopulationPlan> = from_js(populations.as_ref())?;
    let steps = FirstSteps::take(&read_plan(plan)?, &populations, &dataset.0, &engine.0).await;
    to_js_with_bytes(&steps.map_err(errors::to_js)?)
}

/// Networks of a plan that take steps to be timed.
#[wasm_bindgen]
pub struct Trial(sweep::Trial);

#[wasm_bindgen]
impl Trial {
    /// Readies the networks of some populations, which are trained together.
    #[wasm_bindgen(constructor)]
    pub fn new(
        plan: &JsPlan,
        populations: &JsPopulations,
        dataset: &JsDataset,
        engine: &JsEngine,
    ) -> Result<Self, JsValue> {
        let populations: Vec<PopulationPlan> = from_js(populations.as_ref())?;
        let trial = sweep::Trial::new(&read_plan(plan)?, &populations, &dataset.0, &engine.0);
        Ok(Self(trial.map_err(errors::to_js)?))
    }

    /// Steps that the plan has for them.
    pub fn steps(&self) -> usize {
        self.0.steps()
    }

    /// Takes some steps, and waits until they are done.
    pub async fn take(&mut self, steps: usize) -> Result<(), JsValue> {
        self.0.take(steps).await.map_err(errors::to_js)
    }
}

/// Throws where two engines' first steps came to different numbers.
#[wasm_bindgen(js_name = compareFirstSteps)]
pub fn compare_first_steps(one: &JsFirstSteps, two: &JsFirstSteps) -> Result<(), JsValue> {
    let (one, two): (FirstSteps, FirstSteps) = (from_js(one.as_ref())?, from_js(two.as_ref())?);
    one.agree(&two).map_err(errors::to_js)
}

#[cfg(feature = "gpu")]
mod training {
    use std::sync::Arc;

    use wasm_bindgen::prelude::*;

    use super::super::values::{JsGroups, JsTrained, to_js};
    use super::{JsDataset, JsEngine, JsPlan, JsPopulations, errors, from_js, read_plan, to_js_with_bytes};
    use crate::engine::EngineError;
    use crate::sweep::{self, PopulationPlan};

    /// The populations of a plan in groups that the GPU trains together, or why it cannot.
    #[wasm_bindgen]
    pub fn groups(plan: &JsPlan, dataset: &JsDataset, engine: &JsEngine) -> Result<JsGroups, JsValue> {
        let none = || EngineError::NoAdapter { reason: "this is the CPU engine".into() };
        let limits = engine.0.limits().ok_or_else(none).map_err(errors::to_js)?;
        to_js(&read_plan(plan)?.groups(&dataset.0, limits).map_err(errors::to_js)?)
    }

    /// A group of populations from their first weights to their last codes.
    #[wasm_bindgen]
    pub struct TrainingRun(sweep::TrainingRun);

    #[wasm_bindgen]
    impl TrainingRun {
        /// Readies the networks; nothing is trained yet.
        #[wasm_bindgen(constructor)]
        pub fn new(
            plan: &JsPlan,
            populations: &JsPopulations,
            dataset: &JsDataset,
            engine: &JsEngine,
        ) -> Result<Self, JsValue> {
            let populations: Vec<PopulationPlan> = from_js(populations.as_ref())?;
            let run = sweep::TrainingRun::new(&read_plan(plan)?, &populations, Arc::clone(&dataset.0), &engine.0);
            Ok(Self(run.map_err(errors::to_js)?))
        }

        /// A little more training, or the codes of every network; nothing where all is done.
        pub async fn next(&mut self) -> Result<JsTrained, JsValue> {
            match self.0.next().await.map_err(errors::to_js)? {
                Some(trained) => to_js_with_bytes(&trained),
                None => Ok(JsValue::UNDEFINED.unchecked_into()),
            }
        }
    }
}

#[cfg(feature = "gpu")]
pub use training::{TrainingRun, groups};
