//! `hash-phase plan`.

use clap::Args;
use hash_phase::bounds::BOUNDS;
use hash_phase::sweep::{Share, Work};

use super::Failure;
use super::output::print;
use super::planned::Planned;

/// Which plan, and in how many shares.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    plan: Planned,
    /// Number of shares to split the plan into, for `sweep --shard NUMBER/OF`
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=i64::from(Share::MOST)))]
    shards: u32,
}

/// Shares that are named one by one.
const NAMED: usize = 8;

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let (plan, _) = self.plan.plan()?;
        let works: Vec<Work> = plan.populations().into_iter().map(|one| plan.work(one)).collect();
        let (training, measuring) =
            works.iter().fold((0.0, 0.0), |sum, work| (sum.0 + work.training, sum.1 + work.measuring));
        let mut lines = vec![
            format!(
                "{} populations of {} networks, evaluated at {} epochs: {} squares",
                works.len(),
                plan.axes.width.len(),
                plan.axes.epoch.len(),
                plan.cells()
            ),
            format!(
                "about {} on one core: {} of training, {} of measuring; the longest population takes {}",
                time(training + measuring),
                time(training),
                time(measuring),
                time(works.iter().map(Work::seconds).fold(0.0, f64::max))
            ),
            format!(
                "at most {} MB of memory for a population (the limit is {} MB), plus the data set",
                plan.population_bytes().div_ceil(1_000_000),
                BOUNDS.bytes / 1_000_000
            ),
        ];
        if self.shards > 1 {
            let shares = plan.shares(self.shards);
            let sizes: Vec<(usize, f64)> = shares
                .iter()
                .map(|share| (share.len(), share.iter().map(|&one| plan.work(one).seconds()).sum()))
                .collect();
            let mean = sizes.iter().map(|(_, work)| work).sum::<f64>() / sizes.len() as f64;
            let most = sizes.iter().map(|&(_, work)| work).fold(0.0, f64::max);
            lines.push(format!(
                "{} shares of about {} each, the longest {:.2} times that:",
                sizes.len(),
                time(mean),
                if mean > 0.0 { most / mean } else { 1.0 }
            ));
            let named = (1..).zip(&sizes).take(NAMED);
            lines.extend(named.map(|(number, (populations, work)): (u32, _)| {
                format!("  {number}/{}: {populations} populations, about {}", self.shards, time(*work))
            }));
            let more = sizes.len().saturating_sub(NAMED);
            if more > 0 {
                lines.push(format!("  and {more} more"));
            }
        }
        print(&lines.join("\n"))
    }
}

/// Seconds in the unit in which they are read.
fn time(seconds: f64) -> String {
    match seconds {
        less if less < 100.0 => format!("{less:.1} s"),
        less if less < 6_000.0 => format!("{:.1} min", less / 60.0),
        more => format!("{:.1} h", more / 3_600.0),
    }
}
