//! Advances a population by steps.

use burn::tensor::{Device, Gradients, Int, Tensor, TensorData};
use rand::RngExt;

use super::cross_entropy::Outputs;
use super::first_layer::LitFirstLayer;
use super::optimizer::{Step, Stepper};
use super::{Batches, Optimizer, Protocol};
use crate::dataset::Examples;
use crate::engine::is_host;
use crate::network::{From, Layer, NetworkError, Parameters, Parting, Population, Role, TrainingPass, read};
use crate::random::stream;

/// Examples sent to a device at a time, which bounds the memory it takes here.
const ROWS_AN_UPLOAD: usize = 4096;

/// Trains a [`Population`] step by step, so that the caller decides when to look at it, to pause or to stop.
pub struct Trainer {
    population: Population,
    protocol: Protocol,
    /// Of each cohort.
    batches: Vec<Batches>,
    stepper: Stepper,
    /// The first layer, where it is trained over the lit pixels alone.
    first_layer: Option<LitFirstLayer>,
    /// The inputs of all training examples, `[examples, inputs]`, where the device keeps them.
    kept: Option<Tensor<2>>,
    /// Steps taken.
    taken: usize,
    /// Of the last step.
    outputs: Option<Outputs>,
    /// With early stopping, each network's losses of the examples since they were last asked for, added up.
    losses: Option<Tensor<1>>,
    /// How many examples those were.
    examples: usize,
}

impl Trainer {
    /// Trains `population` under `protocol`, each cohort on what its `batches` name, all of the same number of steps.
    pub fn new(population: Population, protocol: Protocol, batches: Vec<Batches>) -> Self {
        debug_assert_eq!(batches.len(), population.seeds().len(), "batches for every cohort");
        let tensors = population.parameters.tensors().count();
        let stepper = Stepper::new(protocol.optimizer, tensors, population.device());
        Self {
            population,
            protocol,
            batches,
            stepper,
            first_layer: None,
            kept: None,
            taken: 0,
            outputs: None,
            losses: None,
            examples: 0,
        }
    }

    /// Lets the device keep the inputs of `train`, so that a step sends it the numbers of its examples alone.
    pub fn keep_inputs(&mut self, train: &Examples) {
        let rows: Vec<usize> = (0..train.len()).collect();
        let upload = |rows: &[usize]| gathered(train, rows.iter().copied(), self.population.device());
        self.kept = Some(Tensor::cat(rows.chunks(ROWS_AN_UPLOAD).map(upload).collect(), 0));
    }

    /// The networks as they stand.
    pub fn population(&self) -> &Population {
        &self.population
    }

    /// Steps taken so far.
    pub fn taken(&self) -> usize {
        self.taken
    }

    /// Steps an epoch.
    pub fn steps_per_epoch(&self) -> usize {
        self.batches.first().map_or(0, Batches::steps)
    }

    /// Takes one step on `train`, the full training set.
    pub fn step(&mut self, train: &Examples) {
        let (epoch, step) = (self.taken / self.steps_per_epoch(), self.taken % self.steps_per_epoch());
        let rate = self.protocol.learning_rate(epoch);
        if self.taken == 0 {
            self.first_layer = self.lit_first_layer(train);
        }
        let rows = self.rows(epoch, step);
        let examples = rows.len() / self.batches.len();
        let targets = self.targets(train, &rows);
        let masks = self.dropout_masks(examples);
        let device = self.population.device().clone().autodiff();
        let on = |tensor: Tensor<3>| Tensor::from_inner(tensor).to_device(&device);
        let units = match &mut self.first_layer {
            Some(first) => Some(on(first.units(&mut self.population.parameters.hidden[0], &rows)).require_grad()),
            None => None,
        };

        let tracked: Parameters = self.population.parameters.map(|tensor| on(tensor.clone()).require_grad());
        let masks: Vec<_> = masks.into_iter().map(on).collect();
        let from = match &units {
            Some(units) => From::Units(units.clone()),
            None => From::Batch(on(self.inputs(train, &rows))),
        };
        let TrainingPass { parting, logits, statistics } = self.population.training_pass(&tracked, from, &masks);
        let outputs = Outputs { logits: logits.clone().inner(), targets };
        let mut gradients = send_back(logits, on(outputs.gradient()));
        let mut first = parting.and_then(|Parting { side_by_side, stacked }| {
            let gradient = stacked.grad_remove(&mut gradients)?;
            Some(send_back(side_by_side, on(self.population.unstack(gradient))))
        });
        if self.protocol.early_stopping > 0 {
            // Keras weighs the batches of an epoch by their examples.
            let losses = self.penalised(outputs.losses()).mul_scalar(examples as f64);
            self.examples += examples;
            self.losses = Some(match self.losses.take() {
                Some(sum) => sum + losses,
                None => losses,
            });
        }
        self.outputs = Some(outputs);

        let mut of = |tensor: &Tensor<3>| {
            let before_parting = first.as_mut().and_then(|first| tensor.grad_remove(first));
            before_parting.or_else(|| tensor.grad_remove(&mut gradients))
        };
        let of_units = units.as_ref().and_then(&mut of);
        let gradients: Vec<_> = tracked.tensors().map(&mut of).collect();
        drop(tracked); // from here on nobody else holds the weights, so that they are changed in place
        for (index, ((role, tensor), gradient)) in self.population.parameters.tensors_mut().zip(gradients).enumerate() {
            let Some(gradient) = gradient else { continue };
            let decay = if role == Role::HiddenKernel { self.protocol.weight_decay } else { 0.0 };
            let step = Step { index, rate, decay };
            tensor.inplace(|tensor| self.stepper.step(&step, tensor, gradient));
        }
        if let (Some(first), Some(gradient)) = (&mut self.first_layer, of_units) {
            first.step(rate, self.protocol.weight_decay, &mut self.population.parameters.hidden[0], gradient);
        }
        self.population.update_running(statistics);
        self.taken += 1;
    }

    /// Each network's loss on the batch of the last step (cross-entropy, without weight decay); none before the first.
    pub async fn losses(&self) -> Result<Option<Vec<f32>>, NetworkError> {
        match &self.outputs {
            Some(outputs) => read(outputs.losses(), "loss").await.map(Some),
            None => Ok(None),
        }
    }

    /// With early stopping, each network's mean loss over the examples since the last call, weight decay's penalty included:
    /// after an epoch what Keras reports as its loss.
    pub async fn epoch_losses(&mut self) -> Result<Vec<f32>, NetworkError> {
        let examples = std::mem::take(&mut self.examples);
        match self.losses.take() {
            Some(sum) => read(sum.div_scalar(examples as f64), "loss").await,
            None => Ok(Vec::new()),
        }
    }

    /// The loss that training lowers.
    fn penalised(&self, losses: Tensor<1>) -> Tensor<1> {
        let decay = self.protocol.weight_decay;
        let squares = if decay > 0.0 { self.population.squares() } else { None };
        match squares {
            Some(squares) => losses + squares.mul_scalar(decay),
            None => losses,
        }
    }

    /// Where most pixels are dark, the CPU trains the first layer over the others alone. What a step of momentum would be is
    /// left to the tensor program, as is a device's.
    fn lit_first_layer(&self, train: &Examples) -> Option<LitFirstLayer> {
        let adam = matches!(self.protocol.optimizer, Optimizer::Adam { .. });
        if !adam || self.batches.len() != 1 || !is_host(self.population.device()) {
            return None;
        }
        train.lit().map(|lit| LitFirstLayer::new(lit, train.inputs()))
    }

    /// The examples of a step, cohort by cohort.
    fn rows(&mut self, epoch: usize, step: usize) -> Vec<u32> {
        self.batches.iter_mut().flat_map(|batches| batches.rows(epoch, step).iter().copied()).collect()
    }

    /// Their inputs, `[cohorts, batch, inputs]`.
    fn inputs(&self, train: &Examples, rows: &[u32]) -> Tensor<3> {
        let device = self.population.device();
        let inputs = match &self.kept {
            Some(kept) => {
                let rows: Vec<i32> = rows.iter().map(|&row| row as i32).collect();
                let count = rows.len();
                kept.clone().select(0, Tensor::<1, Int>::from_data(TensorData::new(rows, [count]), device))
            }
            None => gathered(train, rows.iter().map(|&row| row as usize), device),
        };
        let cohorts = self.batches.len();
        inputs.reshape([cohorts, rows.len() / cohorts, train.inputs()])
    }

    /// Their one-hot targets, `[cohorts, batch, classes]`.
    fn targets(&self, train: &Examples, rows: &[u32]) -> Tensor<3> {
        let (classes, cohorts) = (self.population.classes(), self.batches.len());
        let mut targets = vec![0.0_f32; rows.len() * classes];
        for (target, &row) in targets.chunks_exact_mut(classes).zip(rows) {
            target[usize::from(train.labels()[row as usize])] = 1.0;
        }
        let shape = [cohorts, rows.len() / cohorts, classes];
        Tensor::from_data(TensorData::new(targets, shape), self.population.device())
    }

    /// With dropout, for every activation of a hidden layer 0 or `1 / (1 - dropout)`; drawn a network at a time from its
    /// own stream, so that company changes nothing.
    fn dropout_masks(&self, batch: usize) -> Vec<Tensor<3>> {
        let dropout = self.population.dropout();
        if dropout == 0.0 {
            return Vec::new();
        }
        let kept = (1.0 / (1.0 - dropout)) as f32;
        let layers = self.population.parameters.hidden.iter().enumerate();
        let mask = |(layer, parameters): (usize, &Layer)| {
            let [groups, _, units] = parameters.bias.dims();
            let mut mask = vec![0.0_f32; groups * batch * units];
            for member in self.population.members() {
                let indices = [member.width as u64, layer as u64, self.taken as u64];
                let mut random = stream(self.batches[member.cohort].seed(), "dropout", &indices);
                let (group, first) = member.place(layer);
                for row in mask[group * batch * units..].chunks_exact_mut(units).take(batch) {
                    for unit in &mut row[first..first + member.width] {
                        *unit = if random.random::<f64>() < dropout { 0.0 } else { kept };
                    }
                }
            }
            Tensor::from_data(TensorData::new(mask, [groups, batch, units]), self.population.device())
        };
        layers.map(mask).collect()
    }
}

/// Some examples' inputs, `[rows, inputs]`.
fn gathered(examples: &Examples, rows: impl Iterator<Item = usize>, device: &Device) -> Tensor<2> {
    let mut values = Vec::new();
    examples.gather(rows, &mut values);
    let shape = [values.len() / examples.inputs(), examples.inputs()];
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// The gradients of everything before `tensor`, from the one that arrives there: the backward pass starts from ones, so
/// that nothing need be summed up first.
fn send_back(tensor: Tensor<3>, gradient: Tensor<3>) -> Gradients {
    (tensor * gradient).backward()
}

#[cfg(all(test, feature = "cpu", not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::dataset::Toy;
    use crate::engine::Engine;
    use crate::training::Preset;

    #[test]
    fn the_loss_of_an_epoch_weighs_examples_alike_as_in_keras() {
        let protocol = Protocol { early_stopping: 10, batch: 600, ..Preset::Figure.protocol() };
        let networks = [protocol.architecture(3), protocol.architecture(8)];
        let population = Population::new(2, 2, &networks, &[1], Engine::cpu().device()).unwrap();
        let data = Toy::Moons.generate();
        let mut trainer = Trainer::new(population, protocol, vec![Batches::new(1, 1024, 1024, 600)]);
        let mut wanted = [0.0; 2];
        for examples in [600.0, 424.0] {
            trainer.step(data.train());
            let losses = pollster::block_on(trainer.losses()).unwrap().unwrap();
            (0..2).for_each(|network| wanted[network] += examples * losses[network] / 1024.0);
        }
        let epoch = pollster::block_on(trainer.epoch_losses()).unwrap();
        assert!((0..2).all(|network| (epoch[network] - wanted[network]).abs() < 1e-6), "{epoch:?} for {wanted:?}");
    }
}
