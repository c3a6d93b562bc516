//! A network that was trained here leaves as a file and comes back as the very same hash encoder.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // a test may panic

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use hash_phase::dataset::Toy;
use hash_phase::engine::Engine;
use hash_phase::network::Activation;
use hash_phase::sweep::{AskedOf, Encoded, Found, Plan, PopulationRun, Share, Task};
use hash_phase::training::Preset;

fn plan(preset: Preset, change: impl FnOnce(&mut Plan)) -> Plan {
    let mut plan = Plan::preset(preset, "moons").unwrap();
    plan.axes.width = vec![3, 8, 20];
    plan.axes.epoch = vec![0, 2, 5];
    plan.axes.samples = vec![1024];
    plan.axes.seed = vec![1, 2];
    change(&mut plan);
    plan
}

/// Every network of a plan, and the numbers that its file gives, held against those of its cell.
fn comes_back(plan: &Plan) {
    let (data, engine) = (Arc::new(Toy::Moons.generate()), Engine::cpu());
    let files = Mutex::new(Vec::new());
    let keep = |encoded: &Encoded, file: &[u8]| {
        files.lock().unwrap().push((encoded.key(), file.to_vec()));
        Ok(())
    };
    let two = NonZeroUsize::new(2).unwrap();
    let chart = Task {
        plan,
        data: &data,
        threads: two,
        engine: &engine,
        share: Share::WHOLE,
        finished: None,
        keep: Some(&keep),
    }
    .run(|_, _| {})
    .unwrap();
    let files = files.into_inner().unwrap();
    assert_eq!(files.len(), chart.cells.len());
    for (key, file) in files {
        let cell = chart
            .cells
            .iter()
            .find(|cell| [cell.level, cell.seed, cell.samples, cell.epoch, cell.width] == key)
            .unwrap();
        // The file says how its cell was measured, and with that alone it comes to the same.
        let there = Found::measure(&file, None, &data, AskedOf::default()).unwrap().numbers;
        assert!(there.as_cell);
        assert_eq!(there.widths, vec![cell.width; plan.protocol.depth as usize], "{key:?}");
        assert_eq!(
            (there.bits, there.redundancy, there.accuracy),
            (cell.bits, cell.redundancy, cell.accuracy),
            "{key:?}"
        );
        assert_eq!(
            (Some(there.kmeans), Some(there.knn), Some(there.logistic)),
            (cell.kmeans, cell.knn, cell.logistic),
            "{key:?}"
        );
    }
}

#[test]
fn so_has_one_that_saw_few_examples_with_other_labels_and_inputs_and_is_measured_in_its_own_way() {
    let few = |change: fn(&mut Plan)| {
        comes_back(&plan(Preset::Quick, |plan| {
            plan.axes.samples = vec![10, 100];
            change(plan);
        }));
    };
    few(|plan| plan.protocol.label_noise = 0.4);
    few(|plan| plan.protocol.noise_inputs = true);
    few(|plan| plan.axes.factor = Some("label_noise=0,1".parse().unwrap()));
    few(|plan| {
        plan.protocol.kmeans_starts = 2;
        plan.protocol.neighbours = 3;
        plan.protocol.logistic_c = 0.1;
        plan.protocol.layer = Some(2);
    });
}

#[test]
fn on_other_data_it_is_measured_as_any_other_network() {
    let plan = plan(Preset::Quick, |plan| plan.axes.samples = vec![10]);
    let data = Arc::new(Toy::Moons.generate());
    let mut run = PopulationRun::new(&plan, plan.populations()[0], data, &Engine::cpu()).unwrap();
    let file = pollster::block_on(run.weights(8)).unwrap();
    let there = Found::measure(&file, None, &Toy::Circles.generate(), AskedOf::default()).unwrap().numbers;
    assert_eq!((there.as_cell, there.samples), (false, 1024));
}

#[test]
fn a_network_read_back_from_its_weights_has_the_very_numbers_of_its_cell() {
    comes_back(&plan(Preset::Quick, |_| {}));
}

#[test]
fn so_has_one_with_batch_norm_and_two_hidden_layers() {
    comes_back(&plan(Preset::Code, |plan| plan.protocol.depth = 2));
}

#[test]
fn what_could_not_be_read_back_is_refused() {
    let plan = plan(Preset::Quick, |plan| plan.protocol.activation = Activation::Tanh);
    let data = Arc::new(Toy::Moons.generate());
    let keep = |_: &Encoded, _: &[u8]| Ok(());
    let (threads, engine) = (NonZeroUsize::MIN, Engine::cpu());
    let task = Task {
        plan: &plan,
        data: &data,
        threads,
        engine: &engine,
        share: Share::WHOLE,
        finished: None,
        keep: Some(&keep),
    };
    let refused = task.run(|_, _| {});
    assert_eq!(
        refused.unwrap_err().to_string(),
        "weights of tanh networks cannot be saved, since only ReLU networks can be read back: use relu"
    );
}
