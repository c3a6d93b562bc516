#![allow(clippy::unwrap_used)] // a test may panic

use rand::RngExt;

use super::DenseLayer;
use crate::dataset::{Dataset, OwnValues};
use crate::engine::Engine;
use crate::network::Population;
use crate::random::stream;
use crate::training::{Batches, Preset, Protocol, Trainer};

const PIXELS: usize = 70;

/// Images of which a share of the pixels is lit, a few never.
fn images(lit: f64) -> Dataset {
    let mut random = stream(3, "images", &[]);
    let mut pixel = |place: usize| match random.random::<f64>() {
        drawn if drawn < lit && place % PIXELS > 4 => f32::from(random.random::<u8>()) / 255.0,
        _ => 0.0,
    };
    let values = (0..300 * PIXELS).map(&mut pixel).collect();
    let labels: Vec<u8> = (0..300).map(|place| (place % 3) as u8).collect();
    Dataset::own(OwnValues::Floats(values), labels, 250).unwrap()
}

fn population(data: &Dataset, protocol: &Protocol, widths: &[usize]) -> Population {
    let networks: Vec<_> = widths.iter().map(|&width| protocol.mlp(width)).collect();
    Population::new(data.inputs(), data.classes(), &networks, &[1], Engine::cpu().device()).unwrap()
}

/// After some steps, of the last network all weights.
fn trained(data: &Dataset, protocol: &Protocol, widths: &[usize]) -> Vec<Vec<f32>> {
    let population = population(data, protocol, widths);
    let mut trainer = Trainer::new(population, protocol.clone(), vec![Batches::new(1, 200, 250, 64)]).unwrap();
    (0..12).for_each(|_| trainer.step(data.train()));
    let networks = pollster::block_on(trainer.networks()).unwrap().population().unwrap();
    let member = networks.members().last().unwrap();
    pollster::block_on(networks.kernels(member)).unwrap()
}

#[test]
fn the_penalty_of_a_network_is_the_same_to_the_bit_wherever_its_units_lie() {
    let data = images(0.2);
    let protocol = Preset::Figure.protocol();
    let penalty = |before: &[usize]| {
        let all = population(&data, &protocol, &[before, &[40]].concat());
        let start = before.iter().sum::<usize>();
        let layer = &all.parameters.hidden[0];
        DenseLayer::new(layer, None, 0, [PIXELS, start + 40], None).squares(start..start + 40)
    };
    let alone = penalty(&[]);
    for before in [&[3][..], &[7], &[10, 20], &[31], &[33]] {
        assert_eq!(penalty(before), alone, "beside {before:?}");
    }
}

#[test]
fn a_network_takes_the_same_steps_to_the_bit_in_any_company() {
    let plain = Preset::Figure.protocol();
    let code = Protocol { depth: 3, dropout: 0.2, weight_decay: 1e-3, ..Preset::Code.protocol() };
    for data in [images(0.2), images(0.9)] {
        for protocol in [&plain, &code] {
            let alone = trained(&data, protocol, &[7]);
            for company in [&[7, 7][..], &[30, 7], &[3, 50, 7]] {
                assert!(trained(&data, protocol, company) == alone, "{company:?}, depth {}", protocol.depth);
            }
        }
    }
}

#[test]
fn zeros_left_out_change_no_bit() {
    let protocol = Protocol { depth: 2, ..Preset::Code.protocol() };
    let data = images(0.2);
    assert!(data.train().is_mostly_zero());
    let sparse = trained(&data, &protocol, &[5, 20]);
    // Further examples, which no batch contains, so that most inputs are no longer 0.
    let mut values: Vec<f32> = Vec::new();
    data.train().gather(0..250, &mut values);
    values.resize(values.len() + 800 * PIXELS, 1.0);
    let labels: Vec<u8> = (0..1050).map(|place| (place % 3) as u8).collect();
    let dense = Dataset::own(OwnValues::Floats(values), labels, 1000).unwrap();
    assert!(!dense.train().is_mostly_zero());
    assert!(trained(&dense, &protocol, &[5, 20]) == sparse);
}
