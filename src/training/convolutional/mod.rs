//! Training steps of convolutional networks on the CPU, by kernels of our own.
//!
//! Networks of a population share the batch, laid out once; then each takes its step by itself and comes out the same to the bit in any
//! company and on any machine.

mod head;
mod layer;
mod norm;
#[cfg(all(test, feature = "cpu", not(target_arch = "wasm32")))]
mod tests;

use self::head::Head;
use self::layer::{ConvLayer, Pass};
use super::batch::Batch;
use super::dropout::Dropout;
use super::layer::SendBack;
use super::losses::Losses;
use super::optimizer::Update;
use super::{Optimizer, Protocol};
use crate::dataset::Examples;
use crate::engine::{ABREAST, Maps, Rectifier, Unpool, pool};
use crate::network::{ConvNet, ConvNets, Vgg};

/// Takes the steps of convolutional networks, whose weights it keeps meanwhile.
pub(super) struct ConvStep {
    optimizer: Optimizer,
    batch: Batch,
    /// Each example's share of the batch, and 0 for those that fill up the last group.
    shares: Vec<[f32; ABREAST]>,
    pixels: Vec<f32>,
    image: Maps,
    networks: Vec<Trained>,
    /// What passes through the convolutions of the network whose turn it is.
    stages: Vec<Stage>,
    scratch: SendBack,
    dropout: Option<Dropout>,
    taken: usize,
    /// With early stopping.
    losses: Option<Losses>,
}

/// A network in training.
struct Trained {
    architecture: Vgg,
    layers: Vec<ConvLayer>,
    head: Head,
}

/// What a convolution makes of a batch.
#[derive(Default)]
struct Stage {
    /// With batch norm, the products less their mean and by their deviation.
    normalised: Maps,
    out: Maps,
    /// Where pooling follows.
    pooled: Maps,
    /// The gradients of the last two.
    of_out: Maps,
    of_pooled: Maps,
}

impl Stage {
    /// What comes into the next layer, after pooling or without, and where its gradient belongs.
    fn ends(&mut self, is_pooled: bool) -> (&Maps, &mut Maps) {
        if is_pooled { (&self.pooled, &mut self.of_pooled) } else { (&self.out, &mut self.of_out) }
    }
}

impl ConvStep {
    /// For `networks`, to be trained under `protocol`.
    pub fn new(networks: &ConvNets, protocol: &Protocol) -> Self {
        let rectifier = protocol.activation.negative_slope().map_or(Rectifier::NONE, Rectifier::new);
        let trained = |one: &ConvNet| Trained {
            architecture: one.architecture,
            layers: one.convolutions.iter().map(|own| ConvLayer::new(own, rectifier)).collect(),
            head: Head::new(&one.head, protocol.activation.negative_slope()),
        };
        let own: Vec<Trained> = networks.networks.iter().map(trained).collect();
        Self {
            optimizer: protocol.optimizer,
            batch: Batch::new(protocol.dropout == 0.0),
            shares: Vec::new(),
            pixels: Vec::new(),
            image: Maps::default(),
            stages: own.first().map_or_else(Vec::new, |one| one.layers.iter().map(|_| Stage::default()).collect()),
            scratch: SendBack::default(),
            dropout: (protocol.dropout > 0.0)
                .then(|| Dropout::new(networks.networks[0].head.seeds()[0], protocol.dropout)),
            taken: 0,
            losses: (protocol.early_stopping > 0).then(|| Losses::none(own.len())),
            networks: own,
        }
    }

    /// Takes a step on the examples `rows` of `train`.
    pub fn take(&mut self, train: &Examples, rows: &[u32], rate: f64, decay: f64) {
        self.batch.take(train, rows);
        self.lay_out(train);
        if let Some(losses) = self.losses.as_mut().filter(|_| decay > 0.0) {
            // Keras penalises the weights as they were before the step.
            losses.add(self.networks.iter().map(|one| decay as f32 * one.squares()), rows.len());
        }
        self.taken += 1;
        let update = Update::new(self.optimizer, self.taken as i32, rate, decay);
        for network in &mut self.networks {
            if let Some(dropout) = &mut self.dropout {
                network.head.draw_masks(dropout, self.taken, self.batch.shares.len());
            }
            let step = Step { batch: &self.batch, shares: &self.shares, image: &self.image, update };
            network.step(&step, &mut self.stages, &mut self.scratch);
        }
        if let Some(losses) = &mut self.losses {
            losses.add(self.networks.iter().map(|one| one.head.loss(&self.batch)), rows.len());
            losses.examples += rows.len();
        }
    }

    /// Lays out the pictures of the batch, and the shares beside them.
    fn lay_out(&mut self, train: &Examples) {
        let Some(first) = self.networks.first() else { return };
        self.pixels.clear();
        train.gather(self.batch.rows.iter().copied(), &mut self.pixels);
        self.image.take_pixels(first.architecture.image, &self.pixels);
        self.shares.clear();
        self.shares.extend(self.batch.shares.chunks(ABREAST).map(|own| {
            let mut shares = [0.0; ABREAST];
            shares[..own.len()].copy_from_slice(own);
            shares
        }));
    }

    /// Writes the weights into `networks`, and the running statistics of batch norm.
    pub fn write(&self, networks: &mut ConvNets) {
        for (from, to) in self.networks.iter().zip(&mut networks.networks) {
            from.layers.iter().zip(&mut to.convolutions).for_each(|(from, to)| from.write(to));
            from.head.write(&mut to.head);
        }
    }

    /// Each network's mean loss on the batch of the last step.
    pub fn losses(&self) -> Vec<f32> {
        self.networks.iter().map(|one| one.head.loss(&self.batch)).collect()
    }

    /// With early stopping, each network's mean loss over the examples since the last call, weight decay's penalty included.
    pub fn mean_losses(&mut self) -> Vec<f32> {
        self.losses.as_mut().map_or_else(Vec::new, Losses::take)
    }
}

/// What a step is taken on.
struct Step<'a> {
    batch: &'a Batch,
    shares: &'a [[f32; ABREAST]],
    image: &'a Maps,
    update: Update,
}

impl Trained {
    fn step(&mut self, step: &Step, stages: &mut [Stage], scratch: &mut SendBack) {
        let &Step { batch, shares, image, update } = step;
        let examples = batch.shares.len();
        for (index, layer) in self.layers.iter_mut().enumerate() {
            let (before, rest) = stages.split_at_mut(index);
            let from = before.last_mut().map_or(image, |last| last.ends(self.architecture.is_pooled(index - 1)).0);
            let Stage { normalised, out, pooled, .. } = &mut rest[0];
            layer.forward(from, shares, examples, normalised, out);
            if self.architecture.is_pooled(index) {
                pool(out, pooled, examples);
            }
        }
        if let Some(last) = stages.last_mut() {
            let (features, slopes) = last.ends(true);
            self.head.step(update, features, batch, slopes, scratch);
        }
        for (index, layer) in self.layers.iter_mut().enumerate().rev() {
            let (before, rest) = stages.split_at_mut(index);
            let Stage { normalised, out, pooled, of_out, of_pooled } = &mut rest[0];
            if self.architecture.is_pooled(index) {
                let rectifier = layer.rectifier;
                Unpool { rectifier, out, pooled, slopes: of_pooled, back: of_out }.go(examples);
            } else {
                layer.rectifier.send_back(out, of_out);
            }
            // Nothing learns from the gradient of the pixels.
            let (from, back) = match before.last_mut() {
                Some(last) => {
                    let (from, back) = last.ends(self.architecture.is_pooled(index - 1));
                    (from, Some(back))
                }
                None => (image, None),
            };
            layer.backward(&Pass { update, shares, examples, from, normalised }, of_out, back);
        }
    }

    /// The sum of the squares of the weights that decay: all but the output's.
    fn squares(&self) -> f32 {
        self.layers.iter().map(ConvLayer::squares).sum::<f32>() + self.head.squares()
    }
}
