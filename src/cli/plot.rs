//! `hash-phase plot`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hash_phase::chart::plot::Picture;
use hash_phase::chart::{Axis, Grid, Metric, PhaseChart, Thresholds};

use super::output::Output;
use super::{Failure, read_chart};

/// What of the chart is drawn.
#[derive(Args)]
pub struct Arguments {
    /// The chart file
    chart: PathBuf,
    /// The picture, .svg or .png
    #[arg(short, long)]
    output: PathBuf,
    /// The heatmap's colour
    #[arg(long, value_enum, default_value = "redundancy-train")]
    metric: MetricName,
    /// The heatmap's horizontal axis
    #[arg(long, value_enum)]
    x: Option<AxisName>,
    /// The heatmap's vertical axis
    #[arg(long, value_enum)]
    y: Option<AxisName>,
    /// Where the other axes are held, as epoch=3,samples=1000 or factor=0.2; at their last values if not given
    #[arg(long, value_delimiter = ',')]
    at: Vec<String>,
    /// Training redundancy above this is under-expressive
    #[arg(long, default_value_t = Thresholds::default().redundancy)]
    redundancy: f64,
    /// From this share of the best categorization accuracy on, sufficiently expressive
    #[arg(long, default_value_t = Thresholds::default().accuracy)]
    accuracy: f64,
}

#[derive(Clone, Copy, ValueEnum)]
enum AxisName {
    Width,
    Epoch,
    Samples,
    Factor,
}

#[derive(Clone, Copy, ValueEnum)]
enum MetricName {
    RedundancyTrain,
    RedundancyTest,
    RedundancyRandom,
    Kmeans,
    Knn,
    Logistic,
    Accuracy,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let chart = read_chart(&self.chart)?;
        let mut picture = Picture::of(&chart);
        let (x, y) = (self.x.map_or(picture.grid.x, Axis::from), self.y.map_or(picture.grid.y, Axis::from));
        if x == y {
            return Err("--x and --y are the same axis: choose two different ones".into());
        }
        picture.grid = Grid { x, y, ..picture.grid };
        for place in &self.at {
            let (index, value) = held(&chart, place)?;
            picture.grid.at[index] = value;
        }
        picture.metric = self.metric.into();
        picture.thresholds = Thresholds { redundancy: self.redundancy, accuracy: self.accuracy };
        Output::at(&self.output)?.finish(|draft| Ok(picture.draw(&chart, draft)?))
    }
}

/// An axis' place in [`Axis::ALL`] and the value that `text`, as `epoch=3`, holds it at.
fn held(chart: &PhaseChart, text: &str) -> Result<(usize, u32), Failure> {
    let (name, wanted) = text.split_once('=').ok_or_else(|| format!("--at {text}: write it as epoch=3"))?;
    let axis = AxisName::from_str(name, false).map_err(|_| format!("--at {text}: '{name}' is no axis: use {NAMES}"))?;
    let (axis, values) = (Axis::from(axis), Axis::from(axis).values(chart));
    let value = values.iter().find(|&&value| axis.text(chart, value) == wanted);
    let value = value.ok_or_else(|| {
        let there: Vec<_> = values.iter().map(|&value| axis.text(chart, value)).collect();
        format!("--at {text}: the chart's {name} has no {wanted}: use one of {}", there.join(", "))
    })?;
    let index = Axis::ALL.iter().position(|&other| other == axis).unwrap_or_default();
    Ok((index, *value))
}

const NAMES: &str = "width, epoch, samples or factor";

impl From<AxisName> for Axis {
    fn from(name: AxisName) -> Self {
        match name {
            AxisName::Width => Self::Width,
            AxisName::Epoch => Self::Epoch,
            AxisName::Samples => Self::Samples,
            AxisName::Factor => Self::Factor,
        }
    }
}

impl From<MetricName> for Metric {
    fn from(name: MetricName) -> Self {
        match name {
            MetricName::RedundancyTrain => Self::RedundancyTrain,
            MetricName::RedundancyTest => Self::RedundancyTest,
            MetricName::RedundancyRandom => Self::RedundancyRandom,
            MetricName::Kmeans => Self::KMeans,
            MetricName::Knn => Self::Knn,
            MetricName::Logistic => Self::Logistic,
            MetricName::Accuracy => Self::Accuracy,
        }
    }
}
