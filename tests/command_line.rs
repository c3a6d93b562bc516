//! The command line as a user meets it: good calls make files, bad ones make one line and exit code 2.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use std::path::PathBuf;
use std::process::{Command, Output};

/// An empty folder of this test's own.
fn folder(test: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("hash-phase-{}-{test}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn hash_phase(arguments: &str, folder: &PathBuf) -> Output {
    let arguments = arguments.split_whitespace();
    Command::new(env!("CARGO_BIN_EXE_hash-phase")).args(arguments).current_dir(folder).output().unwrap()
}

#[test]
fn a_sweep_makes_a_chart_that_can_be_drawn_and_tabled() {
    let folder = folder("sweep");
    let made = hash_phase(
        "sweep --dataset moons --widths 3,8 --epochs 0,2 --samples 20,1024 --seeds 2 -o chart.json",
        &folder,
    );
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let chart = std::fs::read_to_string(folder.join("chart.json")).unwrap();
    assert!(chart.contains("sweep --dataset moons --widths 3,8") && !chart.contains("chart.json"));

    for picture in ["chart.svg", "chart.png"] {
        let drawn = hash_phase(&format!("plot chart.json -o {picture}"), &folder);
        assert!(drawn.status.success(), "{}", String::from_utf8_lossy(&drawn.stderr));
        assert!(std::fs::metadata(folder.join(picture)).unwrap().len() > 5_000);
    }
    let svg = std::fs::read_to_string(folder.join("chart.svg")).unwrap();
    assert!(svg.contains("redundancy ratio (train)") && svg.contains("layer width"));

    let written = String::from_utf8(hash_phase("figures chart.json -o figures", &folder).stdout).unwrap();
    for figure in ["over-width", "over-time", "over-samples"] {
        let path = format!("figures/{figure}.svg");
        assert!(written.contains(&path), "{written}");
        let svg = std::fs::read_to_string(folder.join(path)).unwrap();
        assert!(svg.contains("categorization accuracy") && svg.contains("2 seeds"));
    }

    assert!(hash_phase("figures chart.json --at epoch=0 -o figures", &folder).status.success());
    let at = |figure: &str| std::fs::read_to_string(folder.join(format!("figures/{figure}.svg"))).unwrap();
    assert!(at("over-samples").contains("epoch 0") && at("over-time").contains("sample size 1024"));

    let refused = hash_phase("compare chart.json", &folder);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("no number at this chart's places"));

    let table = String::from_utf8(hash_phase("table chart.json", &folder).stdout).unwrap();
    assert!(table.contains("| 3 |") && table.contains("| 8 |") && table.contains('±'), "{table}");
    // Nothing else was left behind.
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 4);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_chart_with_a_factor_is_drawn_over_it() {
    let folder = folder("factor");
    let call = "sweep --dataset moons --widths 3,8 --epochs 0,2 --samples 64 --seeds 1 --factor label_noise=0,0.5 -o chart.json";
    assert!(hash_phase(call, &folder).status.success());
    assert!(hash_phase("plot chart.json --x factor --y width --at epoch=2 -o chart.svg", &folder).status.success());
    let svg = std::fs::read_to_string(folder.join("chart.svg")).unwrap();
    assert!(svg.contains("label noise") && svg.contains("at epoch 2"));
    let table = String::from_utf8(hash_phase("table chart.json", &folder).stdout).unwrap();
    assert!(table.contains("| label noise | layer width |") && table.contains("| 0.5 | 8 |"), "{table}");
    let table = String::from_utf8(hash_phase("table chart.json --at factor=0,epoch=0", &folder).stdout).unwrap();
    assert!(table.contains("epoch 0") && table.contains("| 0 | 8 |") && !table.contains("| 0.5 |"), "{table}");
    let refused = hash_phase("plot chart.json --at factor=0.3 -o other.svg", &folder);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("has no 0.3: use one of 0, 0.5"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn codes_from_anywhere_have_their_properties_printed() {
    let codes = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/mnist-w20-plain.json");
    let printed = hash_phase(&format!("properties {codes} --predictions"), &folder("properties"));
    let answer: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(answer["redundancy"]["train"], 0.5105);
    assert_eq!(answer["knn"], 0.723);
    assert_eq!(answer["bits"], 20);
    assert_eq!(answer["predictions"]["knn"].as_array().unwrap().len(), 1000);
    for part in ["train", "test", "inertia"] {
        assert!(answer["kmeans"][part].is_number());
    }
    assert!(answer["logistic"].is_number() && answer["predictions"]["logistic"].is_array());
}

#[test]
fn bad_input_is_one_line_that_says_what_why_and_the_remedy_and_leaves_nothing() {
    let folder = folder("bad");
    std::fs::write(folder.join("broken.json"), "{\"format\": \"hash-phase/chart\", \"version\": NaN}").unwrap();
    std::fs::write(
        folder.join("codes.json"),
        r#"{"bits": 8, "train": 2, "test": 1, "classes": 2, "labels": {"train": [0, 1], "test": [5]}}"#,
    )
    .unwrap();
    std::fs::write(folder.join("codes.bits"), [1, 2, 3]).unwrap();
    std::fs::write(
        folder.join("short.json"),
        r#"{"bits": 8, "train": 9, "test": 1, "classes": 2, "labels": {"train": [], "test": []}}"#,
    )
    .unwrap();
    std::fs::write(folder.join("short.bits"), [1, 2, 3]).unwrap();
    std::fs::create_dir_all(folder.join("data/mnist")).unwrap();
    std::fs::write(folder.join("data/mnist/train-images.gz"), "cut short").unwrap();
    std::fs::create_dir_all(folder.join("short/mnist-small")).unwrap();
    for part in ["train-images", "train-labels", "test-images", "test-labels"] {
        let file = std::fs::File::create(folder.join(format!("short/mnist-small/{part}.gz"))).unwrap();
        let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, &[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3]).unwrap();
        packed.finish().unwrap();
    }
    let before = std::fs::read_dir(&folder).unwrap().count();
    for (call, said) in [
        ("sweep --dataset minst -o x.json", "unknown data set 'minst': choose one of mnist-small"),
        ("sweep --preset fast -o x.json", "unknown preset 'fast': choose one of figure"),
        ("sweep --dataset moons --widths 0,3 -o x.json", "axes.width: 0 leaves nothing to train: use 1 or more"),
        ("sweep --dataset moons --widths three -o x.json", "invalid value 'three'"),
        ("sweep --dataset moons --epochs 3,1 -o x.json", "axes.epoch: 1 does not rise above 3"),
        (
            "sweep --dataset moons --samples 2000 -o x.json",
            "axes.samples: 2000 is more than the 1024 training examples",
        ),
        ("sweep --dataset moons --seeds 0 -o x.json", "axes.seed: no value"),
        ("sweep --dataset moons --learning-rate nan -o x.json", "optimizer.learning_rate is NaN, which is not finite"),
        ("sweep --dataset moons --dropout 1 -o x.json", "dropout is 1"),
        ("sweep --dataset moons --factor colour=1 -o x.json", "'colour=1' is no factor"),
        ("sweep --dataset moons --factor dropout=0,0 -o x.json", "axes.factor.values: 0 is there twice"),
        ("sweep --dataset moons --factor dropout=0,2 -o x.json", "dropout is 2, which is no share"),
        ("sweep --dataset moons --activation sine -o x.json", "unknown activation 'sine': choose one of relu"),
        ("sweep --dataset moons --threads 0 -o x.json", "invalid value '0'"),
        ("sweep --dataset moons -o nowhere/x.json", "'nowhere/x.json' cannot be written"),
        ("sweep --dataset mnist --data data -o x.json", "run `npm run data -- mnist`"),
        ("sweep --dataset mnist --data nowhere -o x.json", "run `npm run data -- mnist`"),
        ("sweep --data short -o x.json", "training images: the header says 6 bytes of data, the file has 3"),
        ("sweep --colour red", "unexpected argument '--colour'"),
        ("plot missing.json -o x.svg", "missing.json: No such file"),
        ("plot broken.json -o x.svg", "broken.json: version: expected value"),
        ("properties codes.json", "codes.json: test label 0 is 5, but there are 2 classes"),
        ("properties short.json", "10 codes of 8 bits take 10 bytes, the file has 3"),
        ("encode codes.bits --dataset moons", "codes.bits: not a safetensors file"),
        ("encode codes.bits", "--dataset"),
        ("properties broken.json", "broken.json: version: expected value"),
        ("", "see `hash-phase --help`"),
    ] {
        let refused = hash_phase(call, &folder);
        let message = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(2), "{call}: {message}");
        assert!(message.contains(said), "{call}: '{message}' does not say '{said}'");
        assert_eq!(message.trim_end().lines().count(), 1, "{call}: {message}");
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), before);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_picture_of_another_kind_is_refused_and_the_chart_is_left_alone() {
    let folder = folder("ending");
    let made = hash_phase("sweep --dataset moons --widths 3 --epochs 0 --samples 64 --seeds 1 -o chart.json", &folder);
    assert!(made.status.success());
    let refused = hash_phase("plot chart.json -o chart.gif", &folder);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("neither .svg nor .png"));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
#[cfg(all(target_os = "linux", feature = "gpu"))]
fn a_gpu_that_is_not_there_is_one_line_with_the_remedy_and_leaves_nothing() {
    let folder = folder("no-gpu");
    let refused = Command::new(env!("CARGO_BIN_EXE_hash-phase"))
        .args("sweep --dataset moons --engine gpu -o chart.json".split_whitespace())
        .envs([("VK_DRIVER_FILES", "none"), ("VK_ICD_FILENAMES", "none")])
        .current_dir(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("no GPU can be used here") && said.contains("use the CPU engine"), "{said}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    std::fs::remove_dir_all(folder).unwrap();
}
