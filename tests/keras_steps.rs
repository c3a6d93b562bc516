//! Steps on MNIST go where Keras goes: batch norm, weight decay, the loss, Adam and gradient descent with momentum, convolutions.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use std::path::PathBuf;

use burn::tensor::{Tensor, TensorData};
use hash_phase::dataset::Dataset;
use hash_phase::engine::Engine;
use hash_phase::network::{Networks, Population, Stored};
use hash_phase::training::{Batches, Family, Optimizer, Preset, Protocol, Trainer};
use safetensors::SafeTensors;

const WIDTH: usize = 10;
/// Kernel, bias, scale, shift, running mean, running variance, kernel, bias: `[rows, columns]`.
const SHAPES: [[usize; 2]; 8] =
    [[784, WIDTH], [1, WIDTH], [1, WIDTH], [1, WIDTH], [1, WIDTH], [1, WIDTH], [WIDTH, 10], [1, 10]];

#[test]
fn a_hundred_steps_of_adam_go_where_keras_goes() {
    go_where_keras_goes(Preset::Code.protocol(), 100, 1, 2e-2);
}

#[test]
fn ten_steps_with_momentum_go_where_keras_goes() {
    let optimizer = Optimizer::Sgd { learning_rate: 1e-2, momentum: 0.9 };
    go_where_keras_goes(Protocol { optimizer, ..Preset::Code.protocol() }, 10, 2, 2e-4);
}

/// `part` of the fixture has Keras' weights after so many steps. Batch norm takes a bias away again: its gradient is nothing but rounding, which
/// Adam enlarges, and the running mean follows it, so both have a bound of their own, `of_bias`.
fn go_where_keras_goes(protocol: Protocol, steps: usize, part: usize, of_bias: f32) {
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap());
    let file = std::fs::read(folder.join("tests/fixtures/keras-steps.weights")).unwrap();
    let numbers: Vec<f32> = file.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect();
    let parts: Vec<&[f32]> = numbers.chunks_exact(numbers.len() / 3).collect();

    let mnist = Dataset::load("mnist", &folder.join("www/public/data")).unwrap();
    let mut population = Population::new(784, 10, &[protocol.mlp(WIDTH)], &[1], Engine::cpu().device()).unwrap();
    let mut rest = parts[0];
    for (tensor, shape) in tensors(&mut population).into_iter().zip(SHAPES) {
        let (own, others) = rest.split_at(shape[0] * shape[1]);
        *tensor = Tensor::from_data(TensorData::new(own.to_vec(), [1, shape[0], shape[1]]), Engine::cpu().device());
        rest = others;
    }

    let mut trainer = Trainer::new(population, protocol, vec![Batches::new(1, 48_000, 48_000, 64)]).unwrap();
    (0..steps).for_each(|_| trainer.step(mnist.train()));

    let mut population = pollster::block_on(trainer.networks()).unwrap().population().unwrap().clone();
    let mut rest = parts[part];
    for (place, (tensor, shape)) in tensors(&mut population).into_iter().zip(SHAPES).enumerate() {
        let (keras, others) = rest.split_at(shape[0] * shape[1]);
        let ours = tensor.clone().into_data().try_into_vec::<f32>().unwrap();
        let apart = ours.iter().zip(keras).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        let bound = if [1, 4].contains(&place) { of_bias } else { 2e-4 };
        assert!(apart < bound, "tensor {place}: {apart} apart");
        rest = others;
    }
}

/// In the order of the fixture.
fn tensors(population: &mut Population) -> Vec<&mut Tensor<3>> {
    let hidden = &mut population.parameters.hidden[0];
    let output = &mut population.parameters.output;
    let norm = hidden.norm.iter_mut().flatten();
    let running = population.running.iter_mut().flatten();
    [&mut hidden.kernel, &mut hidden.bias]
        .into_iter()
        .chain(norm)
        .chain(running)
        .chain([&mut output.kernel, &mut output.bias])
        .collect()
}

#[test]
fn ten_steps_of_a_vgg_with_two_convolutions_a_block_and_batch_norm_go_where_keras_goes() {
    let network = Family::Vgg { channels: 2, blocks: 2, convolutions: 2 };
    let optimizer = Optimizer::Sgd { learning_rate: 1e-3, momentum: 0.9 };
    goes_where_keras_goes("vgg-norm", &Protocol { batch_norm: true, optimizer, ..with_decay(network) });
}

#[test]
fn ten_steps_of_a_vgg_by_adam_go_where_keras_goes() {
    goes_where_keras_goes(
        "vgg-plain",
        &Protocol { batch_norm: false, ..with_decay(Family::Vgg { channels: 3, blocks: 3, convolutions: 1 }) },
    );
}

#[test]
fn ten_steps_of_a_resnet_go_where_keras_goes() {
    let optimizer = Optimizer::Sgd { learning_rate: 1e-3, momentum: 0.9 };
    goes_where_keras_goes("resnet", &Protocol { optimizer, ..with_decay(Family::RESNET) });
}

fn with_decay(network: Family) -> Protocol {
    Protocol { weight_decay: 1e-4, ..Preset::Figure.protocol().with_family(network) }
}

fn goes_where_keras_goes(name: &str, protocol: &Protocol) {
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap());
    let file = |when: &str| std::fs::read(folder.join(format!("tests/fixtures/{name}-{when}.safetensors"))).unwrap();
    let mnist = Dataset::load("mnist", &folder.join("www/public/data")).unwrap();
    let image = hash_phase::engine::MapShape::of(&mnist.description().kind);
    let Stored::Convolutional(networks) = Stored::read(file("before")[..].into(), image, [784, 10]).unwrap() else {
        panic!()
    };
    let mut trainer = Trainer::new(*networks, protocol.clone(), vec![Batches::new(1, 48_000, 48_000, 64)]).unwrap();
    (0..10).for_each(|_| trainer.step(mnist.train()));
    let networks: &Networks = pollster::block_on(trainer.networks()).unwrap();
    let ours = pollster::block_on(networks.weights(networks.members()[0], &[])).unwrap();
    let (ours, keras) = (SafeTensors::deserialize(&ours).unwrap(), file("after"));
    let keras = SafeTensors::deserialize(&keras).unwrap();
    assert_eq!(ours.len(), keras.len());
    for (name, keras) in keras.tensors() {
        let ours = ours.tensor(&name).unwrap();
        assert_eq!(ours.shape(), keras.shape(), "{name}");
        let numbers =
            |bytes: &[u8]| -> Vec<f32> { bytes.as_chunks().0.iter().map(|&four| f32::from_le_bytes(four)).collect() };
        let apart =
            numbers(ours.data()).iter().zip(numbers(keras.data())).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart < 1e-4, "{name}: {apart} apart");
    }
}
