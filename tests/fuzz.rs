//! Every reader takes whatever it is given: sound files changed at random are read or refused, in bounded memory, and never panicked at.
//!
//! `FUZZ=1000000 cargo test --release --features gpu --test fuzz` is a million files a reader; a failing one is shrunk and shown, and its seed is
//! kept in `tests/fuzz.regressions`, to be tried first from then on.
#![cfg(not(target_arch = "wasm32"))] // its allocator is the system's
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use hash_phase::chart::{Entry, Factor, PhaseChart};
use hash_phase::code::CodeMatrix;
use hash_phase::dataset::{Dataset, Description, IdxFiles, IdxSource, Kind, Known, OwnValues, RowFiles, Toy};
use hash_phase::engine::Engine;
use hash_phase::network::{Onnx, StoredFile};
use hash_phase::reader::{File, Options, Own};
use hash_phase::sweep::{self, AskedOf, Encoded, Found, Plan, Share, Task};
use hash_phase::training::Preset;
use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, RngAlgorithm, TestRng, TestRunner};

/// Files a reader in `npm test`.
const FEW: u32 = 20_000;
/// Bytes that a reader may hold at a time, whatever it is given: these files are below a tenth of a megabyte.
const MOST_BYTES: u64 = 100_000_000;

/// One change of a file.
#[derive(Debug, Clone)]
enum Change {
    /// This byte, at a place.
    Byte(u16, u8),
    /// This word in the place of so many bytes.
    Word(u16, u8, &'static str),
    /// Cut off here.
    Cut(u16),
    /// So many bytes once more, elsewhere.
    Again(u16, u8, u16),
    /// Another number in the place of one of the numbers in a text.
    Number(u16, &'static str),
}

/// What readers stumble over.
const WORDS: [&str; 22] = [
    "0",
    "-1",
    "1e999",
    "-0.0",
    "NaN",
    "null",
    "true",
    "\"\"",
    "[]",
    "{}",
    "4294967295",
    "4294967296",
    "18446744073709551615",
    "9e18",
    "1e-320",
    "\u{0}",
    "\u{fffd}",
    ",",
    "]}",
    "\n",
    "999999999",
    "[[[[[[[[[[[[[[[[",
];

fn change() -> impl Strategy<Value = Change> {
    let word = || prop::sample::select(&WORDS[..]);
    prop_oneof![
        3 => (any::<u16>(), any::<u8>()).prop_map(|(place, byte)| Change::Byte(place, byte)),
        3 => (any::<u16>(), 0..12_u8, word()).prop_map(|(place, length, word)| Change::Word(place, length, word)),
        1 => any::<u16>().prop_map(Change::Cut),
        2 => (any::<u16>(), any::<u8>(), any::<u16>()).prop_map(|(place, length, to)| Change::Again(place, length, to)),
        4 => (any::<u16>(), word()).prop_map(|(which, word)| Change::Number(which, word)),
    ]
}

/// A file after some changes, each at a place that is a share of its length.
fn changed(file: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut file = file.to_vec();
    for change in changes {
        let at = |place: u16, file: &[u8]| usize::from(place) * file.len() / (usize::from(u16::MAX) + 1);
        match *change {
            Change::Byte(place, byte) => {
                let at = at(place, &file);
                file.get_mut(at).into_iter().for_each(|old| *old = byte);
            }
            Change::Word(place, length, word) => {
                let at = at(place, &file);
                let end = (at + usize::from(length)).min(file.len());
                file.splice(at..end, word.bytes());
            }
            Change::Cut(place) => file.truncate(at(place, &file)),
            Change::Again(place, length, to) => {
                let (from, to) = (at(place, &file), at(to, &file));
                let part = file[from..(from + usize::from(length)).min(file.len())].to_vec();
                file.splice(to..to, part);
            }
            Change::Number(which, word) => {
                let is_part = |byte: &u8| byte.is_ascii_digit() || b"-+.eE".contains(byte);
                let starts: Vec<_> = (0..file.len())
                    .filter(|&place| file[place].is_ascii_digit() && (place == 0 || !is_part(&file[place - 1])))
                    .collect();
                if let Some(&start) = starts.get(usize::from(which) % starts.len().max(1)) {
                    let length = file[start..].iter().take_while(|byte| is_part(byte)).count();
                    file.splice(start..start + length, word.bytes());
                }
            }
        }
    }
    file
}

/// Changes each of `files` at random, and lets `read` have what comes of it.
fn fuzz(files: &[Vec<u8>], read: impl Fn(&[u8])) {
    let asked = std::env::var("FUZZ").ok().map(|cases| cases.parse().unwrap());
    let config = ProptestConfig {
        cases: asked.unwrap_or(FEW),
        max_shrink_iters: 10_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        source_file: Some(file!()),
        ..ProptestConfig::default()
    };
    // `npm test` uses the same files each time; longer runs on request use new ones.
    let seeded = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = if asked.is_some() { TestRunner::new(config) } else { TestRunner::new_with_rng(config, seeded) };
    let changes = (prop::sample::select(files.to_vec()), prop::collection::vec(change(), 0..6));
    runner
        .run(&changes, |(file, changes)| {
            let file = changed(&file, &changes);
            let used = allocation_counter::measure(|| read(&file));
            prop_assert!(used.bytes_max < MOST_BYTES, "{} bytes at a time", used.bytes_max);
            Ok(())
        })
        .unwrap();
}

/// A small chart of two levels with a gap, and its plan.
fn chart() -> (Plan, PhaseChart) {
    let mut plan = Plan::preset(Preset::Quick, "moons").unwrap();
    plan.axes.width = vec![3, 5];
    plan.axes.epoch = vec![0, 1];
    plan.axes.samples = vec![20, 30];
    plan.axes.factor = Some("label_noise=0,0.5".parse().unwrap());
    let data = Arc::new(Toy::Moons.generate());
    let chart = sweep::run(&plan, &data, NonZeroUsize::MIN, &Engine::cpu(), None, |_, _| {}).unwrap();
    (plan, chart)
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{name}", std::env::var("CARGO_MANIFEST_DIR").unwrap())).unwrap()
}

#[test]
fn charts() {
    fuzz(&[chart().1.to_json().unwrap().into_bytes()], |file| {
        let Ok(text) = std::str::from_utf8(file) else { return };
        if let Ok(read) = PhaseChart::from_json(text) {
            // Whatever was accepted is sound: it can be written, read again and drawn.
            let again = PhaseChart::from_json(&read.to_json().unwrap()).unwrap();
            assert_eq!(again, read);
        }
    });
}

#[test]
fn journals() {
    let (_, chart) = chart();
    let begun = PhaseChart { cells: Vec::new(), ..chart.clone() };
    let mut journal = Entry::Chart { chart: begun.into() }.line().unwrap();
    for cell in &chart.cells {
        let entry = Entry::Cell { cell: cell.clone().into(), provenance: chart.provenance.clone() };
        journal += &entry.line().unwrap();
    }
    fuzz(&[journal.into_bytes()], |file| {
        if let Ok(Some((read, sound))) = PhaseChart::from_journal(file) {
            assert!(sound <= file.len());
            PhaseChart::from_json(&read.to_json().unwrap()).unwrap();
        }
    });
}

#[test]
fn plans() {
    let plans =
        [chart().0, Plan::preset(Preset::Code, "mnist").unwrap(), Plan::preset(Preset::Quick, "cifar10").unwrap()];
    let files = plans.map(|plan| serde_json::to_vec(&plan).unwrap());
    fuzz(&files, |file| {
        let Ok(plan) = serde_json::from_slice::<Plan>(file) else { return };
        if plan.check(48_000).is_ok() {
            // Whatever was accepted can be summed over.
            assert!(plan.populations().len() * plan.cells_per_population() == plan.cells());
            assert!(plan.population_bytes() <= hash_phase::bounds::BOUNDS.bytes);
        }
    });
}

#[test]
fn factors() {
    let files =
        ["label_noise=0,0.2,1", "depth=1,2,3", "activation=relu,gelu", "batch_norm=false,true", "early_stopping=0,10"];
    fuzz(&files.map(|file| file.as_bytes().to_vec()), |file| {
        let Ok(text) = std::str::from_utf8(file) else { return };
        if let Ok(factor) = text.parse::<Factor>() {
            assert_eq!(factor.values().len(), factor.len());
        }
    });
}

#[test]
fn codes() {
    // The numbers of rows and bits come from another file, which anybody may have written.
    let files = [b"1000 20 ".to_vec(), b"50 100 ".to_vec()].map(|head| [head, vec![0xa5; 3_000]].concat());
    fuzz(&files, |file| {
        let mut parts = file.splitn(3, |&byte| byte == b' ');
        let mut number = || std::str::from_utf8(parts.next()?).ok()?.parse::<usize>().ok();
        let (Some(rows), Some(bits)) = (number(), number()) else { return };
        let Some(bytes) = parts.next() else { return };
        for length in [bytes.len(), rows.saturating_mul(bits.div_ceil(8)).min(bytes.len())] {
            if let Ok(codes) = CodeMatrix::from_bytes(&bytes[..length], rows, bits) {
                assert_eq!((codes.rows(), codes.bits()), (rows, bits));
            }
        }
    });
}

/// An idx file of bytes.
fn idx(dims: &[u32], data: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, dims.len() as u8];
    dims.iter().for_each(|dim| file.extend(dim.to_be_bytes()));
    file.extend(data);
    file
}

#[test]
fn idx_files() {
    let labels: Vec<u8> = (0..40).map(|example| example % 10).collect();
    let (images, labels) = (idx(&[40, 5, 5], &[7; 1_000]), idx(&[40], &labels));
    for shard in [None, Some(20)] {
        let source = IdxSource { train: 40, shard };
        let classes = (0..10).map(|label| label.to_string()).collect();
        let description = Description { name: None, kind: Kind::grey(5, 5), classes };
        let read = |train: &[u8], train_labels: &[u8], test: &[u8]| {
            let train_images = vec![train.to_vec().into(); if shard.is_some() { 2 } else { 1 }];
            let files =
                IdxFiles { train_images, train_labels, test_images: test.to_vec().into(), test_labels: &labels };
            if let Ok(data) = Dataset::from_idx("mnist-small", source, description.clone(), 40, files) {
                assert!(
                    data.inputs() > 0 && data.train().labels().iter().all(|&label| usize::from(label) < data.classes())
                );
            }
        };
        fuzz(std::slice::from_ref(&images), |file| read(file, &labels, &images));
        fuzz(std::slice::from_ref(&images), |file| read(&images, &labels, file));
        fuzz(std::slice::from_ref(&labels), |file| read(&images, file, &images));
    }
}

#[test]
fn rows_of_known_tables() {
    let known = Known { train: 20, test: 10, inputs: 6, ..Known::named("adult").unwrap().clone() };
    let of = |kind: u8, numbers: &[[u8; 4]]| {
        let mut file = vec![0, 0, kind, 1];
        file.extend((numbers.len() as u32).to_be_bytes());
        file.extend(numbers.concat());
        file
    };
    let integers = |numbers: Vec<u32>| of(0x0C, &numbers.iter().map(|number| number.to_be_bytes()).collect::<Vec<_>>());
    let labels: Vec<u8> = (0..30).map(|row| row % 2).collect();
    let sound = [
        br#"{"kind": "words", "inputs": 6, "classes": ["a", "b"]}"#.to_vec(),
        integers((0..=30).map(|row| 2 * row).collect()),
        integers((0..60).map(|entry| entry % 2 * 3 + 1).collect()),
        of(0x0D, &[0.5_f32.to_be_bytes(); 60]),
        idx(&[30], &labels),
    ];
    let read = |[description, starts, places, numbers, labels]: [&[u8]; 5]| {
        Dataset::from_rows(&known, RowFiles { description, starts, places, numbers, labels })
    };
    let all = |changed: usize, file: &[u8]| {
        let mut files = sound.each_ref().map(Vec::as_slice);
        files[changed] = file;
        read(files).map(|data| (data.inputs(), data.train().len(), data.test().len()))
    };
    assert_eq!(all(0, &sound[0]).unwrap(), (6, 20, 10));
    for (changed, sound) in sound.iter().enumerate() {
        fuzz(std::slice::from_ref(sound), |file| {
            if let Ok(sizes) = all(changed, file) {
                assert_eq!(sizes, (6, 20, 10));
            }
        });
    }
}

#[test]
fn safetensors() {
    let files = ["torch-00", "torch-05", "keras-00", "keras-07"]
        .map(|name| fixture(&format!("sequentials/{name}.safetensors")));
    // Half of the changes go to the header, which says where everything is.
    let heads = files.iter().map(|file| file[..file.len().min(600)].to_vec()).collect::<Vec<_>>();
    let labels: Vec<u8> = (0..30).map(|example| example % 3).collect();
    let data = Dataset::own(OwnValues::Floats((0..120).map(|at| (at % 7) as f32 / 7.0).collect()), labels, 20).unwrap();
    // Whatever was accepted is encoded and measured, too.
    let read = |file: &[u8]| {
        for layers in [None, Some("0,relu,2,relu,4")] {
            if let Ok(found) = Found::measure(
                StoredFile { layers, ..file.into() },
                &data,
                AskedOf { kmeans_starts: Some(1), ..AskedOf::default() },
                &|_| (),
            ) {
                assert!(!found.numbers.widths.is_empty());
            }
        }
    };
    fuzz(&files, read);
    fuzz(&heads, |head| {
        let mut file = files[0].clone();
        let length = head.len().min(file.len());
        file[..length].copy_from_slice(&head[..length]);
        read(&file);
    });
}

#[test]
fn onnx() {
    let names = ["perceptron", "lenet", "depthwise", "prelu", "transformer", "quantised", "opset-9", "scikit-learn"];
    let files = names.map(|name| fixture(&format!("onnx/{name}.onnx")));
    let inputs = |file: &[u8]| if file.windows(6).any(|word| word == b"Gather") { 8 } else { 64 };
    // Whatever was accepted is run, too.
    fuzz(&files, |file| {
        for inputs in [inputs(file), 192] {
            if let Ok(network) = Onnx::read(file, None, None, [inputs, 4], &|_| None) {
                assert!(!network.widths().is_empty());
                let _ = network.pass(vec![1.0; inputs], 1);
            }
        }
    });
}

/// A network's own file, which says how it was measured: that is a stranger's word, too.
#[test]
fn weights_that_say_how_they_were_measured() {
    let mut plan = Plan::preset(Preset::Quick, "moons").unwrap();
    plan.axes.width = vec![3];
    plan.axes.epoch = vec![1];
    plan.axes.samples = vec![20];
    plan.protocol.label_noise = 0.2;
    let (data, engine) = (Arc::new(Toy::Moons.generate()), Engine::cpu());
    let file = Mutex::new(Vec::new());
    let keep = |_: &Encoded, weights: &[u8]| {
        *file.lock().unwrap() = weights.to_vec();
        Ok(())
    };
    let (threads, share) = (NonZeroUsize::MIN, Share::WHOLE);
    let task = Task { plan: &plan, data: &data, threads, engine: &engine, share, finished: None, keep: Some(&keep) };
    task.run(|_, _| {}).unwrap();
    let small = Dataset::own(
        OwnValues::Floats((0..120).map(|at| (at % 7) as f32).collect()),
        (0..60).map(|at| at % 2).collect(),
        40,
    )
    .unwrap();
    let file = file.into_inner().unwrap();
    assert!(Found::measure(file[..].into(), &data, AskedOf::default(), &|_| ()).unwrap().numbers.as_cell);
    fuzz(&[file], |file| {
        let _ = Found::measure(file.into(), &small, AskedOf::default(), &|_| ());
    });
}

#[test]
fn own_data() {
    fuzz(&[(0..=255).collect(), vec![0, 1, 2, 3, 0, 1, 2, 3], vec![0; 4_000]], |file| {
        let (labels, values) = file.split_at(file.len() / 5);
        let train = labels.len() * 4 / 5;
        let floats = values.iter().map(|&value| f32::from_bits(u32::from(value) << 23)).collect();
        for values in [OwnValues::Bytes(values.to_vec().into()), OwnValues::Floats(floats)] {
            if let Ok(data) = Dataset::own(values, labels.to_vec(), train) {
                assert!(data.classes() >= 2 && data.train().len() == train);
            }
        }
    });
}

/// Reads a changed file beside others that are sound.
fn bring(path: &str, file: &[u8], others: &[(&str, &[u8])]) {
    let all = [&[(path, file)], others].concat();
    let files = all.into_iter().map(|(path, bytes)| File { path: path.into(), bytes: bytes.into() }).collect();
    if let Ok(own) = Own::read("brought", files, &Options::default()) {
        let (rows, inputs) = (own.labels.len(), own.description.kind.inputs());
        assert!(own.train < rows && inputs > 0);
        if let Ok(data) = own.dataset() {
            assert_eq!(data.inputs() as u64, inputs);
        }
    }
}

fn own(name: &str) -> Vec<u8> {
    fixture(&format!("own/{name}"))
}

#[test]
fn tables() {
    let names = [
        "51-pandas-index/noise.csv",
        "54-excel/german.csv",
        "54-excel/unicode-text.txt",
        "54-excel/thousands.csv",
        "55-missing/question.csv",
        "56-wdbc/kaggle.csv",
        "58-odd-cells/bools.csv",
        "59-shapes/quoted-after-space.csv",
        "59-shapes/seeds_dataset.txt",
    ];
    fuzz(&names.map(own), |file| bring("a.csv", file, &[]));
    let test = own("60-two-tables/test.csv");
    fuzz(&[own("60-two-tables/train.csv")], |file| bring("train.csv", file, &[("test.csv", &test)]));
}

#[test]
fn words() {
    fuzz(&[own("59-shapes/libsvm.txt")], |file| bring("a.svm", file, &[]));
}

#[test]
fn arrays() {
    fuzz(&[own("59-shapes/iris.npz")], |file| bring("a.npz", file, &[]));
    let labels = idx(&[120], &(0..120).map(|at| at % 3).collect::<Vec<_>>());
    fuzz(&[own("59-shapes/x.npy")], |file| bring("x.npy", file, &[("train-labels-idx1-ubyte", &labels)]));
    let images = idx(&[120, 4, 4], &[7; 1_920]);
    fuzz(&[images], |file| bring("train-images-idx3-ubyte", file, &[("train-labels-idx1-ubyte", &labels)]));
}

#[test]
fn pictures() {
    let sound = own("80-finder-explorer/pets/cats/01.png");
    let others: [(&str, &[u8]); 3] = [("cats/1.png", &sound), ("dogs/1.png", &sound), ("dogs/2.png", &sound)];
    let names = ["80-finder-explorer/pets/dogs/02.png", "93-exif/photos/up/0.jpg", "96b-pgm/faces/s1/1.pgm"];
    fuzz(&names.map(own), |file| bring("cats/2.png", file, &others));
}
