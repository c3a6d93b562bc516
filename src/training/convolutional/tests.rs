//! Convolutional networks trained by the kernels and as burn's tensor program.

#![allow(clippy::unwrap_used)] // a test may panic

use burn::tensor::activation::{leaky_relu, relu};
use burn::tensor::module::{conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::*;
use crate::code::{Encoding, Medians, encode, encode_on_device, medians_on_device};
use crate::dataset::{Dataset, OwnValues};
use crate::engine::{Engine, MapShape, Tensor as Numbers, host_numbers};
use crate::network::{
    Activation, Architecture, Body, CodeUnits, ConvNet, Convolution, Convolutional, NORM_EPSILON, NetworkError, Then,
    Vgg,
};
use crate::training::cross_entropy::Outputs;
use crate::training::optimizer::Moments;
use crate::training::{Batches, Family, Preset};

const IMAGE: MapShape = MapShape { channels: 2, height: 9, width: 6 };
const CLASSES: usize = 3;
const EXAMPLES: usize = 300;

fn data() -> Dataset {
    let values = (0..2 * EXAMPLES * IMAGE.len()).map(|at| (at as f32 * 0.37).sin() + (at as f32 * 0.011).cos());
    let labels = (0..2 * EXAMPLES).map(|example| (example * example % 7 % CLASSES) as u8).collect();
    Dataset::own(OwnValues::Floats(values.collect()), labels, EXAMPLES).unwrap()
}

fn network(protocol: &Protocol, width: usize) -> Convolutional {
    match protocol.architecture(width, Some(IMAGE)).unwrap() {
        Architecture::Convolutional(network) => network,
        Architecture::Mlp(mlp) => unreachable!("{mlp:?}"),
    }
}

/// A tensor program that trains one network.
struct Program {
    architecture: Convolutional,
    weights: Vec<Weights>,
    taken: i32,
}

struct Weights {
    kind: Kind,
    numbers: Vec<f32>,
    /// Of a kernel all sizes, of others the last.
    shape: Vec<usize>,
    moments: Moments,
}

#[derive(PartialEq)]
enum Kind {
    /// Of a hidden layer: it decays.
    Kernel,
    Bias,
    /// Scale, shift, and all of the output.
    Other,
}

impl Program {
    fn new(network: &ConvNet) -> Self {
        let mut weights = Vec::new();
        let mut push = |kind, numbers: Vec<f32>, shape: &[usize]| {
            let moments = Moments::new(numbers.len());
            weights.push(Weights { kind, numbers, shape: shape.to_vec(), moments });
        };
        for Convolution { kernel, bias, norm } in &network.convolutions {
            let outputs = bias.len();
            push(Kind::Kernel, kernel.clone(), &[outputs, kernel.len() / 9 / outputs, 3, 3]);
            push(Kind::Bias, bias.clone(), &[outputs]);
            norm.iter().flat_map(|norm| &norm[..2]).for_each(|own| push(Kind::Other, own.clone(), &[outputs]));
        }
        let numbers = |tensor: &Numbers<3>| host_numbers(tensor.clone());
        for layer in &network.head.parameters.hidden {
            let [_, inputs, units] = layer.kernel.dims();
            push(Kind::Kernel, numbers(&layer.kernel), &[inputs, units]);
            push(Kind::Bias, numbers(&layer.bias), &[units]);
            layer.norm.iter().flatten().for_each(|own| push(Kind::Other, numbers(own), &[units]));
        }
        let output = &network.head.parameters.output;
        let [_, inputs, units] = output.kernel.dims();
        push(Kind::Other, numbers(&output.kernel), &[inputs, units]);
        push(Kind::Other, numbers(&output.bias), &[units]);
        Self { architecture: network.architecture, weights, taken: 0 }
    }

    fn step(&mut self, protocol: &Protocol, train: &Examples, rows: &[u32]) {
        let device = Device::flex().autodiff();
        let tracked = self.weights.iter().map(|Weights { numbers, .. }| {
            Tensor::from_data(TensorData::new(numbers.clone(), [numbers.len()]), &device).require_grad()
        });
        let tracked: Vec<Tensor<1>> = tracked.collect();
        let mut place = 0;
        let mut next = || {
            place += 1;
            (tracked[place - 1].clone(), self.weights[place - 1].shape.clone())
        };
        let rectify = |tensor: Tensor<4>| match protocol.activation {
            Activation::LeakyRelu => leaky_relu(tensor, 0.3),
            _ => relu(tensor),
        };
        let mut pixels = Vec::new();
        train.gather(rows.iter().map(|&row| row as usize), &mut pixels);
        let MapShape { channels, height, width } = IMAGE;
        let mut signal =
            Tensor::<4>::from_data(TensorData::new(pixels, [rows.len(), height, width, channels]), &device)
                .permute([0, 3, 1, 2]);
        let mut outs: Vec<Tensor<4>> = Vec::new();
        for unit in self.architecture.units() {
            let ((kernel, shape), (bias, _)) = (next(), next());
            let kernel = kernel.reshape([shape[0], shape[1], 3, 3]);
            signal = conv2d(signal, kernel, Some(bias), ConvOptions::new([unit.stride; 2], [1, 1], [1, 1], 1));
            if protocol.batch_norm {
                let ((scale, shape), (shift, _)) = (next(), next());
                let of_channel = |tensor: Tensor<1>| tensor.reshape([1, shape[0], 1, 1]);
                let mean = |tensor: Tensor<4>| tensor.mean_dim(0).mean_dim(2).mean_dim(3);
                let centred = signal.clone() - mean(signal);
                let variance = mean(centred.clone().square());
                signal = centred / (variance + NORM_EPSILON).sqrt() * of_channel(scale) + of_channel(shift);
            }
            if let Some(source) = unit.shortcut {
                signal = signal + shortcut(outs[source].clone(), unit.out());
            }
            signal = rectify(signal);
            outs.push(signal.clone());
            signal = match unit.then {
                Then::Nothing => signal,
                Then::Pooled => max_pool2d(signal, MaxPoolOptions::new([2, 2])),
                Then::Averaged => signal.mean_dim(2).mean_dim(3),
            };
        }
        let mut units = signal.reshape([rows.len(), self.architecture.features().len()]);
        for _ in 0..protocol.depth {
            let ((kernel, shape), (bias, _)) = (next(), next());
            units = units.matmul(kernel.reshape([shape[0], shape[1]])) + bias.reshape([1, shape[1]]);
            if protocol.batch_norm {
                let ((scale, _), (shift, _)) = (next(), next());
                let centred = units.clone() - units.mean_dim(0);
                let variance = centred.clone().square().mean_dim(0);
                units = centred / (variance + NORM_EPSILON).sqrt() * scale.reshape([1, shape[1]])
                    + shift.reshape([1, shape[1]]);
            }
            units = rectify(units.unsqueeze::<4>()).reshape([rows.len(), shape[1]]);
        }
        let ((kernel, shape), (bias, _)) = (next(), next());
        let logits = units.matmul(kernel.reshape([shape[0], shape[1]])) + bias.reshape([1, shape[1]]);
        let logits: Tensor<3> = logits.unsqueeze();
        let mut targets = vec![0.0_f32; rows.len() * CLASSES];
        for (target, &row) in targets.chunks_exact_mut(CLASSES).zip(rows) {
            target[usize::from(train.labels()[row as usize])] = 1.0;
        }
        let targets = Tensor::from_data(TensorData::new(targets, [1, rows.len(), CLASSES]), &Device::flex());
        let gradient = Outputs { logits: logits.clone().inner(), targets }.gradient();
        let gradients = (logits * Tensor::from_inner(gradient).to_device(&device)).backward();
        self.taken += 1;
        let rate = protocol.learning_rate(0);
        for (Weights { kind, numbers, moments, .. }, tensor) in self.weights.iter_mut().zip(tracked) {
            let decay = if *kind == Kind::Kernel { protocol.weight_decay } else { 0.0 };
            let update = Update::new(protocol.optimizer, self.taken, rate, decay);
            let gradient: Vec<f32> = tensor.grad(&gradients).unwrap().into_data().try_into_vec().unwrap();
            moments.take(update, numbers, &gradient);
        }
    }
}

/// Of maps every second place of every second row, where they are larger, and zeros for the channels that they have not.
fn shortcut(maps: Tensor<4>, to: MapShape) -> Tensor<4> {
    let [examples, channels, height, _] = maps.dims();
    let device = maps.device();
    let every = |size: usize| Tensor::<1, Int>::arange_step(0..size as i64, 2, &device);
    let [.., width] = maps.dims();
    let thinned = if height == to.height { maps } else { maps.select(2, every(height)).select(3, every(width)) };
    if channels == to.channels {
        return thinned;
    }
    let zeros = Tensor::zeros([examples, to.channels - channels, to.height, to.width], &device);
    Tensor::cat(vec![thinned, zeros], 1)
}

/// How far the weights lie apart after some steps.
fn apart(protocol: &Protocol, samples: usize, seed: u64) -> f32 {
    let data = data();
    let widths = if let Family::Resnet { .. } = protocol.network { [2, 3] } else { [5, 12] };
    let networks = widths.map(|width| network(protocol, width));
    let mut networks = ConvNets::new(CLASSES, &networks, &[seed], Engine::cpu().device()).unwrap();
    let mut programs: Vec<Program> = networks.networks.iter().map(Program::new).collect();
    let mut step = ConvStep::new(&networks, protocol);
    let mut batches = Batches::new(seed, samples, EXAMPLES, 50);
    for number in 0..10 {
        let rows = batches.rows(number / 6, number % 6).to_vec();
        step.take(data.train(), &rows, protocol.learning_rate(0), protocol.weight_decay);
        programs.iter_mut().for_each(|program| program.step(protocol, data.train(), &rows));
    }
    step.write(&mut networks);
    let mut most = 0.0_f32;
    for (network, program) in networks.networks.iter().zip(&programs) {
        for (own, theirs) in Program::new(network).weights.iter().zip(&program.weights) {
            // Batch norm cancels the bias before it, so the bias's gradient is pure rounding error, which Adam amplifies.
            if own.kind != Kind::Bias || !protocol.batch_norm {
                let numbers = own.numbers.iter().zip(&theirs.numbers);
                numbers.for_each(|(own, theirs)| most = most.max((own - theirs).abs()));
            }
        }
    }
    most
}

/// Holds what is `apart` under a protocol with each of `changes`, by either optimizer, for many examples and for few, to rounding.
fn assert_near(plain: &Protocol, changes: &[fn(&mut Protocol)], apart: &dyn Fn(&Protocol, usize, u64) -> f32) {
    let sgd = Optimizer::Sgd { learning_rate: 1e-2, momentum: 0.9 };
    for optimizer in [plain.optimizer, sgd] {
        for change in changes {
            let mut protocol = Protocol { optimizer, ..plain.clone() };
            change(&mut protocol);
            protocol.check().unwrap();
            // A sample of 20 examples repeats each of them within a batch of 50.
            // Adam turns gradients that are pure rounding error into full steps, and batch norm leaves many of those.
            let adam = matches!(optimizer, Optimizer::Adam { .. });
            let most = if adam && protocol.batch_norm { 1e-3 } else { 1e-5 };
            for samples in [EXAMPLES, 20] {
                let found: Vec<f32> =
                    (1..=3).map(|seed| apart(&protocol, samples, seed)).take_while(|&apart| apart >= most).collect();
                // About once in a hundred runs, rounding moves a number across a ReLU's kink or changes which number of a pooling square is the largest.
                assert!(found.len() < 3, "{found:?} apart, {samples} examples, {protocol:?}");
            }
        }
    }
}

#[test]
fn the_kernels_train_as_the_tensor_program_does() {
    let vgg = Family::Vgg { channels: 3, blocks: 2, convolutions: 1 };
    let plain = Protocol { batch_norm: false, ..Preset::Figure.protocol().with_family(vgg) };
    let changes: [fn(&mut Protocol); 8] = [
        |_| {},
        |one| one.network = Family::Vgg { channels: 2, blocks: 1, convolutions: 2 },
        |one| one.batch_norm = true,
        |one| (one.batch_norm, one.network) = (true, Family::Vgg { channels: 4, blocks: 2, convolutions: 2 }),
        |one| (one.depth, one.weight_decay) = (2, 1e-3),
        |one| one.activation = Activation::LeakyRelu,
        |one| *one = one.clone().with_family(Family::RESNET),
        |one| *one = Protocol { batch_norm: false, ..one.clone().with_family(Family::Resnet { blocks: 2 }) },
    ];
    assert_near(&plain, &changes, &apart);
}

/// What networks have come to after some steps, by the kernels and side by side as a tensor program: all that is not but rounding, the
/// losses, and which bits of the codes of some examples are set.
fn both_ways(protocol: &Protocol, samples: usize, seed: u64) -> [(Vec<f32>, Vec<bool>); 2] {
    let data = data();
    let widths: &[usize] = if let Family::Resnet { .. } = protocol.network { &[2, 3] } else { &[5, 12, 7] };
    let own: Vec<_> = widths.iter().map(|&width| network(protocol, width)).collect();
    let initial = ConvNets::new(CLASSES, &own, &[seed], Engine::cpu().device()).unwrap();
    let finish = |networks: ConvNets, losses: Vec<f32>, codes: &dyn Fn(&ConvNets) -> Vec<Encoding>| {
        let bits = codes(&networks).into_iter().flat_map(|Encoding { codes, accuracy, .. }| {
            assert!(accuracy > 0.1);
            (0..codes.rows() * codes.bits()).map(move |at| codes.get(at / codes.bits(), at % codes.bits()))
        });
        let bits = bits.collect();
        let of_network = |one| {
            let weights = Program::new(one).weights;
            weights.into_iter().filter(|own| own.kind != Kind::Bias || !protocol.batch_norm).flat_map(|own| own.numbers)
        };
        let running =
            networks.networks.iter().flat_map(|one| one.convolutions.iter().filter_map(|own| own.norm.clone()));
        let running = running.flatten().flatten();
        let weights = networks.networks.iter().flat_map(of_network);
        (weights.chain(running).chain(losses).collect::<Vec<f32>>(), bits)
    };
    let steps = |take: &mut dyn FnMut(&[u32])| {
        let mut batches = Batches::new(seed, samples, EXAMPLES, 50);
        (0..10).for_each(|number| take(batches.rows(number / 6, number % 6)));
    };
    let rate = protocol.learning_rate(0);
    let mut by_kernels = ConvStep::new(&initial, protocol);
    steps(&mut |rows| by_kernels.take(data.train(), rows, rate, protocol.weight_decay));
    let mut trained = initial.clone();
    by_kernels.write(&mut trained);
    let losses = [by_kernels.losses(), by_kernels.mean_losses()].concat();
    let kernels = finish(trained, losses, &|networks| {
        let networks = networks.clone().into();
        let medians = pollster::block_on(Medians::of(&networks, data.train(), 100)).unwrap();
        pollster::block_on(encode(&networks, data.test(), &[130], &medians)).unwrap()
    });

    let mut side_by_side = DeviceConvStep::new(&initial, protocol);
    steps(&mut |rows| side_by_side.take(data.train(), rows, rate));
    let mut trained = initial;
    pollster::block_on(side_by_side.write(&mut trained)).unwrap();
    let losses = [
        pollster::block_on(side_by_side.losses()).unwrap().unwrap(),
        pollster::block_on(side_by_side.mean_losses()).unwrap(),
    ];
    let tensors = finish(trained, losses.concat(), &|networks| {
        let medians = pollster::block_on(medians_on_device(networks, data.train(), 100)).unwrap();
        pollster::block_on(encode_on_device(networks, data.test(), 130, &medians)).unwrap()
    });
    [kernels, tensors]
}

#[test]
fn side_by_side_as_a_tensor_program_networks_train_and_are_encoded_as_by_the_kernels() {
    let vgg = Family::Vgg { channels: 3, blocks: 2, convolutions: 1 };
    let figure = Preset::Figure.protocol();
    let plain = Protocol { batch_norm: false, early_stopping: 5, ..figure.with_family(vgg) };
    let changes: [fn(&mut Protocol); 9] = [
        |_| {},
        |one| (one.network, one.code) = (Family::Vgg { channels: 2, blocks: 1, convolutions: 2 }, CodeUnits::All),
        |one| (one.batch_norm, one.code) = (true, CodeUnits::Channels),
        |one| (one.batch_norm, one.network) = (true, Family::Vgg { channels: 4, blocks: 2, convolutions: 2 }),
        |one| (one.depth, one.weight_decay, one.dropout) = (2, 1e-3, 0.3),
        |one| (one.rotation, one.shift, one.flip) = (15.0, 0.1, true),
        |one| one.activation = Activation::LeakyRelu,
        |one| *one = one.clone().with_family(Family::RESNET),
        |one| *one = Protocol { batch_norm: false, ..one.clone().with_family(Family::Resnet { blocks: 2 }) },
    ];
    assert_near(&plain, &changes, &|protocol, samples, seed| {
        let [(kernels, their_bits), (tensors, bits)] = both_ways(protocol, samples, seed);
        assert_eq!((kernels.len(), their_bits.len()), (tensors.len(), bits.len()));
        let differ = bits.iter().zip(&their_bits).filter(|(one, other)| one != other).count();
        assert!(differ * 100 <= bits.len() && bits.contains(&true), "{differ} of {} bits", bits.len());
        kernels.iter().zip(&tensors).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max)
    });
}

#[test]
fn a_network_trains_in_company_as_it_does_alone_to_the_bit() {
    let plain = Protocol { early_stopping: 1, weight_decay: 1e-4, ..Preset::Figure.protocol() };
    let vgg = plain.with_family(Family::Vgg { channels: 3, blocks: 2, convolutions: 2 });
    let resnet = vgg.clone().with_family(Family::RESNET);
    let without = Protocol { batch_norm: false, ..vgg.clone() };
    for protocol in [without, Protocol { dropout: 0.5, ..vgg }, resnet] {
        let trained = |widths: &[usize]| {
            let data = data();
            let networks: Vec<_> = widths.iter().map(|&width| network(&protocol, width)).collect();
            let mut networks = ConvNets::new(CLASSES, &networks, &[3], Engine::cpu().device()).unwrap();
            let mut step = ConvStep::new(&networks, &protocol);
            let mut batches = Batches::new(3, EXAMPLES, EXAMPLES, 50);
            (0..8).for_each(|number| {
                step.take(data.train(), batches.rows(number / 6, number % 6), 1e-3, protocol.weight_decay);
            });
            step.write(&mut networks);
            let losses = step.mean_losses();
            let numbers = |network| Program::new(network).weights.into_iter().flat_map(|weights| weights.numbers);
            networks.networks.iter().map(|one| numbers(one).collect::<Vec<f32>>()).zip(losses).collect::<Vec<_>>()
        };
        let together = trained(&[4, 9, 30]);
        for (width, own) in [4, 9, 30].into_iter().zip(together) {
            assert!(own.1 > 0.0 && trained(&[width]) == [own], "width {width}");
        }
    }
}

#[test]
fn a_network_with_augmentation_trains_on_pictures_that_moved_each_of_a_batch_by_itself() {
    let vgg = Family::Vgg { channels: 3, blocks: 2, convolutions: 1 };
    let plain = Protocol { batch_norm: false, ..Preset::Figure.protocol().with_family(vgg) };
    let augmented = Protocol { rotation: 15.0, shift: 0.1, flip: true, ..plain.clone() };
    let rows: Vec<u32> = (0..50).map(|at| at % 30).collect();
    let mut pictures = Vec::new();
    data().train().gather(rows.iter().map(|&row| row as usize), &mut pictures);
    Augmentation::new(&augmented, 3).unwrap().apply(0, IMAGE, &mut pictures);
    pictures.extend_from_within(..IMAGE.len()); // the test set must not be empty
    let labels = rows.iter().chain(&[0]).map(|&row| data().train().labels()[row as usize]).collect();
    let moved = Dataset::own(OwnValues::Floats(pictures), labels, rows.len()).unwrap();

    let after_a_step = |protocol: &Protocol, data: &Dataset, rows: &[u32]| {
        let one = network(protocol, 5);
        let mut networks = ConvNets::new(CLASSES, &[one], &[3], Engine::cpu().device()).unwrap();
        let mut step = ConvStep::new(&networks, protocol);
        step.take(data.train(), rows, 1e-3, 0.0);
        step.write(&mut networks);
        Program::new(&networks.networks[0]).weights.into_iter().flat_map(|one| one.numbers).collect::<Vec<f32>>()
    };
    let own = after_a_step(&augmented, &data(), &rows);
    assert_eq!(own, after_a_step(&plain, &moved, &(0..50).collect::<Vec<_>>()));
    assert_ne!(own, after_a_step(&plain, &data(), &rows));
}

#[test]
fn networks_that_cannot_be_are_refused() {
    let family = Family::Vgg { channels: 4, blocks: 2, convolutions: 1 };
    let one = network(&Preset::Figure.protocol().with_family(family), 4);
    let new = |networks: &[Convolutional], seeds: &[u64]| {
        ConvNets::new(CLASSES, networks, seeds, Engine::cpu().device()).err()
    };
    assert_eq!(new(&[], &[1]), Some(NetworkError::Empty));
    assert_eq!(new(&[one], &[1, 2]), Some(NetworkError::OneSeed));
    assert_eq!(new(&[one], &[1]), None);
    let body = Body::Vgg(Vgg { channels: 4, blocks: 4, convolutions: 1 });
    assert!(matches!(new(&[Convolutional { body, ..one }], &[1]), Some(NetworkError::NoUnits { .. })));
}
