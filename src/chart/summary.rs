//! Cells put together for drawing: the mean over seeds and how far seeds lie apart.

use serde::Deserialize;

use super::places::Place;
use super::{Cell, PhaseChart};

/// One of the directions of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Axis {
    /// Model size.
    Width,
    /// Training time.
    Epoch,
    /// Training sample size.
    Samples,
    /// The additional factor, by level; a chart without one has a single level.
    Factor,
}

/// A metric: one of the numbers of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Metric {
    /// Redundancy ratio on training examples.
    RedundancyTrain,
    /// Redundancy ratio on test examples.
    RedundancyTest,
    /// Redundancy ratio on uniform random inputs.
    RedundancyRandom,
    /// K-Means on training codes.
    #[serde(rename = "kmeans")]
    KMeans,
    /// K-NN on test codes.
    Knn,
    /// Logistic regression on test codes.
    Logistic,
    /// The network's own accuracy on test examples.
    Accuracy,
}

/// Mean and standard deviation over seeds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Mean.
    pub mean: f64,
    /// Sample standard deviation; 0 for one seed.
    pub deviation: f64,
    /// Seeds that have the number.
    pub seeds: usize,
}

/// Two axes of a chart, the others held at one value each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// From left to right.
    pub x: Axis,
    /// From bottom to top.
    pub y: Axis,
    /// A value for each of [`Axis::ALL`]; those of `x` and `y` do not count.
    pub at: Place,
}

impl Axis {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Width, Self::Epoch, Self::Samples, Self::Factor];

    /// What to write along it.
    pub fn label(self, chart: &PhaseChart) -> &'static str {
        match self {
            Self::Width => chart.protocol.network.width_label(),
            Self::Epoch => "epoch",
            Self::Samples => "training sample size",
            Self::Factor => chart.axes.factor.as_ref().map_or("factor", super::Factor::label),
        }
    }

    /// What to write at one of its values.
    pub fn text(self, chart: &PhaseChart, value: u32) -> String {
        let of_factor = || chart.axes.factor.as_ref()?.values().into_iter().nth(value as usize);
        if self == Self::Factor { of_factor().unwrap_or_default() } else { value.to_string() }
    }

    /// A cell's place on it.
    pub fn of(self, cell: &Cell) -> u32 {
        match self {
            Self::Width => cell.width,
            Self::Epoch => cell.epoch,
            Self::Samples => cell.samples,
            Self::Factor => cell.level,
        }
    }

    /// Its values in a chart.
    pub fn values(self, chart: &PhaseChart) -> Vec<u32> {
        match self {
            Self::Width => chart.axes.width.clone(),
            Self::Epoch => chart.axes.epoch.clone(),
            Self::Samples => chart.axes.samples.clone(),
            Self::Factor => (0..chart.axes.levels()).collect(),
        }
    }
}

impl Metric {
    /// Those that the paper draws.
    pub const PAPER: [Self; 5] = [Self::RedundancyTrain, Self::RedundancyTest, Self::KMeans, Self::Knn, Self::Logistic];

    /// What to write beside it.
    pub fn label(self) -> &'static str {
        match self {
            Self::RedundancyTrain => "redundancy ratio (train)",
            Self::RedundancyTest => "redundancy ratio (test)",
            Self::RedundancyRandom => "redundancy ratio (random inputs)",
            Self::KMeans => "K-Means",
            Self::Knn => "K-NN (test)",
            Self::Logistic => "logistic regression (test)",
            Self::Accuracy => "network (test)",
        }
    }

    /// A cell's number; none where the cell has none.
    pub fn of(self, cell: &Cell) -> Option<f64> {
        match self {
            Self::RedundancyTrain => Some(cell.redundancy.train),
            Self::RedundancyTest => Some(cell.redundancy.test),
            Self::RedundancyRandom => cell.redundancy_random,
            Self::KMeans => cell.kmeans.map(|kmeans| kmeans.train),
            Self::Knn => cell.knn,
            Self::Logistic => cell.logistic,
            Self::Accuracy => Some(cell.accuracy.test),
        }
    }
}

impl Band {
    /// Of some numbers; none if there are none.
    pub fn of(numbers: impl IntoIterator<Item = f64>) -> Option<Self> {
        let numbers: Vec<f64> = numbers.into_iter().collect();
        let seeds = numbers.len();
        let mean = numbers.iter().sum::<f64>() / seeds as f64;
        let squares: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
        (seeds > 0).then(|| Self { mean, deviation: (squares / seeds.saturating_sub(1).max(1) as f64).sqrt(), seeds })
    }
}

impl PhaseChart {
    /// Whether every cell is there, with numbers or as a gap.
    pub fn is_whole(&self) -> bool {
        (self.cells.len() + self.gaps.len()) as u64 >= self.axes.squares()
    }

    /// The default value of each of [`Axis::ALL`]: the last one, for the factor the first.
    pub fn ends(&self) -> [u32; 4] {
        let last = |values: &[u32]| values.last().copied().unwrap_or_default();
        [last(&self.axes.width), last(&self.axes.epoch), last(&self.axes.samples), 0]
    }
}

impl Grid {
    /// The axes that are held, each with its value.
    pub fn held(self) -> impl Iterator<Item = (Axis, u32)> {
        Axis::ALL.into_iter().zip(self.at).filter(move |&(axis, _)| axis != self.x && axis != self.y)
    }

    /// Where it is held, for a reader: axes of one value are left out.
    pub fn place(self, chart: &PhaseChart) -> String {
        let told = self.held().filter(|(axis, _)| axis.values(chart).len() > 1);
        let told: Vec<_> = told.map(|(axis, at)| format!("{} {}", axis.label(chart), axis.text(chart, at))).collect();
        told.join(", ")
    }

    /// The same with an axis held at a value.
    pub fn held_at(self, axis: Axis, value: u32) -> Self {
        let at = std::array::from_fn(|index| if Axis::ALL[index] == axis { value } else { self.at[index] });
        Self { at, ..self }
    }

    /// The place of `(x, y)`.
    pub fn place_of(self, x: u32, y: u32) -> Place {
        let mut at = self.at;
        for (value, axis) in at.iter_mut().zip(Axis::ALL) {
            if axis == self.x {
                *value = x;
            } else if axis == self.y {
                *value = y;
            }
        }
        at
    }

    /// Whether a cell stands anywhere on this grid.
    pub fn is_held(self, cell: &Cell) -> bool {
        self.held().all(|(axis, at)| axis.of(cell) == at)
    }
}
