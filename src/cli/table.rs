//! `hash-phase table`.

use std::path::PathBuf;

use clap::Args;
use hash_phase::chart::Metric;

use super::{Failure, read_chart};

/// Which part of the chart is printed.
#[derive(Args)]
pub struct Arguments {
    /// The chart file
    chart: PathBuf,
    /// Epoch; the chart's last if not given
    #[arg(long)]
    epoch: Option<u32>,
    /// Training sample size; the chart's largest if not given
    #[arg(long)]
    samples: Option<u32>,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let chart = read_chart(&self.chart)?;
        let epoch = self.epoch.or(chart.axes.epoch.last().copied()).unwrap_or_default();
        let samples = self.samples.or(chart.axes.samples.last().copied()).unwrap_or_default();
        println!("{}, epoch {epoch}, {samples} samples, {} seeds\n", chart.title, chart.axes.seed.len());
        let metrics = [&Metric::PAPER[..], &[Metric::Accuracy]].concat();
        let names: Vec<_> = metrics.iter().map(|metric| metric.label()).collect();
        println!("| layer width | {} |\n|{} ---: |", names.join(" | "), " ---: |".repeat(names.len()));
        for &width in &chart.axes.width {
            let here =
                |cell: &hash_phase::chart::Cell| (cell.width, cell.epoch, cell.samples) == (width, epoch, samples);
            let number = |&metric: &Metric| match chart.band(metric, here) {
                Some(band) => format!("{:.3} ± {:.3}", band.mean, band.deviation),
                None => String::new(),
            };
            println!("| {width} | {} |", metrics.iter().map(number).collect::<Vec<_>>().join(" | "));
        }
        Ok(())
    }
}
