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

    assert!(hash_phase("figures chart.json --at epoch=0 -o figures --overwrite", &folder).status.success());
    let at = |figure: &str| std::fs::read_to_string(folder.join(format!("figures/{figure}.svg"))).unwrap();
    assert!(at("over-samples").contains("epoch 0") && at("over-time").contains("sample size 1024"));

    let refused = hash_phase("compare chart.json", &folder);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("the paper has none at this chart's settings"));

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
    assert!(hash_phase("columns chart.json -o chart.arrow", &folder).status.success());
    assert!(hash_phase("plot chart.arrow --facet factor --y epoch -o small.svg", &folder).status.success());
    let svg = std::fs::read_to_string(folder.join("small.svg")).unwrap();
    assert!(svg.contains("redundancy ratio (train) for each label noise") && svg.contains("up: epoch 0 to 2"));
    // A square each of two widths, two epochs and two levels, and the colours' legend.
    assert_eq!(svg.matches("<rect").count(), 1 + 8 + 100, "{svg}");
    let borders = hash_phase("borders chart.arrow --at factor=0.5 --redundancy 0.99", &folder);
    let borders = String::from_utf8(borders.stdout).unwrap();
    assert!(
        borders.contains("label noise 0.5") && borders.contains("training redundancy falls below 0.99"),
        "{borders}"
    );
    assert!(borders.contains("| epoch | 64 | a doubling of the examples |"), "{borders}");
    let refused = hash_phase("plot chart.json --facet epoch --y epoch -o other.svg", &folder);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--facet epoch: it is across or up already"));
    let refused = hash_phase("plot chart.json --at factor=0.3 -o other.svg", &folder);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("has no 0.3: use one of 0, 0.5"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn codes_from_anywhere_have_their_properties_printed() {
    let codes = &format!("{}/tests/fixtures/mnist-w20-plain.json", std::env::var("CARGO_MANIFEST_DIR").unwrap());
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
fn codes_of_a_network_travel_in_a_file_of_numpy() {
    let folder = folder("numpy");
    let sweep = "sweep --dataset moons --widths 6 --epochs 1 --samples 200 --seeds 1 --weights nets -o chart.json";
    assert!(hash_phase(sweep, &folder).status.success());
    let network = std::fs::read_dir(folder.join("nets")).unwrap().next().unwrap().unwrap().path();
    std::fs::rename(network, folder.join("net.safetensors")).unwrap();
    let encoded = hash_phase("encode net.safetensors --dataset moons --codes codes.npz", &folder);
    assert!(encoded.status.success(), "{}", String::from_utf8_lossy(&encoded.stderr));
    let again = hash_phase("properties codes.npz", &folder);
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    let numbers = |printed: &[u8]| serde_json::from_slice::<serde_json::Value>(printed).unwrap();
    let (there, here) = (numbers(&encoded.stdout), numbers(&again.stdout));
    // K-Means is seeded by the cell there.
    for name in ["bits", "redundancy", "knn", "logistic"] {
        assert_eq!(there[name], here[name], "{name}");
    }
    let refused = hash_phase("encode net.safetensors --dataset moons --codes codes.npz", &folder);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("'codes.npz' already exists"));
    std::fs::write(folder.join("broken.npz"), "PK").unwrap();
    let broken = hash_phase("properties broken.npz", &folder);
    assert_eq!(broken.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&broken.stderr).contains("broken.npz: "));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_bit_a_channel_and_the_sums_beside_it_travel_with_a_table_of_the_layers() {
    let folder = folder("channels");
    let network = format!("{}/tests/fixtures/onnx/lenet.onnx", std::env::var("CARGO_MANIFEST_DIR").unwrap());
    // Sixty pictures of eight times eight, brighter where their class says it.
    let row = |row: usize| {
        let pixel = |place: usize| (row * 37 + place * 11) % 50 + if place / 16 == row % 4 { 50 } else { 0 };
        let pixels: Vec<String> = (0..64).map(|place| pixel(place).to_string()).collect();
        format!("{},class {}\n", pixels.join(","), row % 4)
    };
    let head: Vec<String> = (0..64).map(|place| format!("pixel{place}")).collect();
    let table = format!("{},label\n{}", head.join(","), (0..60).map(row).collect::<String>());
    std::fs::write(folder.join("pictures.csv"), table).unwrap();
    let call =
        format!("encode {network} --dataset pictures.csv --code channels --codes codes.npz --layers-to layers.csv");
    let encoded = hash_phase(&call, &folder);
    assert!(encoded.status.success(), "{}", String::from_utf8_lossy(&encoded.stderr));
    let answer: serde_json::Value = serde_json::from_slice(&encoded.stdout).unwrap();
    assert_eq!((&answer["code"], &answer["widths"]), (&"channels".into(), &serde_json::json!([4, 6, 16])));
    assert!(answer["channel_sums"]["knn"].as_f64().unwrap() > 0.5 && answer["layers"].is_null());
    let mut archive = zip::ZipArchive::new(std::fs::File::open(folder.join("codes.npz")).unwrap()).unwrap();
    for (name, rows) in [("train_sums", 48), ("test_sums", 12)] {
        let array = npyz::NpyFile::new(archive.by_name(&format!("{name}.npy")).unwrap()).unwrap();
        assert_eq!(array.shape(), [rows, 26]);
        let sums: Vec<f32> = array.into_vec().unwrap();
        assert!(sums.iter().all(|sum| sum.is_finite()) && sums.iter().any(|&sum| sum > 0.0));
    }
    let layers = std::fs::read_to_string(folder.join("layers.csv")).unwrap();
    assert_eq!(layers.lines().count(), 4, "{layers}");
    assert!(layers.starts_with("layer,name,width,bits,redundancy_train,"));
    let refused = hash_phase(&format!("encode {network} --dataset pictures.csv --layers-to layers.xlsx"), &folder);
    assert!(
        String::from_utf8_lossy(&refused.stderr)
            .contains("--layers-to layers.xlsx: give a name that ends in .csv or .arrow")
    );
    let refused = hash_phase(&format!("encode {network} --dataset pictures.csv --layers-to layers.csv"), &folder);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("'layers.csv' already exists"));
    std::fs::remove_dir_all(folder).unwrap();
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
        folder.join("many.json"),
        r#"{"bits": 8, "train": 2, "test": 1, "classes": 100000000000, "labels": {"train": [0, 1], "test": [1]}}"#,
    )
    .unwrap();
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
        ("sweep --dataset moons --epochs 3,1 -o x.json", "axes.epoch: 1 is not greater than 3"),
        (
            "sweep --dataset moons --samples 2000 -o x.json",
            "axes.samples: 2000 is more than the 1024 training examples",
        ),
        ("sweep --dataset moons --seeds 0 -o x.json", "axes.seed: no values"),
        (
            "sweep --dataset moons --learning-rate nan -o x.json",
            "optimizer.learning_rate is NaN, which is out of range: use a number above 0",
        ),
        ("sweep --dataset moons --dropout 1 -o x.json", "dropout is 1"),
        ("sweep --dataset moons --factor colour=1 -o x.json", "'colour=1' is not a factor"),
        ("sweep --dataset moons --factor dropout=0,0 -o x.json", "axes.factor.values: 0 appears twice"),
        ("sweep --dataset moons --factor dropout=0,2 -o x.json", "dropout is 2, which is out of range"),
        ("sweep --dataset moons --activation sine -o x.json", "unknown activation 'sine': choose one of relu"),
        (
            "sweep --dataset moons --widths 100000000 -o x.json",
            "axes.width: 100000000 is more than 16384: use 16384 or less",
        ),
        ("sweep --dataset moons --seeds 4000000000 -o x.json", "the number of seeds: 4000000000 is more than 10000"),
        ("sweep --dataset moons --depth 4000000000 -o x.json", "depth: 4000000000 is more than 100"),
        (
            "sweep --dataset moons --widths 16384 --depth 90 -o x.json",
            "GB for a population, more than the limit of 3.0 GB",
        ),
        ("sweep --early-stopping 3 --weights nets -o x.json", "--weights cannot be used with early stopping"),
        ("properties many.json", "many.json: 100000000000 classes are more than 256"),
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
        ("sweep --dataset moons --colour red -o x.json", "see `hash-phase sweep --help`"),
        ("sweeep", "see `hash-phase --help`"),
        ("sweep --dataset moons -o data", "'data' is a folder: give -o a file name in it"),
        ("sweep --dataset moons --resume -o /dev/null", "--resume continues from a file, and '/dev/null' is not one"),
        ("encode codes.bits --dataset moons -o x.bits", "the codes would overwrite their description"),
        (
            "encode codes.bits --dataset moons -o codes.json",
            "is an input of this command: choose another output with -o",
        ),
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
fn numbers_of_the_paper_stand_beside_the_networks_that_they_are_of_and_no_others() {
    let folder = folder("compare");
    let charts = &format!("{}/www/charts", std::env::var("CARGO_MANIFEST_DIR").unwrap());
    let compared = |call: &str| {
        let answer = hash_phase(&format!("compare {charts}/{call}"), &folder);
        String::from_utf8_lossy(if answer.status.success() { &answer.stdout } else { &answer.stderr }).into_owned()
    };
    let trained = compared("mnist-figure.json");
    assert!(trained.contains("| 40 | 0.105 ± 0.021 / 0.1 |") && trained.contains("/ 0.57**"), "{trained}");
    assert!(
        trained
            .contains("Left out: by training sample size, the published values are of epoch 10, these of epoch 100.")
    );
    let before = compared("mnist-figure.json --at epoch=0");
    assert!(
        !before.contains("| layer width |") && before.contains("of epoch 100 or later, these of epoch 0"),
        "{before}"
    );
    let early = compared("mnist-figure.json --at epoch=10");
    assert!(early.contains("/ 0.77") && !early.contains("| layer width |"), "{early}");
    let random = compared("mnist-label-noise.json --at factor=1");
    assert!(random.contains("by layer width, the published values are of another label noise"), "{random}");
    let normed = compared("mnist-code.json");
    assert!(normed.contains("no published values to compare with") && normed.contains("of another batch norm"));
    assert!(compared("cifar10-code.json").contains("| 200 |"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_picture_of_a_number_that_the_chart_has_not_is_refused() {
    let folder = folder("metric");
    let call = "sweep --dataset moons --widths 3 --epochs 0 --samples 64 --seeds 1 -o chart.json";
    assert!(hash_phase(call, &folder).status.success());
    let refused = hash_phase("plot chart.json --metric redundancy-random -o x.svg", &folder);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        said.contains("has no values of redundancy ratio (random inputs): train it with --random-inputs"),
        "{said}"
    );
    assert!(!folder.join("x.svg").exists());
    // The kind of picture follows from the file's ending, in upper or lower case.
    assert!(hash_phase("plot chart.json -o chart.SVG", &folder).status.success());
    assert!(hash_phase("plot chart.json -o chart.Png", &folder).status.success());
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn resuming_with_another_factor_is_refused_and_leaves_the_chart() {
    let folder = folder("resume");
    let sweep = "sweep --dataset moons --widths 8 --epochs 0,2 --samples 64 --seeds 1";
    assert!(hash_phase(&format!("{sweep} --factor label_noise=0,1 -o f.json"), &folder).status.success());
    let before = std::fs::read(folder.join("f.json")).unwrap();
    let refused = hash_phase(&format!("{sweep} --factor dropout=0,0.5 --resume -o f.json"), &folder);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(
        said.contains("differs in 'axes.factor': repeat the command that started it, or choose another file"),
        "{said}"
    );
    assert_eq!(std::fs::read(folder.join("f.json")).unwrap(), before);
    let more = hash_phase(
        &sweep.replace("64", "64,128").replace("--seeds 1", "--seeds 2 --factor label_noise=0,1 --resume -o f.json"),
        &folder,
    );
    assert!(more.status.success(), "{}", String::from_utf8_lossy(&more.stderr));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_network_that_diverges_costs_the_others_nothing_and_the_exit_says_so() {
    let folder = folder("gaps");
    let call = "sweep --dataset moons --widths 3 --epochs 0,1 --samples 64 --seeds 1 --learning-rate 1e30 --momentum 0 -o chart.json";
    let done = hash_phase(call, &folder);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(3), "{said}");
    assert!(
        said.contains("1 cells")
            && said.contains("1 gaps where training diverged (width 3, epoch 1, 64 samples, seed 1)"),
        "{said}"
    );
    let again = hash_phase(&format!("{call} --resume"), &folder);
    assert_eq!(again.status.code(), Some(3));
    let chart: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.join("chart.json")).unwrap()).unwrap();
    assert_eq!((chart["cells"].as_array().unwrap().len(), &chart["gaps"][0]["reason"]), (1, &"diverged".into()));
    assert!(hash_phase("plot chart.json -o chart.svg", &folder).status.success());
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_call_in_a_chart_can_be_given_to_a_shell_again() {
    let folder = folder("paste");
    let made = Command::new(env!("CARGO_BIN_EXE_hash-phase"))
        .args(["sweep", "--dataset", "moons", "--widths", "3", "--epochs", "0", "--samples", "64", "--seeds", "1"])
        .args(["--factor", "dropout=0, 0.5", "-o", "my chart.json"])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let chart: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("my chart.json")).unwrap()).unwrap();
    let command = chart["provenance"]["command"].as_str().unwrap();
    let words = shlex::split(command).unwrap();
    assert_eq!(&words[words.len() - 2..], ["--factor", "dropout=0, 0.5"], "{command}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
#[cfg(unix)]
fn links_pipes_and_devices_are_written_and_stay_what_they_are() {
    use std::os::unix::fs::FileTypeExt;
    let folder = folder("places");
    let sweep = "sweep --dataset moons --widths 3 --epochs 0 --samples 64 --seeds 1 -o";
    std::os::unix::fs::symlink("target.json", folder.join("link.json")).unwrap();
    for _ in 0..2 {
        // First a link to nothing, then to a file.
        assert!(hash_phase(&format!("{sweep} link.json"), &folder).status.success());
        assert!(std::fs::symlink_metadata(folder.join("link.json")).unwrap().is_symlink());
        assert!(folder.join("target.json").is_file());
    }
    assert!(Command::new("mkfifo").arg(folder.join("pipe")).status().unwrap().success());
    let pipe = folder.join("pipe");
    let reader = std::thread::spawn(move || std::fs::read_to_string(pipe).unwrap());
    assert!(hash_phase(&format!("{sweep} pipe"), &folder).status.success());
    assert!(reader.join().unwrap().starts_with("{\"format\":\"hash-phase/chart\""));
    assert!(std::fs::metadata(folder.join("pipe")).unwrap().file_type().is_fifo());
    assert!(hash_phase(&format!("{sweep} /dev/null"), &folder).status.success());
    assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 3);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
#[cfg(target_os = "linux")]
fn a_reader_that_leaves_is_no_failure_and_a_full_device_is_a_sentence() {
    let folder = folder("streams");
    let call = "sweep --dataset moons --widths 3,8 --epochs 0,2 --samples 64 --seeds 1 -o chart.json";
    assert!(hash_phase(call, &folder).status.success());
    let shell = |line: &str| {
        let program = env!("CARGO_BIN_EXE_hash-phase");
        let line = format!("set -o pipefail; hash_phase() {{ '{program}' \"$@\"; }}; {line}");
        Command::new("bash").args(["-c", &line]).current_dir(&folder).output().unwrap()
    };
    for line in [
        "hash_phase figures chart.json -o figures | true",
        "hash_phase --help | true",
        "hash_phase schema | head -c 1 > first",
    ] {
        let done = shell(line);
        assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
    }
    for line in ["hash_phase --version > /dev/full", "hash_phase table chart.json > /dev/full"] {
        let refused = shell(line);
        assert_eq!(refused.status.code(), Some(2), "{line}");
        assert!(String::from_utf8_lossy(&refused.stderr).starts_with("error: the output cannot be printed"), "{line}");
    }
    assert_eq!(shell("hash_phase sweep 2> /dev/full").status.code(), Some(2));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn without_a_word_the_help_is_printed() {
    let folder = folder("help");
    let alone = hash_phase("", &folder);
    assert!(alone.status.success() && String::from_utf8_lossy(&alone.stdout).contains("Usage: hash-phase <COMMAND>"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_picture_of_another_kind_is_refused_and_the_chart_is_left_alone() {
    let folder = folder("ending");
    let made = hash_phase("sweep --dataset moons --widths 3 --epochs 0 --samples 64 --seeds 1 -o chart.json", &folder);
    assert!(made.status.success());
    let refused = hash_phase("plot chart.json -o chart.gif", &folder);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("pictures are drawn as .svg or .png, not as '.gif'"));
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
    assert!(said.contains("no GPU is available") && said.contains("use the CPU engine"), "{said}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    std::fs::remove_dir_all(folder).unwrap();
}
