//! Convolutions, their gradients, and pooling, on feature maps whose examples stand side by side in vectors.
//!
//! However many channels there are and however large a map is, vectors are full: that is why the small networks of a chart are as fast as large
//! ones. Each number is the sum of its products in their order, whatever the tile, and no product is fused with a sum: it comes out the same
//! to the bit on every machine.

mod average;
#[cfg(feature = "gpu")]
mod device;
mod forward;
mod gradient;
mod maps;
mod pool;
mod rectifier;
mod stride;
#[cfg(test)]
mod tests;

pub(crate) use average::{average, send_average_back};
#[cfg(feature = "gpu")]
pub(crate) use device::{Strides, convolve, filter_gradient};
pub(crate) use forward::{Filters, TAPS};
pub(crate) use gradient::FilterGradient;
pub use maps::MapShape;
pub(crate) use maps::{ABREAST, Frame, Maps};
pub(crate) use pool::{Unpool, pool};
pub(crate) use rectifier::Rectifier;
pub(crate) use stride::{add_every, send_every_back};
