//! Our numbers against Keras' and scikit-learn's, on codes and networks that those have made (see fixtures/README.md).
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use std::path::PathBuf;

use burn::tensor::{Tensor, TensorData};
use hash_phase::code::{CodeMatrix, Medians, Shown, encode, take_stored};
use hash_phase::dataset::Dataset;
use hash_phase::engine::Engine;
use hash_phase::network::{Activation, Mlp, Perceptron, Population, Stored, StoredFile};
use hash_phase::properties::{EncodingProperties, Labelled, Measure, accuracy};
use hash_phase::random::stream;
use serde_json::Value;

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("tests/fixtures").join(name)
}

fn json(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(fixture(&format!("{name}.json"))).unwrap()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    value.as_array().unwrap().iter().map(|number| number.as_u64().unwrap() as u8).collect()
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn codes_have_the_properties_scikit_learn_finds(name: &str) {
    have_the_properties_that(&json(name), &std::fs::read(fixture(&format!("{name}.bits"))).unwrap(), 9);
}

/// Holds what we find in codes, K-Means with so many seeds, against what scikit-learn did.
fn have_the_properties_that(expected: &Value, file: &[u8], seeds: u64) {
    let size = |key: &str| expected[key].as_u64().unwrap() as usize;
    let (bits, train_rows, test_rows) = (size("bits"), size("train"), size("test"));
    let (train, test) = file.split_at(train_rows * bits.div_ceil(8));
    let train = CodeMatrix::from_bytes(train, train_rows, bits).unwrap();
    let test = CodeMatrix::from_bytes(test, test_rows, bits).unwrap();
    let (train_labels, test_labels) = (bytes(&expected["labels"]["train"]), bytes(&expected["labels"]["test"]));
    let measure = Measure::paper(10);
    let measured = |seed| {
        let train = Labelled { codes: &train, labels: &train_labels };
        let test = Labelled { codes: &test, labels: &test_labels };
        EncodingProperties::of(train, test, measure, &mut stream(seed, "k-means", &[])).unwrap()
    };
    let properties = measured(1);

    // Redundancy and K-NN: exactly.
    assert_eq!(properties.redundancy.train, expected["redundancy"]["train"].as_f64().unwrap());
    assert_eq!(properties.redundancy.test, expected["redundancy"]["test"].as_f64().unwrap());
    assert_eq!(properties.knn, bytes(&expected["knn"]["predictions_rule"]));
    let sklearn = expected["knn"]["accuracy_sklearn"].as_f64().unwrap();
    assert!((accuracy(&properties.knn, &test_labels) - sklearn).abs() <= 0.015);

    // Logistic regression: accuracy within 0.005, 98% of the predictions.
    let logistic = accuracy(&properties.logistic, &test_labels);
    assert!(
        (logistic - expected["logistic"]["accuracy"].as_f64().unwrap()).abs() <= 0.005 + f64::EPSILON,
        "{logistic}"
    );
    let same = accuracy(&properties.logistic, &bytes(&expected["logistic"]["predictions"]));
    assert!(same >= 0.98, "{same} of the predictions are the same");

    // K-Means: no worse than the worst of five of scikit-learn's seeds, accuracy in their range. One seed says little:
    // on the narrow code, scikit-learn's own accuracy is between 0.553 and 0.597 over a dozen further seeds.
    let (accuracies, inertias) =
        (floats(&expected["kmeans"]["accuracy_by_seed"]), floats(&expected["kmeans"]["inertia_by_seed"]));
    let (low, high) = accuracies.iter().fold((1.0, 0.0), |(low, high), &one| (one.min(low), one.max(high)));
    let worst = inertias.into_iter().fold(0.0, f64::max);
    let mut ours: Vec<_> = (1..=seeds).map(measured).collect();
    assert!(ours.iter().all(|one| one.inertia <= 1.001 * worst), "inertia above {worst}");
    ours.sort_by(|a, b| a.kmeans.train.total_cmp(&b.kmeans.train));
    let median = ours[ours.len() / 2].kmeans.train;
    assert!((low - 0.02..=high + 0.02).contains(&median), "{median}");
}

#[test]
fn codes_of_twenty_plain_relus_have_the_properties_scikit_learn_finds() {
    codes_have_the_properties_scikit_learn_finds("mnist-w20-plain");
}

#[test]
fn codes_of_forty_plain_relus_have_the_properties_scikit_learn_finds() {
    codes_have_the_properties_scikit_learn_finds("mnist-w40-plain");
}

#[test]
fn codes_of_forty_batch_normed_relus_have_the_properties_scikit_learn_finds() {
    codes_have_the_properties_scikit_learn_finds("mnist-w40-batchnorm");
}

/// As tests/reference/long_codes.py has them.
fn long_codes([rows, bits]: [usize; 2]) -> Vec<u8> {
    const CLASSES: usize = 10;
    const CONSTANT: usize = 100;
    let number = |row: usize, kind: usize, bit: usize| {
        let place = ((2 * row + kind) as u64) << 32 | bit as u64;
        let mixed = (place + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ mixed >> 31) >> 32
    };
    let flipped = (0.47 * (1_u64 << 32) as f64) as u64;
    let mut bytes = vec![0; rows * bits.div_ceil(8)];
    for (row, own) in bytes.chunks_exact_mut(bits.div_ceil(8)).enumerate() {
        let row = if row % 100 >= 90 { row - CLASSES } else { row };
        for bit in CONSTANT..bits {
            let is_on = (number(row % CLASSES, 0, bit) >= 1 << 31) != (number(row, 1, bit) < flipped);
            own[bit / 8] |= u8::from(is_on) << (bit % 8);
        }
    }
    bytes
}

#[test]
fn codes_of_twenty_thousand_bits_have_the_properties_scikit_learn_finds() {
    let expected = json("long-codes");
    let size = |key: &str| expected[key].as_u64().unwrap() as usize;
    let file = long_codes([size("train") + size("test"), size("bits")]);
    let rows = file.chunks_exact(size("bits").div_ceil(8));
    let ones: Vec<u64> = rows.map(|row| row.iter().map(|byte| u64::from(byte.count_ones())).sum()).collect();
    assert_eq!(serde_json::to_value(ones).unwrap(), expected["ones"], "the same bits");
    have_the_properties_that(&expected, &file, 3);
}

/// A population of the one network that Keras trained, with its weights.
fn keras_network(name: &str, batch_norm: bool) -> Population {
    let described = json(name);
    let file = std::fs::read(fixture(&format!("{name}.weights"))).unwrap();
    let mut rest = file.as_slice();
    let mut tensors = described["tensors"].as_array().unwrap().iter().map(|tensor| {
        let shape = bytes_as_sizes(&tensor["shape"]);
        let (own, after) = rest.split_at(4 * shape.iter().product::<usize>());
        rest = after;
        let numbers: Vec<f32> = own.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect();
        let [rows, columns] = if shape.len() == 2 { [shape[0], shape[1]] } else { [1, shape[0]] };
        (
            tensor["name"].as_str().unwrap().to_owned(),
            Tensor::<3>::from_data(TensorData::new(numbers, [1, rows, columns]), Engine::cpu().device()),
        )
    });
    let mut take = |wanted: &str| {
        let (name, tensor) = tensors.next().unwrap();
        assert_eq!(name, wanted);
        tensor
    };
    let architecture = Mlp { depth: 1, width: 20, batch_norm, dropout: 0.0, activation: Activation::Relu };
    let mut population = Population::new(784, 10, &[architecture], &[1], Engine::cpu().device()).unwrap();
    let hidden = &mut population.parameters.hidden[0];
    hidden.kernel = take("dense1.kernel");
    hidden.bias = take("dense1.bias");
    if batch_norm {
        hidden.norm = Some([take("bn.gamma"), take("bn.beta")]);
        population.running[0] = [take("bn.moving_mean"), take("bn.moving_var")];
    }
    population.parameters.output.kernel = take("dense2.kernel");
    population.parameters.output.bias = take("dense2.bias");
    population
}

fn bytes_as_sizes(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|size| size.as_u64().unwrap() as usize).collect()
}

fn a_keras_network_encodes_as_in_keras(name: &str, batch_norm: bool) {
    let population = keras_network(name, batch_norm);
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("www/public/data");
    let mnist = Dataset::load("mnist", &folder).unwrap();

    let encoding = pollster::block_on(encode(&population.clone().into(), mnist.test(), &[500], &Medians::default()))
        .unwrap()
        .remove(0);
    let expected = CodeMatrix::from_bytes(&std::fs::read(fixture(&format!("{name}.bits"))).unwrap(), 500, 20).unwrap();
    assert_eq!(encoding.codes, expected);

    let mut first = Vec::new();
    mnist.test().gather(0..5, &mut first);
    let batch = Tensor::from_data(TensorData::new(first, [1, 5, 784]), Engine::cpu().device());
    let logits = population.evaluation_pass(batch).logits.into_data().try_into_vec::<f32>().unwrap();
    let described = json(name);
    let expected: Vec<f64> = described["logits_first_5"].as_array().unwrap().iter().flat_map(floats).collect();
    for (ours, keras) in logits.iter().zip(expected) {
        assert!((f64::from(*ours) - keras).abs() < 1e-4, "{ours} is not {keras}");
    }

    let whole = pollster::block_on(encode(&population.clone().into(), mnist.test(), &[10_000], &Medians::default()))
        .unwrap()
        .remove(0);
    assert!((whole.accuracy - described["test_accuracy_10000"].as_f64().unwrap()).abs() < 1e-3);
    let redundancy = hash_phase::properties::redundancy(&whole.codes);
    assert!((redundancy - described["redundancy_test_10000"].as_f64().unwrap()).abs() < 1e-3);
}

/// The weights of the network that Keras trained, as a safetensors file with names by `name`; kernels as PyTorch lays them,
/// `[units, inputs]`, where `torch`.
fn exported(fixture_name: &str, torch: bool, name: impl Fn(&str) -> &'static str) -> Vec<u8> {
    let file = std::fs::read(fixture(&format!("{fixture_name}.weights"))).unwrap();
    let mut rest = file.as_slice();
    let mut tensors = Vec::new();
    for tensor in json(fixture_name)["tensors"].as_array().unwrap() {
        let mut shape = bytes_as_sizes(&tensor["shape"]);
        let (own, after) = rest.split_at(4 * shape.iter().product::<usize>());
        rest = after;
        let mut own = own.to_vec();
        let keras = tensor["name"].as_str().unwrap();
        if torch && let [rows, columns] = shape[..] {
            let places = (0..columns).flat_map(|column| (0..rows).map(move |row| (row, column)));
            own = places.flat_map(|(row, column)| own[4 * (row * columns + column)..][..4].to_vec()).collect();
            shape.reverse();
        }
        if torch && keras == "bn.moving_var" {
            // PyTorch's epsilon is 1e-5, Keras' 1e-3.
            let more = |four: &[u8]| (f32::from_le_bytes(four.try_into().unwrap()) + 0.99e-3).to_le_bytes();
            own = own.chunks_exact(4).flat_map(more).collect();
        }
        tensors.push((name(keras).to_owned(), shape, own));
    }
    let views = tensors.iter().map(|(name, shape, own)| {
        (name, safetensors::tensor::TensorView::new(safetensors::Dtype::F32, shape.clone(), own).unwrap())
    });
    safetensors::serialize(views, None).unwrap()
}

#[test]
fn a_network_trained_elsewhere_encodes_as_there_however_its_tensors_are_named() {
    let keras = |name: &str| match name {
        "dense1.kernel" => "0.kernel",
        "dense1.bias" => "0.bias",
        "bn.gamma" => "1.gamma",
        "bn.beta" => "1.beta",
        "bn.moving_mean" => "1.moving_mean",
        "bn.moving_var" => "1.moving_variance",
        "dense2.kernel" => "10.kernel",
        _ => "10.bias",
    };
    let torch = |name: &str| match name {
        "dense1.kernel" => "net.0.weight",
        "dense1.bias" => "net.0.bias",
        "bn.gamma" => "net.1.weight",
        "bn.beta" => "net.1.bias",
        "bn.moving_mean" => "net.1.running_mean",
        "bn.moving_var" => "net.1.running_var",
        "dense2.kernel" => "net.3.weight",
        _ => "net.3.bias",
    };
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("www/public/data");
    let mnist = Dataset::load("mnist", &folder).unwrap();
    for name in ["encoder-w20-plain", "encoder-w20-batchnorm"] {
        // Keras' weights do not tell where ReLUs stand; the numbers of PyTorch's do.
        let said = if name.ends_with("plain") { "0,relu,10" } else { "0,1,relu,10" };
        for (file, layers) in [(exported(name, false, keras), Some(said)), (exported(name, true, torch), None)] {
            let network = Stored::read(StoredFile { layers, ..file[..].into() }, None, [784, 10]).unwrap();
            let medians = Medians::default();
            let taken = take_stored(&network, &Shown::all(mnist.test(), &medians), &|_| ());
            let encoding = taken.unwrap().into_encoding();
            let (first, _) = encoding.codes.split_at(500);
            let bits = std::fs::read(fixture(&format!("{name}.bits"))).unwrap();
            assert_eq!(first, CodeMatrix::from_bytes(&bits, 500, 20).unwrap());
            assert!((encoding.accuracy - json(name)["test_accuracy_10000"].as_f64().unwrap()).abs() < 1e-3);
        }
    }
}

#[test]
fn a_file_that_is_no_such_network_is_refused_with_the_reason() {
    let same = |name: &str| match name {
        "dense1.kernel" => "0.kernel",
        "dense1.bias" => "0.bias",
        "dense2.kernel" => "2.kernel",
        _ => "2.bias",
    };
    let file = exported("encoder-w20-plain", false, same);
    let refused = |file: &[u8], inputs, classes| {
        Perceptron::read(file, Some("0,relu,2"), inputs, classes).unwrap_err().to_string()
    };
    assert!(refused(b"{}", 784, 10).contains("not a safetensors file"));
    assert!(refused(&file, 2, 10).contains("layer '0' takes 784 inputs but receives 2"));
    assert!(refused(&file, 784, 5).contains("10 outputs, but the data set has 5 classes"));
    let odd = |name: &str| if name == "dense1.kernel" { "0.filters" } else { same(name) };
    assert!(refused(&exported("encoder-w20-plain", false, odd), 784, 10).contains("'0' has bias, filters"));
}

#[test]
fn a_plain_keras_network_encodes_as_in_keras() {
    a_keras_network_encodes_as_in_keras("encoder-w20-plain", false);
}

#[test]
fn a_batch_normed_keras_network_encodes_as_in_keras() {
    a_keras_network_encodes_as_in_keras("encoder-w20-batchnorm", true);
}
