//! A data set in the module's memory.

use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::engine::JsEngine;
use super::errors;
use super::values::{JsChart, JsPlan, read_plan, to_js};
use crate::chart::PhaseChart;
use crate::dataset::{Dataset, IdxFiles, IdxSource, Source};

/// A data set in this module's memory.
#[wasm_bindgen(js_name = Dataset)]
pub struct JsDataset(pub(super) Arc<Dataset>);

#[wasm_bindgen(js_class = Dataset)]
impl JsDataset {
    /// Whether the data set of that name is made of files, which `fromIdx` takes; if not, `generate` makes it.
    #[wasm_bindgen(js_name = isFiles)]
    pub fn is_files(name: &str) -> Result<bool, JsValue> {
        Ok(matches!(Dataset::source(name).map_err(errors::to_js)?, Source::Idx(_)))
    }

    /// A toy.
    pub fn generate(name: &str) -> Result<Self, JsValue> {
        match Dataset::source(name).map_err(errors::to_js)? {
            Source::Toy(toy) => Ok(Self(Arc::new(toy.generate()))),
            Source::Idx(_) => Err(errors::new("dataset/files", &format!("'{name}' is made of files: use fromIdx"))),
        }
    }

    /// The names, without ending, of the files that hold the first `samples` training images.
    #[wasm_bindgen(js_name = trainImages)]
    pub fn train_images(name: &str, samples: usize) -> Result<Vec<String>, JsValue> {
        Ok(idx_source(name)?.train_images(samples))
    }

    /// From unpacked idx files, of which those with training images hold the first `samples` at least.
    #[wasm_bindgen(js_name = fromIdx)]
    pub fn from_idx(
        name: &str,
        samples: usize,
        train_images: Vec<js_sys::Uint8Array>,
        train_labels: &[u8],
        test_images: &[u8],
        test_labels: &[u8],
    ) -> Result<Self, JsValue> {
        let source = idx_source(name)?;
        let train_images: Vec<_> = train_images.iter().map(js_sys::Uint8Array::to_vec).collect();
        let files = IdxFiles { train_images: &train_images, train_labels, test_images, test_labels };
        Ok(Self(Arc::new(Dataset::from_idx(name, source, samples.min(source.train), files).map_err(errors::to_js)?)))
    }

    /// The chart of a plan on this data set and engine, with no cell yet.
    #[wasm_bindgen(js_name = emptyChart)]
    pub fn empty_chart(&self, plan: &JsPlan, engine: &JsEngine) -> Result<JsChart, JsValue> {
        let plan = read_plan(plan)?;
        plan.check(self.0.train().len()).map_err(errors::to_js)?;
        to_js(&PhaseChart::empty(&self.0, plan.protocol, plan.axes, &engine.0))
    }
}

fn idx_source(name: &str) -> Result<IdxSource, JsValue> {
    match Dataset::source(name).map_err(errors::to_js)? {
        Source::Idx(source) => Ok(source),
        Source::Toy(_) => Err(errors::new("dataset/toy", &format!("'{name}' has no files: use generate"))),
    }
}
