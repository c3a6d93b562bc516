//! One population from its first weights to its last cell.

use std::collections::VecDeque;
use std::sync::Arc;

use burn::tensor::Device;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Plan, PlanError, PopulationPlan};
use crate::chart::Cell;
use crate::code::{Encoding, encode};
use crate::dataset::Dataset;
use crate::network::{NetworkError, Population};
use crate::properties::{EncodingProperties, Labelled, Measure, PropertiesError, Split, accuracy};
use crate::random::stream;
use crate::training::{Batches, Trainer};

/// Steps between two looks up from training: short enough to pause at once, long enough to cost nothing.
const STEPS_AT_A_TIME: usize = 10;

/// Trains the population of one sample size and seed, and measures it at the plan's epochs.
///
/// Pull it: each [`PopulationRun::next`] does a little work and says what came of it. To pause is not to call it, to stop
/// is to drop it.
pub struct PopulationRun {
    plan: Plan,
    population: PopulationPlan,
    data: Arc<Dataset>,
    trainer: Trainer,
    /// Epochs of the axis that are still to come.
    epochs: VecDeque<u32>,
    /// Networks encoded and not yet measured.
    encoded: VecDeque<Encoded>,
}

struct Encoded {
    width: u32,
    epoch: u32,
    train: Encoding,
    test: Encoding,
}

/// What a little work came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[schemars(rename = "RunEvent")] // `Event` is the browser's
pub enum Event {
    /// Training went on.
    Progress {
        /// How far it is.
        progress: Progress,
    },
    /// A network was measured.
    Cell {
        /// Its numbers.
        cell: Cell,
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

/// Why a population cannot be run on.
#[derive(Debug, Error)]
pub enum SweepError {
    /// The plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The networks.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The measuring.
    #[error(transparent)]
    Properties(#[from] PropertiesError),
    /// Training ran off to infinity.
    #[error(
        "width {width}, {samples} samples, seed {seed}: training diverged before epoch {epoch}: use a lower learning rate"
    )]
    Diverged {
        /// Of the network.
        width: u32,
        /// Training examples.
        samples: u32,
        /// Seed.
        seed: u32,
        /// When it was noticed.
        epoch: u32,
    },
}

impl PopulationRun {
    /// Readies the networks on `device`; nothing is trained yet.
    pub fn new(
        plan: &Plan,
        population: PopulationPlan,
        data: Arc<Dataset>,
        device: &Device,
    ) -> Result<Self, SweepError> {
        plan.check(data.train().len())?;
        let protocol = &plan.protocol;
        let networks: Vec<_> = plan.axes.width.iter().map(|&width| protocol.architecture(width as usize)).collect();
        let seed = u64::from(population.seed);
        let networks = Population::new(data.inputs(), data.classes(), &networks, seed, device)?;
        let batches = Batches::new(seed, population.samples as usize, data.train().len(), protocol.batch as usize);
        Ok(Self {
            trainer: Trainer::new(networks, protocol.clone(), batches, seed),
            epochs: plan.axes.epoch.iter().copied().collect(),
            encoded: VecDeque::new(),
            plan: plan.clone(),
            population,
            data,
        })
    }

    /// A little more work, or none where all is done.
    pub async fn next(&mut self) -> Result<Option<Event>, SweepError> {
        if let Some(encoded) = self.encoded.pop_front() {
            return self.measure(&encoded).map(|cell| Some(Event::Cell { cell }));
        }
        let Some(&epoch) = self.epochs.front() else { return Ok(None) };
        let wanted = epoch as usize * self.trainer.steps_per_epoch();
        for _ in 0..STEPS_AT_A_TIME.min(wanted - self.trainer.taken()) {
            self.trainer.step(self.data.train());
        }
        if self.trainer.taken() == wanted {
            self.epochs.pop_front();
            self.encode(epoch).await?;
        }
        Ok(Some(Event::Progress { progress: self.progress() }))
    }

    /// How far training is.
    pub fn progress(&self) -> Progress {
        Progress { step: self.trainer.taken(), steps: self.plan.last_epoch() * self.trainer.steps_per_epoch() }
    }

    /// Takes every network's codes as it stands.
    async fn encode(&mut self, epoch: u32) -> Result<(), SweepError> {
        let networks = self.trainer.population();
        let train = encode(networks, self.data.train(), self.population.samples as usize).await?;
        let test = encode(networks, self.data.test(), self.data.test().len()).await?;
        for ((&width, train), test) in self.plan.axes.width.iter().zip(train).zip(test) {
            if !(train.finite && test.finite) {
                let PopulationPlan { samples, seed } = self.population;
                return Err(SweepError::Diverged { width, samples, seed, epoch });
            }
            self.encoded.push_back(Encoded { width, epoch, train, test });
        }
        Ok(())
    }

    fn measure(&self, Encoded { width, epoch, train, test }: &Encoded) -> Result<Cell, SweepError> {
        let PopulationPlan { samples, seed } = self.population;
        let protocol = &self.plan.protocol;
        let measure = Measure {
            classes: self.data.classes(),
            neighbours: protocol.neighbours as usize,
            kmeans_starts: protocol.kmeans_starts as usize,
            logistic_c: protocol.logistic_c,
        };
        let indices = [*width, *epoch, samples].map(u64::from);
        let test_labels = self.data.test().labels();
        let properties = EncodingProperties::of(
            Labelled { codes: &train.codes, labels: &self.data.train().labels()[..samples as usize] },
            Labelled { codes: &test.codes, labels: test_labels },
            measure,
            &mut stream(u64::from(seed), "k-means", &indices),
        )?;
        Ok(Cell {
            width: *width,
            epoch: *epoch,
            samples,
            seed,
            bits: properties.bits as u32,
            redundancy: properties.redundancy,
            accuracy: Split { train: train.accuracy, test: test.accuracy },
            kmeans: Some(properties.kmeans),
            knn: Some(accuracy(&properties.knn, test_labels)),
            logistic: Some(accuracy(&properties.logistic, test_labels)),
        })
    }
}
