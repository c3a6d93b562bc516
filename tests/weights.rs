//! A network that was trained here leaves as a file and comes back as the very same hash encoder.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // a test may panic

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use hash_phase::chart::Cell;
use hash_phase::dataset::{Dataset, Toy};
use hash_phase::engine::{Engine, MapShape};
use hash_phase::network::{Activation, CodeUnits, Stored};
use hash_phase::sweep::{AskedOf, Encoded, Found, Plan, PopulationRun, Share, Task};
use hash_phase::training::{Family, Preset, Protocol};
use safetensors::SafeTensors;

fn plan(preset: Preset, change: impl FnOnce(&mut Plan)) -> Plan {
    let mut plan = Plan::preset(preset, "moons").unwrap();
    plan.axes.width = vec![3, 8, 20];
    plan.axes.epoch = vec![0, 2, 5];
    plan.axes.samples = vec![1024];
    plan.axes.seed = vec![1, 2];
    change(&mut plan);
    plan
}

/// Every network of a plan of perceptrons, and the numbers that its file gives, held against those of its cell.
fn comes_back(plan: &Plan) {
    comes_back_on(&Arc::new(Toy::Moons.generate()), plan, |cell| vec![cell.width; plan.protocol.depth as usize]);
}

/// The same of any, whose ReLUs are given.
fn comes_back_on(data: &Arc<Dataset>, plan: &Plan, relus: impl Fn(&Cell) -> Vec<u32>) {
    let engine = Engine::cpu();
    let files = Mutex::new(Vec::new());
    let keep = |encoded: &Encoded, file: &[u8]| {
        files.lock().unwrap().push((encoded.key(), file.to_vec()));
        Ok(())
    };
    let two = NonZeroUsize::new(2).unwrap();
    let chart =
        Task { plan, data, threads: two, engine: &engine, share: Share::WHOLE, finished: None, keep: Some(&keep) }
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
        let there = Found::measure(file[..].into(), data, AskedOf::default(), &|_| ()).unwrap().numbers;
        assert!(there.as_cell);
        // Where the code is that of one layer, that layer is what there is to tell of.
        let all = relus(cell);
        let of_code = plan.protocol.layer.map_or(all.clone(), |layer| vec![all[layer as usize - 1]]);
        assert_eq!(there.widths, of_code, "{key:?}");
        assert_eq!(there.names.len(), of_code.len(), "{key:?}");
        assert_eq!(
            (there.bits, there.redundancy, there.accuracy),
            (cell.bits, cell.redundancy, Some(cell.accuracy)),
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
    let there = Found::measure(file[..].into(), &Toy::Circles.generate(), AskedOf::default(), &|_| ()).unwrap().numbers;
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
fn convolutional_networks_do_whichever_of_their_relus_are_the_code() {
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("www/public/data");
    let data = Arc::new(Dataset::load("mnist-small", &folder).unwrap());
    let of = |change: fn(&mut Protocol)| {
        let mut plan = plan(Preset::Quick, |plan| {
            let family = Family::Vgg { channels: 2, blocks: 2, convolutions: 2 };
            plan.protocol = Preset::Quick.protocol().with_family(family);
            (plan.axes.width, plan.axes.epoch) = (vec![5, 12], vec![0, 1]);
            (plan.axes.samples, plan.axes.seed) = (vec![300], vec![1]);
        });
        plan.dataset = "mnist-small".into();
        change(&mut plan.protocol);
        let maps = [2 * 784, 2 * 784, 4 * 196, 4 * 196];
        comes_back_on(&data, &plan, |cell| {
            if let Family::Resnet { .. } = plan.protocol.network {
                return [1, 1, 1, 2, 2, 4, 4].map(|times| times * cell.width).to_vec();
            }
            let dense = vec![cell.width; plan.protocol.depth as usize];
            match plan.protocol.code {
                CodeUnits::All => [&maps[..], &dense].concat(),
                CodeUnits::Dense => vec![cell.width],
                CodeUnits::Channels => [&[2, 2, 4, 4][..], &dense].concat(),
            }
        });
    };
    of(|_| {});
    of(|one| one.batch_norm = false);
    of(|one| (one.code, one.depth) = (CodeUnits::Channels, 2));
    of(|one| (one.code, one.layer) = (CodeUnits::All, Some(3)));
    of(|one| *one = one.clone().with_family(Family::RESNET));
}

#[test]
fn a_convolutional_network_is_of_pictures_of_its_size() {
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("tests/fixtures");
    let file = std::fs::read(folder.join("vgg-norm-before.safetensors")).unwrap();
    let refused = |file: &[u8], image, classes| {
        let read = Stored::read(file.into(), image, [784, classes]);
        read.map(|network| network.widths()).unwrap_err().to_string()
    };
    let digit = |side| Some(MapShape { channels: 1, height: side, width: side });
    assert!(refused(&file, None, 10).contains("it takes pictures"));
    assert!(
        refused(&file, digit(32), 10).contains("'classifier.0.weight' has the shape [8, 196] where [8, 256] belongs")
    );
    let colour = Some(MapShape { channels: 3, height: 28, width: 28 });
    assert!(refused(&file, colour, 10).contains("[2, 1, 3, 3] where [2, 3, 3, 3] belongs"));
    assert!(refused(&file, digit(28), 2).contains("10 outputs, but the data set has 2 classes"));
    // Every tensor is required, and one of another shape is named.
    let tensors = SafeTensors::deserialize(&file).unwrap();
    for (left_out, _) in tensors.tensors() {
        let others = tensors.tensors().into_iter().filter(|(name, _)| *name != left_out);
        let others = safetensors::serialize(others, None).unwrap();
        assert!(!refused(&others, digit(28), 10).is_empty(), "{left_out}");
    }
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
