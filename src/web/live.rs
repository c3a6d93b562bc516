//! A network shown while it trains, and its linear regions in the plane.

use wasm_bindgen::prelude::*;

use super::dataset::JsDataset;
use super::engine::JsEngine;
use super::errors;
use super::values::{JsPlan, read_plan};
use crate::code::{CodeMatrix, Regions, Window};
use crate::network::{Affine, PlainNetwork};
use crate::sweep::Live;

/// The first network of a plan, trained step by step.
#[wasm_bindgen(js_name = Live)]
pub struct JsLive {
    live: Live,
    /// As it stood when it was last looked at.
    seen: Option<PlainNetwork>,
}

#[wasm_bindgen(js_class = Live)]
impl JsLive {
    /// Readies it; nothing is trained yet.
    #[wasm_bindgen(constructor)]
    pub fn new(plan: &JsPlan, dataset: &JsDataset, engine: &JsEngine) -> Result<Self, JsValue> {
        let live = Live::new(&read_plan(plan)?, &dataset.0, &engine.0).map_err(errors::to_js)?;
        Ok(Self { live, seen: None })
    }

    /// Takes so many steps.
    pub fn train(&mut self, steps: usize) {
        self.live.train(steps);
    }

    /// Epochs trained, the one that has begun counted by its share.
    pub fn epochs(&self) -> f64 {
        self.live.epochs()
    }

    /// Looks at the network as it stands; what follows is of this look.
    pub async fn look(&mut self) -> Result<(), JsValue> {
        self.seen = Some(self.live.network().await.map_err(errors::to_js)?);
        Ok(())
    }

    /// The kernel of its first layer, `[inputs, units]` row by row, batch norm folded in.
    pub fn kernel(&self) -> Vec<f32> {
        self.first().map(|layer| layer.kernel.clone()).unwrap_or_default()
    }

    /// The bias of its first layer.
    pub fn bias(&self) -> Vec<f32> {
        self.first().map(|layer| layer.bias.clone()).unwrap_or_default()
    }

    fn first(&self) -> Option<&Affine> {
        self.seen.as_ref().and_then(|network| network.hidden().first())
    }

    /// The codes of the training examples that it sees: `ceil(bits / 8)` bytes each, lowest bit first.
    pub async fn codes(&mut self) -> Result<Vec<u8>, JsValue> {
        let codes = self.live.codes().await.map_err(errors::to_js)?;
        Ok(packed(&codes))
    }

    /// The code of a point, a number a ReLU: what comes to it, which fires above 0.
    #[wasm_bindgen(js_name = beforeRelus)]
    pub fn before_relus(&self, point: &[f64]) -> Vec<f64> {
        self.seen.as_ref().map(|network| network.before_relus(point)).unwrap_or_default()
    }

    /// The linear map around a point: for each output the factors of the inputs, then what is added.
    #[wasm_bindgen(js_name = linearMap)]
    pub fn linear_map(&self, point: &[f64]) -> Vec<f64> {
        self.seen.as_ref().map(|network| network.linear_map(point).concat()).unwrap_or_default()
    }

    /// The regions of a network in the plane within a window; nothing where it has other than two inputs.
    pub fn regions(&self, left: f64, bottom: f64, right: f64, top: f64) -> Option<JsRegions> {
        Regions::of(self.seen.as_ref()?, Window { left, bottom, right, top }).map(JsRegions)
    }
}

/// Linear regions within a window.
#[wasm_bindgen(js_name = Regions)]
pub struct JsRegions(Regions);

#[wasm_bindgen(js_class = Regions)]
impl JsRegions {
    /// Every corner once: its two coordinates.
    pub fn corners(&self) -> Vec<f64> {
        self.0.corners.concat()
    }

    /// The corners of each region counter-clockwise, one region after the other.
    pub fn outlines(&self) -> Vec<u32> {
        self.0.outlines.concat()
    }

    /// How many corners each region has.
    pub fn sizes(&self) -> Vec<u32> {
        self.0.outlines.iter().map(|outline| outline.len() as u32).collect()
    }

    /// The code of each region: `ceil(bits / 8)` bytes each, lowest bit first.
    pub fn codes(&self) -> Vec<u8> {
        packed(&self.0.codes)
    }
}

/// `ceil(bits / 8)` bytes each, lowest bit first.
fn packed(codes: &CodeMatrix) -> Vec<u8> {
    (0..codes.rows()).flat_map(|row| codes.bytes(row)).collect()
}
