//! `hash-phase compare`.

use clap::Args;
use hash_phase::chart::figures::{Curve, Figure};
use hash_phase::chart::{Band, PhaseChart};

use super::Failure;
use super::at::ChartAt;
use super::output::print;

/// How exactly the paper's figures can be read.
const READ_OFF: f64 = 0.02;

/// Whose numbers.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    chart: ChartAt,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let (chart, at) = self.chart.open()?;
        let figures = chart.figures(at);
        let tables: Vec<_> = figures.iter().filter_map(|figure| table(&chart, figure)).collect();
        let withheld = figures.iter().filter_map(|figure| {
            let axis = figure.over.label(&chart);
            Some(format!("by {axis}, the published values are {}", figure.withheld.as_ref()?))
        });
        let withheld: Vec<_> = withheld.collect();
        if tables.is_empty() {
            let name = self.chart.chart.display();
            let remedy =
                "give a chart of all of mnist or cifar10 trained under the paper's protocol, or choose another --at";
            let reason = if withheld.is_empty() {
                "the paper has none at this chart's settings".into()
            } else {
                withheld.join("; ")
            };
            return Err(format!("{name}: no published values to compare with ({reason}): {remedy}").into());
        }
        let left_out = withheld.iter().map(|reason| format!("Left out: {reason}."));
        let head = format!(
            "{}: ours, mean ± standard deviation over {} seeds, / the paper's, read off its figures (± {READ_OFF}). Bold: further apart \
             than the two together.",
            chart.title,
            chart.axes.seed.len()
        );
        print(&[&[head][..], &tables, &left_out.collect::<Vec<_>>()].concat().join("\n\n"))
    }
}

/// A figure as a Markdown table; none where the paper has no such number.
fn table(chart: &PhaseChart, figure: &Figure) -> Option<String> {
    let curves = figure.panels.iter().flat_map(|panel| &panel.curves);
    let curves: Vec<_> = curves.map(|curve| (curve, pairs(curve))).filter(|(_, pairs)| !pairs.is_empty()).collect();
    let (axis, labels) = (figure.over.label(chart), curves.iter().map(|(curve, _)| curve.label.as_str()));
    let mut lines = Vec::new();
    if !figure.place.is_empty() {
        lines.push(format!("At {}:\n", figure.place));
    }
    lines.push(format!("| {axis} | {} |", labels.collect::<Vec<_>>().join(" | ")));
    lines.push(format!("| ---: |{}", " --- |".repeat(curves.len())));
    for at in figure.over.values(chart) {
        let there = |pairs: &[(u32, Band, f64)]| pairs.iter().find(|(place, ..)| *place == at).map(both);
        let numbers: Vec<_> = curves.iter().map(|(_, pairs)| there(pairs)).collect();
        if numbers.iter().any(Option::is_some) {
            let numbers: Vec<_> = numbers.into_iter().map(Option::unwrap_or_default).collect();
            lines.push(format!("| {} | {} |", figure.over.text(chart, at), numbers.join(" | ")));
        }
    }
    let apart = |(_, pairs): &(_, Vec<(u32, Band, f64)>)| {
        let sum: f64 = pairs.iter().map(|(_, ours, paper)| (ours.mean - paper).abs()).sum();
        format!("{:.3}", sum / pairs.len() as f64)
    };
    lines.push(format!("| apart on average | {} |", curves.iter().map(apart).collect::<Vec<_>>().join(" | ")));
    (!curves.is_empty()).then(|| lines.join("\n"))
}

/// Where both we and the paper have a number: the place, ours, the paper's.
fn pairs(curve: &Curve) -> Vec<(u32, Band, f64)> {
    let ours = |at| curve.ours.iter().find(|(place, _)| *place == at).map(|(_, ours)| *ours);
    curve.published.iter().filter_map(|&(at, paper)| Some((at, ours(at)?, paper))).collect()
}

fn both(&(_, ours, paper): &(u32, Band, f64)) -> String {
    let bold = if (ours.mean - paper).abs() > READ_OFF + ours.deviation { "**" } else { "" };
    format!("{bold}{:.3} ± {:.3} / {paper}{bold}", ours.mean, ours.deviation)
}
