//! Networks of many kinds, and which of their ReLUs onnxruntime lets fire (`reference/onnx_networks.py`).

use std::collections::BTreeMap;

use hash_phase::dataset::{Dataset, OwnValues};
use hash_phase::network::{CodeUnits, Onnx, OnnxError, StoredFile};
use hash_phase::sweep::{AskedOf, Found};
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    inputs: Vec<usize>,
    names: Vec<String>,
    codes: Vec<Vec<String>>,
    /// A bit a channel, of each example.
    channels: Option<Vec<String>>,
    /// Sums of channels, a layer by its range.
    sums: Option<Vec<Vec<f32>>>,
}

pub const CLASSES: usize = 4;

macro_rules! files {
    ($($name:literal)*) => {
        &[$(($name, include_bytes!(concat!("../fixtures/onnx/", $name)))),*]
    };
}

/// In the file, so that a browser has them.
const FILES: &[(&str, &[u8])] = files!(
    "channels-last.onnx"
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
    for (name, Reference { inputs: sizes, names, codes, .. }) in references {
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
                let relus = names.iter().zip(code).zip(pass.relus.iter().zip(network.relus()));
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

/// Examples that medians and ranges of channels are of.
const TRAIN: usize = 4;

/// A bit a channel, and the sums over its places, of every network.
pub fn assert_channels_are_onnxruntimes() {
    let references: BTreeMap<String, Reference> =
        serde_json::from_str(include_str!("../fixtures/onnx/codes.json")).unwrap();
    let mut compared = 0;
    for (name, Reference { inputs: sizes, channels, sums, .. }) in references {
        let (Some(bits), Some(sums)) = (channels, sums) else { continue };
        let values = inputs(bits.len() * sizes.iter().product::<usize>(), false);
        let labels = (0..bits.len()).map(|row| (row % CLASSES) as u8).collect();
        let data = Dataset::own(OwnValues::Floats(values), labels, TRAIN).unwrap();
        let bytes = file(&format!("{name}.onnx")).unwrap();
        let stored = StoredFile { bytes: &bytes, layers: None, beside: &file };
        let asked = AskedOf { code: Some(CodeUnits::Channels), ..AskedOf::default() };
        let found = Found::measure(stored, &data, asked, &|_| ()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let ours = found.sums.as_ref().unwrap().iter().flat_map(|sums| sums.numbers.chunks_exact(sums.channels));
        let codes = [&found.train, &found.test].map(|(encoding, _)| &encoding.codes);
        let rows = codes.iter().flat_map(|codes| (0..codes.rows()).map(move |row| (*codes, row)));
        for (((codes, row), ours), (bits, sums)) in rows.zip(ours).zip(bits.iter().zip(&sums)) {
            let code: String = (0..codes.bits()).map(|bit| if codes.get(row, bit) { '1' } else { '0' }).collect();
            assert_eq!(code, bits.replace(' ', ""), "{name}");
            for (ours, theirs) in ours.iter().zip(sums) {
                assert!((ours - theirs).abs() < 1e-5 * theirs.abs().max(1.0), "{name}: {ours} is not {theirs}");
                compared += 1;
            }
        }
        assert!(found.numbers.channel_sums_knn.is_some());
    }
    assert!(compared > 2_000, "{compared}");
}
