//! Files as people bring them: each is read as a person means it, or refused in one sentence. `tests/fixtures/own/expected.txt` says how, a
//! line for each; the page's reader is held to the same lines, digests included (`tests/page/own.test.mjs`).
#![cfg(not(target_arch = "wasm32"))] // it reads files
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use hash_phase::reader::{File, Options, Own};

fn fixtures() -> PathBuf {
    let root = std::env::var("CARGO_MANIFEST_DIR").map_or_else(|_| PathBuf::from("."), PathBuf::from);
    root.join("tests/fixtures/own")
}

/// What stands in a folder, by name.
fn inside(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Everything that is brought at once: a table is a file, anything else a folder.
fn inputs() -> Vec<PathBuf> {
    let kinds = inside(&fixtures()).into_iter().filter(|path| path.is_dir());
    kinds
        .flat_map(|kind| {
            let name = kind.file_name().unwrap().to_str().unwrap().to_owned();
            match &name[..2] {
                "60" => vec![kind],
                number if number < "62" => inside(&kind),
                "74" | "75" | "76" | "78" => inside(&kind),
                _ => vec![kind],
            }
        })
        .collect()
}

/// A file, or all of a folder, by their paths below what is brought.
fn files(path: &Path, name: String) -> Vec<File> {
    if path.is_dir() {
        let below = |path: PathBuf| {
            let name = format!("{name}/{}", path.file_name().unwrap().to_str().unwrap());
            files(&path, name)
        };
        return inside(path).into_iter().flat_map(below).collect();
    }
    vec![File { path: name, bytes: fs::read(path).unwrap() }]
}

#[test]
fn files_as_people_bring_them_are_read_as_they_mean_them_or_refused_in_a_sentence() {
    let mut lines = String::new();
    for path in inputs() {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let shown = path.strip_prefix(fixtures()).unwrap().to_str().unwrap().replace('\\', "/");
        let line = match Own::read(&name, files(&path, name.clone()), &Options::default()) {
            Ok(own) => {
                let (train, test) = (own.train, own.labels.len() - own.train);
                let (inputs, classes) = (own.description.kind.inputs(), own.description.classes.join(", "));
                match own.dataset() {
                    Ok(data) => {
                        format!("{train} + {test} examples, {inputs} inputs; {classes}; {}", data.digest(train))
                    }
                    Err(error) => error.to_string(),
                }
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(line.lines().count(), 1, "{shown}: {line}");
        writeln!(lines, "{shown}: {line}").unwrap();
    }
    let expected = fixtures().join("expected.txt");
    if std::env::var("HASH_PHASE_ACCEPT").is_ok() {
        fs::write(&expected, &lines).unwrap();
    }
    let known = fs::read_to_string(&expected).unwrap();
    for (line, known) in lines.lines().zip(known.lines()) {
        assert_eq!(line, known, "if it is better now, run this once with HASH_PHASE_ACCEPT=1");
    }
    assert_eq!(lines.lines().count(), known.lines().count());
}

#[test]
fn words_are_the_same_data_however_they_are_stored() {
    use hash_phase::dataset::{Dataset, OwnValues, Sparse};
    use hash_phase::engine::Engine;
    use hash_phase::sweep::{self, Plan};
    use hash_phase::training::Preset;
    use std::num::NonZeroUsize;
    use std::sync::Arc;

    const INPUTS: usize = 300;
    let mut sparse = Sparse::new(INPUTS);
    let mut dense = Vec::new();
    let labels: Vec<u8> = (0..120).map(|row| row % 3).collect();
    for row in 0..120_u32 {
        let words = (0..9).map(|word| (30 * word + (7 * row * (word + 1)) % 30, 0.25 + (row % 4) as f32 / 4.0));
        let mut whole = vec![0.0; INPUTS];
        words.clone().for_each(|(place, number)| whole[place as usize] = number);
        sparse.push(words);
        dense.extend(whole);
    }
    let mut plan = Plan::of_own(Preset::Quick, 90).unwrap();
    plan.axes.width = vec![5, 20];
    plan.axes.epoch = vec![0, 20];
    let [one, other] = [OwnValues::Sparse(sparse), OwnValues::Floats(dense)].map(|values| {
        let data = Arc::new(Dataset::own(values, labels.clone(), 90).unwrap());
        sweep::run(&plan, &data, NonZeroUsize::MIN, &Engine::cpu(), None, |_, _| {}).unwrap()
    });
    assert_eq!(one.cells, other.cells);
    assert!(one.cells.iter().any(|cell| cell.epoch == 20 && cell.accuracy.train > 0.9));
    // The random words are as many, at other places.
    plan.protocol.noise_inputs = true;
    let mut sparse = Sparse::new(INPUTS);
    (0..120_u32).for_each(|row| {
        sparse.push([(row % 300, 1.0), (row % 300 + 1, 2.0)].into_iter().filter(|&(place, _)| place < 300))
    });
    let data = Dataset::own(OwnValues::Sparse(sparse), labels, 90).unwrap();
    let noisy = data.with_noise(plan.protocol.noise(), 90);
    let words = |data: &Dataset, row| {
        let mut words = Vec::new();
        data.train().nonzero(row, &mut words);
        words
    };
    assert!((0..90).all(|row| words(&data, row).len() == words(&noisy, row).len()));
    assert!((0..90).any(|row| words(&data, row) != words(&noisy, row)));
}
