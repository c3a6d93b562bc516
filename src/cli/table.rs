//! `hash-phase table`.

use std::path::PathBuf;

use clap::Args;
use hash_phase::chart::{Cell, Metric};

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
        let random: &[Metric] = if chart.protocol.random_inputs { &[Metric::RedundancyRandom] } else { &[] };
        let metrics = [&Metric::PAPER[..], &[Metric::Accuracy], random].concat();
        let names: Vec<_> = metrics.iter().map(|metric| metric.label()).collect();
        let factor = chart.axes.factor.as_ref();
        let levels = factor.map_or(vec![String::new()], |factor| factor.values());
        let first = factor.map_or(String::new(), |factor| format!(" {} |", factor.label()));
        println!("|{first} layer width | {} |", names.join(" | "));
        println!("|{} ---: |{}", if factor.is_some() { " --- |" } else { "" }, " ---: |".repeat(names.len()));
        for (level, value) in levels.iter().enumerate() {
            let value = if factor.is_some() { format!(" {value} |") } else { String::new() };
            for &width in &chart.axes.width {
                let place = (level as u32, width, epoch, samples);
                let here = |cell: &Cell| (cell.level, cell.width, cell.epoch, cell.samples) == place;
                let number = |&metric: &Metric| match chart.band(metric, here) {
                    Some(band) => format!("{:.3} ± {:.3}", band.mean, band.deviation),
                    None => String::new(),
                };
                println!("|{value} {width} | {} |", metrics.iter().map(number).collect::<Vec<_>>().join(" | "));
            }
        }
        Ok(())
    }
}
