//! Training steps as a tensor program, for every kind of network and device.

#[cfg(feature = "gpu")]
use burn::tensor::Device;
use burn::tensor::{Gradients, Tensor};

use super::cross_entropy::Outputs;
use super::dropout::Dropout;
use super::lit_layer::LitLayer;
use super::optimizer::{Step, Stepper};
use super::signal::Signal;
use super::tensor_batch::{DeviceInputs, DeviceLosses, targets};
use super::{Optimizer, Protocol};
use crate::dataset::Examples;
use crate::engine::{host_numbers, is_host, tensor};
use crate::network::{From, Layer, NetworkError, Parameters, Parting, Population, Role, TrainingPass, read};

/// Takes the steps of all cohorts.
pub(super) struct TensorStep {
    protocol: Protocol,
    stepper: Stepper,
    /// On the CPU, where most pixels are dark, its own kernels take the first layer, over those that are not; known from the first step on. What a
    /// step of momentum would be is the program's.
    first: Option<LitLayer>,
    inputs: DeviceInputs,
    /// Steps taken.
    taken: usize,
    /// Of the last step.
    outputs: Option<Outputs>,
    losses: DeviceLosses,
}

impl TensorStep {
    /// For `population`, which is to be trained under `protocol`.
    pub fn new(population: &Population, protocol: &Protocol) -> Self {
        let tensors = population.parameters.tensors().count();
        Self {
            protocol: protocol.clone(),
            stepper: Stepper::new(protocol.optimizer, tensors, population.device()),
            first: None,
            inputs: DeviceInputs::default(),
            taken: 0,
            outputs: None,
            losses: DeviceLosses::default(),
        }
    }

    /// Lets the device keep the inputs of `train`.
    #[cfg(feature = "gpu")]
    pub fn keep_inputs(&mut self, train: &Examples, device: &Device) {
        self.inputs.keep(train, device);
    }

    /// Writes the weights that the program does not change in place into `population`.
    pub fn write(&self, population: &mut Population) {
        if let Some(first) = &self.first {
            first.write(&mut population.parameters.hidden[0]);
        }
    }

    /// Takes a step of `population` on the examples `rows` of `train`, cohort by cohort.
    pub fn take(&mut self, population: &mut Population, train: &Examples, rows: &[u32], rate: f64) {
        let examples = rows.len() / population.seeds().len();
        if self.taken == 0 && self.is_lit(population, train) {
            self.first = Some(LitLayer::new(&population.parameters.hidden[0], self.protocol.optimizer));
        }
        if self.protocol.early_stopping > 0 && self.protocol.weight_decay > 0.0 {
            self.write(population); // the penalty is that of the weights before the step
        }
        let shape = [population.seeds().len(), population.classes()];
        let targets = targets(train, rows, shape, population.device());
        let masks = self.dropout_masks(population, examples);
        let device = population.device().clone().autodiff();
        let on = |tensor: Tensor<3>| Tensor::from_inner(tensor).to_device(&device);
        let units = self.first.as_mut().map(|first| {
            let units = first.forward(train, rows);
            let shape = [1, rows.len(), units.len() / rows.len()];
            on(tensor(units, shape, population.device())).require_grad()
        });

        let tracked: Parameters = population.parameters.map(|tensor| on(tensor.clone()).require_grad());
        let masks: Vec<_> = masks.into_iter().map(on).collect();
        let from = match &units {
            Some(units) => From::Units(units.clone()),
            None => From::Batch(on(self.inputs(population, train, rows))),
        };
        let TrainingPass { parting, logits, statistics } = population.training_pass(&tracked, from, &masks);
        let outputs = Outputs { logits: logits.clone().inner(), targets };
        let mut gradients = send_back(logits, on(outputs.gradient()));
        let mut first = parting.and_then(|Parting { side_by_side, stacked }| {
            let gradient = stacked.grad_remove(&mut gradients)?;
            Some(send_back(side_by_side, on(population.unstack(gradient))))
        });
        if self.protocol.early_stopping > 0 {
            let decay = self.protocol.weight_decay;
            let squares = if decay > 0.0 { population.squares() } else { None };
            self.losses.add(outputs.losses(), squares.map(|squares| squares.mul_scalar(decay)), examples);
        }
        self.outputs = Some(outputs);

        let mut of = |tensor: &Tensor<3>| {
            let before_parting = first.as_mut().and_then(|first| tensor.grad_remove(first));
            before_parting.or_else(|| tensor.grad_remove(&mut gradients))
        };
        let of_units = units.as_ref().and_then(&mut of);
        let gradients: Vec<_> = tracked.tensors().map(&mut of).collect();
        drop(tracked); // nothing else holds the weights from here on, so they are changed in place
        for (index, ((role, tensor), gradient)) in population.parameters.tensors_mut().zip(gradients).enumerate() {
            let Some(gradient) = gradient else { continue };
            let decay = if role == Role::HiddenKernel { self.protocol.weight_decay } else { 0.0 };
            let step = Step { index, rate, decay };
            tensor.inplace(|tensor| self.stepper.step(&step, tensor, gradient));
        }
        if let (Some(first), Some(gradient)) = (&mut self.first, of_units) {
            first.step(rate, self.protocol.weight_decay, host_numbers(gradient));
        }
        population.update_running(statistics);
        self.taken += 1;
    }

    /// Whether the CPU's own kernels take the first layer.
    fn is_lit(&self, population: &Population, train: &Examples) -> bool {
        let adam = matches!(self.protocol.optimizer, Optimizer::Adam { .. });
        let alone = population.seeds().len() == 1 && is_host(population.device());
        adam && alone && train.lit().is_some()
    }

    /// Each network's loss on the batch of the last step; none before the first.
    pub async fn losses(&self) -> Result<Option<Vec<f32>>, NetworkError> {
        match &self.outputs {
            Some(outputs) => read(outputs.losses(), "loss").await.map(Some),
            None => Ok(None),
        }
    }

    /// With early stopping, each network's mean loss over the examples since the last call, weight decay's penalty included.
    pub async fn mean_losses(&mut self) -> Result<Vec<f32>, NetworkError> {
        self.losses.take().await
    }

    /// The inputs of a step, `[cohorts, batch, inputs]`.
    fn inputs(&self, population: &Population, train: &Examples, rows: &[u32]) -> Tensor<3> {
        let inputs = self.inputs.of(train, rows, population.device());
        let cohorts = population.seeds().len();
        inputs.reshape([cohorts, rows.len() / cohorts, train.inputs()])
    }

    /// With dropout, a factor for every activation of the next step.
    fn dropout_masks(&self, population: &Population, batch: usize) -> Vec<Tensor<3>> {
        let dropout = population.dropout();
        if dropout == 0.0 {
            return Vec::new();
        }
        let layers = population.parameters.hidden.iter().enumerate();
        let mask = |(layer, parameters): (usize, &Layer)| {
            let [groups, _, units] = parameters.bias.dims();
            let mut of_groups: Vec<_> = (0..groups).map(|_| Signal::default()).collect();
            of_groups.iter_mut().for_each(|masks| masks.clear(batch, units));
            for member in population.members() {
                let (group, first) = member.place(layer);
                let mut own = Dropout::new(population.seeds()[member.cohort], dropout);
                own.draw(member.width, layer, self.taken, &mut of_groups[group], first);
            }
            let numbers = of_groups.into_iter().flat_map(|masks| masks.numbers).collect();
            tensor(numbers, [groups, batch, units], population.device())
        };
        layers.map(mask).collect()
    }
}

/// The gradients of everything before `tensor`, from the one that arrives there: the backward pass starts from ones, so
/// that nothing need be summed up first.
fn send_back(tensor: Tensor<3>, gradient: Tensor<3>) -> Gradients {
    (tensor * gradient).backward()
}
