//! Convolutional networks: the weights of their convolutions, and a [`Population`] of one for the Dense layers behind.

mod file;
#[cfg(feature = "burn")]
mod places;
// Weights are read on the CPU backend.
#[cfg(any(feature = "cpu", not(feature = "burn")))]
mod read;
mod resnet;
#[cfg(feature = "burn")]
mod towers;
mod units;
mod vgg;

use rand::RngExt;

pub use self::resnet::Resnet;
#[cfg(feature = "gpu")]
pub(crate) use self::towers::largest;
#[cfg(feature = "burn")]
pub(crate) use self::towers::{TowerPass, Towers, by_channel, flat};
pub(crate) use self::units::begins_shortcut;
pub use self::units::{Body, Convolutional, Then, Unit};
pub use self::vgg::Vgg;
use super::{NetworkError, Population};
use crate::engine::{Device, TAPS};
use crate::random::stream;

/// Convolutional networks of one seed that differ only in their place on the axis of model sizes. Each trains by itself: behind the first
/// convolution networks share nothing but their batches.
#[derive(Debug, Clone)]
pub struct ConvNets {
    /// In the order in which they were given.
    pub(crate) networks: Vec<ConvNet>,
    pub(super) seeds: [u64; 1],
}

/// One of them.
#[derive(Debug, Clone)]
pub(crate) struct ConvNet {
    pub architecture: Convolutional,
    /// Its convolutions and what follows each of them, in order.
    pub units: Vec<Unit>,
    /// The weights of each.
    pub convolutions: Vec<Convolution>,
    /// What comes behind: one network, whose inputs are the last feature maps, map by map and row by row.
    pub head: Population,
}

/// The weights of a convolution.
#[derive(Debug, Clone)]
pub(crate) struct Convolution {
    /// `[outputs, inputs, 3, 3]`.
    pub kernel: Vec<f32>,
    /// Of each output.
    pub bias: Vec<f32>,
    /// Batch norm's scale, shift, running mean and running variance of each output.
    pub norm: Option<[Vec<f32>; 4]>,
}

impl ConvNets {
    /// Networks with initial weights, for so many classes.
    ///
    /// # Errors
    ///
    /// None or several seeds; what a [`Population`] refuses.
    pub fn new(
        classes: usize,
        networks: &[Convolutional],
        seeds: &[u64],
        device: &Device,
    ) -> Result<Self, NetworkError> {
        let &[seed] = seeds else { return Err(NetworkError::OneSeed) };
        if networks.is_empty() {
            return Err(NetworkError::Empty);
        }
        let networks = networks.iter().map(|network| ConvNet::new(classes, *network, seed, device));
        Ok(Self { networks: networks.collect::<Result<_, _>>()?, seeds: [seed] })
    }

    /// Where their Dense layers are; the weights of their convolutions are plain memory anywhere.
    pub(crate) fn device(&self) -> &Device {
        self.networks[0].head.device()
    }

    pub(super) fn seeds(&self) -> &[u64] {
        &self.seeds
    }
}

impl ConvNet {
    fn new(classes: usize, architecture: Convolutional, seed: u64, device: &Device) -> Result<Self, NetworkError> {
        let units = architecture.units();
        let features = architecture.features();
        if features.is_empty() {
            return Err(NetworkError::NoUnits { what: "channels, blocks or the size of a picture after pooling" });
        }
        let width = architecture.width() as u64;
        let convolution = |(index, unit): (usize, &Unit)| Convolution {
            kernel: glorot([unit.outputs, unit.taken.channels], seed, [width, index as u64]),
            bias: vec![0.0; unit.outputs],
            norm: architecture.dense.batch_norm.then(|| [1.0, 0.0, 0.0, 1.0].map(|number| vec![number; unit.outputs])),
        };
        Ok(Self {
            convolutions: units.iter().enumerate().map(convolution).collect(),
            head: Population::behind(features.len(), classes, architecture.dense, seed, device)?,
            units,
            architecture,
        })
    }

    /// Whether all numbers of its convolutions are finite.
    pub fn is_finite(&self) -> bool {
        let norms = |one: &Convolution| one.norm.iter().flatten().all(|numbers| are_finite(numbers));
        self.convolutions.iter().all(|one| are_finite(&one.kernel) && are_finite(&one.bias) && norms(one))
    }
}

fn are_finite(numbers: &[f32]) -> bool {
    numbers.iter().all(|number| number.is_finite())
}

/// Uniform in `±sqrt(6 / (9 inputs + 9 outputs))` as in Keras, drawn from a stream of the network's own.
fn glorot([outputs, inputs]: [usize; 2], seed: u64, indices: [u64; 2]) -> Vec<f32> {
    let limit = (6.0 / (TAPS * (inputs + outputs)) as f32).sqrt();
    let mut random = stream(seed, "convolutions", &indices);
    (0..outputs * inputs * TAPS).map(|_| (2.0 * random.random::<f32>() - 1.0) * limit).collect()
}
