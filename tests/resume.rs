//! Going on where an earlier run stopped: the very chart of one run, or a refusal; never a mixture of two.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use std::num::NonZeroUsize;
use std::sync::Arc;

use hash_phase::chart::{Gap, PhaseChart, Reason};
use hash_phase::dataset::Toy;
use hash_phase::engine::Engine;
use hash_phase::sweep::{self, Plan, SweepError};
use hash_phase::training::{Optimizer, Preset};
use proptest::prelude::*;

fn plan() -> Plan {
    let mut plan = Plan::preset(Preset::Quick, "moons").unwrap();
    plan.axes.width = vec![2, 5];
    plan.axes.epoch = vec![0, 1];
    plan.axes.samples = vec![20, 64];
    plan.axes.seed = vec![1];
    plan
}

fn resume(plan: &Plan, earlier: Option<PhaseChart>) -> Result<PhaseChart, SweepError> {
    let data = Arc::new(Toy::Moons.generate());
    sweep::run(plan, &data, NonZeroUsize::MIN, &Engine::cpu(), earlier, |_, _| {})
}

fn run(plan: &Plan) -> PhaseChart {
    resume(plan, None).unwrap()
}

type Change = fn(&mut Plan);

/// Anything that a call of the command line can change.
fn changes() -> impl Strategy<Value = Change> {
    let all: Vec<Change> = vec![
        |_| {},
        |plan| plan.axes.width = vec![2, 5, 7],
        |plan| plan.axes.width = vec![5],
        |plan| plan.axes.epoch = vec![0, 1, 2],
        |plan| plan.axes.epoch = vec![1],
        |plan| plan.axes.samples = vec![20, 64, 300],
        |plan| plan.axes.samples = vec![20],
        |plan| plan.axes.seed = vec![1, 2],
        |plan| plan.axes.seed = vec![2],
        |plan| plan.axes.factor = None,
        |plan| plan.axes.factor = Some("label_noise=0,0.5".parse().unwrap()),
        |plan| plan.axes.factor = Some("label_noise=0.5,1,0".parse().unwrap()),
        |plan| plan.axes.factor = Some("dropout=0,0.5".parse().unwrap()),
        |plan| plan.axes.factor = Some("batch_norm=false,true".parse().unwrap()),
        |plan| plan.axes.factor = Some("depth=1,2".parse().unwrap()),
        |plan| plan.axes.factor = Some("early_stopping=0,1".parse().unwrap()),
        |plan| plan.axes.factor = Some("noise_inputs=false,true".parse().unwrap()),
        |plan| plan.protocol.label_noise = 0.5,
        |plan| plan.protocol.noise_inputs = true,
        |plan| plan.protocol.dropout = 0.5,
        |plan| plan.protocol.weight_decay = 0.01,
        |plan| plan.protocol.batch = 32,
        |plan| plan.protocol.random_inputs = true,
        |plan| plan.protocol.early_stopping = 1,
        |plan| plan.protocol.optimizer = Optimizer::Sgd { learning_rate: 0.1, momentum: 0.5 },
        |plan| plan.protocol.preset = Preset::Figure,
        |plan| plan.protocol.kmeans_starts = 2,
    ];
    proptest::sample::select(all)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(10), ..ProptestConfig::default() })]
    #[test]
    fn whatever_changes_between_two_calls_the_second_refuses_or_ends_with_the_chart_of_one_run(
        before in (changes(), changes()),
        after in (changes(), changes()),
        there in proptest::collection::vec(any::<bool>(), 64),
    ) {
        let plan_of = |(one, two): (Change, Change)| {
            let mut plan = plan();
            one(&mut plan);
            two(&mut plan);
            plan
        };
        let (first, second) = (plan_of(before), plan_of(after));
        let mut earlier = run(&first);
        let mut there = there.into_iter().cycle();
        earlier.cells.retain(|_| there.next().unwrap());
        // As it stands in a file.
        let earlier = PhaseChart::from_json(&earlier.to_json().unwrap()).unwrap();
        match resume(&second, Some(earlier)) {
            Err(error) => prop_assert!(error.to_string().contains("differs in"), "{error}"),
            Ok(mut resumed) => {
                let mut whole = run(&second);
                resumed.provenance.seconds = 0.0;
                whole.provenance.seconds = 0.0;
                prop_assert_eq!(resumed, whole);
            }
        }
    }
}

#[test]
fn the_same_call_and_one_with_more_to_do_go_on_and_nothing_is_done_twice() {
    let earlier = run(&plan());
    let mut more = plan();
    more.axes.samples = vec![20, 64, 300, 1024];
    more.axes.seed = vec![1, 2];
    more.axes.epoch = vec![0, 1, 3];
    for plan in [plan(), more] {
        let mut measured = 0;
        let data = Arc::new(Toy::Moons.generate());
        let resumed = sweep::run(&plan, &data, NonZeroUsize::MIN, &Engine::cpu(), Some(earlier.clone()), |news, _| {
            let cell = matches!(news, sweep::News::Event { event: sweep::Event::Cell { .. }, .. });
            measured += usize::from(cell);
        })
        .unwrap();
        assert_eq!(resumed.cells, run(&plan).cells);
        assert_eq!(measured, plan.cells() - earlier.cells.len());
    }
}

#[test]
fn a_refusal_says_in_what_the_two_differ() {
    let cases: [(Change, &str); 7] = [
        (|plan| plan.axes.factor = Some("dropout=0,0.5".parse().unwrap()), "axes.factor"),
        (|plan| plan.protocol.batch = 32, "protocol.batch"),
        (|plan| plan.protocol.label_noise = 0.2, "protocol.label_noise"),
        (|plan| plan.axes.width = vec![2, 5, 9], "axes.width"),
        (|plan| plan.axes.samples = vec![64], "axes.samples"),
        (|plan| plan.axes.epoch = vec![0], "axes.epoch"),
        (|plan| plan.axes.seed = vec![3], "axes.seed"),
    ];
    let mut first = plan();
    for (change, part) in cases {
        first.axes.factor = (part == "axes.factor").then(|| "label_noise=0,1".parse().unwrap());
        let mut second = plan();
        change(&mut second);
        let refused = resume(&second, Some(run(&first))).unwrap_err().to_string();
        assert!(refused.contains(&format!("differs in '{part}'")), "{refused}");
    }
    let mut old = run(&plan());
    old.plans.clear();
    assert!(resume(&plan(), Some(old)).unwrap_err().to_string().contains("differs in 'plans'"));
}

#[test]
fn a_network_that_diverges_is_a_named_gap_and_the_rest_is_finished_now_and_when_it_goes_on() {
    // At this rate wide networks of two layers diverge, narrow ones do not.
    let mut plan = plan();
    plan.axes.width = vec![2, 5, 400];
    plan.protocol.depth = 2;
    plan.protocol.optimizer = Optimizer::Sgd { learning_rate: 0.9, momentum: 0.99 };
    plan.axes.epoch = vec![0, 4];
    let chart = run(&plan);
    assert_eq!(chart.cells.len() + chart.gaps.len(), plan.cells());
    assert!(!chart.gaps.is_empty() && chart.cells.len() > chart.gaps.len(), "{} gaps", chart.gaps.len());
    assert!(chart.gaps.iter().all(|gap| gap.reason == Reason::Diverged && gap.epoch > 0), "{:?}", chart.gaps);

    let read = PhaseChart::from_json(&chart.to_json().unwrap()).unwrap();
    assert_eq!(read, chart);
    let mut half = chart.clone();
    half.cells.truncate(3);
    let resumed = resume(&plan, Some(half)).unwrap();
    assert_eq!((resumed.cells, resumed.gaps), (chart.cells.clone(), chart.gaps.clone()));

    // Narrow networks come out as in any other population, without a NaN from the diverged ones.
    plan.axes.width = vec![2, 5];
    let alone = run(&plan);
    for cell in &chart.cells {
        let Some(same) = alone.cells.iter().find(|other| other.key() == cell.key()) else { continue };
        assert!((same.redundancy.train - cell.redundancy.train).abs() < 0.05);
    }
}

#[test]
fn a_gap_has_one_place_and_no_cell_beside_it() {
    let mut chart = run(&plan());
    let [level, seed, samples, epoch, width] = chart.cells[0].key();
    chart.insert_gap(Gap { width, epoch, samples, seed, level, reason: Reason::Diverged });
    let refused = PhaseChart::from_json(&chart.to_json().unwrap()).unwrap_err().to_string();
    assert!(refused.starts_with("gaps[0]: the same network appears twice at the same epoch"), "{refused}");
}
