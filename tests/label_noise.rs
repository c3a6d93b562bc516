//! Label noise is a share of the examples that train, however many those are and however many more are loaded.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use hash_phase::dataset::{Dataset, Description, IdxFiles, IdxSource, Kind, Known, Noise};
use hash_phase::engine::Engine;
use hash_phase::sweep::{self, Plan};
use hash_phase::training::Preset;
use proptest::prelude::*;

/// A data set of 400 examples of which `loaded` are in memory; every label is another's neighbour, so that most moves show.
fn loaded(count: usize) -> Dataset {
    let idx = |dims: &[u32], data: &dyn Fn(usize) -> u8| {
        let mut file = vec![0, 0, 8, dims.len() as u8];
        dims.iter().for_each(|dim| file.extend(dim.to_be_bytes()));
        file.extend((0..dims.iter().product::<u32>() as usize).map(data));
        file
    };
    let images = idx(&[400, 2, 2], &|place| (place.wrapping_mul(2_654_435_761) >> 13) as u8);
    let labels = idx(&[400], &|row| (row % 10) as u8);
    let files = IdxFiles {
        train_images: vec![images.clone().into()],
        train_labels: &labels,
        test_images: images.into(),
        test_labels: &labels,
    };
    let classes = (0..10).map(|label| label.to_string()).collect();
    let description = Description { name: None, kind: Kind::grey(2, 2), classes };
    Dataset::from_idx("noise", IdxSource { train: 400, shard: None }, description, count, files).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(2), ..ProptestConfig::default() })]
    #[test]
    fn the_share_holds_at_every_sample_size_and_does_not_depend_on_what_is_loaded(
        share in 0.0..=1.0,
        samples in 1_usize..400,
        more in 0_usize..400,
    ) {
        let noise = Noise { labels: share, inputs: false };
        let (exactly, beyond) = (loaded(samples), loaded((samples + more).min(400)));
        let labels = exactly.train().labels_with(noise, samples);
        prop_assert_eq!(&labels[..], &beyond.train().labels_with(noise, samples)[..samples]);
        prop_assert_eq!(exactly.with_noise(noise, samples).digest(samples), beyond.with_noise(noise, samples).digest(samples));

        let clean = exactly.train().labels();
        let changed = labels.iter().zip(clean).filter(|(noisy, clean)| noisy != clean).count();
        let shuffled = (share * samples as f64).round() as usize;
        prop_assert!(changed <= shuffled);
        // A shuffled label keeps its class one time in ten, and a single one always.
        let expected = 0.9 * shuffled as f64;
        prop_assert!(shuffled < 2 || (changed as f64 - expected).abs() < 3.0 + 4.0 * (0.09 * expected).sqrt(), "{changed} of {shuffled}");
        let sorted = |labels: &[u8]| { let mut labels = labels.to_vec(); labels.sort_unstable(); labels };
        prop_assert_eq!(sorted(&labels), sorted(clean));
    }
}

#[test]
fn a_chart_is_the_same_whether_all_examples_are_loaded_or_those_it_needs() {
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("www/public/data");
    let mut plan = Plan::preset(Preset::Quick, "mnist-small").unwrap();
    plan.axes.width = vec![5];
    plan.axes.epoch = vec![0, 1];
    plan.axes.samples = vec![10, 100];
    plan.axes.factor = Some("label_noise=0,0.2,1".parse().unwrap());
    let whole = Dataset::load("mnist-small", &folder).unwrap();
    // As the page loads it: no more than the largest sample.
    let Ok(hash_phase::dataset::Source::Idx(source)) = Dataset::source("mnist-small") else { panic!("is of files") };
    let unpacked = |name: &str| {
        let mut bytes = Vec::new();
        let file = std::fs::File::open(folder.join(format!("mnist-small/{name}.gz"))).unwrap();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(file), &mut bytes).unwrap();
        bytes
    };
    let images = unpacked("train-images");
    let files = IdxFiles {
        train_images: vec![images.clone().into()],
        train_labels: &unpacked("train-labels"),
        test_images: unpacked("test-images").into(),
        test_labels: &unpacked("test-labels"),
    };
    let description = Known::named("mnist-small").unwrap().description().unwrap();
    let part = Dataset::from_idx("mnist-small", source, description, 100, files).unwrap();
    let [whole, part] = [whole, part]
        .map(|data| sweep::run(&plan, &Arc::new(data), NonZeroUsize::MIN, &Engine::cpu(), None, |_, _| {}).unwrap());
    assert_eq!((&whole.cells, &whole.plans, &whole.dataset), (&part.cells, &part.plans, &part.dataset));
    assert!(whole.plans[0] != whole.plans[1] && whole.plans[1] != whole.plans[2]);

    plan.axes.factor = None;
    plan.protocol.label_noise = 0.2;
    let data = Arc::new(Dataset::load("mnist-small", &folder).unwrap());
    let noisy = sweep::run(&plan, &data, NonZeroUsize::MIN, &Engine::cpu(), None, |_, _| {}).unwrap();
    assert_ne!(noisy.dataset.digest, whole.dataset.digest, "the digest covers the noise");
}
