//! Advances a population by steps.

use burn::tensor::{Device, Gradients, Int, Tensor, TensorData};
use rand::RngExt;

use super::cross_entropy::Outputs;
use super::host_step::HostStep;
use super::lit_layer::LitLayer;
use super::optimizer::{Step, Stepper};
use super::{Batches, Optimizer, Protocol};
use crate::dataset::Examples;
use crate::engine::{host_numbers, is_host};
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
    /// Who takes the steps; known from the first on.
    way: Option<Way>,
    /// Whether who takes the steps has weights that are newer than the population's.
    ahead: bool,
    /// The inputs of all training examples, `[examples, inputs]`, where the device keeps them.
    kept: Option<Tensor<2>>,
    /// Steps taken.
    taken: usize,
    /// Of the last step.
    outputs: Option<Outputs>,
    /// With early stopping, each network's losses of the examples since they were last asked for, added up by the tensor program.
    losses: Option<Tensor<1>>,
    /// How many examples those were.
    examples: usize,
}

/// Who takes the steps.
enum Way {
    /// The CPU's own kernels.
    Host(Box<HostStep>),
    /// The tensor program, and the CPU's own kernels the first layer, over the lit pixels.
    Lit(Box<LitLayer>),
    /// The tensor program.
    Tensors,
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
            way: None,
            ahead: false,
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
    pub fn population(&mut self) -> &Population {
        if std::mem::take(&mut self.ahead) {
            match &self.way {
                Some(Way::Host(host)) => host.write(&mut self.population),
                Some(Way::Lit(first)) => first.write(&mut self.population.parameters.hidden[0]),
                _ => {}
            }
        }
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
        if self.way.is_none() {
            self.way = Some(self.way_of(train));
        }
        let rows = self.rows(epoch, step);
        match &mut self.way {
            Some(Way::Host(host)) => host.take(train, &rows, rate, self.protocol.weight_decay),
            _ => self.step_by_tensors(train, &rows, rate),
        }
        self.taken += 1;
        self.ahead = true;
    }

    /// The same as a tensor program: networks of every kind, on every device.
    fn step_by_tensors(&mut self, train: &Examples, rows: &[u32], rate: f64) {
        let examples = rows.len() / self.batches.len();
        if self.protocol.early_stopping > 0 && self.protocol.weight_decay > 0.0 {
            self.population(); // the penalty is that of the weights before the step
        }
        let targets = self.targets(train, rows);
        let masks = self.dropout_masks(examples);
        let device = self.population.device().clone().autodiff();
        let on = |tensor: Tensor<3>| Tensor::from_inner(tensor).to_device(&device);
        let first = match &mut self.way {
            Some(Way::Lit(first)) => Some(first.forward(train, rows)),
            _ => None,
        };
        let units = first.map(|units| {
            let shape = [1, rows.len(), units.len() / rows.len()];
            on(Tensor::from_data(TensorData::new(units, shape), self.population.device())).require_grad()
        });

        let tracked: Parameters = self.population.parameters.map(|tensor| on(tensor.clone()).require_grad());
        let masks: Vec<_> = masks.into_iter().map(on).collect();
        let from = match &units {
            Some(units) => From::Units(units.clone()),
            None => From::Batch(on(self.inputs(train, rows))),
        };
        let TrainingPass { parting, logits, statistics } = self.population.training_pass(&tracked, from, &masks);
        let outputs = Outputs { logits: logits.clone().inner(), targets };
        let mut gradients = send_back(logits, on(outputs.gradient()));
        let mut first = parting.and_then(|Parting { side_by_side, stacked }| {
            let gradient = stacked.grad_remove(&mut gradients)?;
            Some(send_back(side_by_side, on(self.population.unstack(gradient))))
        });
        if self.protocol.early_stopping > 0 {
            self.note_losses(outputs.losses(), examples);
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
        if let (Some(Way::Lit(first)), Some(gradient)) = (&mut self.way, of_units) {
            first.step(rate, self.protocol.weight_decay, host_numbers(gradient));
        }
        self.population.update_running(statistics);
    }

    /// Adds each network's losses on a batch to those of the epoch: Keras weighs batches by their examples.
    fn note_losses(&mut self, losses: Tensor<1>, examples: usize) {
        let losses = self.penalised(losses).mul_scalar(examples as f64);
        self.examples += examples;
        self.losses = Some(match self.losses.take() {
            Some(sum) => sum + losses,
            None => losses,
        });
    }

    /// Each network's loss on the batch of the last step (cross-entropy, without weight decay); none before the first.
    pub async fn losses(&self) -> Result<Option<Vec<f32>>, NetworkError> {
        if let Some(Way::Host(host)) = &self.way {
            return Ok(Some(host.losses()));
        }
        match &self.outputs {
            Some(outputs) => read(outputs.losses(), "loss").await.map(Some),
            None => Ok(None),
        }
    }

    /// With early stopping, each network's mean loss over the examples since the last call, weight decay's penalty included:
    /// after an epoch what Keras reports as its loss.
    pub async fn epoch_losses(&mut self) -> Result<Vec<f32>, NetworkError> {
        if let Some(Way::Host(host)) = &mut self.way {
            return Ok(host.mean_losses());
        }
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

    /// The CPU's own kernels take what they are made for. Where most pixels are dark they train the first layer of other networks, too,
    /// over those that are not; but what a step of momentum would be is the tensor program's, as is all that a device does.
    fn way_of(&self, train: &Examples) -> Way {
        if let Some(host) = HostStep::new(&self.population, &self.protocol, train) {
            return Way::Host(Box::new(host));
        }
        let adam = matches!(self.protocol.optimizer, Optimizer::Adam { .. });
        let alone = self.batches.len() == 1 && is_host(self.population.device());
        if adam && alone && train.lit().is_some() {
            Way::Lit(Box::new(LitLayer::new(&self.population.parameters.hidden[0])))
        } else {
            Way::Tensors
        }
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

    /// With dropout, in the next step for every activation of a hidden layer 0 or `1 / (1 - dropout)`; drawn a network at a time from its
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
#[allow(clippy::unwrap_used)] // a test may panic
mod tests {
    use super::*;
    use crate::dataset::Toy;
    use crate::engine::Engine;
    use crate::training::Preset;

    /// Kernels and epoch's losses after some steps.
    fn trained(protocol: &Protocol, samples: usize, way: Option<Way>) -> (Vec<f32>, Vec<f32>) {
        let networks = [3, 20, 16].map(|width| protocol.architecture(width));
        let population = Population::new(2, 2, &networks, &[1], Engine::cpu().device()).unwrap();
        let mut trainer = Trainer::new(population, protocol.clone(), vec![Batches::new(1, samples, 1024, 64)]);
        trainer.way = way;
        let data = Toy::Spirals.generate();
        (0..20).for_each(|_| trainer.step(data.train()));
        let kernels = pollster::block_on(trainer.population().all_kernels()).unwrap();
        (kernels, pollster::block_on(trainer.epoch_losses()).unwrap())
    }

    #[test]
    fn looking_at_networks_changes_nothing() {
        let data = Toy::Spirals.generate();
        for dropout in [0.0, 0.2] {
            let protocol = Protocol { depth: 2, dropout, ..Preset::Figure.protocol() };
            let kernels = |look: bool| {
                let networks = [3, 20].map(|width| protocol.architecture(width));
                let population = Population::new(2, 2, &networks, &[1], Engine::cpu().device()).unwrap();
                let mut trainer = Trainer::new(population, protocol.clone(), vec![Batches::new(1, 1024, 1024, 64)]);
                for _ in 0..5 {
                    trainer.step(data.train());
                    if look {
                        pollster::block_on(trainer.population().all_kernels()).unwrap();
                    }
                }
                pollster::block_on(trainer.population().all_kernels()).unwrap()
            };
            assert_eq!(kernels(true), kernels(false));
        }
    }

    #[test]
    fn the_cpus_own_kernels_take_the_steps_of_the_tensor_program() {
        for (depth, samples) in [(1, 1024), (1, 10), (3, 1024), (3, 30)] {
            let protocol = Protocol { depth, early_stopping: 10, weight_decay: 1e-4, ..Preset::Figure.protocol() };
            let (own, tensors) = (trained(&protocol, samples, None), trained(&protocol, samples, Some(Way::Tensors)));
            let apart = |one: &[f32], two: &[f32]| one.iter().zip(two).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            let (kernels, losses) = (apart(&own.0, &tensors.0), apart(&own.1, &tensors.1));
            assert!(kernels < 1e-5 && losses < 1e-5, "depth {depth}, {samples} examples: {kernels}, losses {losses}");
        }
    }

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
