//! Neural codes: a bit-packed [`CodeMatrix`], and the encoder that reads it off a population.
//!
//! A network with ReLUs cuts the input space into linear regions; inside one, every ReLU is constantly on or off. That
//! on/off vector over all hidden ReLUs, as bits, is the neural code of every input in the region (paper, section 3).

mod channels;
mod convolutional;
mod encoder;
mod firing;
mod foreign;
mod host_look;
mod look;
mod matrix;
mod medians;
#[cfg(feature = "burn")]
mod packing;
mod regions;
#[cfg(feature = "burn")]
mod tensor_look;
#[cfg(feature = "burn")]
mod tower_look;

pub use channels::{ChannelActivity, ChannelSums};
pub use encoder::{Encoding, encode};
pub use firing::FiringMaps;
pub(crate) use firing::firing_maps;
pub use foreign::{Shown, Taken, take_stored};
pub use matrix::{CodeError, CodeMatrix, Distinct};
pub use medians::Medians;
pub use regions::{Regions, Window};
#[cfg(all(test, feature = "cpu", not(target_arch = "wasm32")))]
pub(crate) use tower_look::{encode_on_device, medians_on_device};
