//! Networks that were trained elsewhere, in a module of its own: the page fetches it only when one is brought.

use js_sys::{Function, Uint8Array};
use wasm_bindgen::prelude::*;

use super::crossing::{serialize, to_js};
use super::dataset::JsDataset;
use super::errors;
use crate::code::Taken;
use crate::network::{CodeUnits, Fed, StoredFile};
use crate::sweep::{AskedOf, ExamplePart, Found, Opened};

#[wasm_bindgen]
extern "C" {
    /// An [`Elsewhere`](crate::sweep::Elsewhere).
    #[wasm_bindgen(typescript_type = "Elsewhere")]
    pub type JsElsewhere;
    /// An [`OfLayer`](crate::sweep::OfLayer), or nothing.
    #[wasm_bindgen(typescript_type = "OfLayer | undefined")]
    pub type JsOfLayer;
    /// A [`CodeStudy`](crate::sweep::CodeStudy).
    #[wasm_bindgen(typescript_type = "CodeStudy")]
    pub type JsCodeStudy;
    /// What was [`Taken`], as bytes.
    #[wasm_bindgen(typescript_type = "Taken")]
    pub type JsTaken;
    /// A [`Fed`].
    #[wasm_bindgen(typescript_type = "Fed | undefined")]
    pub type JsFed;
}

/// A network that was read, and what its codes come to once they are measured.
#[wasm_bindgen(js_name = Network)]
pub struct JsNetwork {
    opened: Opened,
    found: Option<Found>,
}

#[wasm_bindgen(js_class = Network)]
impl JsNetwork {
    /// Reads a `file`. `layers` says which of its ReLUs are the code, or in which order data pass it, `code` whether they are it one by one or by channel,
    /// and `fed` what it was shown of inputs, where what the file says is not meant; `names` and `contents` are files beside it.
    #[wasm_bindgen(constructor)]
    pub fn new(
        file: &[u8],
        names: Vec<String>,
        contents: Vec<Uint8Array>,
        layers: Option<String>,
        code: Option<String>,
        fed: &JsFed,
        dataset: &JsDataset,
    ) -> Result<Self, JsValue> {
        let fed: &JsValue = fed.as_ref();
        let fed: Option<Fed> = serde_wasm_bindgen::from_value(fed.clone())
            .map_err(|error| errors::new("network/file", &format!("what it was fed: {error}")))?;
        let beside = |wanted: &str| {
            let place = names.iter().position(|name| name == wanted)?;
            contents.get(place).map(Uint8Array::to_vec)
        };
        let stored = StoredFile { bytes: file, layers: layers.as_deref(), beside: &beside };
        let code = code.map(|name| name.parse::<CodeUnits>()).transpose();
        let code = code.map_err(|error| errors::new("network/file", &error.to_string()))?;
        let asked = AskedOf { code, fed, ..AskedOf::default() };
        Ok(Self { opened: Opened::read(stored, &dataset.0, asked).map_err(errors::to_js)?, found: None })
    }

    /// How many training and test examples it is measured on.
    pub fn counts(&self) -> Vec<usize> {
        self.opened.counts().into()
    }

    /// The codes of the training or test examples from one place to before another, as this or another worker's module takes them; `told` hears
    /// the share of them that is encoded.
    pub fn take(&self, test: bool, from: usize, to: usize, told: &Function) -> Result<JsTaken, JsValue> {
        let told = |share: f64| {
            // The page's callback does not throw.
            let _ = told.call1(&JsValue::NULL, &share.into());
        };
        let taken = self.opened.take(ExamplePart { test, rows: from..to }, &told).map_err(errors::to_js)?;
        serialize(&taken, &serde_wasm_bindgen::Serializer::new())
    }

    /// Measures the codes of all examples, which come in parts one behind the other.
    pub fn measure(&mut self, train: Vec<JsTaken>, test: Vec<JsTaken>) -> Result<JsElsewhere, JsValue> {
        let whole = |parts: Vec<JsTaken>| -> Result<Taken, JsValue> {
            let refused = |error: serde_wasm_bindgen::Error| errors::new("boundary", &error.to_string());
            let mut read = parts.into_iter().map(|part| serde_wasm_bindgen::from_value(part.into()).map_err(refused));
            let first: Taken = read.next().ok_or_else(|| errors::new("boundary", "there are no codes"))??;
            read.try_fold(first, |whole, part| Ok(whole.followed_by(part?)))
        };
        let found = Found::of(&self.opened, whole(train)?, whole(test)?).map_err(errors::to_js)?;
        to_js(&self.found.insert(found).numbers)
    }

    /// What the code of one of its layers comes to alone, counted from 0, once all were measured.
    #[wasm_bindgen(js_name = ofLayer)]
    pub fn of_layer(&self, place: usize) -> Result<JsOfLayer, JsValue> {
        let found = self.found.as_ref().map(|found| found.of_layer(place)).transpose().map_err(errors::to_js)?;
        match found.flatten() {
            Some(numbers) => to_js(&numbers),
            None => Ok(JsValue::UNDEFINED.unchecked_into()),
        }
    }

    /// The codes, example by example, once they were measured.
    pub fn study(&self) -> Result<JsCodeStudy, JsValue> {
        let found = self.found.as_ref().ok_or_else(|| errors::new("boundary", "nothing was measured yet"))?;
        to_js(&found.study())
    }
}
