//! Networks that were trained elsewhere, in a module of its own: the page fetches it only when one is brought.

use js_sys::{Function, Uint8Array};
use wasm_bindgen::prelude::*;

use super::crossing::to_js;
use super::dataset::JsDataset;
use super::errors;
use crate::network::{Fed, StoredFile};
use crate::sweep::{AskedOf, Found};

#[wasm_bindgen]
extern "C" {
    /// An [`Elsewhere`](crate::sweep::Elsewhere).
    #[wasm_bindgen(typescript_type = "Elsewhere")]
    pub type JsElsewhere;
    /// An [`OfLayer`](crate::sweep::OfLayer), or nothing.
    #[wasm_bindgen(typescript_type = "OfLayer | undefined")]
    pub type JsOfLayer;
    /// A [`Fed`].
    #[wasm_bindgen(typescript_type = "Fed | undefined")]
    pub type JsFed;
}

/// A network whose codes are taken and measured.
#[wasm_bindgen(js_name = Network)]
pub struct JsNetwork(Found);

#[wasm_bindgen(js_class = Network)]
impl JsNetwork {
    /// Reads a `file` and measures its network: as its cell was, if the file says how, else in the paper's way. `layers` says which of its ReLUs are the
    /// code, or in which order data pass it, and `fed` what it was shown of inputs, where the file's own is not meant; `names` and `contents` are files
    /// beside it; `told` hears the share of the examples that is encoded.
    pub fn measure(
        file: &[u8],
        names: Vec<String>,
        contents: Vec<Uint8Array>,
        layers: Option<String>,
        fed: &JsFed,
        dataset: &JsDataset,
        told: &Function,
    ) -> Result<Self, JsValue> {
        let fed: &JsValue = fed.as_ref();
        let fed: Option<Fed> = serde_wasm_bindgen::from_value(fed.clone())
            .map_err(|error| errors::new("network/file", &format!("what it was fed: {error}")))?;
        let beside = |wanted: &str| {
            let place = names.iter().position(|name| name == wanted)?;
            contents.get(place).map(Uint8Array::to_vec)
        };
        let stored = StoredFile { bytes: file, layers: layers.as_deref(), beside: &beside };
        let told = |share: f64| {
            // The page's callback does not throw.
            let _ = told.call1(&JsValue::NULL, &share.into());
        };
        let asked = AskedOf { fed, ..AskedOf::default() };
        Found::measure(stored, &dataset.0, asked, &told).map(Self).map_err(errors::to_js)
    }

    /// Its numbers.
    pub fn numbers(&self) -> Result<JsElsewhere, JsValue> {
        to_js(&self.0.numbers)
    }

    /// What the code of one of its layers comes to alone, counted from 0.
    #[wasm_bindgen(js_name = ofLayer)]
    pub fn of_layer(&self, place: usize) -> Result<JsOfLayer, JsValue> {
        match self.0.of_layer(place).map_err(errors::to_js)? {
            Some(numbers) => to_js(&numbers),
            None => Ok(JsValue::UNDEFINED.unchecked_into()),
        }
    }
}
