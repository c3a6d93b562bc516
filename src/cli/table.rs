//! `hash-phase table`.

use clap::Args;
use hash_phase::chart::{Axis, Metric};

use super::Failure;
use super::at::ChartAt;
use super::output::print;

/// Which part of the chart is printed.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    chart: ChartAt,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let (chart, at) = self.chart.open()?;
        let [only_width, epoch, samples, only_level] = at;
        let title = format!("{}, epoch {epoch}, {samples} samples, {} seeds\n", chart.title, chart.axes.seed.len());
        let random: &[Metric] = if chart.protocol.random_inputs { &[Metric::RedundancyRandom] } else { &[] };
        let metrics = [&Metric::PAPER[..], &[Metric::Accuracy], random].concat();
        let names: Vec<_> = metrics.iter().map(|metric| metric.label()).collect();
        let factor = chart.axes.factor.as_ref();
        let levels = factor.map_or(vec![String::new()], |factor| factor.values());
        let first = factor.map_or(String::new(), |factor| format!(" {} |", factor.label()));
        let head = format!("|{first} layer width | {} |", names.join(" | "));
        let rule = format!("|{} ---: |{}", if factor.is_some() { " --- |" } else { "" }, " ---: |".repeat(names.len()));
        let mut lines = vec![title, head, rule];
        let places = chart.places();
        for (level, value) in
            (0..).zip(&levels).filter(|&(level, _)| !self.chart.names(Axis::Factor) || level == only_level)
        {
            let value = if factor.is_some() { format!(" {value} |") } else { String::new() };
            for &width in
                chart.axes.width.iter().filter(|&&width| !self.chart.names(Axis::Width) || width == only_width)
            {
                let number = |&metric: &Metric| match places.band(metric, [width, epoch, samples, level]) {
                    Some(band) => format!("{:.3} ± {:.3}", band.mean, band.deviation),
                    None => String::new(),
                };
                let numbers: Vec<_> = metrics.iter().map(number).collect();
                lines.push(format!("|{value} {width} | {} |", numbers.join(" | ")));
            }
        }
        print(&lines.join("\n"))
    }
}
