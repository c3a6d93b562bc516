//! A small file that asks for much is read, or refused in one line, within a gigabyte.
#![cfg(target_os = "linux")] // where the system says how much a process has held at most
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use safetensors::tensor::{Dtype, TensorView, serialize};

const MOST: u64 = 1_000_000_000;

fn folder(test: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("hash-phase-{}-{test}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Bytes that a process has held at most, so far.
fn peak(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(1024 * line.split_whitespace().nth(1)?.parse::<u64>().ok()?)
}

/// Runs a call to its end; it must not hold more than it may.
fn run(call: &str, folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hash-phase"));
    command.args(call.split_whitespace()).current_dir(folder).stderr(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        most = most.max(peak(&child).unwrap_or_default());
        assert!(most < MOST, "{call} holds {most} bytes");
        std::thread::yield_now();
    }
    child.wait_with_output().unwrap()
}

/// A call that is refused in one line, which has these words.
fn refused(call: &str, folder: &Path, words: &str) {
    let output = run(call, folder);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.lines().count() == 1 && said.contains(words), "{call}: {said}");
}

/// A perceptron of Linear layers with ReLUs in between, without biases.
fn network(path: &Path, widths: &[usize]) {
    let kernels: Vec<(String, Vec<usize>, Vec<u8>)> = widths
        .windows(2)
        .enumerate()
        .map(|(index, pair)| (format!("{}.weight", 2 * index), vec![pair[1], pair[0]], vec![0; 4 * pair[0] * pair[1]]))
        .collect();
    let views = kernels
        .iter()
        .map(|(name, shape, bytes)| (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap()));
    fs::write(path, serialize(views, None).unwrap()).unwrap();
}

#[test]
fn a_network_of_a_million_units_or_of_codes_of_a_million_bits() {
    let folder = folder("wide");
    network(&folder.join("wide.safetensors"), &[2, 1, 1_000_000, 2]);
    refused("encode wide.safetensors --dataset moons", &folder, "1000000 units in '2', more than the limit of 16384");
    network(&folder.join("deep.safetensors"), &[&[2][..], &[1; 102], &[2]].concat());
    refused("encode deep.safetensors --dataset moons", &folder, "102 layers of ReLUs, more than the limit of 100");
    // 48 layers of the widest with a bottleneck between them: a small file, and 800,000 bits a code, which are compared once.
    let bottlenecks: Vec<usize> = (0..48).flat_map(|_| [1, 16_384]).collect();
    network(&folder.join("long.safetensors"), &[&[2][..], &bottlenecks, &[2]].concat());
    assert!(run("encode long.safetensors --dataset moons --starts 1", &folder).status.success());
    network(&folder.join("sound.safetensors"), &[2, 16_384, 2]);
    assert!(run("encode sound.safetensors --dataset moons --starts 1", &folder).status.success());
    fs::remove_dir_all(folder).unwrap();
}

/// Codes of zeros, the labels counting up.
fn codes(folder: &Path, bits: u64, train: u64, test: u64, classes: u64, labelled: bool) {
    let labels = |count: u64| -> Vec<u64> { (0..if labelled { count } else { 0 }).map(|row| row % classes).collect() };
    let description = serde_json::json!({
        "bits": bits, "train": train, "test": test, "classes": classes,
        "labels": { "train": labels(train), "test": labels(test) },
    });
    fs::write(folder.join("codes.json"), description.to_string()).unwrap();
    // All zeros: a sparse file takes no room on the disk.
    File::create(folder.join("codes.bits")).unwrap().set_len((train + test) * bits.div_ceil(8)).unwrap();
}

#[test]
fn codes_that_ask_for_more_than_they_are() {
    let folder = folder("codes");
    let measure = "properties codes.json --starts 1";
    // All pairs of 256 classes side by side would take 76 GB.
    codes(&folder, 10_000, 256, 1, 256, true);
    assert!(run(measure, &folder).status.success());
    codes(&folder, 1, 1_999_999_999, 1, 256, false);
    refused(measure, &folder, "measuring these codes takes");
    codes(&folder, 4_000_000_000, 1, 1, 2, true);
    refused(measure, &folder, "measuring these codes takes");
    codes(&folder, 8, 100, 100, 2, true);
    File::create(folder.join("codes.bits")).unwrap().set_len(1_900_000_000).unwrap();
    refused(measure, &folder, "200 codes of 8 bits take 200 bytes, the file has 1900000000");
    fs::remove_dir_all(folder).unwrap();
}

/// A chart of no network, as JSON, to be changed.
fn chart(folder: &Path) -> serde_json::Value {
    let made =
        run("sweep --dataset moons --widths 3 --epochs 0 --samples 64 --seeds 1 -o chart.json --overwrite", folder);
    assert!(made.status.success());
    serde_json::from_str(&fs::read_to_string(folder.join("chart.json")).unwrap()).unwrap()
}

#[test]
fn a_chart_whose_axes_have_no_end() {
    let folder = folder("axes");
    let mut chart = chart(&folder);
    chart["axes"]["factor"] = serde_json::json!({ "name": "dropout", "values": vec![0.5; 10_000_000] });
    fs::write(folder.join("chart.json"), chart.to_string()).unwrap();
    refused("table chart.json", &folder, "10000000 squares, more than the limit of 1000000");
    fs::remove_dir_all(folder).unwrap();
}

/// A chart of so many widths and epochs, without plans, every square there.
fn large(folder: &Path, widths: u32, epochs: u32) {
    let mut chart = chart(folder);
    let cell = chart["cells"][0].clone();
    chart["axes"]["width"] = (1..=widths).collect();
    chart["axes"]["epoch"] = (0..epochs).collect();
    chart.as_object_mut().unwrap().remove("plans");
    let cells = (0..epochs).flat_map(|epoch| (1..=widths).map(move |width| (epoch, width)));
    let cells = cells.map(|(epoch, width)| {
        let mut cell = cell.clone();
        (cell["epoch"], cell["width"], cell["bits"]) = (epoch.into(), width.into(), 1.into());
        cell
    });
    chart["cells"] = cells.collect();
    fs::write(folder.join("chart.json"), chart.to_string()).unwrap();
}

#[test]
fn a_picture_of_a_hundred_thousand_squares_looks_each_up_once() {
    let folder = folder("plot");
    large(&folder, 400, 250);
    // A search per cell would be quadratic: ten billion comparisons, a dozen times over.
    assert!(run("plot chart.json -o chart.png", &folder).status.success());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn more_shares_are_merged_than_a_program_may_have_files_open() {
    let folder = folder("shares");
    let sweep = "sweep --dataset moons --widths 2 --epochs 0 --samples 10 --seeds 150 --threads 1";
    for share in 1..=150 {
        assert!(run(&format!("{sweep} --shard {share}/150 -o share-{share}.json"), &folder).status.success());
    }
    let merge = format!("ulimit -n 64; exec '{}' merge share-*.json -o chart.json", env!("CARGO_BIN_EXE_hash-phase"));
    let merged = Command::new("bash").args(["-c", &merge]).current_dir(&folder).output().unwrap();
    assert!(merged.status.success(), "{}", String::from_utf8_lossy(&merged.stderr));
    assert!(String::from_utf8_lossy(&merged.stderr).contains("150 networks of 150 charts"));
    fs::remove_dir_all(folder).unwrap();
}
