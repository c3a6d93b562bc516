//! Whether a network from elsewhere was trained on inputs of another scale: told by how often it is right.

use schemars::JsonSchema;
use serde::Serialize;

use crate::code::{Medians, Shown, take_stored};
use crate::dataset::Dataset;
use crate::engine::MapShape;
use crate::network::{Fed, Stored};

/// What networks are usually trained on: bytes, -1 to 1, what PyTorch's examples take off and divide by for MNIST, Fashion-MNIST and CIFAR-10; and of coloured
/// pictures each of them with the channels one behind the other.
const USUAL: [Fed; 5] = [
    Fed { scale: 255.0, ..Fed::AS_THEY_ARE },
    Fed::normalised(0.5, 0.5),
    Fed::normalised(0.1307, 0.3081),
    Fed::normalised(0.286, 0.353),
    Fed { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616], ..Fed::AS_THEY_ARE },
];

/// Test examples that are tried, at first and of the best way, and by how much more often the network must be right for the latter: of an ONNX file, which
/// may hold a hundred times the work, fewer, so that more is asked.
fn trial(network: &Stored) -> ([usize; 2], f64) {
    if matches!(network, Stored::Onnx(_)) { ([32, 250], 0.03) } else { ([2_000; 2], 0.02) }
}

/// Inputs with which a network is right more often than with those from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Otherwise {
    /// How they are made of inputs from 0 to 1.
    pub fed: Fed,
    /// Its accuracy then, on the first 2,000 test examples; of a network in an ONNX file, 250.
    pub accuracy: f64,
    /// On the same examples as they are.
    pub as_they_are: f64,
}

impl Otherwise {
    /// The best of the usual ways, if it is much better than inputs as they are, and than guessing.
    pub(super) fn of(network: &Stored, data: &Dataset) -> Option<Self> {
        if matches!(network, Stored::Convolutional(_)) {
            return None;
        }
        let image = MapShape::of(&data.description().kind);
        let channels = image.map_or(1, |shape| shape.channels);
        let ([first, most], better) = trial(network);
        let accuracy = |fed: Fed, tried: usize| {
            let rows = 0..data.test().len().min(tried);
            let shown = Shown { examples: data.test(), rows, image, fed, medians: &Medians::default() };
            // Inputs that the network does not take are none that it was trained on.
            take_stored(network, &shown, &|_| ()).map_or(0.0, |taken| taken.accuracy())
        };
        let as_they_are = network.usually_fed(image);
        let other_order = [as_they_are]
            .into_iter()
            .chain(USUAL)
            .map(|fed| Fed { planes: true, ..fed })
            .filter(|_| network.may_take_planes());
        let usual =
            USUAL.into_iter().chain(other_order).filter(|fed| *fed != as_they_are && fed.check(channels).is_ok());
        let (_, fed) = usual
            .map(|fed| (accuracy(fed, first), fed))
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
            .filter(|best| best.0 > accuracy(as_they_are, first))?;
        let found = Self { fed, accuracy: accuracy(fed, most), as_they_are: accuracy(as_they_are, most) };
        let is_better = found.accuracy > found.as_they_are + better && !is_guessing(found.accuracy, data.classes());
        is_better.then_some(found)
    }
}

/// Whether an accuracy is less than a tenth of the way from guessing to being right.
pub(super) fn is_guessing(accuracy: f64, classes: usize) -> bool {
    let chance = 1.0 / classes as f64;
    accuracy - chance < 0.1 * (1.0 - chance)
}
