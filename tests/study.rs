//! What a reader is shown of a network's codes is what its cell is made of.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // a test may panic

use std::path::PathBuf;
use std::sync::Arc;

use hash_phase::chart::Axes;
use hash_phase::code::CodeMatrix;
use hash_phase::dataset::{Dataset, Toy};
use hash_phase::engine::Engine;
use hash_phase::network::CodeUnits;
use hash_phase::sweep::{Answers, Firing, Plan, PopulationRun, Study};
use hash_phase::training::{Family, Preset};

/// The study of one network of a toy, with the codes that it is of.
fn studied(toy: Toy, name: &str, label_noise: f64) -> (Study, CodeMatrix, Vec<u8>, Arc<Dataset>) {
    let mut plan = Plan::preset(Preset::Quick, name).unwrap();
    plan.protocol.depth = 1;
    plan.protocol.label_noise = label_noise;
    plan.axes.width = vec![3, 7];
    plan.axes.epoch = vec![2];
    plan.axes.samples = vec![300];
    let data = Arc::new(toy.generate());
    let mut run = PopulationRun::new(&plan, plan.populations()[0], Arc::clone(&data), &Engine::cpu()).unwrap();
    while run.just_encoded().next().is_none() {
        pollster::block_on(run.next()).unwrap();
    }
    let codes = run.just_encoded().find(|encoded| encoded.width == 7).unwrap().train.codes.clone();
    let study = pollster::block_on(run.study(7, 0, &data)).unwrap().unwrap();
    let noisy = data.train().labels_with(plan.protocol.noise(), 300)[..300].to_vec();
    (study, codes, noisy, data)
}

fn right(answers: &Answers, classes: usize) -> f64 {
    let right: u32 = (0..classes).map(|label| answers.confusion[label * classes + label]).sum();
    f64::from(right) / f64::from(answers.confusion.iter().sum::<u32>())
}

/// The study of a convolutional network of two channels.
fn studied_maps(code: CodeUnits) -> Study {
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("www/public/data");
    let data = Arc::new(Dataset::load("mnist-small", &folder).unwrap());
    let mut plan = Plan::preset(Preset::Quick, "mnist-small").unwrap().with_family(Family::VGG);
    plan.protocol.code = code;
    plan.axes = Axes { width: vec![4, 6], epoch: vec![1], samples: vec![100], ..plan.axes };
    let mut run = PopulationRun::new(&plan, plan.populations()[0], Arc::clone(&data), &Engine::cpu()).unwrap();
    while run.just_encoded().next().is_none() {
        pollster::block_on(run.next()).unwrap();
    }
    pollster::block_on(run.study(6, 0, &data)).unwrap().unwrap()
}

#[test]
fn the_maps_of_an_example_are_the_convolutions_part_of_its_code() {
    let all = studied_maps(CodeUnits::All);
    assert_eq!(all.firing.len(), 10, "one example of each digit");
    for Firing { example, label, layers } in &all.firing {
        let sizes: Vec<_> = layers.iter().map(|one| [one.channels, one.height, one.width]).collect();
        assert_eq!(sizes, [[2, 28, 28], [4, 14, 14], [8, 7, 7]]);
        let maps: String = layers.iter().map(|one| one.maps.as_str()).collect();
        let own = all.codes.firsts.iter().find(|one| one.example == *example).unwrap();
        assert_eq!((own.label, own.code.strip_prefix(&maps).unwrap().len()), (*label, 6));
    }
    assert_eq!(studied_maps(CodeUnits::Dense).firing, all.firing, "whichever ReLUs are the code");
    assert!(studied(Toy::Blobs, "blobs", 0.0).0.firing.is_empty());
}

#[test]
fn confusion_and_shared_codes_add_up_to_the_numbers_of_the_cell() {
    for label_noise in [0.0, 0.3] {
        let (study, codes, labels, data) = studied(Toy::Blobs, "blobs", label_noise);
        let (cell, study) = (&study.cell, &study.codes);
        assert_eq!((cell.width, cell.epoch, cell.samples, study.classes), (7, 2, 300, 4));
        assert_eq!(right(&study.knn, 4), cell.knn.unwrap());
        assert_eq!(right(&study.logistic, 4), cell.logistic.unwrap());
        assert_eq!(right(&study.kmeans, 4), cell.kmeans.unwrap().train);
        assert_eq!(f64::from(300 - study.distinct) / 300.0, cell.redundancy.train);
        for wrong in &study.knn.wrong {
            assert_eq!(data.test().labels()[wrong.example as usize], wrong.label);
            assert_ne!(wrong.label, wrong.answer);
        }
        // All rows listed under a shared code have it, and the largest group comes first.
        assert!(study.shared.windows(2).all(|pair| pair[0].size >= pair[1].size));
        for shared in &study.shared {
            let first = codes.row(shared.examples[0] as usize);
            let sharers: Vec<usize> = (0..300).filter(|&row| codes.row(row) == first).collect();
            assert_eq!((sharers.len(), shared.labels.iter().sum::<u32>()), (shared.size as usize, shared.size));
            for (label, &count) in shared.labels.iter().enumerate() {
                assert_eq!(sharers.iter().filter(|&&row| usize::from(labels[row]) == label).count() as u32, count);
            }
        }
    }
}

#[test]
fn distances_within_and_between_classes_are_those_of_all_pairs() {
    let (Study { codes: study, .. }, codes, labels, _) = studied(Toy::Moons, "moons", 0.0);
    assert_eq!((study.bits, study.step), (7, 1));
    let mut means = [(0, 0), (0, 0)];
    for row in 0..300 {
        for other in 0..row {
            let distance = (0..7).filter(|&bit| codes.get(row, bit) != codes.get(other, bit)).count();
            let (sum, pairs) = &mut means[usize::from(labels[row] != labels[other])];
            *sum += distance;
            *pairs += 1;
        }
    }
    for ((shares, apart), (sum, pairs)) in
        [&study.within, &study.between].into_iter().zip([study.apart_within, study.apart_between]).zip(means)
    {
        let mean: f64 = shares.iter().enumerate().map(|(distance, share)| distance as f64 * share).sum();
        assert!((mean - f64::from(sum as u32) / f64::from(pairs)).abs() < 1e-9);
        assert!((mean - apart).abs() < 1e-9);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
    let coded = &study.firsts[17];
    let code: String = (0..7).map(|bit| if codes.get(coded.example as usize, bit) { '1' } else { '0' }).collect();
    assert_eq!((&coded.code, coded.label), (&code, labels[coded.example as usize]));
}
