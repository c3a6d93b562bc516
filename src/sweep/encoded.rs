//! A network's codes, ready to be measured on any thread or worker.

use serde::{Deserialize, Serialize};

use super::{Event, Plan, PopulationPlan, SweepError};
use crate::chart::{Cell, Gap, Reason};
use crate::code::Encoding;
use crate::dataset::Dataset;
use crate::properties::{EncodingProperties, Labelled, Measure, Split, accuracy, redundancy};
use crate::random::stream;
use crate::training::Protocol;

/// The codes of one network at one time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Encoded {
    /// ReLUs per hidden layer.
    pub width: u32,
    /// Epochs trained.
    pub epoch: u32,
    /// Sample size, seed and level.
    pub population: PopulationPlan,
    /// The epoch after which early stopping ended its training, where it did.
    #[serde(default)]
    pub stopped: Option<u32>,
    /// Codes of the training examples it has seen.
    pub train: Encoding,
    /// Codes of the test examples.
    pub test: Encoding,
    /// Codes of uniform random inputs, where the protocol asks for them.
    #[serde(default)]
    pub random: Option<Encoding>,
}

impl Encoded {
    /// Its key, unique in its chart, like [`Cell::key`].
    pub fn key(&self) -> [u32; 5] {
        let PopulationPlan { samples, seed, level } = self.population;
        [level, seed, samples, self.epoch, self.width]
    }

    /// What tells the stream of its K-Means from those of other networks of its seed.
    pub(super) fn kmeans_indices(width: u32, epoch: u32, samples: u32) -> [u64; 3] {
        [width, epoch, samples].map(u64::from)
    }

    /// Determinism and categorization of the codes: the network's cell of the chart; its gap where training has diverged.
    pub fn measure(&self, plan: &Plan, data: &Dataset) -> Result<Event, SweepError> {
        let Self { width, epoch, population: PopulationPlan { samples, seed, level }, .. } = *self;
        Ok(match self.properties(plan, data)? {
            Some(Measured { cell, .. }) => Event::Cell { cell },
            None => Event::Gap { gap: Gap { width, epoch, samples, seed, level, reason: Reason::Diverged } },
        })
    }

    /// The cell with what it is made of; nothing where training has diverged.
    pub(super) fn properties(&self, plan: &Plan, data: &Dataset) -> Result<Option<Measured>, SweepError> {
        let Self { width, epoch, population: PopulationPlan { samples, seed, level }, .. } = *self;
        if !(self.train.finite && self.test.finite) {
            return Ok(None);
        }
        let protocol = &plan.axes.protocol_at(level, &plan.protocol);
        let mut train_labels = data.train().labels_with(protocol.noise(), samples as usize);
        train_labels.truncate(samples as usize);
        let measure = measure_of(protocol, data.classes());
        // The same codes give the same numbers.
        let indices = Self::kmeans_indices(width, self.stopped.unwrap_or(epoch), samples);
        let test_labels = data.test().labels();
        let properties = EncodingProperties::of(
            Labelled { codes: &self.train.codes, labels: &train_labels },
            Labelled { codes: &self.test.codes, labels: test_labels },
            measure,
            &mut stream(u64::from(seed), "k-means", &indices),
        )?;
        let cell = Cell {
            width,
            epoch,
            samples,
            seed,
            level,
            stopped: self.stopped,
            bits: properties.bits as u32,
            redundancy: properties.redundancy,
            redundancy_random: self.random.as_ref().map(|random| redundancy(&random.codes)),
            accuracy: Split { train: self.train.accuracy, test: self.test.accuracy },
            kmeans: Some(properties.kmeans),
            knn: Some(accuracy(&properties.knn, test_labels)),
            logistic: Some(accuracy(&properties.logistic, test_labels)),
        };
        Ok(Some(Measured { cell, properties, train_labels }))
    }
}

/// A network's cell, with what it is made of.
pub(super) struct Measured {
    pub cell: Cell,
    pub properties: EncodingProperties,
    /// As the network saw them, of the examples it saw.
    pub train_labels: Vec<u8>,
}

/// How a protocol measures the codes of a data set of so many classes.
pub(super) fn measure_of(protocol: &Protocol, classes: usize) -> Measure {
    Measure {
        classes,
        neighbours: protocol.neighbours as usize,
        kmeans_starts: protocol.kmeans_starts as usize,
        kmeans_assignment: protocol.kmeans_assignment,
        logistic_c: protocol.logistic_c,
        penalised_intercept: protocol.penalised_intercept,
    }
}
