//! A plan: which networks are trained, on which data, for how long.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::memory::{Form, Size, bound};
use crate::bounds::BOUNDS;
use crate::chart::{Axes, ChartError, Factor};
use crate::dataset::{Dataset, DatasetError, Kind, Known, OWN, Published, Source};
use crate::training::{Family, Optimizer, Preset, Protocol, ProtocolError};

/// A chart to be made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// One of [`Dataset::NAMES`].
    pub dataset: String,
    /// How every network is trained and measured.
    pub protocol: Protocol,
    /// The networks: every width at every epoch for every sample size and seed.
    pub axes: Axes,
}

/// The networks of one sample size, seed and level of the factor: what one worker trains at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct PopulationPlan {
    /// Training examples.
    pub samples: u32,
    /// Seed.
    pub seed: u32,
    /// Place of its value along the axis of the factor; 0 where there is none.
    #[serde(default)]
    pub level: u32,
}

/// A plan that cannot be run.
#[derive(Debug, Error)]
pub enum PlanError {
    /// The data set.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The protocol.
    #[error(transparent)]
    Protocol(#[from] ProtocolError),
    /// The axes.
    #[error(transparent)]
    Axes(#[from] ChartError),
    /// More training examples than there are.
    #[error("axes.samples: {samples} is more than the {train} training examples of '{dataset}': use {train} or fewer")]
    Samples {
        /// Asked for.
        samples: u32,
        /// There are.
        train: usize,
        /// Of this data set.
        dataset: String,
    },
    /// A number above its bound.
    #[error("{what}: {value} is more than {most}: use {most} or less")]
    Bound {
        /// Of what.
        what: &'static str,
        /// Asked for.
        value: u64,
        /// The most.
        most: u64,
    },
    /// More memory than there can be.
    #[error(
        "this plan needs {:.1} GB for a population, more than the limit of {:.1} GB: use narrower layers, fewer of them or smaller batches",
        *bytes as f64 / 1e9, *most as f64 / 1e9
    )]
    Memory {
        /// Needed.
        bytes: u64,
        /// The most.
        most: u64,
    },
    /// Codes that would take more memory than is taken.
    #[error(
        "measuring these codes takes {:.1} GB, more than the limit of {:.1} GB: use fewer examples or a narrower network",
        *bytes as f64 / 1e9, *most as f64 / 1e9
    )]
    Codes {
        /// Needed.
        bytes: u64,
        /// The most.
        most: u64,
    },
    /// Populations that see other labels or have other layers.
    #[error("populations of different {what} cannot be trained together: train each group of the plan by itself")]
    Apart {
        /// In what they differ.
        what: &'static str,
    },
    /// Not JSON, or not of the schema.
    #[error("plan: {path}: {reason}")]
    Shape {
        /// Where.
        path: String,
        /// What is wrong.
        reason: String,
    },
}

impl Plan {
    /// The same plan for networks of a family, with its usual code, and axes where those of a preset are not fit.
    pub fn with_family(mut self, family: Family) -> Self {
        let preset = self.protocol.preset;
        self.axes.width = family.usual_widths(preset).unwrap_or(self.axes.width);
        if preset == Preset::Quick {
            let epochs = &mut self.axes.epoch;
            epochs.truncate(epochs.len().saturating_sub(family.epochs_too_long()).max(1));
        }
        Self { protocol: self.protocol.with_family(family), ..self }
    }

    /// Reads a plan; unknown extra keys are accepted.
    pub fn from_json(text: &str) -> Result<Self, PlanError> {
        let reader = &mut serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(&mut *reader).map_err(|error| PlanError::Shape {
            path: error.path().to_string(),
            reason: error.into_inner().to_string(),
        })
    }

    /// What the preset does to a data set, sized for it.
    pub fn preset(preset: Preset, dataset: &str) -> Result<Self, PlanError> {
        // The size of the user's own data is not known here.
        let known = Known::named(dataset).ok_or_else(|| DatasetError::Unknown { name: dataset.into() })?;
        let (train, toy) = (known.train, matches!(known.source, Source::Toy(_)));
        let in_colour = matches!(known.kind, Some(Kind::Image { channels: 3, .. }));
        let fitting = |sizes: &[u32]| {
            let mut sizes: Vec<u32> = sizes.iter().copied().filter(|&size| size < train).collect();
            sizes.push(train);
            sizes
        };
        let (width, epoch, samples, seeds): (&[u32], &[u32], _, _) = match preset {
            // At least 10,000 images are needed to look like the paper's figure; all 40,000 are 113 MB, too much for a live page.
            Preset::Quick if in_colour => (&[10, 20, 40, 80], &[0, 1, 2, 4], vec![100, 1_000, 10_000], 1),
            // A few points in the plane are soon told apart; at these sample sizes a toy shows all regimes.
            Preset::Quick if toy => (&[4, 8, 16, 32, 64, 128, 256], &[0, 1, 3, 10, 30], vec![10, 30, 100], 1),
            Preset::Quick => (&[3, 7, 10, 15, 20, 30, 40, 60, 100], &[0, 1, 2, 4, 8], fitting(&[10, 100, 1000]), 1),
            Preset::Code if let Some(published) = known.published => {
                (published.widths, published.epochs, fitting(&[100, 1_000, 10_000]), 5)
            }
            // The paper's layer widths and, where the learning rate never falls to nothing, epochs up to 100.
            Preset::Figure | Preset::Code if in_colour => {
                (&[10, 20, 30, 40, 50, 60, 80, 100, 150, 200], &[0, 1, 3, 6, 10, 20], fitting(&[1_000, 10_000]), 3)
            }
            Preset::Figure | Preset::Code => (
                &[3, 7, 10, 15, 20, 23, 27, 30, 33, 37, 40, 43, 47, 50, 53, 57, 60, 65, 70, 75, 80, 90, 100],
                if preset == Preset::Figure {
                    &[0, 1, 3, 6, 10, 20, 30, 40, 60, 80, 100]
                } else {
                    &[0, 1, 3, 6, 10, 20, 30, 40]
                },
                fitting(&[10, 100, 1000, 10_000]),
                3,
            ),
        };
        let axes =
            Axes { width: width.into(), epoch: epoch.into(), samples, seed: (1..=seeds).collect(), factor: None };
        let mut protocol = preset.protocol();
        protocol.depth = known.depth;
        if toy && preset == Preset::Quick {
            protocol.depth = 3; // one layer cuts the plane into too few regions
        }
        if let (Some(Published { sgd, batch, one_to_one, .. }), Preset::Code) = (known.published, preset) {
            protocol.batch_norm = false;
            protocol.schedule = None;
            protocol.batch = batch;
            (protocol.optimizer, protocol.weight_decay) = if sgd {
                (Optimizer::Sgd { learning_rate: 1e-2, momentum: 0.9 }, 2.5e-4)
            } else {
                (Optimizer::Adam { learning_rate: 1e-3 }, 1e-6)
            };
            protocol.kmeans_assignment = one_to_one;
            protocol.penalised_intercept = true;
        }
        Ok(Self { dataset: dataset.into(), protocol, axes })
    }

    /// What the preset does to the user's own data of so many training examples: as to small MNIST, with sample sizes up to all, and (in
    /// `quick`) epochs up to as many steps.
    pub fn of_own(preset: Preset, train: u32) -> Result<Self, PlanError> {
        /// Sample sizes below all.
        const SAMPLES: [u32; 3] = [10, 100, 1_000];
        /// Steps of a network under `quick` on small MNIST, about.
        const STEPS: u32 = 1_000;
        let mut plan = Self { dataset: OWN.into(), ..Self::preset(preset, "mnist-small")? };
        plan.axes.samples = SAMPLES.into_iter().filter(|&size| size < train).chain([train]).collect();
        if preset == Preset::Quick {
            let last = STEPS.div_ceil(train.div_ceil(plan.protocol.batch).max(1)).max(8);
            let rounded = |parts: u32| (last + parts / 2) / parts;
            plan.axes.epoch = vec![0, rounded(8), rounded(4), rounded(2), last];
        }
        Ok(plan)
    }

    /// Checks that it can be run on `data`.
    pub fn check_on(&self, data: &Dataset) -> Result<(), PlanError> {
        self.checked(data.train().len(), Size::of(data))
    }

    /// Checks that it can be run on a data set of `train` training examples, before that is loaded.
    pub fn check(&self, train: usize) -> Result<(), PlanError> {
        self.checked(train, Size::named(&self.dataset))
    }

    fn checked(&self, train: usize, size: Size) -> Result<(), PlanError> {
        Dataset::source(&self.dataset)?;
        self.bounded(size)?;
        self.axes.check()?;
        if let Some(factor) = &self.axes.factor {
            self.protocol.network.hold(factor.name())?;
        }
        for level in 0..self.axes.levels() {
            let Self { protocol, axes, .. } = self.at(level);
            protocol.check()?;
            if let Form::Known(picture) = size.form {
                axes.width.iter().try_for_each(|&width| protocol.architecture(width as usize, picture).map(|_| ()))?;
            }
        }
        match self.axes.samples.iter().find(|&&samples| samples as usize > train) {
            Some(&samples) => Err(PlanError::Samples { samples, train, dataset: self.dataset.clone() }),
            None => Ok(()),
        }
    }

    /// Holds a number of seeds against its bound, before there is a list of them.
    pub fn check_seeds(seeds: u32) -> Result<(), PlanError> {
        bound("the number of seeds", seeds.into(), BOUNDS.seeds)
    }

    /// One level of the factor: the plan without that axis, its value in the protocol.
    pub fn at(&self, level: u32) -> Self {
        let mut plan = Self { protocol: self.axes.protocol_at(level, &self.protocol), ..self.clone() };
        plan.axes.factor = None;
        plan
    }

    /// Whether one tensor program can train these populations: of one level, and under label noise, which is a share of the
    /// examples that train, of one sample size.
    pub(super) fn together(&self, populations: &[PopulationPlan]) -> Result<(), PlanError> {
        let Some(first) = populations.first() else { return Ok(()) };
        if populations.iter().any(|one| one.level != first.level) {
            return Err(PlanError::Apart { what: "levels" });
        }
        let protocol = self.axes.protocol_at(first.level, &self.protocol);
        if populations.len() > 1 && protocol.network != Family::Mlp {
            return Err(PlanError::Apart { what: "seeds or sample sizes of convolutional networks" });
        }
        if protocol.label_noise != 0.0 && populations.iter().any(|one| one.samples != first.samples) {
            return Err(PlanError::Apart { what: "sample sizes under label noise" });
        }
        Ok(())
    }

    /// The populations, in the order in which they are worth seeing: for each seed the largest sample first, since it
    /// shows the whole model-size and training-time plane that the paper opens with.
    pub fn populations(&self) -> Vec<PopulationPlan> {
        // The codes of all hidden layers are taken from the same networks.
        let trained = if self.by_layer().is_some() { 1 } else { self.axes.levels() };
        let mut populations = Vec::new();
        for level in 0..trained {
            for &seed in &self.axes.seed {
                let of_seed = self.axes.samples.iter().rev().map(|&samples| PopulationPlan { samples, seed, level });
                populations.extend(of_seed);
            }
        }
        populations
    }

    /// Of which population the network of a [`Cell::key`](crate::chart::Cell::key) is.
    pub fn population_of(&self, [level, seed, samples, ..]: [u32; 5]) -> PopulationPlan {
        PopulationPlan { samples, seed, level: if self.by_layer().is_some() { 0 } else { level } }
    }

    /// For each code that is taken of a population's networks, the level of its cell and the hidden layer; none: all.
    pub(super) fn codes_of(&self, population: PopulationPlan) -> Vec<(u32, Option<u32>)> {
        match self.by_layer() {
            Some(layers) => layers.iter().enumerate().map(|(level, &layer)| (level as u32, Some(layer))).collect(),
            None => vec![(population.level, self.protocol.layer)],
        }
    }

    fn by_layer(&self) -> Option<&[u32]> {
        match &self.axes.factor {
            Some(Factor::Layer(layers)) => Some(layers),
            _ => None,
        }
    }

    /// Cells of the whole chart.
    pub fn cells(&self) -> usize {
        self.populations().len() * self.cells_per_population()
    }

    /// Cells of one population.
    pub fn cells_per_population(&self) -> usize {
        self.axes.width.len() * self.axes.epoch.len() * self.by_layer().map_or(1, <[u32]>::len)
    }

    /// Every population is trained from epoch 0 to here.
    pub fn last_epoch(&self) -> usize {
        self.axes.epoch.last().map_or(0, |&epoch| epoch as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_suits_every_data_set() {
        for dataset in Dataset::NAMES {
            for preset in Preset::NAMES {
                let plan = Plan::preset(preset.parse().unwrap(), dataset).unwrap();
                let train = *plan.axes.samples.last().unwrap();
                plan.check(train as usize).unwrap();
            }
        }
    }

    #[test]
    fn a_live_page_trains_networks_with_convolutions_less_far() {
        let axes = |preset, family| {
            let Axes { width, epoch, .. } = Plan::preset(preset, "mnist-small").unwrap().with_family(family).axes;
            (width.len(), epoch)
        };
        assert_eq!(axes(Preset::Quick, Family::Mlp), (9, vec![0, 1, 2, 4, 8]));
        assert_eq!(axes(Preset::Quick, Family::VGG), (9, vec![0, 1, 2, 4]));
        assert_eq!(axes(Preset::Quick, Family::RESNET), (3, vec![0, 1, 2]));
        assert_eq!(axes(Preset::Figure, Family::RESNET).1, axes(Preset::Figure, Family::Mlp).1);
        let own = Plan::of_own(Preset::Quick, 60).unwrap();
        assert_eq!(own.clone().with_family(Family::VGG).axes.epoch, own.axes.epoch[..4]);
    }

    #[test]
    fn more_samples_than_examples_is_refused() {
        let plan = Plan::preset(Preset::Quick, "mnist").unwrap();
        let message = plan.check(8_000).unwrap_err().to_string();
        assert!(message.contains("48000 is more than the 8000"), "{message}");
    }

    #[test]
    fn epochs_must_rise() {
        let mut plan = Plan::preset(Preset::Quick, "moons").unwrap();
        plan.axes.epoch = vec![0, 3, 3];
        let message = plan.check(1024).unwrap_err().to_string();
        assert!(message.starts_with("axes.epoch: 3 is not greater than 3"), "{message}");
    }
}
