//! `hash-phase borders`.

use clap::Args;
use hash_phase::chart::{Axis, Between, Border, Line, Thresholds};

use super::Failure;
use super::at::ChartAt;
use super::output::print;

/// The widths at which the regimes end.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    chart: ChartAt,
    /// A network is under-expressive above this training redundancy
    #[arg(long, default_value_t = Thresholds::default().redundancy)]
    redundancy: f64,
    /// A network is sufficiently expressive from this fraction of the best categorization accuracy on
    #[arg(long, default_value_t = Thresholds::default().accuracy)]
    accuracy: f64,
    /// Leave smaller sample sizes out of the lines
    #[arg(long, default_value_t = 0)]
    from: u32,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let (chart, at) = self.chart.open()?;
        let thresholds = Thresholds { redundancy: self.redundancy, accuracy: self.accuracy };
        let held = if chart.axes.factor.is_some() {
            format!(", {} {}", Axis::Factor.label(&chart), Axis::Factor.text(&chart, at[3]))
        } else {
            String::new()
        };
        let seeds = match chart.axes.seed.len() {
            1 => "1 seed".into(),
            seeds => format!("mean of {seeds} seeds"),
        };
        let mut lines = vec![format!("{}{held}, {seeds}", chart.title)];
        let epochs: Vec<u32> = chart
            .axes
            .epoch
            .iter()
            .copied()
            .filter(|&epoch| !self.chart.names(Axis::Epoch) || epoch == at[1])
            .collect();
        let samples: Vec<String> = chart.axes.samples.iter().map(u32::to_string).collect();
        let of = [
            (Between::UnderAndCritical, format!("training redundancy falls below {}", self.redundancy)),
            (
                Between::CriticalAndSufficient,
                format!(
                    "training redundancy is below {} and categorization reaches {} of the best",
                    self.redundancy, self.accuracy
                ),
            ),
        ];
        let places = chart.places();
        let best = places.best_categorization().unwrap_or_default();
        for (between, what) in of {
            lines.push(format!(
                "\nThe {} from which {what}, by training examples, and as a line over their logarithm:\n",
                chart.protocol.network.width_label()
            ));
            lines.push(format!("| epoch | {} | a doubling of the examples | at one | off by |", samples.join(" | ")));
            lines.push(format!("| ---: |{} ---: | ---: | ---: |", " ---: |".repeat(samples.len())));
            for &epoch in &epochs {
                let borders = places.borders(between, thresholds, best, epoch, at[3]);
                let widest = chart.axes.width.last().copied().unwrap_or_default();
                let text = |border: &Option<Border>| match border {
                    None => String::new(),
                    Some(Border::Narrower) => "all".into(),
                    Some(Border::At(width)) => format!("{width:.1}"),
                    Some(Border::Wider) => format!("> {widest}"),
                };
                let found: Vec<(u32, f64)> = borders
                    .iter()
                    .filter(|(samples, _)| *samples >= self.from)
                    .filter_map(
                        |&(samples, border)| if let Some(Border::At(at)) = border { Some((samples, at)) } else { None },
                    )
                    .collect();
                let line = Line::through(&found).map_or(" | |".into(), |line| {
                    format!("{:+.2} ± {:.2} | {:.1} | {:.1}", line.per_doubling, line.error, line.at_one, line.off)
                });
                let row: Vec<String> = borders.iter().map(|(_, border)| text(border)).collect();
                lines.push(format!("| {epoch} | {} | {line} |", row.join(" | ")));
            }
        }
        print(&lines.join("\n"))
    }
}
