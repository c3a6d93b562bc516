//! Whether a network from elsewhere was trained on inputs of another scale: told by how often it is right.

use schemars::JsonSchema;
use serde::Serialize;

use crate::code::{Medians, encode_stored};
use crate::dataset::Dataset;
use crate::engine::MapShape;
use crate::network::{Fed, Perceptron, Stored};

/// What networks are usually trained on: bytes, -1 to 1, and what PyTorch's examples take off and divide by for MNIST, Fashion-MNIST and CIFAR-10.
const USUAL: [Fed; 5] = [
    Fed { scale: 255.0, ..Fed::AS_THEY_ARE },
    Fed::normalised(0.5, 0.5),
    Fed::normalised(0.1307, 0.3081),
    Fed::normalised(0.286, 0.353),
    Fed { scale: 1.0, mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
];
/// Test examples that are tried.
const TRIED: usize = 2_000;
/// By how much more often it must be right.
const BETTER: f64 = 0.02;

/// Inputs with which a network is right more often than with those from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Otherwise {
    /// How they are made of inputs from 0 to 1.
    pub fed: Fed,
    /// Its accuracy then, on the first 2,000 test examples.
    pub accuracy: f64,
    /// On the same examples as they are.
    pub as_they_are: f64,
}

impl Otherwise {
    /// The best of the usual ways, if it is much better than inputs as they are, and than guessing.
    pub(super) fn of(network: &Perceptron, data: &Dataset) -> Option<Self> {
        let channels = MapShape::of(&data.description().kind).map_or(1, |shape| shape.channels);
        let accuracy = |network: Perceptron| {
            let rows = data.test().len().min(TRIED);
            let encoded = encode_stored(&Stored::Perceptron(network), data.test(), rows, &Medians::default());
            encoded.map_or(0.0, |encoding| encoding.accuracy)
        };
        let as_they_are = accuracy(network.clone());
        let with =
            |fed: Fed| Some(Self { fed, accuracy: accuracy(network.clone().fed(&fed, channels).ok()?), as_they_are });
        let best = USUAL
            .into_iter()
            .filter_map(with)
            .reduce(|best, next| if next.accuracy > best.accuracy { next } else { best })?;
        (best.accuracy > as_they_are + BETTER && !is_guessing(best.accuracy, data.classes())).then_some(best)
    }
}

/// Whether an accuracy is less than a tenth of the way from guessing to being right.
pub(super) fn is_guessing(accuracy: f64, classes: usize) -> bool {
    let chance = 1.0 / classes as f64;
    accuracy - chance < 0.1 * (1.0 - chance)
}
