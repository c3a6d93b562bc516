//! Networks of many kinds, and which of their ReLUs onnxruntime lets fire (`reference/onnx_networks.py`).

use std::collections::BTreeMap;

use hash_phase::network::{Onnx, OnnxError};
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    inputs: Vec<usize>,
    names: Vec<String>,
    codes: Vec<Vec<String>>,
}

pub const CLASSES: usize = 4;

macro_rules! files {
    ($($name:literal)*) => {
        &[$(($name, include_bytes!(concat!("../fixtures/onnx/", $name)))),*]
    };
}

/// In the file, so that a browser has them.
const FILES: &[(&str, &[u8])] = files!(
    "depthwise.onnx"
    "external.onnx"
    "external.weights"
    "lenet.onnx"
    "newest.onnx"
    "nhwc.onnx"
    "one-by-one.onnx"
    "opset-9.onnx"
    "perceptron.onnx"
    "prelu.onnx"
    "quantised.onnx"
    "resnet-20.onnx"
    "response-norm.onnx"
    "scikit-learn.onnx"
    "transformer.onnx"
    "vgg-fused.onnx"
    "vgg-norms.onnx"
);

/// A file by its name.
pub fn file(name: &str) -> Option<Vec<u8>> {
    FILES.iter().find(|(known, _)| *known == name).map(|(_, bytes)| bytes.to_vec())
}

pub fn read(name: &str, inputs: usize, layers: Option<&str>) -> Result<Onnx, OnnxError> {
    Onnx::read(&file(&format!("{name}.onnx")).unwrap(), layers, None, [inputs, CLASSES], &file)
}

/// The same numbers as in the reference.
fn inputs(count: usize, whole: bool) -> Vec<f32> {
    let numbers = (1..=count as u64).map(|place| place.wrapping_mul(2_654_435_761) % (1 << 32));
    if whole {
        numbers.map(|number| (number % 16) as f32).collect()
    } else {
        numbers.map(|number| (number as f64 / f64::from(1u32 << 31) / 2.0) as f32).collect()
    }
}

/// Every bit of every network.
pub fn assert_every_bit_is_onnxruntimes() {
    let references: BTreeMap<String, Reference> =
        serde_json::from_str(include_str!("../fixtures/onnx/codes.json")).unwrap();
    assert!(references.len() >= 15);
    let (mut bits, mut too_near, mut failed) = (0, 0, Vec::new());
    for (name, Reference { inputs: sizes, names, codes }) in references {
        let of_example: usize = sizes.iter().product();
        let network = match read(&name, of_example, None) {
            Ok(network) => network,
            Err(error) => {
                failed.push(format!("{name}: {error}"));
                continue;
            }
        };
        assert_eq!(network.names(), names, "{name}");
        assert!(network.has_scores(), "{name}");
        let examples = inputs(codes.len() * of_example, name == "transformer");
        let at_a_time = network.rows_at_a_time();
        for (codes, batch) in codes.chunks(at_a_time).zip(examples.chunks(at_a_time * of_example)) {
            let pass = network.pass(batch.to_vec(), codes.len()).unwrap();
            assert_eq!(pass.scores.unwrap().len(), codes.len() * CLASSES, "{name}");
            for (row, code) in codes.iter().enumerate() {
                let relus = names.iter().zip(code).zip(pass.relus.iter().zip(network.widths()));
                for ((relu, expected), (values, &width)) in relus {
                    let expected = expected.replace(' ', "");
                    let ours = values[row * width..][..width].iter().map(|&value| if value > 0.0 { '1' } else { '0' });
                    assert_eq!(expected.len(), width, "{name} {relu}");
                    for (ours, expected) in ours.zip(expected.chars()) {
                        bits += 1;
                        too_near += usize::from(expected == '?');
                        if expected != '?' && ours != expected {
                            failed.push(format!("{name}, {relu}, example {row}"));
                        }
                    }
                }
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(bits > 20_000 && too_near < 10, "{too_near} of {bits} bits were too near to 0");
}
