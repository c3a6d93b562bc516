//! Estimates the work of convolutional networks: the operations of a step and of a look, each with its cost.

use super::work::seconds;
use crate::network::Vgg;

/// Seconds that one of each takes, measured like [those of perceptrons](seconds), over networks of 4 to 16 channels.
mod each {
    /// A multiplication and addition of a convolution.
    pub const PRODUCT: f64 = 5.0e-11;
    /// What follows it at each place of a map, there and back; and batch norm.
    pub const PLACE: f64 = 2.0e-9;
    pub const NORM: f64 = 2.0e-9;
}

/// Seconds of a training step of a network on so many distinct examples.
pub(super) fn step(vgg: &Vgg, examples: f64, classes: f64) -> f64 {
    // A third each forward, for the filters and for what came in, which of the pixels is not asked for.
    let products = 3.0 * products(vgg) - first(vgg);
    let follows = each::PLACE + if vgg.dense.batch_norm { each::NORM } else { 0.0 };
    let (features, width, depth) = (vgg.features().len() as f64, vgg.dense.width as f64, vgg.dense.depth as f64);
    let dense = features * width + width * (width * (depth - 1.0) + classes);
    examples * (each::PRODUCT * products + follows * places(vgg) + seconds::LATER * dense)
        + seconds::NETWORK * (depth + vgg.convolutions().count() as f64)
}

/// Seconds of looking at an example.
pub(super) fn look(vgg: &Vgg) -> f64 {
    let dense = vgg.features().len() as f64 * vgg.dense.width as f64;
    each::PRODUCT * products(vgg) + each::PLACE / 3.0 * places(vgg) + seconds::DENSE_CODE * dense
}

/// Multiplications and additions of all convolutions for an example.
fn products(vgg: &Vgg) -> f64 {
    vgg.convolutions().map(|(taken, outputs)| (9 * taken.len() * outputs) as f64).sum()
}

/// Those of the first.
fn first(vgg: &Vgg) -> f64 {
    vgg.convolutions().next().map_or(0.0, |(taken, outputs)| (9 * taken.len() * outputs) as f64)
}

/// Places of all feature maps.
fn places(vgg: &Vgg) -> f64 {
    vgg.convolutions().map(|(taken, outputs)| (taken.positions() * outputs) as f64).sum()
}
