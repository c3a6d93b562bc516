//! Populations from their first weights to their last codes.

use std::collections::VecDeque;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::measured_as::{KEY, MeasuredAs};
use super::{Encoded, Plan, PlanError, PopulationPlan, SweepError};
use crate::code::{Encoding, FiringMaps, Medians, encode, firing_maps};
use crate::dataset::{Dataset, Examples, Noise};
use crate::engine::{Engine, MapShape};
use crate::network::Networks;
use crate::training::{Batches, EarlyStopping, Protocol, Trainer};

/// Training steps per call: few enough to pause at once, enough to cost nothing.
const STEPS_AT_A_TIME: usize = 10;
/// Steps after which to wait for the GPU, by reading a loss: queueing more gains nothing and delays pauses and errors.
const WAIT_EVERY: usize = 50;

/// Trains the populations of some sample sizes and seeds (and of one level) together, as cohorts of one tensor program, and takes their codes
/// at the plan's epochs.
///
/// The caller pulls: each [`TrainingRun::next`] does a little work and returns its result.
pub struct TrainingRun {
    plan: Plan,
    populations: Vec<PopulationPlan>,
    data: Arc<Dataset>,
    engine: Engine,
    trainer: Trainer,
    /// Of the data that the first population has seen, once a file of weights has said it.
    digest: Option<String>,
    /// Uniform random inputs, where their codes are wanted.
    random: Option<Examples>,
    /// Steps taken when the device was last waited for.
    waited: usize,
    /// Epochs of the axis that are still to come.
    epochs: VecDeque<u32>,
    /// Where the protocol asks for early stopping.
    early: Option<EarlyStopping>,
    /// Of each network whose training has ended early, the codes it ended with.
    ended: Vec<Option<Vec<Encoded>>>,
}

/// The result of some training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Trained {
    /// Training went on.
    Progress {
        /// How far it is.
        progress: Progress,
    },
    /// Every network was encoded.
    Encoded {
        /// Population by population, each from its first width to its last.
        encoded: Vec<Encoded>,
    },
}

/// How far training is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Progress {
    /// Steps taken.
    pub step: usize,
    /// Steps in all.
    pub steps: usize,
}

impl TrainingRun {
    /// Sets up the networks on `engine`, without training.
    pub fn new(
        plan: &Plan,
        populations: &[PopulationPlan],
        data: Arc<Dataset>,
        engine: &Engine,
    ) -> Result<Self, SweepError> {
        let (data, trainer) = readied(plan, populations, &data, engine)?;
        let networks = trainer.len();
        let patience = plan.protocol_of(populations).early_stopping;
        Ok(Self {
            random: plan.protocol.random_inputs.then(|| data.random_inputs()),
            early: (patience > 0).then(|| EarlyStopping::new(patience, networks)),
            ended: vec![None; networks],
            waited: 0,
            digest: None,
            trainer,
            epochs: plan.axes.epoch.iter().copied().collect(),
            plan: plan.clone(),
            populations: populations.to_vec(),
            engine: engine.clone(),
            data,
        })
    }

    /// Does a little more work; none when everything is done.
    pub async fn next(&mut self) -> Result<Option<Trained>, SweepError> {
        let trained = self.work().await;
        // After the engine has failed, wrong numbers and further errors are reported as that failure.
        self.engine.check()?;
        trained
    }

    async fn work(&mut self) -> Result<Option<Trained>, SweepError> {
        let Some(&epoch) = self.epochs.front() else { return Ok(None) };
        let (each, taken) = (self.trainer.steps_per_epoch(), self.trainer.taken());
        let wanted = epoch as usize * each;
        if taken == wanted || self.all_ended() {
            self.epochs.pop_front();
            let encoded = self.encode(epoch).await?.into_iter().flatten().collect();
            return Ok(Some(Trained::Encoded { encoded }));
        }
        let of_epoch = if self.early.is_some() { each - taken % each } else { usize::MAX };
        for _ in 0..STEPS_AT_A_TIME.min(wanted - taken).min(of_epoch) {
            self.trainer.step(self.data.train());
        }
        if self.trainer.taken().is_multiple_of(each) {
            self.stop_early().await?;
        }
        if self.trainer.taken() - self.waited >= WAIT_EVERY {
            if !self.engine.is_host() {
                self.trainer.losses().await?;
            }
            self.waited = self.trainer.taken();
        }
        Ok(Some(Trained::Progress { progress: self.progress() }))
    }

    /// How far training is.
    pub fn progress(&self) -> Progress {
        let steps = self.plan.last_epoch() * self.trainer.steps_per_epoch();
        Progress { step: if self.all_ended() { steps } else { self.trainer.taken() }, steps }
    }

    /// The weights of the network of a width in the first of its populations, as they stand: a safetensors file.
    ///
    /// # Errors
    ///
    /// A width that is not in the plan, a network whose training was ended early (its codes were kept, it was not), and those
    /// of [`Networks::weights`].
    pub async fn weights(&mut self, width: u32) -> Result<Vec<u8>, SweepError> {
        let epoch = (self.trainer.taken() / self.trainer.steps_per_epoch()) as u32;
        let networks = self.trainer.networks().await?;
        let member = networks.members().into_iter().find(|member| member.width == width as usize);
        let Some(member) = member else { return Err(SweepError::NoWeights { width, reason: "it is not in the plan" }) };
        if self.ended[member.index].is_some() {
            return Err(SweepError::NoWeights {
                width,
                reason: "its training stopped early, and its weights have changed since",
            });
        }
        let population = self.populations[member.cohort];
        let digest = self.digest.get_or_insert_with(|| self.data.digest(population.samples as usize)).clone();
        let measured = MeasuredAs::of(&self.plan, population, width, epoch, digest);
        Ok(networks.weights(member, &[(KEY, measured.text())]).await?)
    }

    /// Where on training examples the ReLUs of the network of a width fire, as they stand; see [`firing_maps`].
    pub(super) async fn firing_maps(&mut self, width: u32, rows: &[usize]) -> Result<Vec<Vec<FiringMaps>>, SweepError> {
        let networks = self.trainer.networks().await?;
        let found = networks.members().into_iter().find(|member| member.width == width as usize);
        // If training stopped early, the kept codes are used: the network has changed since.
        let Some(member) = found.filter(|member| self.ended[member.index].is_none()) else { return Ok(Vec::new()) };
        Ok(firing_maps(networks, member, self.data.train(), rows)?)
    }

    fn all_ended(&self) -> bool {
        self.ended.iter().all(Option::is_some)
    }

    /// After an epoch, stops the networks whose loss no longer falls and keeps their current codes. They go on training with the rest of
    /// their population, but this no longer shows in any result.
    async fn stop_early(&mut self) -> Result<(), SweepError> {
        let Some(early) = &mut self.early else { return Ok(()) };
        let losses = self.trainer.epoch_losses().await?;
        let ended = early.after_epoch(&losses);
        if !ended.is_empty() {
            let epoch = (self.trainer.taken() / self.trainer.steps_per_epoch()) as u32;
            let mut encoded = self.encode(epoch).await?;
            for index in ended {
                let codes = std::mem::take(&mut encoded[index]);
                self.ended[index] =
                    Some(codes.into_iter().map(|code| Encoded { stopped: Some(epoch), ..code }).collect());
            }
        }
        Ok(())
    }

    /// Every network's codes: now, or when its training stopped.
    async fn encode(&mut self, epoch: u32) -> Result<Vec<Vec<Encoded>>, SweepError> {
        let ended = self.ended.iter().map(|ended| {
            ended.as_ref().map(|codes| codes.iter().map(|code| Encoded { epoch, ..code.clone() }).collect())
        });
        let ended: Vec<Option<Vec<_>>> = ended.collect();
        if self.all_ended() {
            return Ok(ended.into_iter().flatten().collect());
        }
        let networks = self.trainer.networks().await?;
        let samples: Vec<_> = self.populations.iter().map(|population| population.samples as usize).collect();
        // Convolutional networks form a single cohort.
        let medians = Medians::of(networks, self.data.train(), samples.first().copied().unwrap_or_default()).await?;
        let train = encode(networks, self.data.train(), &samples, &medians).await?;
        let test = encode(networks, self.data.test(), &vec![self.data.test().len(); samples.len()], &medians).await?;
        let sound = networks.are_finite().await?;
        let mut encoded = Vec::with_capacity(train.len());
        let random = match &self.random {
            Some(inputs) => encode(networks, inputs, &vec![inputs.len(); samples.len()], &medians).await?,
            None => Vec::new(),
        };
        for (((member, ended), train), test) in networks.members().into_iter().zip(ended).zip(train).zip(test) {
            if let Some(ended) = ended {
                encoded.push(ended);
                continue;
            }
            let (width, population) = (member.width as u32, self.populations[member.cohort]);
            // A ReLU may hide a NaN from the outputs.
            let train = Encoding { finite: train.finite && sound[member.index], ..train };
            let layers = networks.code_layers(member);
            let codes = self.plan.codes_of(population).into_iter().map(|(level, layer)| {
                let population = PopulationPlan { level, ..population };
                let [train, test] = [&train, &test].map(|whole| whole.of_layer(layer, &layers));
                let random = random.get(member.index).map(|whole| whole.of_layer(layer, &layers));
                Encoded { width, epoch, population, stopped: None, train, test, random }
            });
            encoded.push(codes.collect());
        }
        Ok(encoded)
    }
}

impl Plan {
    /// The protocol of populations that are trained [together](Plan::together).
    fn protocol_of(&self, populations: &[PopulationPlan]) -> Protocol {
        self.axes.protocol_at(populations.first().map_or(0, |one| one.level), &self.protocol)
    }

    /// The data set as populations that are trained [together](Plan::together) see it: with the noise of their protocol.
    pub(super) fn data_of(&self, populations: &[PopulationPlan], data: &Arc<Dataset>) -> Arc<Dataset> {
        let samples = populations.iter().map(|one| one.samples as usize).max().unwrap_or_default();
        match self.protocol_of(populations).noise() {
            none if none == Noise::default() => Arc::clone(data),
            noise => Arc::new(data.with_noise(noise, samples)),
        }
    }
}

/// The trainer of populations of a plan, once both are known to be sound, and the data as its networks see them.
pub(super) fn readied(
    plan: &Plan,
    populations: &[PopulationPlan],
    data: &Arc<Dataset>,
    engine: &Engine,
) -> Result<(Arc<Dataset>, Trainer), SweepError> {
    plan.check_on(data)?;
    plan.together(populations)?;
    let data = plan.data_of(populations, data);
    let trainer = trainer(plan, populations, &data, engine)?;
    Ok((data, trainer))
}

/// The trainer of populations that are trained [together](Plan::together), before its first step.
pub(super) fn trainer(
    plan: &Plan,
    populations: &[PopulationPlan],
    data: &Dataset,
    engine: &Engine,
) -> Result<Trainer, SweepError> {
    let protocol = &plan.protocol_of(populations);
    let image = MapShape::of(&data.description().kind);
    let networks = plan.axes.width.iter().map(|&width| protocol.architecture(width as usize, image));
    let networks: Vec<_> = networks.collect::<Result<_, _>>().map_err(PlanError::from)?;
    let seeds: Vec<_> = populations.iter().map(|population| u64::from(population.seed)).collect();
    let networks = Networks::new(data.inputs(), data.classes(), &networks, &seeds, engine.device())?;
    let batches = populations.iter().map(|&PopulationPlan { samples, seed, .. }| {
        Batches::new(u64::from(seed), samples as usize, data.full(), protocol.batch as usize)
    });
    #[cfg_attr(not(feature = "gpu"), allow(unused_mut))]
    let mut trainer = Trainer::new(networks, protocol.clone(), batches.collect())?;
    #[cfg(feature = "gpu")]
    if engine.keeps(4 * (data.train().len() * data.inputs()) as u64) {
        trainer.keep_inputs(data.train());
    }
    Ok(trainer)
}

#[cfg(all(test, feature = "cpu", not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::dataset::Toy;
    use crate::training::Preset;

    #[test]
    fn a_device_is_waited_for_in_time_whatever_the_steps_of_an_epoch() {
        let mut plan = Plan::preset(Preset::Quick, "moons").unwrap();
        plan.protocol.batch = 150; // seven steps an epoch: no epoch ends at a multiple of ten steps
        plan.axes.width = vec![2];
        plan.axes.epoch = vec![1, 40];
        plan.axes.samples = vec![100];
        let data = Arc::new(Toy::Moons.generate());
        let mut run = TrainingRun::new(&plan, &plan.populations(), data, &Engine::cpu()).unwrap();
        while pollster::block_on(run.next()).unwrap().is_some() {
            let ahead = run.trainer.taken() - run.waited;
            assert!(ahead < WAIT_EVERY, "{ahead} steps ahead after {}", run.trainer.taken());
        }
        assert_eq!(run.trainer.taken(), 280);
    }
}
