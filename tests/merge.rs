//! Shares of a plan, made by machines that know nothing of each other, are one chart: the one that a single machine makes.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Instant;

use hash_phase::chart::{Cell, PhaseChart};
use hash_phase::dataset::{Dataset, Toy};
use hash_phase::engine::Engine;
use hash_phase::properties::Split;
use hash_phase::sweep::{self, Merge, Plan, Share, Task};
use hash_phase::training::Preset;

fn plan() -> Plan {
    let mut plan = Plan::preset(Preset::Quick, "moons").unwrap();
    plan.axes.width = vec![3, 8];
    plan.axes.epoch = vec![0, 1];
    plan.axes.samples = vec![20, 64];
    plan.axes.seed = vec![1, 2, 3];
    plan.axes.factor = Some("label_noise=0,0.5".parse().unwrap());
    plan
}

/// The chart of each of so many shares.
fn shares(plan: &Plan, of: u32) -> Vec<PhaseChart> {
    let data = Arc::new(Toy::Moons.generate());
    let share = |number| {
        let share = Share { number, of };
        let task = Task {
            plan,
            data: &data,
            threads: NonZeroUsize::MIN,
            engine: &Engine::cpu(),
            share,
            finished: None,
            keep: None,
        };
        task.run(|_, _| {}).unwrap()
    };
    (1..=of).map(share).collect()
}

fn merged<'a>(charts: impl IntoIterator<Item = &'a PhaseChart>) -> Result<PhaseChart, String> {
    let mut merge = Merge::default();
    for (number, chart) in charts.into_iter().enumerate() {
        merge.add(&format!("share {}", number + 1), chart.clone()).map_err(|error| error.to_string())?;
    }
    let mut text = Vec::new();
    merge.finish(&mut text).map_err(|error| error.to_string())?;
    Ok(PhaseChart::from_json(std::str::from_utf8(&text).unwrap()).unwrap())
}

#[test]
fn the_shares_of_a_plan_are_the_chart_of_a_single_machine_in_whatever_order_they_are_merged() {
    let plan = plan();
    let data = Arc::new(Toy::Moons.generate());
    let mut whole = sweep::run(&plan, &data, NonZeroUsize::MIN, &Engine::cpu(), None, |_, _| {}).unwrap();
    let shares = shares(&plan, 5);
    let one = merged(&shares).unwrap();
    whole.provenance.seconds = one.provenance.seconds;
    assert_eq!(one, whole);
    assert_eq!(one.to_json().unwrap(), whole.to_json().unwrap());
    // Some merged before, one of them twice, the last first.
    let (some, others) = (merged(&shares[..2]).unwrap(), merged(shares[1..].iter().rev()).unwrap());
    let mut two = merged([&others, &some]).unwrap();
    two.provenance.seconds = one.provenance.seconds;
    assert_eq!(two, one);
    assert_eq!(merged([&shares[4], &shares[2], &shares[0], &shares[1], &shares[3]]).unwrap(), one);
}

#[test]
fn charts_that_are_no_shares_of_one_plan_are_refused_with_what_differs() {
    let plan = plan();
    let [first, second]: [PhaseChart; 2] = shares(&plan, 2).try_into().unwrap();
    let refused = |change: fn(&mut PhaseChart)| {
        let mut other = second.clone();
        change(&mut other);
        merged([&first, &other]).unwrap_err()
    };
    assert!(
        refused(|other| other.dataset.digest = "sha256:0".into())
            .contains("'share 1' and 'share 2' differ in 'dataset.digest'")
    );
    assert!(refused(|other| other.protocol.batch = 7).contains("'protocol.batch'"));
    assert!(refused(|other| other.axes.seed = vec![1, 2]).contains("'axes.seed'"));
    assert!(refused(|other| other.provenance.version = "0.0.1".into()).contains("'provenance.crate'"));
    // The same network with other numbers: there is no way to choose.
    let mut other = first.clone();
    other.cells[3].knn = Some(0.5);
    let Cell { width, epoch, samples, seed, .. } = other.cells[3];
    let refused = merged([&first, &second, &other]).unwrap_err();
    assert!(
        refused.contains(&format!("'share 1' and 'share 3' have different numbers for width {width}, epoch {epoch}, {samples} samples, seed {seed}")),
        "{refused}"
    );
}

fn folder(test: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("hash-phase-{}-{test}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn hash_phase(arguments: &str, folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hash-phase"))
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .output()
        .unwrap()
}

#[test]
fn what_is_missing_is_a_list_that_a_scheduler_takes() {
    let folder = folder("merge");
    let sweep = "sweep --dataset moons --widths 3,8 --epochs 0,2 --samples 20,64,1024 --seeds 3";
    for number in [1, 3, 4] {
        assert!(hash_phase(&format!("{sweep} --shard {number}/4 -o {number}.json"), &folder).status.success());
    }
    let part = hash_phase("merge 1.json 4.json 3.json -o chart.json", &folder);
    let said = String::from_utf8_lossy(&part.stderr).into_owned();
    assert_eq!((part.status.code(), String::from_utf8_lossy(&part.stdout).trim()), (Some(3), "2"), "{said}");
    assert!(said.contains("populations are missing, shares 2 of 4: ") && said.contains("samples, seed"), "{said}");
    assert!(hash_phase(&format!("{sweep} --shard=2/4 -o 2.json"), &folder).status.success());
    assert_eq!(hash_phase("merge chart.json 2.json -o chart.json", &folder).status.code(), Some(2), "it is there");
    let whole = hash_phase("merge chart.json 2.json -o chart.json --overwrite", &folder);
    assert!(whole.status.success() && whole.stdout.is_empty(), "{}", String::from_utf8_lossy(&whole.stderr));
    assert!(hash_phase(&format!("{sweep} -o single.json"), &folder).status.success());
    let [mut one, mut other] = ["chart.json", "single.json"]
        .map(|name| PhaseChart::from_json(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap());
    (one.provenance.seconds, other.provenance.seconds) = (0.0, 0.0);
    assert_eq!(one, other, "the calls that made them are the same, too");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_plan_is_told_before_anything_is_trained() {
    let folder = folder("plan");
    let told = hash_phase("plan --dataset mnist --preset figure --seeds 48 --shards 16", &folder);
    let words = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(words.starts_with("240 populations of 23 networks, evaluated at 11 epochs: 60720 squares\n"), "{words}");
    assert!(
        words.contains(" on one core: ")
            && words.contains("MB of memory for a population")
            && words.contains("  3/16: 15 populations, about "),
        "{words}"
    );
    let refused = hash_phase("plan --dataset mnist --shards 0", &folder);
    assert_eq!(refused.status.code(), Some(2));
    let refused = hash_phase("sweep --dataset moons --shard 5/4 -o x.json", &folder);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("'5/4' is not a share: write NUMBER/OF"));
    std::fs::remove_dir_all(folder).unwrap();
}

/// A chart of many squares that nobody has trained.
fn large(squares: u32, data: &Dataset) -> PhaseChart {
    let mut plan = Plan::preset(Preset::Figure, "moons").unwrap();
    plan.axes.width = (1..=50).collect();
    plan.axes.epoch = (0..20).collect();
    plan.axes.samples = (1..=10).map(|size| 10 * size).collect();
    plan.axes.seed = (1..=squares / 10_000).collect();
    let mut chart = PhaseChart::empty(data, plan.protocol.clone(), plan.axes.clone(), &Engine::cpu());
    let number = |at: u32| f64::from(at.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 24);
    for &seed in &plan.axes.seed {
        for &samples in &plan.axes.samples {
            for &epoch in &plan.axes.epoch {
                for &width in &plan.axes.width {
                    let at = ((seed * 10 + samples / 10) * 20 + epoch) * 50 + width;
                    let split = |shift| Split { train: number(at + shift), test: number(at + shift + 1) };
                    chart.cells.push(Cell {
                        width,
                        epoch,
                        samples,
                        seed,
                        level: 0,
                        stopped: None,
                        bits: width,
                        redundancy: split(1),
                        redundancy_random: None,
                        accuracy: split(3),
                        kmeans: Some(split(5)),
                        knn: Some(number(at + 7)),
                        logistic: Some(number(at + 8)),
                    });
                }
            }
        }
    }
    chart
}

/// `MERGE=1000000 cargo test --release --features gpu --test merge -- --nocapture memory` is a million squares.
#[test]
fn merging_takes_the_memory_of_one_share_and_writes_what_would_be_written_directly() {
    const SHARES: usize = 16;
    let squares: u32 = std::env::var("MERGE").map_or(40_000, |squares| squares.parse().unwrap());
    let data = Toy::Moons.generate();
    let mut whole = large(squares, &data);
    // The networks of one share are not adjacent.
    let mut parts = vec![PhaseChart { cells: Vec::new(), ..whole.clone() }; SHARES];
    for (at, cell) in whole.cells.iter().enumerate() {
        parts[at / 1_000 % SHARES].cells.push(cell.clone());
    }
    let texts: Vec<String> = parts.iter().map(|part| part.to_json().unwrap()).collect();
    drop(parts);
    whole.provenance.seconds = 0.0;
    let written = whole.to_json().unwrap() + "\n";
    drop(whole);
    let out = tempfile::NamedTempFile::new().unwrap();
    let since = Instant::now();
    let used = allocation_counter::measure(|| {
        let mut merge = Merge::default();
        for (number, text) in texts.iter().enumerate() {
            merge.add(&number.to_string(), PhaseChart::from_json(text).unwrap()).unwrap();
        }
        let merged = merge.finish(out.as_file()).unwrap();
        assert_eq!((merged.networks, merged.missing.len()), (u64::from(squares), 0));
    });
    let (bytes, share) = (used.bytes_max, size_of::<Cell>() * squares as usize / SHARES);
    println!(
        "{squares} squares of {SHARES} shares in {:.1} s, {:.1} MB at a time, a share being {:.1}",
        since.elapsed().as_secs_f64(),
        bytes as f64 / 1e6,
        share as f64 / 1e6
    );
    // A share as it is read, twice while its list grows, and what finds networks that are there twice.
    assert!(bytes < 3 * share as u64 + 4_000_000, "{bytes} bytes at a time, a share is {share}");
    assert!(std::fs::read_to_string(out.path()).unwrap() == written, "the merged file is another one");
}
