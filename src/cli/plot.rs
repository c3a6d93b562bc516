//! `hash-phase plot`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use hash_phase::chart::plot::{Minus, Picture};
use hash_phase::chart::{Axis, Factor, Grid, Metric, PhaseChart, Thresholds};

use super::at::{AxisName, ChartAt};
use super::output::Replace;
use super::{Failure, read_chart};

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
    /// Subtract, square by square, another chart (its file) or a value of this chart's factor (for example factor=0.2)
    #[arg(long)]
    minus: Option<String>,
    /// Metric shown as colour
    #[arg(long, value_enum, default_value = "redundancy-train")]
    metric: MetricName,
    /// The heatmap's horizontal axis
    #[arg(long, value_enum)]
    x: Option<AxisName>,
    /// The heatmap's vertical axis
    #[arg(long, value_enum)]
    y: Option<AxisName>,
    /// Small multiples: a small heatmap for each value of this axis, in the place of one large heatmap and curves
    #[arg(long, value_enum, conflicts_with = "minus")]
    facet: Option<AxisName>,
    /// A network is under-expressive above this training redundancy
    #[arg(long, default_value_t = Thresholds::default().redundancy)]
    redundancy: f64,
    /// A network is sufficiently expressive from this fraction of the best categorization accuracy on
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
        let other = self.minus.as_deref().filter(|minus| !minus.starts_with(FACTOR)).map(Path::new);
        let read: Vec<&Path> = [self.chart.chart.as_path()].into_iter().chain(other).collect();
        let output = self.replace.output(&self.output, &read)?;
        let (chart, at) = self.chart.open()?;
        let other = other.map(read_chart).transpose()?;
        let minus = match (&self.minus, &other) {
            (Some(name), Some(chart)) => Some(Minus::Chart { chart, name }),
            (Some(value), None) => Some(Minus::Level(level(&chart, value)?)),
            (None, _) => None,
        };
        let mut picture = Picture::of(&chart);
        let (x, y) = (self.x.map_or(picture.grid.x, Axis::from), self.y.map_or(picture.grid.y, Axis::from));
        if x == y {
            return Err("--x and --y are the same axis: choose two different ones".into());
        }
        picture.facet = self.facet.map(Axis::from);
        if let Some(facet) = picture.facet.filter(|&facet| facet == x || facet == y) {
            return Err(format!(
                "--facet {}: it is across or up already: choose another axis, or other --x and --y",
                facet.label(&chart)
            )
            .into());
        }
        picture.grid = Grid { x, y, at };
        picture.metric = self.metric.into();
        picture.thresholds = Thresholds { redundancy: self.redundancy, accuracy: self.accuracy };
        output.finish(|draft| Ok(picture.draw(&chart, minus, draft)?))
    }
}

/// Before a value of the chart's own factor.
const FACTOR: &str = "factor=";

/// The level of a factor's value, as `factor=0.2`.
fn level(chart: &PhaseChart, text: &str) -> Result<u32, Failure> {
    let wanted = text.strip_prefix(FACTOR).unwrap_or(text);
    let values = chart.axes.factor.as_ref().map(Factor::values).unwrap_or_default();
    match values.iter().position(|value| value == wanted) {
        Some(level) => Ok(level as u32),
        None if values.is_empty() => {
            Err(format!("--minus {text}: the chart has no factor: give another chart's file").into())
        }
        None => {
            Err(format!("--minus {text}: the chart's factor has no {wanted}: use one of {}", values.join(", ")).into())
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
