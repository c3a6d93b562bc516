//! How fast the CPU engine is natively: training steps, and the properties of codes. `npm run bench` sets it beside its peers.
//!
//! `cargo bench --bench speed -- DATA OUT` reads MNIST below DATA, prints a JSON array of measurements (medians of several, with
//! the least and the most), and writes the codes that it measured into OUT, so that others can be timed on the same.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use hash_phase::code::{CodeMatrix, Encoding, encode};
use hash_phase::dataset::{Dataset, Examples};
use hash_phase::engine::Engine;
use hash_phase::network::Population;
use hash_phase::properties::{Labelled, accuracy, kmeans, knn, logistic, redundancy};
use hash_phase::random::stream;
use hash_phase::sweep::Plan;
use hash_phase::training::{Batches, Preset, Protocol, Trainer};
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

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let (Some(folder), Some(out)) = (arguments.next(), arguments.next().map(PathBuf::from)) else {
        eprintln!("which MNIST, and where to? `npm run bench` says it");
        std::process::exit(2);
    };
    let data = Dataset::load("mnist", Path::new(&folder)).unwrap();
    let mut found = training(&data);
    for bits in BITS {
        found.extend(properties(&data, bits, &out));
    }
    println!("{}", serde_json::to_string_pretty(&found).unwrap());
}

fn training(data: &Dataset) -> Vec<Value> {
    let figure = Preset::Figure.protocol();
    let published = Plan::preset(Preset::Figure, "mnist").unwrap().axes.width;
    let published: Vec<usize> = published.into_iter().map(|width| width as usize).collect();
    let deep = Protocol { depth: 5, ..figure.clone() };
    let full = data.train().len();
    let all = processors();
    let cases = [
        ("one network of 50", &figure, &[50][..], full, 1),
        ("the 23 widths", &figure, &published, full, 1),
        ("the 23 widths, 10 examples", &figure, &published, 10, 1),
        ("five layers of 100", &deep, &[100], full, 1),
        // As a chart is trained: a population a processor.
        ("the 23 widths, every processor", &figure, &published, full, all),
        ("five layers of 100, every processor", &deep, &[100], full, all),
    ];
    let measured = cases.map(|(name, protocol, widths, samples, threads)| {
        let networks: Vec<_> = widths.iter().map(|&width| protocol.architecture(width)).collect();
        let trainer = |seed| {
            let population = Population::new(784, 10, &networks, &[seed], Engine::cpu().device()).unwrap();
            Trainer::new(population, protocol.clone(), vec![Batches::new(seed, samples, full, 64)]).unwrap()
        };
        let mut trainers: Vec<_> = (1..=threads as u64).map(trainer).collect();
        let seconds = timed(|| {
            thread::scope(|scope| {
                for trainer in &mut trainers {
                    scope.spawn(|| (0..STEPS).for_each(|_| trainer.step(data.train())));
                }
            });
        });
        let rates = seconds.map(|seconds| (STEPS * widths.len() * threads) as f64 / seconds);
        json!({ "name": format!("training, {name}"), "unit": "network-steps/s", "median": rates[1], "least": rates[2], "most": rates[0] })
    });
    measured.into()
}

/// Each property of the codes of a network of so many ReLUs, in the order in which they are measured.
fn properties(data: &Dataset, bits: usize, out: &Path) -> Vec<Value> {
    let figure = Preset::Figure.protocol();
    let population = Population::new(784, 10, &[figure.architecture(bits)], &[1], Engine::cpu().device()).unwrap();
    let full = data.train().len();
    let mut trainer = Trainer::new(population, figure, vec![Batches::new(1, full, full, 64)]).unwrap();
    (0..EPOCHS * trainer.steps_per_epoch()).for_each(|_| trainer.step(data.train()));
    let networks = trainer.population();
    let codes_of = |examples: &Examples| -> CodeMatrix {
        let encoded: Vec<Encoding> = pollster::block_on(encode(networks, examples, &[examples.len()])).unwrap();
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
                    scope.spawn(|| std::hint::black_box(property()));
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
