//! `hash-phase compare`.

use std::path::PathBuf;

use clap::Args;
use hash_phase::chart::PhaseChart;
use hash_phase::chart::figures::{Curve, Figure};

use super::at::At;
use super::output::print;
use super::{Failure, read_chart};

/// How exactly the paper's figures can be read.
const READ_OFF: f64 = 0.02;

/// Whose numbers.
#[derive(Args)]
pub struct Arguments {
    /// The chart file
    chart: PathBuf,
    #[command(flatten)]
    at: At,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let chart = read_chart(&self.chart)?;
        let figures = chart.figures(self.at.of(&chart)?);
        let curves = figures.iter().flat_map(|figure| {
            figure.panels.iter().flat_map(|panel| &panel.curves).filter_map(|curve| table(&chart, figure, curve))
        });
        let tables: Vec<_> = curves.collect();
        if tables.is_empty() {
            let name = self.chart.display();
            let remedy = "give a chart of all of mnist or cifar10";
            return Err(format!("{name}: the paper has no number at this chart's places: {remedy}").into());
        }
        let seeds = chart.axes.seed.len();
        let head = format!(
            "{}: mean ± standard deviation over {seeds} seeds; the paper's values are read off its figures (± 0.02). Bold: further \
             apart than the two together.",
            chart.title
        );
        print(&[&[head][..], &tables].concat().join("\n\n"))
    }
}

/// A curve beside the paper's, as a Markdown table; none where the paper has no such number.
fn table(chart: &PhaseChart, figure: &Figure, curve: &Curve) -> Option<String> {
    let held = if figure.place.is_empty() { String::new() } else { format!(", at {}", figure.place) };
    let axis = figure.over.label(chart);
    let head =
        format!("**{}{held}**\n\n| {axis} | ours | the paper | apart |\n| ---: | ---: | ---: | ---: |", curve.label);
    let (mut lines, mut sum) = (vec![head], 0.0);
    for &(at, paper) in &curve.published {
        let Some((_, ours)) = curve.ours.iter().find(|(place, _)| *place == at) else { continue };
        let apart = ours.mean - paper;
        sum += apart.abs();
        let bold = if apart.abs() > READ_OFF + ours.deviation { "**" } else { "" };
        let place = figure.over.text(chart, at);
        let band = format!("{:.3} ± {:.3}", ours.mean, ours.deviation);
        lines.push(format!("| {place} | {band} | {paper:.3} | {bold}{apart:+.3}{bold} |"));
    }
    let rows = lines.len() - 1;
    lines.push(format!("| mean, signs left out | | | {:.3} |", sum / rows as f64));
    (rows > 0).then(|| lines.join("\n"))
}
