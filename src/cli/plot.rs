//! `hash-phase plot`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hash_phase::chart::plot::Picture;
use hash_phase::chart::{Axis, Grid, Metric, Thresholds};

use super::Failure;
use super::at::{AxisName, ChartAt};
use super::output::Replace;

/// What of the chart is drawn.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    chart: ChartAt,
    /// The picture, .svg or .png
    #[arg(short, long)]
    output: PathBuf,
    #[command(flatten)]
    replace: Replace,
    /// The heatmap's colour
    #[arg(long, value_enum, default_value = "redundancy-train")]
    metric: MetricName,
    /// The heatmap's horizontal axis
    #[arg(long, value_enum)]
    x: Option<AxisName>,
    /// The heatmap's vertical axis
    #[arg(long, value_enum)]
    y: Option<AxisName>,
    /// Training redundancy above this is under-expressive
    #[arg(long, default_value_t = Thresholds::default().redundancy)]
    redundancy: f64,
    /// From this share of the best categorization accuracy on, sufficiently expressive
    #[arg(long, default_value_t = Thresholds::default().accuracy)]
    accuracy: f64,
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
        let output = self.replace.output(&self.output, &[&self.chart.chart])?;
        let (chart, at) = self.chart.open()?;
        let mut picture = Picture::of(&chart);
        let (x, y) = (self.x.map_or(picture.grid.x, Axis::from), self.y.map_or(picture.grid.y, Axis::from));
        if x == y {
            return Err("--x and --y are the same axis: choose two different ones".into());
        }
        picture.grid = Grid { x, y, at };
        picture.metric = self.metric.into();
        picture.thresholds = Thresholds { redundancy: self.redundancy, accuracy: self.accuracy };
        output.finish(|draft| Ok(picture.draw(&chart, draft)?))
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
