//! What a population promises: company changes nothing.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use hash_phase::dataset::Toy;
use hash_phase::network::{Architecture, NetworkError, Population, cpu};
use hash_phase::training::{Batches, Optimizer, Preset, Protocol, Trainer};

/// Enough for every weight to move far; so few that rounding, which Adam enlarges, stays small.
const STEPS: usize = 10;

/// Each network's kernels after some steps on the spirals.
fn trained(protocol: &Protocol, widths: &[usize]) -> Vec<Vec<Vec<f32>>> {
    let data = Toy::Spirals.generate();
    let networks: Vec<_> = widths.iter().map(|&width| protocol.architecture(width)).collect();
    let population = Population::new(data.inputs(), data.classes(), &networks, 7, &cpu()).unwrap();
    let batches = Batches::new(7, 300, data.train().len(), 64);
    let mut trainer = Trainer::new(population, protocol.clone(), batches, 7);
    (0..STEPS).for_each(|_| trainer.step(data.train()));
    let population = trainer.population();
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
fn training_lowers_the_loss() {
    let data = Toy::Moons.generate();
    let protocol = Preset::Code.protocol();
    let population = Population::new(2, 2, &[protocol.architecture(16)], 1, &cpu()).unwrap();
    let mut trainer = Trainer::new(population, protocol, Batches::new(1, 1024, 1024, 64), 1);
    trainer.step(data.train());
    let first = pollster::block_on(trainer.losses()).unwrap().unwrap()[0];
    (0..100).for_each(|_| trainer.step(data.train()));
    let last = pollster::block_on(trainer.losses()).unwrap().unwrap()[0];
    assert!(last < 0.5 * first, "{first} before, {last} after");
}

#[test]
fn networks_that_cannot_train_together_are_refused() {
    let network = Architecture { depth: 1, width: 4, batch_norm: false, dropout: 0.0 };
    let new = |networks: &[Architecture]| Population::new(2, 2, networks, 1, &cpu()).map(|_| ());
    assert_eq!(new(&[]), Err(NetworkError::Empty));
    assert!(matches!(new(&[network, Architecture { batch_norm: true, ..network }]), Err(NetworkError::Mixed(..))));
    assert_eq!(new(&[Architecture { width: 0, ..network }]), Err(NetworkError::NoUnits { what: "width" }));
    assert_eq!(new(&[Architecture { dropout: 1.0, ..network }]), Err(NetworkError::Dropout(1.0)));
}
