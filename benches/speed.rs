//! How fast the CPU engine is natively: training steps, and the properties of codes. `npm run bench` sets it beside its peers.
//!
//! `cargo bench --bench speed -- DATA OUT` reads MNIST and CIFAR-10 below DATA, prints a JSON array of measurements (medians of several, with
//! the least and the most), and writes the codes that it measured into OUT, so that others can be timed on the same.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use hash_phase::code::{CodeMatrix, Encoding, Medians, encode};
use hash_phase::dataset::{Dataset, Examples};
use hash_phase::engine::{Engine, MapShape, product};
use hash_phase::network::{Networks, Population};
use hash_phase::properties::{Labelled, accuracy, kmeans, knn, logistic, redundancy};
use hash_phase::random::stream;
use hash_phase::sweep::Plan;
use hash_phase::training::{Batches, Family, Preset, Protocol, Trainer};
use serde::Deserialize;
use serde_json::{Value, json};

/// As the command line's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 5;
const STEPS: usize = 60;
/// Bits of the codes whose properties are measured, and epochs that their networks are trained.
const BITS: [usize; 2] = [40, 100];
const EPOCHS: usize = 2;
const STARTS: usize = 10;
/// Of the matrices that are multiplied.
const SIDES: [usize; 3] = [128, 256, 512];

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let (Some(folder), Some(out)) = (arguments.next(), arguments.next().map(PathBuf::from)) else {
        eprintln!("which data, and where to? `npm run bench` says it");
        std::process::exit(2);
    };
    let load = |name| Dataset::load(name, Path::new(&folder)).unwrap();
    let data = load("mnist");
    let mut found = training(&data, &load("cifar10"));
    found.extend(products());
    for bits in BITS {
        found.extend(properties(&data, bits, &out));
    }
    println!("{}", serde_json::to_string_pretty(&found).unwrap());
}

/// What is trained here, in the browser and by the peers.
#[derive(Deserialize)]
struct Case {
    name: String,
    #[serde(default)]
    dataset: Option<String>,
    /// The paper's, where they are not listed.
    widths: Widths,
    #[serde(default)]
    samples: Option<usize>,
    #[serde(default)]
    depth: Option<u32>,
    /// Of a vgg of three blocks of a convolution.
    #[serde(default)]
    channels: Option<u32>,
    #[serde(default)]
    batch_norm: bool,
    #[serde(default)]
    dropout: f64,
    /// Whether all processors train such networks at once, too.
    #[serde(default)]
    shared: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Widths {
    These(Vec<usize>),
    #[allow(dead_code)] // "published"
    Named(String),
}

fn training(mnist: &Dataset, cifar: &Dataset) -> Vec<Value> {
    let published = Plan::preset(Preset::Figure, "mnist").unwrap().axes.width;
    let published: Vec<usize> = published.into_iter().map(|width| width as usize).collect();
    let cases: Vec<Case> = serde_json::from_str(include_str!("../scripts/bench/cases.json")).unwrap();
    let measured = |case: &Case, threads: usize| {
        let data = if case.dataset.is_some() { cifar } else { mnist };
        let full = data.train().len();
        let Case { batch_norm, dropout, .. } = *case;
        let protocol = Protocol { depth: case.depth.unwrap_or(1), batch_norm, dropout, ..Preset::Figure.protocol() };
        let protocol = match case.channels {
            Some(channels) => protocol.with_family(Family::Vgg { channels, blocks: 3, convolutions: 1 }),
            None => protocol,
        };
        let image = MapShape::of(&data.description().kind);
        let widths = if let Widths::These(widths) = &case.widths { widths } else { &published };
        let networks: Vec<_> = widths.iter().map(|&width| protocol.architecture(width, image).unwrap()).collect();
        let trainer = |seed| {
            let (inputs, classes) = (data.inputs(), data.classes());
            let population = Networks::new(inputs, classes, &networks, &[seed], Engine::cpu().device()).unwrap();
            let batches = Batches::new(seed, case.samples.unwrap_or(full), full, 64);
            Trainer::new(population, protocol.clone(), vec![batches]).unwrap()
        };
        // As a chart is trained: one population per processor.
        let mut trainers: Vec<_> = (1..=threads as u64).map(trainer).collect();
        let seconds = timed(|| {
            thread::scope(|scope| {
                for trainer in &mut trainers {
                    scope.spawn(|| (0..STEPS).for_each(|_| trainer.step(data.train())));
                }
            });
        });
        let rates = seconds.map(|seconds| (STEPS * widths.len() * threads) as f64 / seconds);
        let everywhere = if threads > 1 { ", every processor" } else { "" };
        json!({ "name": format!("training, {}{everywhere}", case.name), "unit": "network-steps/s", "median": rates[1], "least": rates[2], "most": rates[0] })
    };
    let all = processors();
    cases
        .iter()
        .flat_map(|case| {
            let at_once = if case.shared && all > 1 { vec![1, all] } else { vec![1] };
            at_once.into_iter().map(|threads| measured(case, threads)).collect::<Vec<_>>()
        })
        .collect()
}

/// Products of square matrices, ours and those of the crate that burn multiplies by.
fn products() -> Vec<Value> {
    SIDES.into_iter().flat_map(|side| {
        let [left, right] = [0.37, 0.73].map(|step: f32| (0..side * side).map(|at| (at as f32 * step).sin()).collect::<Vec<f32>>());
        let times = (1 << 27) / side.pow(3);
        let rate = |name: &str, peer: Option<&str>, work: &mut dyn FnMut() -> f32| {
            let mut value = 0.0;
            let seconds = timed(|| (0..times).for_each(|_| value = black_box(work())));
            let rates = seconds.map(|seconds| (2 * side.pow(3) * times) as f64 / seconds / 1e9);
            json!({ "name": name, "peer": peer, "unit": "GFLOP/s", "median": rates[1], "least": rates[2], "most": rates[0], "value": value })
        };
        let name = format!("product of matrices of {side} x {side}");
        let ours = rate(&name, None, &mut || product(&left, &right, [side; 3]).unwrap()[side + 1]);
        let mut out = vec![0.0_f32; side * side];
        let gemm = rate(&name, Some("gemm"), &mut || {
            multiply(&left, &right, side, &mut out);
            out[side + 1]
        });
        [ours, gemm]
    }).collect()
}

/// By the crate `gemm`, on one thread.
#[allow(unsafe_code)] // it takes pointers
fn multiply(left: &[f32], right: &[f32], side: usize, out: &mut [f32]) {
    assert!([left.len(), right.len(), out.len()] == [side * side; 3]);
    let (row, column) = (side as isize, 1);
    // SAFETY: all three are square matrices of that side, row by row.
    unsafe {
        gemm::gemm(
            side,
            side,
            side,
            out.as_mut_ptr(),
            column,
            row,
            false,
            left.as_ptr(),
            column,
            row,
            right.as_ptr(),
            column,
            row,
            0.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

/// Each property of the codes of a network of so many ReLUs, in the order in which they are measured.
fn properties(data: &Dataset, bits: usize, out: &Path) -> Vec<Value> {
    let figure = Preset::Figure.protocol();
    let population = Population::new(784, 10, &[figure.mlp(bits)], &[1], Engine::cpu().device()).unwrap();
    let full = data.train().len();
    let mut trainer = Trainer::new(population, figure, vec![Batches::new(1, full, full, 64)]).unwrap();
    (0..EPOCHS * trainer.steps_per_epoch()).for_each(|_| trainer.step(data.train()));
    let networks = pollster::block_on(trainer.networks()).unwrap();
    let codes_of = |examples: &Examples| -> CodeMatrix {
        let encoded: Vec<Encoding> =
            pollster::block_on(encode(networks, examples, &[examples.len()], &Medians::default())).unwrap();
        encoded.into_iter().next().unwrap().codes
    };
    let (train_codes, test_codes) = (codes_of(data.train()), codes_of(data.test()));
    for (set, codes) in [("train", &train_codes), ("test", &test_codes)] {
        let bytes: Vec<u8> = (0..codes.rows()).flat_map(|row| codes.bytes(row)).collect();
        fs::write(out.join(format!("codes-{bits}-{set}.bin")), bytes).unwrap();
    }
    let train = Labelled { codes: &train_codes, labels: data.train().labels() };
    let labels = data.test().labels();
    let kmeans = || kmeans::fit(&train_codes, 10, STARTS, &mut stream(1, "k-means", &[])).inertia;
    let knn = || accuracy(&knn::predict(train, &test_codes, 9, 10), labels);
    const FREE: logistic::Penalty = logistic::Penalty { c: 1.0, intercept: false };
    let logistic = || accuracy(&logistic::predict(train, &test_codes, 10, FREE).unwrap(), labels);
    [
        measured("redundancy", bits, || redundancy(&train_codes)),
        measured("K-Means", bits, kmeans),
        measured("K-NN", bits, knn),
        measured("logistic regression", bits, logistic),
    ]
    .concat()
}

/// How long a property takes on one thread, and one of as many as there are processors, when each measures one.
fn measured(name: &str, bits: usize, property: impl Fn() -> f64 + Sync) -> Vec<Value> {
    let all = processors();
    let one = |name: String, threads: usize| {
        let value = property();
        let seconds = timed(|| {
            thread::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(|| black_box(property()));
                }
            });
        });
        let [least, median, most] = seconds.map(|seconds| seconds / threads as f64);
        json!({ "name": name, "unit": "s", "median": median, "least": least, "most": most, "value": value })
    };
    vec![one(format!("{name}, {bits} bits"), 1), one(format!("{name}, {bits} bits, every processor"), all)]
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Seconds that it takes: the least, the median and the most of several times, after one to warm up.
fn timed(mut work: impl FnMut()) -> [f64; 3] {
    work();
    let mut seconds = [0.0; ROUNDS].map(|_: f64| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    });
    seconds.sort_by(f64::total_cmp);
    [seconds[0], seconds[ROUNDS / 2], seconds[ROUNDS - 1]]
}
