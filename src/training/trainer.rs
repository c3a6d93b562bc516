//! Trains networks step by step.

use super::convolutional::ConvStep;
#[cfg(feature = "burn")]
use super::convolutional::DeviceConvStep;
use super::host_step::HostStep;
#[cfg(feature = "burn")]
use super::tensor_step::TensorStep;
use super::{Batches, Protocol};
use crate::dataset::Examples;
#[cfg(feature = "burn")]
use crate::network::Population;
use crate::network::{NetworkError, Networks};

/// Trains [`Networks`] step by step, so that the caller decides when to evaluate, pause or stop.
pub struct Trainer {
    networks: Networks,
    protocol: Protocol,
    /// Of each cohort.
    batches: Vec<Batches>,
    /// Who takes the steps; the CPU's own kernels are prepared at the first step, since they depend on the examples.
    way: Option<Way>,
    /// Whether who takes the steps has weights that are newer than the networks'.
    ahead: bool,
    /// Steps taken.
    taken: usize,
}

/// Who takes the steps.
enum Way {
    /// The CPU's own kernels.
    Host(Box<HostStep>),
    /// Those for convolutional networks.
    Convolutional(Box<ConvStep>),
    /// A tensor program.
    #[cfg(feature = "burn")]
    Tensors(Box<TensorStep>),
    /// One of convolutional networks.
    #[cfg(feature = "burn")]
    ConvTensors(Box<DeviceConvStep>),
}

impl Way {
    #[cfg(feature = "burn")]
    fn tensors(population: &Population, protocol: &Protocol) -> Self {
        Self::Tensors(Box::new(TensorStep::new(population, protocol)))
    }

    /// For networks that the CPU has kernels of its own for.
    fn kernels(networks: &Networks, protocol: &Protocol, train: &Examples) -> Self {
        match networks {
            Networks::Dense(population) => Self::Host(Box::new(HostStep::new(population, protocol, train))),
            Networks::Convolutional(networks) => Self::Convolutional(Box::new(ConvStep::new(networks, protocol))),
        }
    }
}

impl Trainer {
    /// Trains `networks` under `protocol`, each cohort on what its `batches` name, all of the same number of steps.
    ///
    /// # Errors
    ///
    /// Without tensor programs (feature `burn`), networks that the CPU has no kernels for.
    pub fn new(networks: impl Into<Networks>, protocol: Protocol, batches: Vec<Batches>) -> Result<Self, NetworkError> {
        let networks = networks.into();
        debug_assert_eq!(batches.len(), networks.seeds().len(), "batches for every cohort");
        let way = match &networks {
            _ if networks.have_kernels() => None,
            #[cfg(feature = "burn")]
            Networks::Dense(population) => Some(Way::tensors(population, &protocol)),
            #[cfg(feature = "burn")]
            Networks::Convolutional(own) => Some(Way::ConvTensors(Box::new(DeviceConvStep::new(own, &protocol)))),
            #[cfg(not(feature = "burn"))]
            _ => return Err(NetworkError::NoKernels),
        };
        Ok(Self { networks, protocol, batches, way, ahead: false, taken: 0 })
    }

    /// Lets the device keep the inputs of `train`, so that a step sends it the numbers of its examples alone.
    #[cfg(feature = "gpu")]
    pub fn keep_inputs(&mut self, train: &Examples) {
        match (&mut self.way, &self.networks) {
            (Some(Way::Tensors(program)), Networks::Dense(population)) => {
                program.keep_inputs(train, population.device());
            }
            (Some(Way::ConvTensors(program)), _) => program.keep_inputs(train),
            _ => {}
        }
    }

    /// How many networks.
    #[allow(clippy::len_without_is_empty)] // never empty
    pub fn len(&self) -> usize {
        self.networks.len()
    }

    /// The networks as they stand.
    ///
    /// # Errors
    ///
    /// A device that does not give their weights back.
    pub async fn networks(&mut self) -> Result<&Networks, NetworkError> {
        if std::mem::take(&mut self.ahead) {
            match (&self.way, &mut self.networks) {
                (Some(Way::Host(host)), Networks::Dense(population)) => host.write(population),
                (Some(Way::Convolutional(step)), Networks::Convolutional(networks)) => step.write(networks),
                #[cfg(feature = "burn")]
                (Some(Way::Tensors(program)), Networks::Dense(population)) => program.write(population),
                #[cfg(feature = "burn")]
                (Some(Way::ConvTensors(program)), Networks::Convolutional(networks)) => program.write(networks).await?,
                _ => {}
            }
        }
        Ok(&self.networks)
    }

    /// Steps taken so far.
    pub fn taken(&self) -> usize {
        self.taken
    }

    /// Steps per epoch.
    pub fn steps_per_epoch(&self) -> usize {
        self.batches.first().map_or(0, Batches::steps)
    }

    /// Takes one step on `train`, the full training set.
    pub fn step(&mut self, train: &Examples) {
        let (epoch, step) = (self.taken / self.steps_per_epoch(), self.taken % self.steps_per_epoch());
        let rate = self.protocol.learning_rate(epoch);
        let rows: Vec<u32> =
            self.batches.iter_mut().flat_map(|batches| batches.rows(epoch, step).iter().copied()).collect();
        let kernels = || Way::kernels(&self.networks, &self.protocol, train);
        match self.way.get_or_insert_with(kernels) {
            Way::Host(host) => host.take(train, &rows, rate, self.protocol.weight_decay),
            Way::Convolutional(step) => step.take(train, &rows, rate, self.protocol.weight_decay),
            #[cfg(feature = "burn")]
            Way::Tensors(program) => {
                if let Networks::Dense(population) = &mut self.networks {
                    program.take(population, train, &rows, rate);
                }
            }
            #[cfg(feature = "burn")]
            Way::ConvTensors(program) => program.take(train, &rows, rate),
        }
        self.taken += 1;
        self.ahead = true;
    }

    /// Each network's loss on the batch of the last step (cross-entropy, without weight decay); none before the first.
    pub async fn losses(&self) -> Result<Option<Vec<f32>>, NetworkError> {
        match &self.way {
            Some(Way::Host(host)) => Ok(Some(host.losses())),
            Some(Way::Convolutional(step)) => Ok(Some(step.losses())),
            #[cfg(feature = "burn")]
            Some(Way::Tensors(program)) => program.losses().await,
            #[cfg(feature = "burn")]
            Some(Way::ConvTensors(program)) => program.losses().await,
            None => Ok(None),
        }
    }

    /// With early stopping, each network's mean loss over the examples since the last call, weight decay's penalty included:
    /// after an epoch what Keras reports as its loss.
    pub async fn epoch_losses(&mut self) -> Result<Vec<f32>, NetworkError> {
        match &mut self.way {
            Some(Way::Host(host)) => Ok(host.mean_losses()),
            Some(Way::Convolutional(step)) => Ok(step.mean_losses()),
            #[cfg(feature = "burn")]
            Some(Way::Tensors(program)) => program.mean_losses().await,
            #[cfg(feature = "burn")]
            Some(Way::ConvTensors(program)) => program.mean_losses().await,
            None => Ok(Vec::new()),
        }
    }
}

#[cfg(all(test, feature = "cpu", not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)] // a test may panic
mod tests {
    use super::*;
    use crate::dataset::Toy;
    use crate::engine::{Engine, host_numbers};
    use crate::network::Activation;
    use crate::training::{Optimizer, Preset};

    /// What networks have come to after some steps: what the optimizer moves and batch norm's variances, without what is but rounding; then the
    /// epoch's losses.
    fn trained(protocol: &Protocol, samples: usize, seed: u64, by_tensors: bool) -> Vec<f32> {
        let networks = [3, 20, 16].map(|width| protocol.mlp(width));
        let population = Population::new(2, 2, &networks, &[seed], Engine::cpu().device()).unwrap();
        let batches = vec![Batches::new(seed, samples, 1024, 64)];
        let mut trainer = Trainer::new(population, protocol.clone(), batches).unwrap();
        if by_tensors {
            trainer.way = Some(Way::tensors(trainer.networks.population().unwrap(), protocol));
        }
        let data = Toy::Spirals.generate();
        (0..20).for_each(|_| trainer.step(data.train()));
        let population = pollster::block_on(trainer.networks()).unwrap().population().unwrap().clone();
        let mut numbers = Vec::new();
        for layer in population.parameters.hidden.iter().chain([&population.parameters.output]) {
            numbers.push(layer.kernel.clone());
            // Batch norm cancels the bias before it, so the bias's gradient is pure rounding error, which Adam amplifies.
            numbers.extend(layer.norm.clone().map_or(vec![layer.bias.clone()], Vec::from));
        }
        // Stacked layers are padded; the padding belongs to no network.
        let variances = population.running.into_iter().take(1).map(|[_, variance]| variance);
        let losses = pollster::block_on(trainer.epoch_losses()).unwrap();
        numbers.into_iter().chain(variances).flat_map(host_numbers).chain(losses).collect()
    }

    fn kernels_of(trainer: &mut Trainer) -> Vec<f32> {
        pollster::block_on(async { trainer.networks().await.unwrap().all_kernels().await.unwrap().concat() })
    }

    #[test]
    fn looking_at_networks_changes_nothing() {
        let data = Toy::Spirals.generate();
        for dropout in [0.0, 0.2] {
            let protocol = Protocol { depth: 2, dropout, ..Preset::Figure.protocol() };
            let kernels = |look: bool| {
                let networks = [3, 20].map(|width| protocol.mlp(width));
                let population = Population::new(2, 2, &networks, &[1], Engine::cpu().device()).unwrap();
                let mut trainer =
                    Trainer::new(population, protocol.clone(), vec![Batches::new(1, 1024, 1024, 64)]).unwrap();
                for _ in 0..5 {
                    trainer.step(data.train());
                    if look {
                        kernels_of(&mut trainer);
                    }
                }
                kernels_of(&mut trainer)
            };
            assert_eq!(kernels(true), kernels(false));
        }
    }

    /// Every combination of what the kernels know.
    fn combinations() -> Vec<Protocol> {
        let sgd = Optimizer::Sgd { learning_rate: 0.01, momentum: 0.9 };
        let mut all = vec![Protocol { early_stopping: 10, ..Preset::Figure.protocol() }];
        let mut each = |changes: &[&dyn Fn(&mut Protocol)]| {
            let changed = |protocol: &Protocol, change: &dyn Fn(&mut Protocol)| {
                let mut protocol = protocol.clone();
                change(&mut protocol);
                protocol
            };
            all = all.iter().flat_map(|one| changes.iter().map(|change| changed(one, change))).collect();
        };
        each(&[&|_| {}, &|one| one.optimizer = sgd]);
        each(&[&|_| {}, &|one| one.depth = 2, &|one| one.depth = 3, &|one| one.depth = 4, &|one| one.depth = 5]);
        each(&[&|_| {}, &|one| one.batch_norm = true]);
        each(&[&|_| {}, &|one| one.dropout = 0.2]);
        each(&[&|_| {}, &|one| one.weight_decay = 1e-3]);
        each(&[&|_| {}, &|one| one.activation = Activation::LeakyRelu]);
        all
    }

    #[test]
    fn the_cpus_own_kernels_take_the_steps_of_the_tensor_program() {
        // With few examples, a batch contains some of them more than once.
        for (protocol, samples) in combinations().into_iter().flat_map(|one| [(one.clone(), 1024), (one, 30)]) {
            let apart = |seed| {
                let [own, tensors] = [false, true].map(|by_tensors| trained(&protocol, samples, seed, by_tensors));
                assert!(own.len() == tensors.len() && own.iter().chain(&tensors).all(|number| number.is_finite()));
                own.iter().zip(&tensors).map(|(own, tensors)| (own - tensors).abs()).fold(0.0, f32::max)
            };
            // About once in a hundred runs, rounding moves a number across a ReLU's kink, and Adam turns that into a step; it does not happen for three
            // seeds in a row.
            let found: Vec<f32> = (1..=3).map(apart).take_while(|&apart| apart >= 1e-5).collect();
            assert!(found.len() < 3, "{found:?} apart, {samples} examples, {protocol:?}");
        }
    }

    #[test]
    fn the_loss_of_an_epoch_weighs_examples_alike_as_in_keras() {
        let protocol = Protocol { early_stopping: 10, batch: 600, ..Preset::Figure.protocol() };
        let networks = [protocol.mlp(3), protocol.mlp(8)];
        let population = Population::new(2, 2, &networks, &[1], Engine::cpu().device()).unwrap();
        let data = Toy::Moons.generate();
        let mut trainer = Trainer::new(population, protocol, vec![Batches::new(1, 1024, 1024, 600)]).unwrap();
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
