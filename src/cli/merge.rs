//! `hash-phase merge`.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::PathBuf;

use clap::Args;
use hash_phase::chart::PhaseChart;
use hash_phase::sweep::{Merge, Merged, Plan, PopulationPlan, Share};

use super::output::{Replace, print};
use super::{Failure, Incomplete, read_chart, tell};

/// Which charts.
#[derive(Args)]
pub struct Arguments {
    /// The charts of the shares, in any order; some may be merged already
    #[arg(required = true)]
    shares: Vec<PathBuf>,
    /// The chart file to write
    #[arg(short, long)]
    output: PathBuf,
    #[command(flatten)]
    replace: Replace,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        // The output may replace one of the shares, since it contains all of that share.
        let output = self.replace.output(&self.output, &[])?;
        let mut merge = Merge::default();
        let mut of = BTreeSet::new();
        let mut plan = None;
        for path in &self.shares {
            let mut chart = read_chart(path)?;
            of.insert(without_share(&mut chart));
            plan.get_or_insert_with(|| plan_of(&chart));
            merge.add(&path.display().to_string(), chart)?;
        }
        let mut merged = Merged { networks: 0, missing: Vec::new() };
        output.finish(|draft| {
            merged = merge.finish(File::create(draft)?)?;
            Ok(())
        })?;
        let done = format!("{}: {} networks of {} charts", output.display(), merged.networks, self.shares.len());
        let (Some(plan), false) = (plan, merged.missing.is_empty()) else {
            tell(&done);
            return Ok(());
        };
        // The number of shares is known if all files state the same one.
        let of = of.into_iter().reduce(|_, _| None).flatten();
        let again = of.map(|of| lacking(&plan, of, &merged.missing)).unwrap_or_default();
        if !again.is_empty() {
            print(&again)?;
        }
        let shares = of.filter(|_| !again.is_empty()).map_or(String::new(), |of| format!(", shares {again} of {of}"));
        Err(Incomplete(format!(
            "{done}; {} populations are missing{shares}: {}",
            merged.missing.len(),
            named(&merged.missing)
        ))
        .into())
    }
}

fn plan_of(chart: &PhaseChart) -> Plan {
    Plan { dataset: chart.dataset.name.clone(), protocol: chart.protocol.clone(), axes: chart.axes.clone() }
}

/// Takes the share out of the call that made a chart, so that those of one plan have one; says of how many it is one.
fn without_share(chart: &mut PhaseChart) -> Option<u32> {
    let command = chart.provenance.command.as_mut()?;
    let words = shlex::split(command)?;
    let place = words.iter().position(|word| word == "--shard" || word.starts_with("--shard="))?;
    let (length, text) = match words[place].strip_prefix("--shard=") {
        Some(text) => (1, text.to_owned()),
        None => (2, words.get(place + 1)?.clone()),
    };
    let rest =
        words.iter().enumerate().filter(|(at, _)| !(place..place + length).contains(at)).map(|(_, word)| word.as_str());
    *command = super::sweep::as_typed(rest);
    Some(text.parse::<Share>().ok()?.of)
}

/// The numbers of the shares that have these populations, as a scheduler's array takes them.
fn lacking(plan: &Plan, of: u32, missing: &[PopulationPlan]) -> String {
    let shares = (1..).zip(plan.shares(of));
    let numbers = shares.filter(|(_, share)| share.iter().any(|one| missing.contains(one)));
    numbers.map(|(number, _): (u32, _)| number.to_string()).collect::<Vec<_>>().join(",")
}

/// The first of them, in words.
fn named(missing: &[PopulationPlan]) -> String {
    const NAMED: usize = 5;
    let name = |one: &PopulationPlan| {
        format!(
            "{} samples, seed {}{}",
            one.samples,
            one.seed,
            if one.level > 0 { format!(", level {}", one.level) } else { String::new() }
        )
    };
    let more = missing.len().saturating_sub(NAMED);
    let words = missing.iter().take(NAMED).map(name).collect::<Vec<_>>().join("; ");
    if more > 0 { format!("{words}; and {more} more") } else { words }
}
