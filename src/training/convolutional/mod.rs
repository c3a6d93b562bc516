//! Training steps of convolutional networks: on the CPU by kernels of our own, on a GPU as a tensor program ([`DeviceConvStep`]).
//!
//! On the CPU networks of a population share the batch, laid out once; then each takes its step by itself and comes out the same to the bit in any
//! company and on any machine.

#[cfg(feature = "burn")]
mod device;
mod head;
mod layer;
mod norm;
#[cfg(feature = "burn")]
mod program;
mod stage;
#[cfg(all(test, feature = "cpu", not(target_arch = "wasm32")))]
mod tests;
mod tower;

#[cfg(feature = "burn")]
pub(super) use self::device::DeviceConvStep;
use self::layer::Abreast;
use self::stage::Stage;
use self::tower::{Step, Tower};
use super::augmentation::Augmentation;
use super::batch::Batch;
use super::dropout::Dropout;
use super::layer::SendBack;
use super::losses::Losses;
use super::optimizer::Update;
use super::{Optimizer, Protocol};
use crate::dataset::Examples;
use crate::engine::{ABREAST, MapShape, Maps};
use crate::network::ConvNets;

/// Takes the steps of convolutional networks, whose weights it keeps meanwhile.
pub(super) struct ConvStep {
    optimizer: Optimizer,
    batch: Batch,
    /// Each example's share of the batch, and 0 for those that fill up the last group.
    shares: Vec<[f32; ABREAST]>,
    pixels: Vec<f32>,
    augmentation: Option<Augmentation>,
    image: Maps,
    form: MapShape,
    towers: Vec<Tower>,
    /// What passes through the network whose turn it is: for each of them the first that has units of the same sizes, and its stages.
    stages: Vec<Vec<Stage>>,
    first_alike: Vec<usize>,
    scratch: SendBack,
    dropout: Option<Dropout>,
    taken: usize,
    /// With early stopping.
    losses: Option<Losses>,
}

impl ConvStep {
    /// For `networks`, to be trained under `protocol`.
    pub fn new(networks: &ConvNets, protocol: &Protocol) -> Self {
        let own = &networks.networks;
        let towers: Vec<Tower> = own.iter().map(|one| Tower::new(one, protocol.activation.negative_slope())).collect();
        // Networks that train together share one seed.
        let seed = own[0].head.seeds()[0];
        let augmentation = Augmentation::new(protocol, seed);
        let first_alike = |one: &Tower| towers.iter().position(|other| other.units == one.units).unwrap_or_default();
        Self {
            optimizer: protocol.optimizer,
            batch: Batch::new(protocol.dropout == 0.0 && augmentation.is_none()),
            shares: Vec::new(),
            pixels: Vec::new(),
            augmentation,
            image: Maps::default(),
            form: own[0].architecture.image,
            first_alike: towers.iter().map(first_alike).collect(),
            stages: towers.iter().map(|one| one.units.iter().map(|_| Stage::default()).collect()).collect(),
            scratch: SendBack::default(),
            dropout: (protocol.dropout > 0.0).then(|| Dropout::new(seed, protocol.dropout)),
            taken: 0,
            losses: (protocol.early_stopping > 0).then(|| Losses::none(own.len())),
            towers,
        }
    }

    /// Takes a step on the examples `rows` of `train`.
    pub fn take(&mut self, train: &Examples, rows: &[u32], rate: f64, decay: f64) {
        self.batch.take(train, rows);
        self.lay_out(train);
        if let Some(losses) = self.losses.as_mut().filter(|_| decay > 0.0) {
            // Keras penalises the weights as they were before the step.
            losses.add(self.towers.iter().map(|one| decay as f32 * one.squares()), rows.len());
        }
        self.taken += 1;
        let update = Update::new(self.optimizer, self.taken as i32, rate, decay);
        let of = Abreast { shares: &self.shares, examples: self.batch.shares.len() };
        let step = Step { batch: &self.batch, of, image: &self.image, update };
        for (tower, &alike) in self.towers.iter_mut().zip(&self.first_alike) {
            if let Some(dropout) = &mut self.dropout {
                tower.head.draw_masks(dropout, self.taken, of.examples);
            }
            tower.step(&step, &mut self.stages[alike], &mut self.scratch);
        }
        if let Some(losses) = &mut self.losses {
            losses.add(self.towers.iter().map(|one| one.head.loss(&self.batch)), rows.len());
            losses.examples += rows.len();
        }
    }

    /// Lays out the pictures of the batch, and the shares beside them.
    fn lay_out(&mut self, train: &Examples) {
        self.pixels.clear();
        train.gather(self.batch.rows.iter().copied(), &mut self.pixels);
        if let Some(augmentation) = &mut self.augmentation {
            augmentation.apply(self.taken, self.form, &mut self.pixels);
        }
        self.image.take_pixels(self.form, &self.pixels);
        self.shares.clear();
        self.shares.extend(self.batch.shares.chunks(ABREAST).map(|own| {
            let mut shares = [0.0; ABREAST];
            shares[..own.len()].copy_from_slice(own);
            shares
        }));
    }

    /// Writes the weights into `networks`, and the running statistics of batch norm.
    pub fn write(&self, networks: &mut ConvNets) {
        for (from, to) in self.towers.iter().zip(&mut networks.networks) {
            from.write(to);
        }
    }

    /// Each network's mean loss on the batch of the last step.
    pub fn losses(&self) -> Vec<f32> {
        self.towers.iter().map(|one| one.head.loss(&self.batch)).collect()
    }

    /// With early stopping, each network's mean loss over the examples since the last call, weight decay's penalty included.
    pub fn mean_losses(&mut self) -> Vec<f32> {
        self.losses.as_mut().map_or_else(Vec::new, Losses::take)
    }
}
