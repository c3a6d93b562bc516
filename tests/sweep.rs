//! What a sweep promises: the same chart every time, whole, in order.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use hash_phase::chart::{Cell, PhaseChart, Regime, Thresholds};
use hash_phase::dataset::{Dataset, Toy};
use hash_phase::engine::Engine;
use hash_phase::sweep::{self, Event, News, Plan};
use hash_phase::training::{Optimizer, Preset};

fn plan() -> Plan {
    let mut plan = Plan::preset(Preset::Quick, "spirals").unwrap();
    plan.axes.width = vec![2, 6, 20];
    plan.axes.epoch = vec![0, 1, 3];
    plan.axes.samples = vec![20, 1024];
    plan.axes.seed = vec![1, 2];
    plan
}

fn run(plan: &Plan, threads: usize) -> PhaseChart {
    let data = Arc::new(Toy::Spirals.generate());
    sweep::run(plan, &data, NonZeroUsize::new(threads).unwrap(), &Engine::cpu(), None, |_, _| {}).unwrap()
}

#[test]
fn the_chart_is_the_same_to_the_bit_for_any_number_of_threads() {
    let changes: [fn(&mut Plan); 5] = [
        |_| {},
        |plan| plan.protocol.depth = 3,
        |plan| plan.protocol.batch_norm = true,
        |plan| plan.protocol.dropout = 0.2,
        |plan| plan.protocol.optimizer = Optimizer::Sgd { learning_rate: 0.05, momentum: 0.9 },
    ];
    for change in changes {
        let mut plan = plan();
        change(&mut plan);
        let charts = [1, 3, 16].map(|threads| {
            let mut chart = run(&plan, threads);
            assert_eq!(chart.cells.len(), plan.cells());
            chart.provenance.seconds = 0.0;
            chart.to_json().unwrap()
        });
        assert!(charts.iter().all(|chart| *chart == charts[0]));
    }
}

#[test]
fn a_cell_does_not_depend_on_which_others_are_planned() {
    let mut small = plan();
    small.axes.width = vec![6];
    small.axes.epoch = vec![3];
    small.axes.seed = vec![2];
    let small = run(&small, 1);
    let whole = run(&plan(), 2);
    for cell in &small.cells {
        let same = whole.cells.iter().find(|other| other.key() == cell.key()).unwrap();
        assert_eq!(same, cell);
    }
}

#[test]
fn an_interrupted_sweep_goes_on_where_it_was_and_ends_as_if_nothing_had_been() {
    let data = Arc::new(Toy::Spirals.generate());
    let whole = run(&plan(), 2);
    let mut half = whole.clone();
    half.cells.truncate(whole.cells.len() / 2 + 1); // in the middle of a population
    let mut measured = 0;
    let resume = |earlier, measured: &mut usize| {
        sweep::run(&plan(), &data, NonZeroUsize::MIN, &Engine::cpu(), Some(earlier), |news, _| {
            *measured += usize::from(matches!(news, News::Event { event: Event::Cell { .. }, .. }));
        })
    };
    let done = resume(half.clone(), &mut measured).unwrap();
    assert_eq!(done.cells, whole.cells);
    assert!(measured < plan().cells() * 2 / 3, "{measured} cells were measured again");
    assert!(done.provenance.seconds > half.provenance.seconds);
}

#[test]
fn cells_come_one_by_one_and_training_tells_how_far_it_is() {
    let data = Arc::new(Toy::Spirals.generate());
    let (mut cells, mut last) = (0, HashMap::new());
    sweep::run(&plan(), &data, NonZeroUsize::MIN, &Engine::cpu(), None, |news, _| match news {
        News::Event { event: Event::Cell { .. }, .. } => cells += 1,
        News::Event { part, event: Event::Progress { progress } } => {
            let before = last.insert(part.clone(), progress.step);
            assert!(progress.step >= before.unwrap_or_default() && progress.steps == 3 * 16);
        }
        other => panic!("{other:?}"),
    })
    .unwrap();
    assert_eq!(cells, plan().cells());
    assert!(last.len() == plan().populations().len() && last.into_values().all(|step| step == 48));
}

#[test]
fn training_that_runs_off_leaves_named_gaps_and_what_was_before() {
    let mut plan = plan();
    plan.protocol.optimizer = Optimizer::Sgd { learning_rate: 1e30, momentum: 0.0 };
    let chart = run(&plan, 2);
    assert!(!chart.gaps.is_empty() && chart.gaps.iter().all(|gap| gap.epoch > 0));
    assert_eq!(chart.cells.len() + chart.gaps.len(), plan.cells());
}

#[test]
fn more_training_brings_fewer_collisions_on_real_digits() {
    let folder = std::path::PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("www/public/data");
    let data = Arc::new(Dataset::load("mnist-small", &folder).unwrap());
    let mut plan = Plan::preset(Preset::Quick, "mnist-small").unwrap();
    plan.axes.width = vec![10, 40];
    plan.axes.epoch = vec![1, 4];
    plan.axes.samples = vec![8000];
    let chart = sweep::run(&plan, &data, NonZeroUsize::MIN, &Engine::cpu(), None, |_, _| {}).unwrap();
    let [narrow_early, wide_early, narrow_late, wide_late] = &chart.cells[..] else { panic!("four cells") };
    assert!(wide_late.redundancy.train < wide_early.redundancy.train);
    assert!(wide_late.redundancy.train < narrow_late.redundancy.train);
    assert!(wide_early.knn > narrow_early.knn && wide_late.accuracy.test > 0.85);
}

#[test]
fn label_noise_makes_codes_less_telling() {
    let folder = std::path::PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("www/public/data");
    let mut plan = Plan::preset(Preset::Quick, "mnist-small").unwrap();
    plan.axes.width = vec![40];
    plan.axes.epoch = vec![8];
    plan.axes.samples = vec![8000];
    let [clean, noisy, random] = [0.0, 0.5, 1.0].map(|share| {
        plan.protocol.label_noise = share;
        let data = Dataset::load("mnist-small", &folder).unwrap();
        let chart = sweep::run(&plan, &Arc::new(data), NonZeroUsize::MIN, &Engine::cpu(), None, |_, _| {}).unwrap();
        chart.cells[0].clone()
    });
    assert!(clean.knn > noisy.knn && noisy.knn > random.knn);
    assert!(clean.logistic > noisy.logistic && noisy.logistic > random.logistic);
    // Test labels are clean: the network still tells them when half of the training labels lie, not when all do.
    assert!(noisy.accuracy.test > 0.8 && random.accuracy.test < 0.2);
}

#[test]
fn codes_of_random_inputs_are_measured_beside_those_of_real_ones() {
    let mut plan = plan();
    let without = run(&plan, 2);
    plan.protocol.random_inputs = true;
    let with = run(&plan, 2);
    for (with, without) in with.cells.iter().zip(&without.cells) {
        assert!(with.redundancy_random.is_some() && without.redundancy_random.is_none());
        assert_eq!((with.redundancy, with.knn), (without.redundancy, without.knn));
    }
    let of = |width| with.cells.iter().find(|cell| cell.width == width && cell.epoch == 3).unwrap().redundancy_random;
    assert!(of(20) < of(2), "wider networks tell random inputs apart better");
}

#[test]
fn a_factor_is_one_more_axis_whose_levels_are_as_if_trained_alone() {
    let mut plan = plan();
    plan.protocol.depth = 2;
    for factor in ["label_noise=0,0.5", "activation=relu,leaky_relu,tanh,gelu", "batch_norm=false,true", "depth=1,2"] {
        plan.axes.factor = Some(factor.parse().unwrap());
        let chart = run(&plan, 2);
        assert_eq!(chart.cells.len(), plan.cells(), "{factor}");
        for level in 0..plan.axes.levels() {
            let mut cells: Vec<_> = chart.cells.iter().filter(|cell| cell.level == level).cloned().collect();
            cells.iter_mut().for_each(|cell| cell.level = 0);
            assert_eq!(cells, run(&plan.at(level), 2).cells, "level {level} of {factor}");
        }
    }
}

#[test]
fn the_code_of_each_hidden_layer_is_measured_alone_on_the_same_networks() {
    let mut plan = plan();
    plan.protocol.depth = 3;
    plan.axes.factor = Some("layer=1,3".parse().unwrap());
    let chart = run(&plan, 2);
    assert_eq!(chart.cells.len(), plan.cells());
    assert_eq!(plan.populations().len(), 4); // trained once, not once for each layer
    for cell in &chart.cells {
        assert!(cell.bits <= cell.width);
        let other = chart.cells.iter().find(|other| (other.key()[1..] == cell.key()[1..]) && other.level != cell.level);
        assert_eq!(other.unwrap().accuracy, cell.accuracy);
    }
    plan.axes.factor = Some("layer=1,4".parse().unwrap());
    assert!(plan.check(1024).unwrap_err().to_string().contains("layer is 4, which is out of range"));
}

#[test]
fn a_network_that_learns_no_more_ends_early_with_the_codes_it_has_then() {
    let mut plan = plan();
    plan.axes.epoch = vec![0, 20, 40];
    plan.protocol.optimizer = Optimizer::Adam { learning_rate: 0.05 }; // the loss falls, but not every epoch
    plan.protocol.early_stopping = 1;
    plan.protocol.weight_decay = 1e-4;
    let stopped = run(&plan, 2);
    assert_eq!(stopped.cells.len(), plan.cells());
    let mut ends: Vec<_> = stopped.cells.iter().filter_map(|cell| cell.stopped).collect();
    ends.sort_unstable();
    ends.dedup();
    assert!(ends.len() > 1, "networks end at different epochs: {ends:?}");

    // Without early stopping, measured at the epoch where training stopped.
    plan.protocol.early_stopping = 0;
    plan.axes.epoch = ends;
    let on = run(&plan, 2);
    for cell in stopped.cells {
        let Some(end) = cell.stopped else { continue };
        assert!(end <= cell.epoch);
        let same = on.cells.iter().find(|on| on.key() == Cell { epoch: end, ..cell.clone() }.key()).unwrap();
        assert_eq!(Cell { epoch: end, stopped: None, ..cell }, *same);
    }
}

#[test]
fn a_toys_quick_plan_shows_all_three_regimes_where_the_page_looks_first() {
    let plan = Plan::preset(Preset::Quick, "circles").unwrap();
    let data = Arc::new(Toy::Circles.generate());
    let threads = std::thread::available_parallelism().unwrap();
    let chart = sweep::run(&plan, &data, threads, &Engine::cpu(), None, |_, _| {}).unwrap();
    let categorization = |cell: &Cell| (cell.knn.unwrap() + cell.logistic.unwrap()) / 2.0;
    let best = chart.cells.iter().map(categorization).fold(0.0, f64::max);
    let most = plan.axes.samples.last().copied().unwrap();
    let shown = chart.cells.iter().filter(|cell| cell.samples == most);
    let regimes: Vec<_> =
        shown.map(|cell| Thresholds::default().regime(cell.redundancy.train, categorization(cell), best)).collect();
    for regime in [Regime::Under, Regime::Critical, Regime::Sufficient] {
        assert!(regimes.iter().filter(|&&one| one == regime).count() > 1, "{regime:?} in {regimes:?}");
    }
}
