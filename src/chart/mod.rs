//! The activation hash phase chart: [`PhaseChart`], the one type that the page, the command line and every download speak.

mod factor;
pub mod figures;
mod gap;
mod identity;
mod journal;
mod places;
mod provenance;
mod published;
mod read;
#[cfg(not(target_arch = "wasm32"))]
mod read_columns;
mod regime;
mod resume;
mod summary;

#[cfg(not(target_arch = "wasm32"))]
mod borders;
#[cfg(not(target_arch = "wasm32"))]
mod columns;
#[cfg(not(target_arch = "wasm32"))]
pub mod plot;

#[cfg(not(target_arch = "wasm32"))]
pub use borders::{Between, Border, Line};
#[cfg(not(target_arch = "wasm32"))]
pub use columns::ColumnsError;
pub use factor::{Factor, FactorError};
pub use gap::{Gap, Reason};
pub use journal::Entry;
pub use places::{Place, Places};
pub use provenance::Provenance;
pub use read::ChartError;
pub use regime::{Regime, Thresholds};
pub use summary::{Axis, Band, Grid, Metric};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::dataset::{Dataset, Description, DescriptionSchema};
use crate::engine::{Engine, processor};
use crate::properties::Split;
use crate::training::{Family, Protocol};

/// The version this crate writes and reads.
pub const VERSION: u32 = 1;

/// A phase chart, complete or still growing: a missing cell is a gap, never a zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PhaseChart {
    /// Always `hash-phase/chart`.
    pub format: Format,
    /// Always 1.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// A line for people.
    pub title: String,
    /// The data set.
    pub dataset: DatasetSummary,
    /// The protocol.
    pub protocol: Protocol,
    /// The values of each axis, in increasing order.
    pub axes: Axes,
    /// The identity of the cells, one digest for each level of the factor: `sha256:` and the hash of data set, protocol with
    /// the level's value, and widths. Absent in old charts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<String>,
    /// The finished networks, ordered by level, seed, samples, epoch, width.
    pub cells: Vec<Cell>,
    /// The networks that have no numbers and never will, in the same order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// What made the chart.
    pub provenance: Provenance,
}

/// The name of the file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Format {
    /// The only one.
    #[serde(rename = "hash-phase/chart")]
    Chart,
}

/// The data set of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DatasetSummary {
    /// Its name.
    pub name: String,
    /// Training examples at full sample size.
    #[schemars(range(min = 1))]
    pub train: usize,
    /// Test examples.
    #[schemars(range(min = 1))]
    pub test: usize,
    /// Classes.
    #[schemars(range(min = 1, max = 256))]
    pub classes: usize,
    /// `sha256:` and the hash of the inputs and labels that the chart saw, the noise of its protocol included; that of a
    /// factor is in `plans`.
    pub digest: String,
    /// What its examples, inputs and classes are; absent in old charts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DescriptionSchema>")]
    pub description: Option<Description>,
}

/// The values of model size, training time, sample size and seed, each in increasing order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Axes {
    /// Layer widths: ReLUs per hidden layer.
    #[schemars(length(min = 1))]
    pub width: Vec<u32>,
    /// Epochs trained, 0 being before training.
    #[schemars(length(min = 1))]
    pub epoch: Vec<u32>,
    /// Number of training examples, from the first on.
    #[schemars(length(min = 1))]
    pub samples: Vec<u32>,
    /// Seeds.
    #[schemars(length(min = 1))]
    pub seed: Vec<u32>,
    /// One more hyper-parameter that varies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<Factor>,
}

/// One network at one time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// ReLUs per hidden layer.
    pub width: u32,
    /// Epochs trained.
    pub epoch: u32,
    /// Training examples.
    pub samples: u32,
    /// Seed.
    pub seed: u32,
    /// Place of its value along the axis of the factor; 0 where there is none.
    #[serde(default, skip_serializing_if = "is_first")]
    pub level: u32,
    /// The epoch after which early stopping ended its training; absent if it trained up to `epoch`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<u32>,
    /// Bits of the code that are not constant.
    pub bits: u32,
    /// Redundancy ratio of the codes.
    pub redundancy: Split,
    /// Redundancy ratio of the codes of as many uniform random inputs as there are test examples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1))]
    pub redundancy_random: Option<f64>,
    /// Accuracy of the network itself.
    pub accuracy: Split,
    /// Accuracy of K-Means on the codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kmeans: Option<Split>,
    /// Accuracy of K-NN on test codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1))]
    pub knn: Option<f64>,
    /// Accuracy of logistic regression on test codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1))]
    pub logistic: Option<f64>,
}

impl PhaseChart {
    /// A chart with no cell yet.
    pub fn empty(data: &Dataset, protocol: Protocol, axes: Axes, engine: &Engine) -> Self {
        let dataset = DatasetSummary::of(data, protocol.noise(), axes.most_samples());
        let name = dataset.description.as_ref().and_then(|description| description.name.clone());
        let name = name.unwrap_or_else(|| dataset.name.clone());
        let layers =
            if protocol.depth == 1 { "one hidden layer".into() } else { format!("{} hidden layers", protocol.depth) };
        let layers = match protocol.network {
            Family::Mlp => layers,
            Family::Vgg { channels, blocks, .. } => format!("vgg of {channels} channels, {blocks} blocks"),
            Family::Resnet { blocks } => format!("resnet of {} layers", 6 * blocks + 2),
        };
        let labels = match protocol.label_noise {
            0.0 => String::new(),
            1.0 => ", random labels".into(),
            share => format!(", {:.0}% label noise", 100.0 * share),
        };
        let inputs = if protocol.noise_inputs { ", noise inputs" } else { "" };
        let factor = axes.factor.as_ref().map(|factor| format!(", by {}", factor.label())).unwrap_or_default();
        let mut chart = Self {
            format: Format::Chart,
            version: VERSION,
            title: format!("{name}, {layers}{labels}{inputs}{factor}"),
            plans: identity::plans(&dataset, &protocol, &axes),
            dataset,
            protocol,
            axes,
            cells: Vec::new(),
            gaps: Vec::new(),
            provenance: Provenance::of(engine),
        };
        chart.rounded_by(engine);
        chart
    }

    /// Notes the kind of processor where numbers that `engine` comes to depend on it.
    pub(crate) fn rounded_by(&mut self, engine: &Engine) {
        let mut levels = (0..self.axes.levels()).map(|level| self.axes.protocol_at(level, &self.protocol));
        if engine.is_host() && !levels.all(|protocol| protocol.has_kernels()) {
            self.provenance.processor = processor().map(Into::into);
        }
    }

    /// Adds a finished cell at its place, so that the file does not depend on the order of finishing. Of two for the same
    /// network at the same time the first is kept.
    pub fn insert(&mut self, cell: Cell) {
        if let Err(place) = self.place(cell.key()) {
            self.cells.insert(place, cell);
        }
    }

    /// Adds a network that will have no numbers at its place.
    pub fn insert_gap(&mut self, gap: Gap) {
        if let Err(place) = self.gaps.binary_search_by_key(&gap.key(), Gap::key) {
            self.gaps.insert(place, gap);
        }
    }

    /// Whether nothing is left to do for the network of that [`Cell::key`].
    pub fn has(&self, key: [u32; 5]) -> bool {
        self.place(key).is_ok() || self.gaps.binary_search_by_key(&key, Gap::key).is_ok()
    }

    /// The [`Cell::key`]s of all networks of which nothing is left to do.
    pub fn keys(&self) -> impl Iterator<Item = [u32; 5]> {
        self.cells.iter().map(Cell::key).chain(self.gaps.iter().map(Gap::key))
    }

    /// Whether no network is finished.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.gaps.is_empty()
    }

    fn place(&self, key: [u32; 5]) -> Result<usize, usize> {
        self.cells.binary_search_by_key(&key, Cell::key)
    }

    /// The chart's JSON Schema.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).into()
    }
}

/// Charts without a factor are written as before there were any.
fn is_first(level: &u32) -> bool {
    *level == 0
}

impl Cell {
    /// Its key, unique in its chart.
    pub fn key(&self) -> [u32; 5] {
        [self.level, self.seed, self.samples, self.epoch, self.width]
    }

    /// Mean of K-NN and logistic regression on test codes: what the regimes call categorization accuracy.
    pub fn categorization(&self) -> Option<f64> {
        Some((self.knn? + self.logistic?) / 2.0)
    }
}
