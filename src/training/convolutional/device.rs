//! Training steps of convolutional networks as tensor programs, for a GPU.

use burn::tensor::{Device, Tensor};

use super::program::Program;
use crate::dataset::Examples;
use crate::engine::{MapShape, tensor};
use crate::network::{ConvNets, NetworkError, Towers, by_channel, read};
use crate::training::Protocol;
use crate::training::augmentation::Augmentation;
use crate::training::dropout::Dropout;
use crate::training::signal::Signal;
use crate::training::tensor_batch::{DeviceInputs, DeviceLosses, targets};

/// Takes the steps of convolutional networks, whose weights it keeps meanwhile.
pub(in crate::training) struct DeviceConvStep {
    protocol: Protocol,
    device: Device,
    seed: u64,
    classes: usize,
    form: MapShape,
    /// Networks whose convolutions are of the same sizes are one.
    programs: Vec<Program>,
    inputs: DeviceInputs,
    augmentation: Option<Augmentation>,
    /// Steps taken.
    taken: usize,
    losses: DeviceLosses,
}

impl DeviceConvStep {
    /// For `networks`, to be trained under `protocol`.
    pub fn new(networks: &ConvNets, protocol: &Protocol) -> Self {
        let first = &networks.networks[0];
        let (seed, device) = (first.head.seeds()[0], networks.device().clone());
        let towers = Towers::of(networks, protocol.batch as usize);
        Self {
            programs: towers.into_iter().map(|towers| Program::new(towers, protocol)).collect(),
            augmentation: Augmentation::new(protocol, seed),
            classes: first.head.classes(),
            form: first.architecture.image,
            inputs: DeviceInputs::default(),
            losses: DeviceLosses::default(),
            protocol: protocol.clone(),
            taken: 0,
            device,
            seed,
        }
    }

    /// Lets the device keep the inputs of `train`, unless each step moves them.
    #[cfg(feature = "gpu")]
    pub fn keep_inputs(&mut self, train: &Examples) {
        if self.augmentation.is_none() {
            self.inputs.keep(train, &self.device);
        }
    }

    /// Takes a step on the examples `rows` of `train`.
    pub fn take(&mut self, train: &Examples, rows: &[u32], rate: f64) {
        let pictures = self.pictures(train, rows);
        let targets = targets(train, rows, [1, self.classes], &self.device);
        let decay = self.protocol.weight_decay;
        let stops_early = self.protocol.early_stopping > 0;
        let penalty = (stops_early && decay > 0.0).then(|| {
            // Keras penalises the weights as they were before the step.
            let squares = self.programs.iter().map(|one| one.towers.squares());
            Tensor::cat(squares.collect(), 0).mul_scalar(decay)
        });
        for at in 0..self.programs.len() {
            let masks = self.dropout_masks(at, rows.len());
            self.programs[at].step(pictures.clone(), targets.clone(), masks, &self.protocol, rate);
        }
        self.taken += 1;
        if let Some(losses) = self.device_losses().filter(|_| stops_early) {
            self.losses.add(losses, penalty, rows.len());
        }
    }

    /// The pictures of a step, `[1, channels, places, examples]`.
    fn pictures(&mut self, train: &Examples, rows: &[u32]) -> Tensor<4> {
        let MapShape { channels, .. } = self.form;
        let inputs = match &mut self.augmentation {
            None => self.inputs.of(train, rows, &self.device),
            Some(augmentation) => {
                let mut pixels = Vec::new();
                train.gather(rows.iter().map(|&row| row as usize), &mut pixels);
                augmentation.apply(self.taken, self.form, &mut pixels);
                tensor(pixels, [rows.len(), train.inputs()], &self.device)
            }
        };
        by_channel(inputs, channels)
    }

    /// With dropout, a factor for every activation of the next step of a program, layer by layer, `[networks, units, examples]`.
    fn dropout_masks(&self, at: usize, examples: usize) -> Vec<Tensor<3>> {
        let Towers { widths, units, parameters, .. } = &self.programs[at].towers;
        if self.protocol.dropout == 0.0 {
            return Vec::new();
        }
        let mut dropout = Dropout::new(self.seed, self.protocol.dropout);
        let mut mask = |layer: usize| {
            let [networks, widest, _] = parameters.hidden[units.len() + layer].bias.dims();
            let mut all = vec![0.0; networks * widest * examples];
            for (&width, own) in widths.iter().zip(all.chunks_exact_mut(widest * examples)) {
                let mut masks = Signal::default();
                masks.clear(examples, width);
                // The optimizer counts steps from 1.
                dropout.draw(width, layer, self.taken + 1, &mut masks, 0);
                for (example, row) in masks.numbers.chunks_exact(width).enumerate() {
                    row.iter().enumerate().for_each(|(unit, &factor)| own[unit * examples + example] = factor);
                }
            }
            tensor(all, [networks, widest, examples], &self.device)
        };
        (0..parameters.hidden.len() - units.len()).map(&mut mask).collect()
    }

    /// Writes the weights into `networks`, and the running statistics of batch norm.
    pub async fn write(&self, networks: &mut ConvNets) -> Result<(), NetworkError> {
        for program in &self.programs {
            program.towers.write(networks).await?;
        }
        Ok(())
    }

    fn device_losses(&self) -> Option<Tensor<1>> {
        let own: Vec<_> = self.programs.iter().filter_map(|one| Some(one.outputs.as_ref()?.losses())).collect();
        (!own.is_empty()).then(|| Tensor::cat(own, 0))
    }

    /// Each network's loss on the batch of the last step; none before the first.
    pub async fn losses(&self) -> Result<Option<Vec<f32>>, NetworkError> {
        match self.device_losses() {
            Some(losses) => read(losses, "loss").await.map(Some),
            None => Ok(None),
        }
    }

    /// With early stopping, each network's mean loss over the examples since the last call, weight decay's penalty included.
    pub async fn mean_losses(&mut self) -> Result<Vec<f32>, NetworkError> {
        self.losses.take().await
    }
}
