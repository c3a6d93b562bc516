//! What a population promises: company changes nothing.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use burn::tensor::{Tensor, TensorData};
use hash_phase::code::{Medians, encode};
use hash_phase::dataset::Toy;
use hash_phase::engine::Engine;
use hash_phase::network::{Activation, Mlp, NetworkError, Population};
use hash_phase::training::{Batches, Optimizer, Preset, Protocol, Trainer};

/// Enough for every weight to move far; so few that rounding, which Adam enlarges, stays small.
const STEPS: usize = 10;

/// Each network's kernels after some steps on the spirals.
fn trained(protocol: &Protocol, widths: &[usize]) -> Vec<Vec<Vec<f32>>> {
    let data = Toy::Spirals.generate();
    let networks: Vec<_> = widths.iter().map(|&width| protocol.mlp(width)).collect();
    let population = Population::new(data.inputs(), data.classes(), &networks, &[7], Engine::cpu().device()).unwrap();
    let batches = Batches::new(7, 300, data.train().len(), 64);
    let mut trainer = Trainer::new(population, protocol.clone(), vec![batches]).unwrap();
    (0..STEPS).for_each(|_| trainer.step(data.train()));
    let population = pollster::block_on(trainer.networks()).unwrap().population().unwrap();
    population.members().map(|member| pollster::block_on(population.kernels(member)).unwrap()).collect()
}

fn assert_company_changes_nothing(protocol: &Protocol) {
    let widths = [5, 12, 3, 12 + 5];
    let together = trained(protocol, &widths);
    for (width, in_company) in widths.into_iter().zip(together) {
        let alone = trained(protocol, &[width]).remove(0);
        assert_eq!(in_company.len(), protocol.depth as usize + 1);
        for (layer, (company, alone)) in in_company.iter().zip(&alone).enumerate() {
            assert_eq!(company.len(), alone.len());
            assert!(alone.iter().any(|weight| *weight != 0.0));
            let apart = company.iter().zip(alone).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(apart < 1e-5, "width {width}, layer {layer}: {apart} apart");
        }
    }
}

#[test]
fn a_network_trains_in_a_population_as_it_would_alone() {
    assert_company_changes_nothing(&Preset::Figure.protocol());
}

#[test]
fn so_it_does_with_depth_batch_norm_and_weight_decay() {
    assert_company_changes_nothing(&Protocol { depth: 3, weight_decay: 1e-3, ..Preset::Code.protocol() });
}

#[test]
fn so_it_does_with_dropout_and_momentum() {
    let optimizer = Optimizer::Sgd { learning_rate: 0.05, momentum: 0.9 };
    assert_company_changes_nothing(&Protocol { depth: 2, dropout: 0.3, optimizer, ..Preset::Figure.protocol() });
}

#[test]
fn a_cohort_trains_beside_others_as_it_would_alone() {
    let data = Toy::Spirals.generate();
    // With a smooth activation, one cohort is a tensor program as several are.
    let activation = Activation::Tanh;
    let protocol = Protocol { depth: 2, dropout: 0.2, activation, ..Preset::Code.protocol() };
    let networks = [4, 9].map(|width| protocol.mlp(width));
    let cohorts: [(u64, usize); 3] = [(3, 300), (4, 300), (3, 20)];
    let trained = |cohorts: &[(u64, usize)]| {
        let seeds: Vec<_> = cohorts.iter().map(|&(seed, _)| seed).collect();
        let population = Population::new(data.inputs(), data.classes(), &networks, &seeds, Engine::cpu().device());
        let batches = cohorts.iter().map(|&(seed, samples)| Batches::new(seed, samples, data.train().len(), 64));
        let mut trainer = Trainer::new(population.unwrap(), protocol.clone(), batches.collect()).unwrap();
        (0..STEPS).for_each(|_| trainer.step(data.train()));
        pollster::block_on(trainer.networks()).unwrap().population().unwrap().clone()
    };
    let together = trained(&cohorts);
    // Each cohort encodes as many examples as it has seen.
    let counts = cohorts.map(|(_, samples)| samples);
    let encoded =
        pollster::block_on(encode(&together.clone().into(), data.train(), &counts, &Medians::default())).unwrap();
    for (cohort, &(seed, samples)) in cohorts.iter().enumerate() {
        let alone = trained(&[(seed, samples)]);
        let same =
            pollster::block_on(encode(&alone.clone().into(), data.train(), &[samples], &Medians::default())).unwrap();
        for (own, member) in alone.members().zip(together.members().filter(|member| member.cohort == cohort)) {
            let kernels = |population: &Population, member| pollster::block_on(population.kernels(member)).unwrap();
            for (alone, company) in
                kernels(&alone, own).iter().flatten().zip(kernels(&together, member).iter().flatten())
            {
                assert!((alone - company).abs() < 1e-5, "seed {seed}, {samples} samples, width {}", own.width);
            }
            let (own, member) = (&same[own.index], &encoded[member.index]);
            assert_eq!((own.codes.rows(), own.codes.bits()), (samples, member.codes.bits()));
            let flipped = (0..samples).filter(|&row| own.codes.row(row) != member.codes.row(row)).count();
            assert!(flipped <= samples / 50, "{flipped} of {samples} codes differ");
            assert!((own.accuracy - member.accuracy).abs() < 0.02);
        }
    }
}

#[test]
fn training_lowers_the_loss() {
    let data = Toy::Moons.generate();
    let protocol = Preset::Code.protocol();
    let population = Population::new(2, 2, &[protocol.mlp(16)], &[1], Engine::cpu().device()).unwrap();
    let mut trainer = Trainer::new(population, protocol, vec![Batches::new(1, 1024, 1024, 64)]).unwrap();
    trainer.step(data.train());
    let first = pollster::block_on(trainer.losses()).unwrap().unwrap()[0];
    (0..100).for_each(|_| trainer.step(data.train()));
    let last = pollster::block_on(trainer.losses()).unwrap().unwrap()[0];
    assert!(last < 0.5 * first, "{first} before, {last} after");
}

#[test]
fn networks_that_cannot_train_together_are_refused() {
    let network = Mlp { depth: 1, width: 4, batch_norm: false, dropout: 0.0, activation: Activation::Relu };
    let new = |networks: &[Mlp]| Population::new(2, 2, networks, &[1], Engine::cpu().device()).map(|_| ());
    assert_eq!(new(&[]), Err(NetworkError::Empty));
    assert!(matches!(new(&[network, Mlp { batch_norm: true, ..network }]), Err(NetworkError::Mixed(..))));
    assert_eq!(new(&[Mlp { width: 0, ..network }]), Err(NetworkError::NoUnits { what: "width" }));
    assert_eq!(new(&[Mlp { dropout: 1.0, ..network }]), Err(NetworkError::Dropout(1.0)));
}

#[test]
fn a_unit_that_ran_off_to_infinity_reaches_no_other_network() {
    let networks =
        [5, 2].map(|width| Mlp { depth: 2, width, batch_norm: false, dropout: 0.0, activation: Activation::Relu });
    let mut population = Population::new(3, 4, &networks, &[1], Engine::cpu().device()).unwrap();
    let bias = [f32::INFINITY, 0.0, 0.0, 0.0, 0.0, 0.5, 0.5];
    population.parameters.hidden[0].bias =
        Tensor::from_data(TensorData::new(bias.to_vec(), [1, 1, 7]), Engine::cpu().device());
    let batch = Tensor::from_data(TensorData::new(vec![0.5_f32; 6], [1, 2, 3]), Engine::cpu().device());
    let logits = population.evaluation_pass(batch).logits.into_data().try_into_vec::<f32>().unwrap();
    let (wide, narrow) = logits.split_at(2 * 4);
    assert!(wide.iter().any(|output| !output.is_finite()));
    assert!(narrow.iter().all(|output| output.is_finite()), "{narrow:?}");
}
