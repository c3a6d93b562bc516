//! How a network's cell was measured, stored in its file of weights, so that the file gives the same numbers wherever it is measured.

use serde::{Deserialize, Serialize};

use super::{Encoded, Plan, PopulationPlan};
use crate::bounds::BOUNDS;
use crate::chart::DatasetSummary;
use crate::dataset::{Dataset, Noise};
use crate::network::{CodeUnits, Stored};
use crate::training::Protocol;

/// Where it stands in a file's metadata, as JSON.
pub(super) const KEY: &str = "hash-phase";

/// What the numbers of a cell depend on beside the network's weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasuredAs {
    /// Name of the data set.
    pub dataset: String,
    /// `sha256:` and the hash of the examples it has seen and of the test set, their noise included.
    pub digest: String,
    /// Seed of the network, and of K-Means.
    pub seed: u32,
    /// ReLUs per hidden layer.
    pub width: u32,
    /// Epochs trained.
    pub epoch: u32,
    /// The first so many training examples were seen.
    pub samples: u32,
    /// Share of their labels that was shuffled.
    #[serde(default)]
    pub label_noise: f64,
    /// Whether noise was put in the place of the inputs.
    #[serde(default)]
    pub noise_inputs: bool,
    /// Which ReLUs are the code.
    #[serde(default, skip_serializing_if = "is_all")]
    pub code: CodeUnits,
    /// The hidden layer whose code alone is measured, from 1; absent for all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<u32>,
    /// K-NN: number of neighbours.
    pub neighbours: u32,
    /// K-Means: number of starts, of which the best is kept.
    pub kmeans_starts: u32,
    /// K-Means: whether clusters are assigned to classes one to one.
    #[serde(default)]
    pub kmeans_assignment: bool,
    /// Logistic regression: inverse strength of the penalty.
    pub logistic_c: f64,
    /// Logistic regression: whether the intercept is penalised.
    #[serde(default)]
    pub penalised_intercept: bool,
}

/// Files of before there was a choice are written as they were.
fn is_all(code: &CodeUnits) -> bool {
    *code == CodeUnits::All
}

impl MeasuredAs {
    /// That of a network of `width` after `epoch` epochs; `digest` is of the data set as the network saw it.
    pub(super) fn of(plan: &Plan, population: PopulationPlan, width: u32, epoch: u32, digest: String) -> Self {
        let PopulationPlan { samples, seed, level } = population;
        let protocol = plan.axes.protocol_at(level, &plan.protocol);
        // One file serves all cells of a chart by hidden layer, so the whole code is measured.
        let layer = if plan.codes_of(population).len() > 1 { None } else { protocol.layer };
        let Protocol { code, label_noise, noise_inputs, neighbours, kmeans_starts, kmeans_assignment, .. } = protocol;
        let Protocol { logistic_c, penalised_intercept, .. } = protocol;
        let dataset = plan.dataset.clone();
        Self {
            dataset,
            digest,
            seed,
            width,
            epoch,
            samples,
            label_noise,
            noise_inputs,
            code,
            layer,
            neighbours,
            kmeans_starts,
            kmeans_assignment,
            logistic_c,
            penalised_intercept,
        }
    }

    /// From a file's metadata; none where it says nothing that can be read, as other programs' files do.
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// As it is written.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether it can be what it says: a network with ReLU layers of such widths that has seen these data.
    pub(super) fn is_of(&self, network: &Stored, data: &Dataset) -> bool {
        let (layers, widths) = (network.widths().len(), network.axis_widths());
        let Self { samples, neighbours, kmeans_starts, logistic_c, label_noise, layer, width, .. } = *self;
        let within = |number: u32, most: u64| (1..=most).contains(&u64::from(number));
        within(samples, data.train().len() as u64)
            && within(neighbours, BOUNDS.neighbours)
            && within(kmeans_starts, BOUNDS.kmeans_starts)
            && logistic_c > 0.0
            && logistic_c.is_finite()
            && (0.0..=1.0).contains(&label_noise)
            && layer.is_none_or(|layer| within(layer, layers as u64))
            && widths.iter().all(|&own| own as u64 == u64::from(width))
            && DatasetSummary::of(data, self.noise(), samples as usize).digest == self.digest
    }

    /// What was done to the data.
    pub(super) fn noise(&self) -> Noise {
        Noise { labels: self.label_noise, inputs: self.noise_inputs }
    }

    /// What its K-Means starts are drawn by.
    pub(super) fn indices(&self) -> [u64; 3] {
        Encoded::kmeans_indices(self.width, self.epoch, self.samples)
    }
}
