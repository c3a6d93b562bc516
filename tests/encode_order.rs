//! A network trained elsewhere, in any order of its layers, has the codes that its own framework would see: or is refused.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use std::collections::HashMap;

use hash_phase::dataset::Toy;
use hash_phase::network::{Fed, Perceptron, PerceptronError};
use hash_phase::sweep::{AskedOf, Found};
use proptest::prelude::*;
use safetensors::tensor::{Dtype, TensorView};

const INPUTS: usize = 4;
const CLASSES: usize = 3;
/// An input this near to 0 may fall to either side by rounding.
const EDGE: f64 = 1e-3;

/// A module of PyTorch's `nn.Sequential`.
#[derive(Debug, Clone)]
enum Module {
    Linear { weight: Vec<Vec<f64>>, bias: Vec<f64> },
    BatchNorm1d { weight: Vec<f64>, bias: Vec<f64>, mean: Vec<f64>, variance: Vec<f64> },
    Relu,
    Dropout,
}

/// What PyTorch's documentation says of each module in evaluation mode; before each ReLU that follows no other ReLU and
/// stands before the last Linear, the signal.
fn before_relus(network: &[Module], input: &[f64]) -> Vec<Vec<f64>> {
    let last = network.iter().rposition(|module| matches!(module, Module::Linear { .. })).unwrap();
    let (mut signal, mut seen, mut clipped) = (input.to_vec(), Vec::new(), false);
    for (place, module) in network.iter().enumerate() {
        signal = match module {
            Module::Linear { weight, bias } => {
                clipped = false;
                let dot = |row: &Vec<f64>| row.iter().zip(&signal).map(|(weight, input)| weight * input).sum::<f64>();
                weight.iter().zip(bias).map(|(row, bias)| dot(row) + bias).collect()
            }
            Module::BatchNorm1d { weight, bias, mean, variance } => {
                clipped = false;
                let norm = |unit: usize| {
                    (signal[unit] - mean[unit]) / (variance[unit] + 1e-5).sqrt() * weight[unit] + bias[unit]
                };
                (0..signal.len()).map(norm).collect()
            }
            Module::Relu => {
                if !clipped && place < last {
                    seen.push(signal.clone());
                }
                clipped = true;
                signal.iter().map(|input| input.max(0.0)).collect()
            }
            Module::Dropout => signal,
        };
    }
    seen
}

/// The file that `save_file(net.state_dict())` writes, with names by `name`.
fn file(network: &[Module], layers: Option<String>, name: impl Fn(usize) -> String) -> Vec<u8> {
    let mut tensors = Vec::new();
    let mut add = |index: usize, part: &str, shape: Vec<usize>, numbers: Vec<f64>| {
        let bytes: Vec<u8> = numbers.iter().flat_map(|&number| (number as f32).to_le_bytes()).collect();
        tensors.push((format!("{}.{part}", name(index)), shape, bytes));
    };
    for (index, module) in network.iter().enumerate() {
        match module {
            Module::Linear { weight, bias } => {
                add(index, "weight", vec![weight.len(), weight[0].len()], weight.concat());
                add(index, "bias", vec![bias.len()], bias.clone());
            }
            Module::BatchNorm1d { weight, bias, mean, variance } => {
                for (part, numbers) in
                    [("weight", weight), ("bias", bias), ("running_mean", mean), ("running_var", variance)]
                {
                    add(index, part, vec![numbers.len()], numbers.clone());
                }
            }
            Module::Relu | Module::Dropout => {}
        }
    }
    let views =
        tensors.iter().map(|(name, shape, bytes)| (name, TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap()));
    safetensors::serialize(views, layers.map(|layers| HashMap::from([("layers".to_owned(), layers)]))).unwrap()
}

fn read(file: &[u8], layers: Option<&str>) -> Result<Perceptron, PerceptronError> {
    Perceptron::read(file, layers, INPUTS, CLASSES)
}

/// What is wrong with the bits of a network that was read, by the framework's own.
fn wrong_bits(read: &Perceptron, network: &[Module], inputs: &[[f64; INPUTS]]) -> Option<String> {
    let batch: Vec<f32> = inputs.iter().flatten().map(|&input| input as f32).collect();
    let (ours, _) = read.pass(batch);
    for (row, input) in inputs.iter().enumerate() {
        let theirs = before_relus(network, input);
        if theirs.iter().map(Vec::len).collect::<Vec<_>>() != read.widths() {
            return Some(format!(
                "ReLUs {:?} for {:?}",
                read.widths(),
                theirs.iter().map(Vec::len).collect::<Vec<_>>()
            ));
        }
        for (ours, theirs) in ours.iter().zip(theirs) {
            for (ours, theirs) in ours[row * theirs.len()..].iter().zip(&theirs) {
                if theirs.abs() > EDGE && (*ours > 0.0) != (*theirs > 0.0) {
                    return Some(format!("{ours} for {theirs}"));
                }
            }
        }
    }
    None
}

fn numbers(count: usize, range: std::ops::Range<f64>) -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(range, count)
}

/// Linear, batch norm, ReLU and Dropout in any order, of which at least two are Linear.
fn networks() -> impl Strategy<Value = Vec<Module>> {
    let kinds = proptest::collection::vec((0..5_u8, 1..6_usize), 2..9);
    kinds
        .prop_flat_map(|kinds| {
            let linears = kinds.iter().filter(|(kind, _)| *kind <= 1).count();
            let (mut width, mut seen) = (INPUTS, 0);
            let mut modules: Vec<BoxedStrategy<Module>> = Vec::new();
            for (kind, units) in kinds {
                modules.push(match kind {
                    0 | 1 => {
                        seen += 1;
                        let (inputs, units) = (width, if seen == linears { CLASSES } else { units });
                        width = units;
                        let weight = proptest::collection::vec(numbers(inputs, -1.0..1.0), units);
                        (weight, numbers(units, -0.5..0.5))
                            .prop_map(|(weight, bias)| Module::Linear { weight, bias })
                            .boxed()
                    }
                    2 => (
                        numbers(width, -1.5..1.5),
                        numbers(width, -0.5..0.5),
                        numbers(width, -0.5..0.5),
                        numbers(width, 0.1..2.0),
                    )
                        .prop_map(|(weight, bias, mean, variance)| Module::BatchNorm1d { weight, bias, mean, variance })
                        .boxed(),
                    3 => Just(Module::Relu).boxed(),
                    _ => Just(Module::Dropout).boxed(),
                });
            }
            modules
        })
        .prop_filter("a hidden layer", |network| {
            let is_linear = |module: &&Module| matches!(module, Module::Linear { .. });
            network.iter().filter(is_linear).count() >= 2 && before_relus(network, &[0.5; INPUTS]).len() < 6
        })
}

/// As a caller says it: names of modules and `relu`.
fn said(network: &[Module], name: impl Fn(usize) -> String) -> String {
    let word = |(index, module): (usize, &Module)| match module {
        Module::Relu => Some("relu".to_owned()),
        Module::Dropout => None,
        _ => Some(name(index)),
    };
    network.iter().enumerate().filter_map(word).collect::<Vec<_>>().join(",")
}

fn between(network: &[Module]) -> impl Iterator<Item = bool> {
    let linear: Vec<_> = (0..network.len()).filter(|&index| matches!(network[index], Module::Linear { .. })).collect();
    let relu = |pair: &[usize]| network[pair[0]..pair[1]].iter().any(|module| matches!(module, Module::Relu));
    linear.windows(2).map(relu).collect::<Vec<_>>().into_iter()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(3), ..ProptestConfig::default() })]
    #[test]
    fn a_random_sequential_encodes_to_what_its_framework_says_of_its_activations(
        network in networks(),
        inputs in proptest::collection::vec(proptest::array::uniform4(0.0..1.0), 1..8),
    ) {
        let hidden = !before_relus(&network, &[0.5; INPUTS]).is_empty();
        let named = |index: usize| format!("layer_{}", ["c", "a", "d", "b", "f", "e", "h", "g"][index]);
        for (order, by) in [(said(&network, |index| index.to_string()), 0), (said(&network, named), 1)] {
            let name = |index: usize| if by == 0 { index.to_string() } else { named(index) };
            let by_flag = read(&file(&network, None, name), Some(&order));
            let by_metadata = read(&file(&network, Some(order.clone()), name), None);
            for answer in [by_flag, by_metadata] {
                match answer {
                    Ok(read) => prop_assert_eq!(wrong_bits(&read, &network, &inputs), None, "{}", order),
                    Err(error) => prop_assert!(matches!(error, PerceptronError::Shallow) && !hidden, "{error}"),
                }
            }
        }
        // By its numbers alone: refused where they leave a choice. That one ReLU stands between two Linear layers is agreed.
        match read(&file(&network, None, |index| index.to_string()), None) {
            Ok(read) if between(&network).all(|relu| relu) => {
                let leading = network.iter().position(|module| matches!(module, Module::Linear { .. })).unwrap();
                let clips_inputs = network[..leading].iter().any(|module| matches!(module, Module::Relu));
                if !clips_inputs {
                    prop_assert_eq!(wrong_bits(&read, &network, &inputs), None);
                }
            }
            Ok(_) => {} // a gap that is no ReLU, or two Linear layers in a row with a Dropout between
            Err(error) => prop_assert!(matches!(error, PerceptronError::Unordered { .. } | PerceptronError::Shallow), "{error}"),
        }
        let unnumbered = read(&file(&network, None, named), None);
        prop_assert!(matches!(&unnumbered, Err(PerceptronError::Unordered { .. })), "{unnumbered:?}");
    }
}

#[test]
fn tensors_that_do_not_belong_together_are_refused_by_name() {
    let linear =
        |inputs: usize, units: usize| Module::Linear { weight: vec![vec![1.0; inputs]; units], bias: vec![0.0; units] };
    let norm = |units: usize| Module::BatchNorm1d {
        weight: vec![1.0; units],
        bias: vec![0.0; units],
        mean: vec![0.0; units],
        variance: vec![1.0; units],
    };
    let by_number = |index: usize| index.to_string();
    let refused = |network: &[Module]| read(&file(network, None, by_number), None).unwrap_err().to_string();

    let short = Module::Linear { weight: vec![vec![1.0; 4]; 5], bias: vec![0.0; 3] };
    assert!(
        refused(&[short, Module::Relu, linear(5, 3)])
            .contains("'0': bias has the shape [3], which does not fit 5 units")
    );
    let odd =
        Module::BatchNorm1d { weight: vec![1.0; 4], bias: vec![0.0; 5], mean: vec![0.0; 5], variance: vec![1.0; 5] };
    assert!(
        refused(&[linear(4, 5), odd, Module::Relu, linear(5, 3)])
            .contains("'1': weight has the shape [4], which does not fit 5 units")
    );
    assert!(
        refused(&[linear(4, 5), norm(6), Module::Relu, linear(5, 3)])
            .contains("layer '1' takes 6 inputs but receives 5")
    );
    let broken =
        Module::BatchNorm1d { weight: vec![1.0; 5], bias: vec![0.0; 5], mean: vec![0.0; 5], variance: vec![-1.0; 5] };
    assert!(
        refused(&[linear(4, 5), broken, Module::Relu, linear(5, 3)])
            .contains("numbers of '1' (its statistics) are not finite")
    );
    let huge = Module::Linear { weight: vec![vec![f64::INFINITY; 4]; 5], bias: vec![0.0; 5] };
    assert!(refused(&[huge, Module::Relu, linear(5, 3)]).contains("numbers of '0' (weight) are not finite"));

    let tensors = |tensors: &[(&str, Vec<usize>)]| {
        let bytes: Vec<Vec<u8>> =
            tensors.iter().map(|(_, shape)| vec![0; 4 * shape.iter().product::<usize>()]).collect();
        let views = tensors.iter().zip(&bytes);
        let views =
            views.map(|((name, shape), bytes)| (*name, TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap()));
        read(&safetensors::serialize(views, None).unwrap(), Some("0,relu,2")).unwrap_err().to_string()
    };
    let both = [("0.weight", vec![5, 4]), ("0.kernel", vec![4, 5]), ("2.weight", vec![3, 5])];
    assert!(tensors(&both).contains("'0' has kernel, weight: only Dense"));
    assert!(
        tensors(&[("0.weight", vec![0, 4]), ("2.weight", vec![3, 0])]).contains("layer '0' has 4 inputs and 0 units")
    );
}

#[test]
fn networks_of_pytorch_and_keras_exported_as_the_readme_says_have_the_bits_that_those_see() {
    let folder =
        std::path::PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("tests/fixtures/sequentials");
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 24);
    for path in files {
        let file = std::fs::read(&path).unwrap();
        let (_, header) = safetensors::SafeTensors::read_metadata(&file).unwrap();
        let told = header.metadata().clone().unwrap();
        let inputs: Vec<[f32; INPUTS]> = serde_json::from_str(&told["inputs"]).unwrap();
        let bits: Vec<Vec<Vec<u8>>> = serde_json::from_str(&told["bits"]).unwrap();
        let network = read(&file, None).unwrap();
        let (layers, _) = network.pass(inputs.concat());
        let bits_of = |layer: Vec<f32>| layer.into_iter().map(|it| u8::from(it > 0.0)).collect();
        let ours: Vec<Vec<u8>> = layers.into_iter().map(bits_of).collect();
        let theirs: Vec<Vec<u8>> = bits.into_iter().map(|layer| layer.concat()).collect();
        assert_eq!(ours, theirs, "{}: {}", path.display(), told["layers"]);
    }
}

/// A file of tensors whose numbers run on from one to the next, each `[rows, columns]` of the layout that is read row by row.
fn tensors(of: &[(&str, Dtype, Vec<usize>, Vec<f32>)]) -> Vec<u8> {
    let bytes: Vec<Vec<u8>> = of
        .iter()
        .map(|(_, dtype, _, numbers)| match dtype {
            Dtype::F64 => numbers.iter().flat_map(|&number| f64::from(number).to_le_bytes()).collect(),
            _ => numbers.iter().flat_map(|&number| number.to_le_bytes()).collect(),
        })
        .collect();
    let views = of.iter().zip(&bytes);
    let views =
        views.map(|((name, dtype, shape, _), bytes)| (*name, TensorView::new(*dtype, shape.clone(), bytes).unwrap()));
    safetensors::serialize(views, None).unwrap()
}

#[test]
fn a_network_is_read_as_frameworks_and_training_scripts_leave_it() {
    let wave = |count: usize, from: usize| (from..from + count).map(|at| (at as f32 * 1.7).sin()).collect::<Vec<f32>>();
    let turned = |numbers: &[f32], rows: usize| -> Vec<f32> {
        let columns = numbers.len() / rows;
        (0..columns).flat_map(|column| (0..rows).map(move |row| numbers[row * columns + column])).collect()
    };
    let (first, bias, last, last_bias) = (wave(20, 0), wave(5, 20), wave(15, 25), wave(3, 40));
    let linear = |name: [&'static str; 4], dtype: Dtype| {
        vec![
            (name[0], dtype, vec![5, 4], first.clone()),
            (name[1], dtype, vec![5], bias.clone()),
            (name[2], dtype, vec![3, 5], last.clone()),
            (name[3], dtype, vec![3], last_bias.clone()),
        ]
    };
    let batch = wave(8 * INPUTS, 50);
    let plain = read(&tensors(&linear(["0.weight", "0.bias", "2.weight", "2.bias"], Dtype::F32)), None).unwrap();
    let same = |file: &[u8], layers: Option<&str>, left_out: &[&str]| {
        let network = read(file, layers).unwrap();
        assert_eq!(network.pass(batch.clone()), plain.pass(batch.clone()));
        assert_eq!(network.left_out(), left_out);
    };
    // torch.compile under DistributedDataParallel, in doubles.
    let compiled = [
        "_orig_mod.module.fc1.weight",
        "_orig_mod.module.fc1.bias",
        "_orig_mod.module.fc2.weight",
        "_orig_mod.module.fc2.bias",
    ];
    same(&tensors(&linear(compiled, Dtype::F64)), Some("Flatten,fc1,ReLU(),dropout,fc2,softmax"), &[]);
    // A checkpoint with the weights of its loss and a temperature beside the network.
    let mut checkpoint = linear(["net.0.weight", "net.0.bias", "net.2.weight", "net.2.bias"], Dtype::F32);
    checkpoint.push(("criterion.weight", Dtype::F32, vec![3], wave(3, 0)));
    checkpoint.push(("temperature", Dtype::F32, vec![1], wave(1, 0)));
    same(&tensors(&checkpoint), Some("0,relu,2"), &["temperature", "criterion"]);
    assert!(read(&tensors(&checkpoint), None).unwrap_err().to_string().contains("(--layers)"));
    // burn keeps a weight as [inputs, units].
    let mut burn = linear(["0.weight", "0.bias", "2.weight", "2.bias"], Dtype::F32);
    (burn[0].2, burn[0].3) = (vec![4, 5], turned(&first, 5));
    (burn[2].2, burn[2].3) = (vec![5, 3], turned(&last, 3));
    same(&tensors(&burn), None, &[]);
}

#[test]
fn a_layer_may_be_passed_twice_and_one_output_decides_between_two_classes() {
    let (eye, ones) = ([1.0, 0.0, 0.0, 1.0], [1.0, -1.0]);
    let file = tensors(&[
        ("a.weight", Dtype::F32, vec![2, 2], eye.map(|number| 2.0 * number).to_vec()),
        ("a.bias", Dtype::F32, vec![2], vec![-1.0, 0.0]),
        ("out.weight", Dtype::F32, vec![1, 2], ones.to_vec()),
        ("out.bias", Dtype::F32, vec![1], vec![0.5]),
    ]);
    let network = Perceptron::read(&file, Some("a,relu,a,relu,out,sigmoid"), 2, 2).unwrap();
    // 2 (2 x - 1) - 1 and 2 (2 y), less each other, plus a half.
    let (before, outputs) = network.pass(vec![1.0, 0.25, 0.75, 1.0]);
    assert_eq!(before, [vec![1.0, 0.5, 0.5, 2.0], vec![1.0, 1.0, 0.0, 4.0]]);
    assert_eq!(outputs, [0.0, 0.5, 0.0, -3.5]);
}

#[test]
fn a_network_that_was_trained_on_inputs_of_another_scale_is_told_by_how_often_it_is_right() {
    // Which half moon a point is of, by whether it lies above a tenth: of inputs that were 255 times as large.
    let bytes = Fed { scale: 255.0, ..Fed::AS_THEY_ARE };
    let moons = Toy::Moons.generate();
    let measured = |upper: f32, fed: Option<Fed>| {
        let file = tensors(&[
            ("0.weight", Dtype::F32, vec![2, 2], vec![0.0, 1.0, 0.0, -1.0]),
            ("0.bias", Dtype::F32, vec![2], vec![-25.5, 25.5]),
            ("2.weight", Dtype::F32, vec![2, 2], vec![upper, -upper, -upper, upper]),
            ("2.bias", Dtype::F32, vec![2], vec![0.0; 2]),
        ]);
        Found::measure(file[..].into(), &moons, AskedOf { fed, ..AskedOf::default() }, &|_| ()).unwrap().numbers
    };
    let right = |upper: f32| measured(upper, Some(bytes)).accuracy.unwrap().test;
    let upper = if right(1.0) > right(-1.0) { 1.0 } else { -1.0 };
    let as_it_is = measured(upper, None);
    let otherwise = as_it_is.otherwise.unwrap();
    assert_eq!(otherwise.fed, bytes);
    assert_eq!((otherwise.accuracy, otherwise.as_they_are), (right(upper), as_it_is.accuracy.unwrap().test));
    assert!(otherwise.accuracy > 0.75 && as_it_is.accuracy.unwrap().test < 0.6, "{otherwise:?}");
    assert_eq!(measured(upper, Some(otherwise.fed)).otherwise, None);
}
