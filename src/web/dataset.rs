//! A data set in the module's memory.

use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::crossing::to_js;
use super::errors;
use crate::dataset::{Dataset, DatasetError, Examples, IdxFiles, Known, OwnValues, RowFiles, Source, Sparse};

#[wasm_bindgen]
extern "C" {
    /// A [`Description`](crate::dataset::Description).
    #[wasm_bindgen(typescript_type = "Description")]
    pub type JsDescription;
}

/// A data set in this module's memory.
#[wasm_bindgen(js_name = Dataset)]
pub struct JsDataset(pub(super) Arc<Dataset>);

#[wasm_bindgen(js_class = Dataset)]
impl JsDataset {
    /// A toy.
    pub fn generate(name: &str) -> Result<Self, JsValue> {
        match Dataset::source(name).map_err(errors::to_js)? {
            Source::Toy(toy) => Ok(Self(Arc::new(toy.generate()))),
            Source::Idx(_) | Source::Rows => {
                Err(errors::new("dataset/files", &format!("'{name}' is made from files: use fromIdx or fromRows")))
            }
            Source::Own => Err(errors::new("dataset/own", "your own data have no files: use ofBytes or ofFloats")),
        }
    }

    /// From unpacked idx files, of which those with training images hold the first `samples` at least.
    #[wasm_bindgen(js_name = fromIdx)]
    pub fn from_idx(
        name: &str,
        samples: usize,
        train_images: Vec<js_sys::Uint8Array>,
        train_labels: &[u8],
        test_images: js_sys::Uint8Array,
        test_labels: &[u8],
    ) -> Result<Self, JsValue> {
        let known = known(name)?;
        let (Source::Idx(source), Some(description)) = (known.source, known.description()) else {
            return Err(errors::new("dataset/files", &format!("'{name}' is not made from images")));
        };
        let train_images = train_images.into_iter().map(Into::into).collect();
        let files = IdxFiles { train_images, train_labels, test_images: test_images.into(), test_labels };
        Ok(Self(Arc::new(
            Dataset::from_idx(name, source, description, samples.min(source.train), files).map_err(errors::to_js)?,
        )))
    }

    /// From the unpacked files of a table or a bag of words.
    #[wasm_bindgen(js_name = fromRows)]
    pub fn from_rows(
        name: &str,
        description: &[u8],
        starts: &[u8],
        places: &[u8],
        numbers: &[u8],
        labels: &[u8],
    ) -> Result<Self, JsValue> {
        let files = RowFiles { description, starts, places, numbers, labels };
        Ok(Self(Arc::new(Dataset::from_rows(known(name)?, files).map_err(errors::to_js)?)))
    }

    /// The user's own images: pixels example by example; the first `train` examples are for training, the others for testing. The
    /// description is JSON; without one inputs are columns, and classes have numbers.
    #[wasm_bindgen(js_name = ofBytes)]
    pub fn of_bytes(
        pixels: js_sys::Uint8Array,
        labels: Vec<u8>,
        train: usize,
        description: Option<String>,
    ) -> Result<Self, JsValue> {
        Self::own(OwnValues::Bytes(pixels.into()), labels, train, description)
    }

    /// The same of numbers, which networks see as they are.
    #[wasm_bindgen(js_name = ofFloats)]
    pub fn of_floats(
        numbers: Vec<f32>,
        labels: Vec<u8>,
        train: usize,
        description: Option<String>,
    ) -> Result<Self, JsValue> {
        Self::own(OwnValues::Floats(numbers), labels, train, description)
    }

    /// The same of numbers of which most are 0: where rows begin, which of `inputs` are not 0, and their numbers.
    #[wasm_bindgen(js_name = ofSparse)]
    pub fn of_sparse(
        inputs: usize,
        starts: &[u32],
        places: Vec<u32>,
        numbers: Vec<f32>,
        labels: Vec<u8>,
        train: usize,
        description: Option<String>,
    ) -> Result<Self, JsValue> {
        let starts = starts.iter().map(|&start| start as usize).collect();
        let sparse = Sparse::from_parts(inputs, starts, places, numbers).ok_or_else(|| {
            errors::new("dataset/own", "your data: rows and numbers do not fit: bring the files again")
        })?;
        Self::own(OwnValues::Sparse(sparse), labels, train, description)
    }

    fn own(values: OwnValues, labels: Vec<u8>, train: usize, description: Option<String>) -> Result<Self, JsValue> {
        let mut data = Dataset::own(values, labels, train).map_err(errors::to_js)?;
        if let Some(description) = description {
            data = data.described_by(&description).map_err(errors::to_js)?;
        }
        Ok(Self(Arc::new(data)))
    }

    /// What its examples, inputs and classes are.
    pub fn description(&self) -> Result<JsDescription, JsValue> {
        to_js(self.0.description())
    }

    /// Inputs per example.
    pub fn inputs(&self) -> usize {
        self.0.inputs()
    }

    /// The labels of all training examples that are loaded, or of all test examples.
    pub fn labels(&self, test: bool) -> Vec<u8> {
        self.set(test).labels().to_vec()
    }

    /// Some examples as networks see them, one after the other; places that there are not are left out.
    pub fn examples(&self, test: bool, places: &[u32]) -> Vec<f32> {
        let set = self.set(test);
        let mut values = Vec::new();
        set.gather(places.iter().map(|&place| place as usize).filter(|&place| place < set.len()), &mut values);
        values
    }

    fn set(&self, test: bool) -> &Examples {
        if test { self.0.test() } else { self.0.train() }
    }
}

fn known(name: &str) -> Result<&'static Known, JsValue> {
    Known::named(name).ok_or_else(|| errors::to_js(DatasetError::Unknown { name: name.into() }))
}
