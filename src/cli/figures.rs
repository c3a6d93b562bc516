//! `hash-phase figures`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hash_phase::chart::Axis;

use super::Failure;
use super::at::ChartAt;
use super::output::{Replace, print};

/// Whose figures, and where to.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    chart: ChartAt,
    /// The folder to write over-width, over-time and over-samples into
    #[arg(short, long)]
    output: PathBuf,
    #[command(flatten)]
    replace: Replace,
    /// The kind of picture
    #[arg(long, value_enum, default_value = "svg")]
    kind: Kind,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Svg,
    Png,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let (chart, at) = self.chart.open()?;
        let figures = chart.figures(at);
        if figures.is_empty() {
            return Err(
                "the chart has a single width, epoch and sample size: give a chart with several values of one of them"
                    .into(),
            );
        }
        std::fs::create_dir_all(&self.output).map_err(|error| {
            format!("'{}' cannot be made ({error}): choose another output with -o", self.output.display())
        })?;
        let ending = match self.kind {
            Kind::Svg => "svg",
            Kind::Png => "png",
        };
        // All paths are checked before the first figure is drawn.
        let mut outputs = Vec::new();
        for figure in &figures {
            let name = match figure.over {
                Axis::Epoch => "over-time",
                Axis::Samples => "over-samples",
                _ => "over-width",
            };
            let path = self.output.join(format!("{name}.{ending}"));
            outputs.push((self.replace.output(&path, &[&self.chart.chart])?, path));
        }
        for (figure, (output, path)) in figures.iter().zip(outputs) {
            output.finish(|draft| Ok(figure.draw(&chart, draft)?))?;
            print(&path.display().to_string())?;
        }
        Ok(())
    }
}
