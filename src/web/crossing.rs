//! How values cross to JavaScript: as plain objects, with their TypeScript types.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::errors;

/// The types of the values that cross, generated from the Rust types they are.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../../www/types.d.ts");

/// What is no JSON: codes, as one array of bytes.
#[wasm_bindgen(typescript_custom_section)]
const BINARY_TYPES: &str = "
/** Codes of some examples, on their way from the worker that takes them to one that measures. */
export interface Encoding { codes: { bits: number; rows: number; words: Uint8Array<ArrayBuffer> }; accuracy: number; finite: boolean }
/** What a worker takes of examples by a network that was trained elsewhere, on its way to one that measures. */
export type Taken = { Codes: Encoding } | { Channels: { fired: Uint8Array<ArrayBuffer>; sums: Uint8Array<ArrayBuffer>; accuracy: number; finite: boolean } };
";

/// As JSON has it.
pub(super) fn to_js<T: JsCast>(value: &impl Serialize) -> Result<T, JsValue> {
    serialize(value, &serde_wasm_bindgen::Serializer::json_compatible())
}

pub(super) fn serialize<T: JsCast>(
    value: &impl Serialize,
    serializer: &serde_wasm_bindgen::Serializer,
) -> Result<T, JsValue> {
    Ok(value.serialize(serializer).map_err(|error| errors::new("boundary", &error.to_string()))?.unchecked_into())
}
