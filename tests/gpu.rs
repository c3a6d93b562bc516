//! What the GPU engine promises, natively, on whatever adapter the machine has; a software one will do.
#![cfg(all(not(target_arch = "wasm32"), feature = "gpu"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

mod steps;

use std::num::NonZeroUsize;
use std::sync::Arc;

use hash_phase::chart::{Cell, PhaseChart};
use hash_phase::dataset::{Dataset, Description, IdxFiles, IdxSource, Kind, Toy};
use hash_phase::engine::{Engine, EngineError};
use hash_phase::network::CodeUnits;
use hash_phase::sweep::{self, Event, News, Plan};
use hash_phase::training::{Family, Preset};

/// None where the set-up says that there is none to be had; the browser's tests are left then.
fn gpu() -> Option<Engine> {
    if std::env::var_os("HASH_PHASE_NO_GPU").is_some() {
        eprintln!("left out: HASH_PHASE_NO_GPU is set");
        return None;
    }
    match pollster::block_on(Engine::gpu()) {
        Ok(engine) => Some(engine),
        Err(error) => {
            panic!("{error}; Debian's mesa-vulkan-drivers play one; HASH_PHASE_NO_GPU=1 leaves these tests out")
        }
    }
}

/// Two sample sizes and two seeds, trained together on a GPU.
fn plan() -> Plan {
    let mut plan = Plan::preset(Preset::Code, "spirals").unwrap();
    plan.axes.width = vec![3, 8, 24];
    plan.axes.epoch = vec![0, 1, 4];
    plan.axes.samples = vec![100, 1024];
    plan.axes.seed = vec![1, 2];
    plan
}

fn sweep(plan: &Plan, engine: &Engine, mut watch: impl FnMut(News<'_>)) -> PhaseChart {
    let data = Arc::new(Toy::Spirals.generate());
    sweep::run(plan, &data, NonZeroUsize::new(2).unwrap(), engine, None, |news, _| watch(news)).unwrap()
}

/// Mean difference of redundancy and accuracies over two charts of the same cells.
fn apart(one: &PhaseChart, two: &PhaseChart) -> f64 {
    let numbers = |cell: &Cell| {
        let splits = [cell.redundancy, cell.accuracy].into_iter().chain(cell.kmeans);
        splits.flat_map(|split| [split.train, split.test]).chain(cell.knn).chain(cell.logistic).collect::<Vec<_>>()
    };
    assert_eq!(
        one.cells.iter().map(Cell::key).collect::<Vec<_>>(),
        two.cells.iter().map(Cell::key).collect::<Vec<_>>()
    );
    let pairs: Vec<_> =
        one.cells.iter().zip(&two.cells).flat_map(|(a, b)| numbers(a).into_iter().zip(numbers(b))).collect();
    pairs.iter().map(|(a, b)| (a - b).abs()).sum::<f64>() / pairs.len() as f64
}

#[test]
fn the_first_ten_steps_are_those_of_the_cpu() {
    let Some(engine) = gpu() else { return };
    let on_cpu = pollster::block_on(steps::take(&Engine::cpu()));
    pollster::block_on(steps::take(&engine)).assert_same(&on_cpu, 1e-3);
    engine.check().unwrap();
}

#[test]
fn a_chart_of_the_gpu_is_that_of_the_cpu() {
    let Some(engine) = gpu() else { return };
    let on_gpu = sweep(&plan(), &engine, |news| assert!(!matches!(news, News::Fallback(_))));
    let on_cpu = sweep(&plan(), &Engine::cpu(), |_| {});
    assert_eq!(on_gpu.cells.len(), plan().cells());
    assert_eq!((on_gpu.provenance.engine.as_str(), on_cpu.provenance.engine.as_str()), ("gpu", "cpu"));
    let apart = apart(&on_gpu, &on_cpu);
    assert!(apart < 0.02, "{apart} apart on average");
}

#[test]
fn whatever_varies_varies_on_the_gpu_as_on_the_cpu() {
    let Some(engine) = gpu() else { return };
    let mut plan = plan();
    plan.axes.epoch = vec![0, 2];
    plan.protocol.depth = 2;
    plan.protocol.random_inputs = true;
    for factor in ["activation=relu,leaky_relu,tanh,gelu", "layer=1,2", "label_noise=0,0.5", "early_stopping=0,9"] {
        plan.axes.factor = Some(factor.parse().unwrap());
        let on_gpu = sweep(&plan, &engine, |news| assert!(!matches!(news, News::Fallback(_))));
        let on_cpu = sweep(&plan, &Engine::cpu(), |_| {});
        assert_eq!(on_gpu.cells.len(), plan.cells());
        let apart = apart(&on_gpu, &on_cpu);
        assert!(apart < 0.02, "{factor}: {apart} apart on average");
    }
}

/// Small pictures, on black, of a bar that lies or stands somewhere.
fn bars() -> Arc<Dataset> {
    const EXAMPLES: usize = 320;
    let (mut pictures, mut labels) = (Vec::new(), Vec::new());
    for example in 0..EXAMPLES {
        let (stands, at) = (example % 2, example / 2 % 7 + 1);
        pictures.extend((0..9 * 11).map(|place| {
            let (row, column) = (place / 11, place % 11);
            let (along, across) = if stands == 1 { (row, column) } else { (column, row) };
            let lit = across == at && (2..7).contains(&along);
            if lit { (90 + (example * 37 + place * 11) % 160) as u8 } else { 0 }
        }));
        labels.push(stands as u8);
    }
    let idx = |shape: &[u32], data: &[u8]| {
        let sizes = shape.iter().flat_map(|size| size.to_be_bytes());
        [0, 0, 8, shape.len() as u8].into_iter().chain(sizes).chain(data.iter().copied()).collect::<Vec<u8>>()
    };
    let (images, labels) = (idx(&[EXAMPLES as u32, 9, 11], &pictures), idx(&[EXAMPLES as u32], &labels));
    let files = IdxFiles {
        train_images: vec![images.clone().into()],
        train_labels: &labels,
        test_images: images.into(),
        test_labels: &labels,
    };
    let description =
        Description { name: None, kind: Kind::grey(9, 11), classes: vec!["lies".into(), "stands".into()] };
    let source = IdxSource { train: EXAMPLES, shard: None };
    Arc::new(Dataset::from_idx("mnist-small", source, description, EXAMPLES, files).unwrap())
}

#[test]
fn convolutional_networks_are_those_of_the_cpu() {
    let Some(engine) = gpu() else { return };
    let bars = bars();
    let vgg = Family::Vgg { channels: 2, blocks: 2, convolutions: 1 };
    for (family, code, widths) in [
        (vgg, CodeUnits::Dense, &[4, 9, 20][..]),
        (vgg, CodeUnits::All, &[9]),
        (Family::RESNET, CodeUnits::Channels, &[2, 3]),
    ] {
        let mut plan = Plan::preset(Preset::Quick, "mnist-small").unwrap();
        plan.protocol = plan.protocol.with_family(family);
        plan.protocol.code = code;
        plan.protocol.rotation = 10.0;
        plan.axes.width = widths.to_vec();
        plan.axes.epoch = vec![0, 1, 4];
        plan.axes.samples = vec![50, 300];
        plan.axes.seed = vec![1];
        let chart = |engine: &Engine| {
            let watch = |news: News<'_>, _: &PhaseChart| {
                if let News::Fallback(error) = news {
                    panic!("{family:?}, {code:?}: {error}");
                }
            };
            sweep::run(&plan, &bars, NonZeroUsize::new(2).unwrap(), engine, None, watch).unwrap()
        };
        let (on_gpu, on_cpu) = (chart(&engine), chart(&Engine::cpu()));
        assert_eq!((on_gpu.cells.len(), on_gpu.provenance.engine.as_str()), (plan.cells(), "gpu"));
        let apart = apart(&on_gpu, &on_cpu);
        eprintln!("{apart}");
        assert!(apart < 0.02, "{family:?}: {apart} apart on average");
    }
}

#[test]
fn a_gpu_that_is_lost_on_the_way_costs_no_finished_cell() {
    let Some(engine) = gpu() else { return };
    let (mut before, mut fallbacks) = (Vec::new(), Vec::new());
    let chart = sweep(&plan(), &engine, |news| match news {
        News::Event { event: Event::Cell { cell }, .. } if fallbacks.is_empty() => {
            before.push(cell.clone());
            engine.lose();
        }
        News::Event { .. } => {}
        News::Fallback(error) => fallbacks.push(error.clone()),
    });
    assert!(matches!(fallbacks[..], [EngineError::Lost { .. }]), "{fallbacks:?}");
    assert!(!before.is_empty() && before.len() < plan().cells());
    assert!(before.iter().all(|cell| chart.cells.contains(cell)));
    assert_eq!(chart.cells.len(), plan().cells());
    assert_eq!(chart.provenance.engine, "gpu, then cpu");
    assert_eq!(chart.provenance.backend, "burn-wgpu 0.22, then burn-flex 0.22");
}

#[test]
fn a_gpu_that_is_lost_before_its_first_cell_is_not_named() {
    let Some(engine) = gpu() else { return };
    engine.lose();
    let chart = sweep(&plan(), &engine, |_| {});
    assert_eq!((chart.provenance.engine.as_str(), chart.provenance.backend.as_str()), ("cpu", "burn-flex 0.22"));
    assert_eq!(chart.cells, sweep(&plan(), &Engine::cpu(), |_| {}).cells);
}

#[test]
fn an_interrupted_sweep_goes_on_on_the_gpu_and_measures_nothing_twice() {
    let Some(engine) = gpu() else { return };
    let whole = sweep(&plan(), &engine, |_| {});
    let mut half = whole.clone();
    half.cells.retain(|cell| cell.width == 8 || (cell.seed == 2 && cell.epoch > 0));
    let mut measured = 0;
    let data = Arc::new(Toy::Spirals.generate());
    let resumed = sweep::run(&plan(), &data, NonZeroUsize::MIN, &engine, Some(half.clone()), |news, _| {
        measured += usize::from(matches!(news, News::Event { event: Event::Cell { .. }, .. }));
    });
    assert_eq!(measured, whole.cells.len() - half.cells.len());
    assert!(apart(&resumed.unwrap(), &whole) < 0.02);
}

/// Losses of the GPU and ends of the run at moments that a fixed list says: before any, early, and late.
#[test]
fn cut_off_and_lost_at_any_moments_it_comes_to_every_network_once_and_to_the_numbers_of_an_undisturbed_run() {
    if gpu().is_none() {
        return;
    }
    let (plan, data) = (plan(), Arc::new(Toy::Spirals.generate()));
    let undisturbed = sweep(&plan, &Engine::cpu(), |_| {});
    for schedule in [[3, 7, 40], [1, 1, 1], [20, 2, 11], [0, 30, 4]] {
        let mut journal: Option<PhaseChart> = None;
        for (turn, at) in schedule.into_iter().enumerate() {
            let Some(engine) = gpu() else { return };
            let (mut networks, mut kept) = (0, None);
            let ended =
                sweep::run(&plan, &data, NonZeroUsize::new(2).unwrap(), &engine, journal.clone(), |news, chart| {
                    if matches!(news, News::Event { event: Event::Cell { .. }, .. }) {
                        networks += 1;
                        // The journal when the run is killed; every second time the device is lost first.
                        if networks == at && turn % 2 == 1 {
                            engine.lose();
                        }
                        if networks == at + 3 {
                            kept = Some(chart.clone());
                        }
                    }
                });
            journal = Some(kept.unwrap_or(ended.unwrap()));
        }
        let Some(engine) = gpu() else { return };
        let whole = sweep::run(&plan, &data, NonZeroUsize::MIN, &engine, journal, |_, _| {}).unwrap();
        assert!(whole.is_whole() && apart(&whole, &undisturbed) < 0.02, "{schedule:?}");
    }
}
