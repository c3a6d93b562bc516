//! A chart file, and `--at`: the values of the axes that are not shown.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hash_phase::chart::{Axis, PhaseChart};

use super::{Failure, read_chart};

/// A chart, held somewhere.
#[derive(Args)]
pub struct ChartAt {
    /// The chart file
    pub chart: PathBuf,
    /// Values of the axes that are not shown, for example epoch=3,samples=1000 or factor=0.2 [default: the last value of each, the
    /// first of a factor]
    #[arg(long, value_delimiter = ',')]
    at: Vec<String>,
}

/// An axis, as the command line spells it.
#[derive(Clone, Copy, ValueEnum)]
pub enum AxisName {
    Width,
    Epoch,
    Samples,
    Factor,
}

const NAMES: &str = "width, epoch, samples or factor";

impl ChartAt {
    /// The chart, and a value of it for each of [`Axis::ALL`].
    pub fn open(&self) -> Result<(PhaseChart, [u32; 4]), Failure> {
        let chart = read_chart(&self.chart)?;
        let mut at = chart.ends();
        for place in &self.at {
            let (index, value) = held(&chart, place)?;
            at[index] = value;
        }
        Ok((chart, at))
    }

    /// Whether that axis was named.
    pub fn names(&self, axis: Axis) -> bool {
        let of = |text: &String| text.split_once('=').and_then(|(name, _)| AxisName::from_str(name, false).ok());
        self.at.iter().filter_map(of).any(|name| Axis::from(name) == axis)
    }
}

/// An axis' place in [`Axis::ALL`] and the value that `text`, as `epoch=3`, holds it at.
fn held(chart: &PhaseChart, text: &str) -> Result<(usize, u32), Failure> {
    let (name, wanted) = text.split_once('=').ok_or_else(|| format!("--at {text}: write it like epoch=3"))?;
    let axis =
        AxisName::from_str(name, false).map_err(|_| format!("--at {text}: '{name}' is not an axis: use {NAMES}"))?;
    let (axis, values) = (Axis::from(axis), Axis::from(axis).values(chart));
    let value = values.iter().find(|&&value| axis.text(chart, value) == wanted);
    let value = value.ok_or_else(|| {
        let there: Vec<_> = values.iter().map(|&value| axis.text(chart, value)).collect();
        format!("--at {text}: the chart's {name} has no {wanted}: use one of {}", there.join(", "))
    })?;
    let index = Axis::ALL.iter().position(|&other| other == axis).unwrap_or_default();
    Ok((index, *value))
}

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
