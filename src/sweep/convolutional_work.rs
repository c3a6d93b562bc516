//! Estimates the work of convolutional networks: the operations of a step and of a look, each with its cost.

use super::work::seconds;
use crate::network::{Convolutional, Unit};

/// Seconds that one of each takes, measured like [those of perceptrons](seconds), over networks of 4 to 16 channels.
mod each {
    /// A multiplication and addition of a convolution.
    pub const PRODUCT: f64 = 5.0e-11;
    /// What follows it at each place of a map, there and back; and batch norm.
    pub const PLACE: f64 = 2.0e-9;
    pub const NORM: f64 = 2.0e-9;
}

/// Seconds of a training step of a network on so many distinct examples.
pub(super) fn step(network: &Convolutional, examples: f64, classes: f64) -> f64 {
    let Work { first, products, places } = Work::of(network);
    // A third each for the forward pass, the filters' gradient and the inputs' gradient; the first layer needs no inputs' gradient.
    let products = 3.0 * products - first;
    let follows = each::PLACE + if network.dense.batch_norm { each::NORM } else { 0.0 };
    let (features, width, depth) =
        (network.features().len() as f64, network.dense.width as f64, network.dense.depth as f64);
    let dense =
        if depth > 0.0 { features * width + width * (width * (depth - 1.0) + classes) } else { features * classes };
    examples * (each::PRODUCT * products + follows * places + seconds::LATER * dense)
        + seconds::NETWORK * (depth + network.units().len() as f64)
}

/// Seconds of looking at an example.
pub(super) fn look(network: &Convolutional) -> f64 {
    let Work { products, places, .. } = Work::of(network);
    let dense = if network.dense.depth > 0 { network.features().len() * network.dense.width } else { 0 };
    each::PRODUCT * products + each::PLACE / 3.0 * places + seconds::DENSE_CODE * dense as f64
}

/// What the convolutions do for an example.
struct Work {
    /// Multiplications and additions of the first, and of all; with a stride, too, at all places.
    first: f64,
    products: f64,
    /// Places of all feature maps.
    places: f64,
}

impl Work {
    fn of(network: &Convolutional) -> Self {
        let units = network.units();
        let products = |unit: &Unit| (9 * unit.taken.len() * unit.outputs) as f64;
        Self {
            first: units.first().map_or(0.0, products),
            products: units.iter().map(products).sum(),
            places: units.iter().map(|unit| (unit.taken.positions() * unit.outputs) as f64).sum(),
        }
    }
}
