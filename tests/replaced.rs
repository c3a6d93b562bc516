//! What stands at `-o` is replaced by no command unasked.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SWEEP: &str = "sweep --dataset moons --widths 3,5 --epochs 0,1 --samples 64 --seeds 4";

fn run(call: &str, folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hash-phase"));
    command.args(call.split_whitespace()).current_dir(folder).output().unwrap()
}

fn done(call: &str, folder: &Path) {
    let output = run(call, folder);
    assert!(output.status.success(), "{call}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A chart, its shares, a network, and what one has at hand.
fn folder(test: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("hash-phase-{}-{test}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    done(&format!("{SWEEP} -o whole.json --weights nets"), &folder);
    for share in 1..=4 {
        done(&format!("{SWEEP} --shard {share}/4 -o share-{share}.json"), &folder);
    }
    let begun = fs::read_to_string(folder.join("whole.json")).unwrap();
    let mut begun: serde_json::Value = serde_json::from_str(&begun).unwrap();
    begun["cells"].as_array_mut().unwrap().truncate(5);
    fs::write(folder.join("unfinished.json"), begun.to_string()).unwrap();
    fs::write(folder.join("notes.txt"), "notes of mine").unwrap();
    folder
}

/// Every command that writes, and its output's name.
const COMMANDS: [(&str, &str); 9] = [
    (SWEEP, "o.json"),
    ("sweep --dataset moons --widths 3,5 --epochs 0,1 --samples 64 --seeds 4 --shard 2/4", "o.json"),
    ("merge share-1.json share-2.json share-3.json share-4.json", "o.json"),
    ("columns whole.json", "o.arrow"),
    ("plot whole.json", "o.svg"),
    ("plot whole.json", "o.png"),
    ("encode nets/width-3_epoch-1_samples-64_seed-1.safetensors --dataset moons", "o.json"),
    ("encode nets/width-3_epoch-1_samples-64_seed-1.safetensors --dataset moons", "o.bits.json"),
    ("figures whole.json", "pictures"),
];

#[test]
fn no_command_replaces_unasked_what_stands_at_its_output() {
    let folder = folder("replaced");
    let there = ["whole.json", "share-1.json", "share-2.json", "unfinished.json", "notes.txt"];
    for (call, output) in COMMANDS {
        for there in there {
            let case = format!("{call} -o {output} over {there}");
            // As a command finds it: figures go into a folder, codes lie beside their description.
            let place = match output {
                "pictures" => {
                    fs::create_dir_all(folder.join("pictures")).unwrap();
                    folder.join("pictures/over-time.svg")
                }
                "o.bits.json" => folder.join("o.bits.bits"),
                name => folder.join(name),
            };
            fs::copy(folder.join(there), &place).unwrap();
            let before = fs::read(&place).unwrap();
            let output_call = format!("{call} -o {output}");
            let refused = run(&output_call, &folder);
            // Training the same networks again loses nothing.
            let same =
                call == SWEEP && there == "whole.json" || call.ends_with("--shard 2/4") && there == "share-2.json";
            if same {
                assert!(refused.status.success(), "{case}");
            } else {
                let words = String::from_utf8_lossy(&refused.stderr).into_owned();
                assert_eq!(refused.status.code(), Some(2), "{case}");
                assert!(words.contains("--overwrite") && words.lines().count() == 1, "{case}: {words}");
                assert_eq!(fs::read(&place).unwrap(), before, "{case}");
                done(&format!("{output_call} --overwrite"), &folder);
                assert_ne!(fs::read(&place).unwrap(), before, "{case}");
            }
            fs::remove_file(&place).unwrap();
            let _ = fs::remove_dir_all(folder.join("pictures"));
            for left in ["o.json", "o.bits", "o.bits.json", "o.bits.bits"] {
                let _ = fs::remove_file(folder.join(left));
            }
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_is_read_is_never_replaced_even_when_asked() {
    let folder = folder("read");
    let network = "nets/width-3_epoch-1_samples-64_seed-1.safetensors";
    for (call, input) in [
        ("columns whole.json -o whole.json".to_owned(), "whole.json"),
        ("plot whole.json -o whole.json".to_owned(), "whole.json"),
        (format!("encode {network} --dataset moons -o {network}"), network),
    ] {
        let before = fs::read(folder.join(input)).unwrap();
        for call in [call.clone(), format!("{call} --overwrite")] {
            let refused = run(&call, &folder);
            let words = String::from_utf8_lossy(&refused.stderr).into_owned();
            assert!(
                refused.status.code() == Some(2) && words.contains("is an input of this command"),
                "{call}: {words}"
            );
        }
        assert_eq!(fs::read(folder.join(input)).unwrap(), before);
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn weights_of_other_networks_stay_and_those_of_the_same_are_no_hindrance() {
    let folder = folder("weights");
    let before = fs::read(folder.join("nets/width-3_epoch-1_samples-64_seed-1.safetensors")).unwrap();
    done(&format!("{SWEEP} -o again.json --weights nets"), &folder);
    let refused = run(&format!("{SWEEP} --weight-decay 0.1 -o other.json --weights nets"), &folder);
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        refused.status.code() == Some(2) && words.contains("already exists and belongs to another network"),
        "{words}"
    );
    let path = folder.join("nets/width-3_epoch-1_samples-64_seed-1.safetensors");
    assert_eq!(fs::read(&path).unwrap(), before);
    done(&format!("{SWEEP} --weight-decay 0.1 -o other.json --weights nets --overwrite"), &folder);
    assert_ne!(fs::read(&path).unwrap(), before);
    fs::remove_dir_all(folder).unwrap();
}
