//! The reader of the user's own data, a module of its own: the page fetches it only when data are brought.

use js_sys::{Float32Array, Function, Object, Reflect, Uint8Array, Uint32Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::dataset::{Description, OwnValues};
use crate::reader::{ColumnUse, File, Options, Own};
use crate::sweep::Plan;
use crate::training::Preset;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../../www/types.d.ts");

/// What is no JSON: values and labels.
#[wasm_bindgen(typescript_custom_section)]
const BINARY_TYPES: &str = "
/** The user's own data, read; `samples` and `epochs` suit them. Values are pixels, numbers, or the numbers that are not 0. */
export interface OwnRead {
  description: Description; decided: string[]; columns: ColumnUse[]; train: number; digest: string; samples: number[]; epochs: number[];
  labels: Uint8Array<ArrayBuffer>;
  values: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer> | { inputs: number; starts: Uint32Array<ArrayBuffer>; places: Uint32Array<ArrayBuffer>; numbers: Float32Array<ArrayBuffer> };
}
";

#[wasm_bindgen]
extern "C" {
    /// An [`Own`], as the page takes it.
    #[wasm_bindgen(typescript_type = "OwnRead")]
    pub type JsOwn;
    /// [`Options`].
    #[wasm_bindgen(typescript_type = "Partial<ReadOptions>")]
    pub type JsOptions;
}

/// Reads what was brought: files by their paths below what the user calls `name`; `told` hears the share that is done.
#[wasm_bindgen(js_name = readOwn)]
pub fn read_own(
    name: &str,
    paths: Vec<String>,
    contents: Vec<Uint8Array>,
    options: &JsOptions,
    told: Option<Function>,
) -> Result<JsOwn, JsValue> {
    let failed = |error: &dyn std::fmt::Display| js_sys::Error::new(&error.to_string());
    let options: Options = serde_wasm_bindgen::from_value(options.into()).map_err(|error| failed(&error))?;
    let files = paths.into_iter().zip(contents).map(|(path, bytes)| File { path, bytes: bytes.to_vec() }).collect();
    let told = |share: f64| {
        // The page's callback does not throw.
        if let Some(told) = &told {
            let _ = told.call1(&JsValue::NULL, &share.into());
        }
    };
    let own = Own::read_told(name, files, &options, &told).map_err(|error| failed(&error))?;
    let set = |object: &JsValue, key: &str, value: JsValue| Reflect::set(object, &key.into(), &value);
    let values: JsValue = match &own.values {
        OwnValues::Bytes(pixels) => Uint8Array::from(&*pixels.read(0..pixels.len())).into(),
        OwnValues::Floats(numbers) => Float32Array::from(&numbers[..]).into(),
        OwnValues::Sparse(sparse) => {
            let (starts, places, numbers) = sparse.parts();
            let starts: Vec<u32> = starts.iter().map(|&start| start as u32).collect();
            let parts = Object::new();
            set(&parts, "inputs", sparse.inputs().into())?;
            set(&parts, "starts", Uint32Array::from(&starts[..]).into())?;
            set(&parts, "places", Uint32Array::from(places).into())?;
            set(&parts, "numbers", Float32Array::from(numbers).into())?;
            parts.into()
        }
    };
    let (labels, train) = (Uint8Array::from(&own.labels[..]), own.train);
    let (description, decided, columns) = (own.description.clone(), own.decided.clone(), own.columns.clone());
    // Data that cannot be trained on are refused here, before training starts.
    let digest = own.dataset().map_err(|error| failed(&error))?.digest(train);
    let plan = Plan::of_own(Preset::Quick, train as u32).map_err(|error| failed(&error))?;
    let known =
        Known { description, decided, columns, train, digest, samples: plan.axes.samples, epochs: plan.axes.epoch };
    let read = known.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(|error| failed(&error))?;
    set(&read, "labels", labels.into())?;
    set(&read, "values", values)?;
    Ok(read.unchecked_into())
}

#[derive(Serialize)]
struct Known {
    description: Description,
    decided: Vec<String>,
    columns: Vec<ColumnUse>,
    train: usize,
    digest: String,
    samples: Vec<u32>,
    epochs: Vec<u32>,
}
