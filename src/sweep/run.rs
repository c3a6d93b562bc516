//! One population from its first weights to its last cell.

use std::collections::VecDeque;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::study::Firing;
use super::{Encoded, Plan, PlanError, PopulationPlan, Progress, Study, Trained, TrainingRun};
use crate::chart::{Cell, ChartError, Gap};
use crate::dataset::Dataset;
use crate::engine::{Engine, EngineError};
use crate::network::{NetworkError, PerceptronError};
use crate::properties::PropertiesError;

/// Trains the population of one sample size and seed, and measures it at the plan's epochs.
///
/// The caller pulls: each [`PopulationRun::next`] does a little work and returns its result. To pause, stop calling it; to stop, drop it.
pub struct PopulationRun {
    plan: Plan,
    data: Arc<Dataset>,
    training: TrainingRun,
    /// Networks encoded and not yet measured.
    encoded: VecDeque<Encoded>,
    /// Networks stand as they were encoded last.
    stands: bool,
}

/// The result of some work.
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
    /// A network has no numbers and never will.
    Gap {
        /// Which, and why.
        gap: Gap,
    },
}

impl Event {
    /// The [`Cell::key`] of the network of which nothing is left to do by it.
    pub fn key(&self) -> Option<[u32; 5]> {
        match self {
            Self::Progress { .. } => None,
            Self::Cell { cell } => Some(cell.key()),
            Self::Gap { gap } => Some(gap.key()),
        }
    }
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
    /// The device.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A network trained elsewhere.
    #[error(transparent)]
    Perceptron(#[from] Box<PerceptronError>),
    /// A network whose weights cannot be had.
    #[error("width {width} has no weights to save: {reason}")]
    NoWeights {
        /// ReLUs per hidden layer.
        width: u32,
        /// Why not.
        reason: &'static str,
    },
    /// More training examples than there are, or none.
    #[error("{samples} training examples were requested, but there are {train}: use 1 to {train}")]
    Samples {
        /// Asked for.
        samples: usize,
        /// There are.
        train: usize,
    },
    /// More test examples than there are, or none.
    #[error("{tests} test examples were requested, but there are {there}: use 1 to {there}")]
    Tests {
        /// Asked for.
        tests: usize,
        /// There are.
        there: usize,
    },
    /// A place for weights that does not take them.
    #[error("{0}")]
    Keep(String),
    /// The unfinished chart to go on from.
    #[error(transparent)]
    Chart(#[from] ChartError),
}

impl PopulationRun {
    /// Sets up the networks on `engine`, without training.
    pub fn new(
        plan: &Plan,
        population: PopulationPlan,
        data: Arc<Dataset>,
        engine: &Engine,
    ) -> Result<Self, SweepError> {
        let training = TrainingRun::new(plan, &[population], Arc::clone(&data), engine)?;
        Ok(Self { plan: plan.clone(), data, training, encoded: VecDeque::new(), stands: false })
    }

    /// The networks whose codes were just taken, and not yet measured: their weights are those of their codes.
    pub fn just_encoded(&self) -> impl Iterator<Item = &Encoded> {
        self.encoded.iter().filter(|_| self.stands)
    }

    /// The weights of the network of a width as they stand; see [`TrainingRun::weights`].
    pub async fn weights(&mut self, width: u32) -> Result<Vec<u8>, SweepError> {
        self.training.weights(width).await
    }

    /// What stands behind the numbers of the network of a width whose codes were [just taken](Self::just_encoded), at a level of
    /// the factor (0 without one); nothing where there is none, or its training has diverged. The other networks of that time are then not measured any more.
    pub async fn study(&mut self, width: u32, level: u32, data: &Dataset) -> Result<Option<Study>, SweepError> {
        let found = self.just_encoded().find(|one| one.width == width && one.population.level == level).cloned();
        let Some(encoded) = found else { return Ok(None) };
        self.encoded.clear();
        let Some(mut study) = Study::of(&encoded, &self.plan, data)? else { return Ok(None) };
        let shown = study.first_of_each_class();
        let rows: Vec<usize> = shown.iter().map(|&(example, _)| example as usize).collect();
        let maps = self.training.firing_maps(width, &rows).await?;
        study.firing = shown.into_iter().zip(maps).map(Firing::from).collect();
        Ok(Some(study))
    }

    /// Does a little more work; none when everything is done.
    pub async fn next(&mut self) -> Result<Option<Event>, SweepError> {
        if let Some(encoded) = self.encoded.pop_front() {
            return Ok(Some(encoded.measure(&self.plan, &self.data)?));
        }
        Ok(self.training.next().await?.map(|trained| match trained {
            Trained::Progress { progress } => {
                self.stands = false;
                Event::Progress { progress }
            }
            Trained::Encoded { encoded } => {
                self.stands = true;
                self.encoded.extend(encoded);
                Event::Progress { progress: self.training.progress() }
            }
        }))
    }
}
