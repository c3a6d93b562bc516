//! A guard of speed that no busy machine disturbs: what a training step asks of the allocator, which is room for the numbers of its examples.
#![allow(clippy::unwrap_used)]
#![cfg(not(target_arch = "wasm32"))] // its allocator is the system's

use hash_phase::dataset::{Dataset, OwnValues};
use hash_phase::engine::Engine;
use hash_phase::network::Population;
use hash_phase::training::{Batches, Preset, Protocol, Trainer};

const STEPS: u64 = 20;

/// Images of MNIST's size, a fifth of their pixels lit.
fn images() -> Dataset {
    let pixel = |place: u32| if place.wrapping_mul(2_654_435_761) >> 24 < 51 { 200 } else { 0 };
    let labels = (0..320).map(|example| (example % 10) as u8).collect();
    Dataset::own(OwnValues::Bytes((0..320 * 784).map(pixel).collect::<Vec<_>>().into()), labels, 256).unwrap()
}

/// Allocations and bytes of a step, on average.
fn of_a_step(data: &Dataset, protocol: &Protocol, widths: &[usize]) -> [u64; 2] {
    let networks: Vec<_> = widths.iter().map(|&width| protocol.mlp(width)).collect();
    let population = Population::new(784, 10, &networks, &[1], Engine::cpu().device()).unwrap();
    let mut trainer = Trainer::new(population, protocol.clone(), vec![Batches::new(1, 256, 256, 64)]).unwrap();
    (0..10).for_each(|_| trainer.step(data.train())); // what is kept from step to step is there
    let found = allocation_counter::measure(|| (0..STEPS).for_each(|_| trainer.step(data.train())));
    [found.count_total, found.bytes_total].map(|total| total / STEPS)
}

#[test]
fn a_step_asks_for_little_memory_however_many_networks_take_it() {
    let data = images();
    let figure = Preset::Figure.protocol();
    let deep = Protocol { depth: 3, ..figure.clone() };
    let code = Protocol { depth: 3, dropout: 0.2, ..Preset::Code.protocol() };
    for (what, protocol, widths) in [
        ("one network", &figure, &[50][..]),
        ("five networks", &figure, &[3, 10, 20, 40, 100]),
        ("three layers", &deep, &[20, 60]),
        ("three layers with batch norm and dropout", &code, &[20, 60]),
    ] {
        let [found, asked] = of_a_step(&data, protocol, widths);
        println!("{what}: {found} allocations a step, {asked} bytes");
        assert!(found <= 1 && asked <= 256, "{what}: {found} allocations, {asked} bytes");
    }
}
