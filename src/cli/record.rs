//! What a run saves, and what it finds of an earlier one: nothing finished is replaced unless the user asks for it.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use hash_phase::chart::{ChartError, Entry, PhaseChart};
use hash_phase::dataset::Dataset;
use hash_phase::engine::Engine;
use hash_phase::sweep::{Event, News, Plan, Share};

use super::journal::Journal;
use super::{Failure, Output, read_chart};

/// What the user said of what is there already.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    /// Go on with it.
    pub resume: bool,
    /// Replace it.
    pub overwrite: bool,
}

/// The output of a run and its journal.
pub(super) struct Record {
    output: Output,
    /// None where the output is a pipe or a device.
    journal: Option<Journal>,
    /// The call, for the chart's provenance.
    command: String,
    /// Whether an unfinished chart may be put at the output: nothing whole stands there.
    free: bool,
    /// Whether the journal says how this run began.
    begun: bool,
}

impl Record {
    /// Takes the place of an output, and gives what of an earlier run is to be gone on with. A chart at the output of which `run` would
    /// lose a network is replaced only where `overwrite` says so.
    pub fn open(
        output: Output,
        asked: Asked,
        command: String,
        run: &Run<'_>,
    ) -> Result<(Self, Option<PhaseChart>), Failure> {
        let mut journal = Journal::of(&output)?;
        // The journal belongs to this run only.
        if journal.is_some() {
            output.clear_drafts();
        }
        // A chart that will be replaced need not be read.
        let left = match &mut journal {
            Some(journal) if !asked.overwrite || asked.resume => journal.left()?.filter(|left| !left.is_empty()),
            _ => None,
        };
        let (exists, path) = (output.exists(), output.path().to_path_buf());
        if let (Some(left), Some(journal), Asked { resume: false, overwrite: false }) = (&left, &journal, asked) {
            let kept = left.cells.len() + left.gaps.len();
            let words = format!(
                "'{}' holds {kept} networks of an interrupted run: continue it with --resume, or start over with --overwrite",
                journal.display()
            );
            return Err(words.into());
        }
        // The run itself checks the chart that `--resume` continues against the plan.
        let goes_on_with_it = asked.resume && left.is_none();
        if exists && !asked.overwrite && !goes_on_with_it {
            run.check_keeps(&path, left.as_ref())?;
        }
        let finished = match left {
            Some(left) if asked.resume => Some(left),
            None if asked.resume && exists => Some(read_chart(&path)?),
            _ => None,
        };
        Ok((Self { output, journal, command, free: !exists || goes_on_with_it, begun: false }, finished))
    }

    /// Keeps what has happened; what cannot be kept is said.
    pub fn note(&mut self, news: &News<'_>, chart: &PhaseChart) -> Option<String> {
        let journal = self.journal.as_mut()?;
        let provenance = chart.provenance.clone();
        let entry = match news {
            // A fallback to the CPU may have invalidated earlier cells.
            _ if !self.begun || matches!(news, News::Fallback(_)) => Entry::Chart { chart: chart.clone().into() },
            News::Event { event: Event::Cell { cell }, .. } => Entry::Cell { cell: cell.clone().into(), provenance },
            News::Event { event: Event::Gap { gap }, .. } => Entry::Gap { gap: gap.clone(), provenance },
            _ => return None,
        };
        self.begun = true;
        journal.note(&entry)
    }

    /// Writes the whole chart.
    pub fn finish(&self, chart: &PhaseChart) -> Result<(), Failure> {
        let mut chart = chart.clone();
        chart.provenance.command = Some(self.command.clone());
        let written = self.output.finish(|draft| Ok(std::fs::write(draft, chart.to_json()? + "\n")?));
        match &self.journal {
            Some(journal) => match written {
                Ok(()) => journal.remove(),
                Err(error) => Err(format!("{error}; continue from '{}' with --resume", journal.display()).into()),
            },
            None => written,
        }
    }

    /// An interrupted run ends in order: what is finished is a chart where nothing else stands, else it stays in the journal. Says where.
    pub fn leave(&mut self, chart: &PhaseChart) -> String {
        let (done, all) = (chart.keys().count(), chart.axes.squares());
        let Some(journal) = &mut self.journal else { return format!("interrupted: {done} of {all} networks are lost") };
        let goes_on = "repeat the command with --resume to continue";
        // What is on disk, not what was meant to be written.
        let (kept, unwritten) = journal.settle();
        if self.free && self.finish(chart).is_ok() {
            return format!(
                "interrupted: {done} of {all} networks are saved in '{}'; {goes_on}",
                self.output.display()
            );
        }
        let lost = match (done.saturating_sub(kept), unwritten) {
            (lost @ 1.., Some(error)) => format!("; {lost} more could not be written and are lost ({error})"),
            _ => String::new(),
        };
        format!("interrupted: {kept} of {all} networks are saved in '{}'{lost}; {goes_on}", self.output.journal_name())
    }

    /// The output as it was given.
    pub fn display(&self) -> std::path::Display<'_> {
        self.output.display()
    }
}

/// What is about to be run, to be held against what is there.
pub(super) struct Run<'a> {
    pub plan: &'a Plan,
    pub share: Share,
    pub data: &'a Arc<Dataset>,
    pub engine: &'a Engine,
}

impl Run<'_> {
    /// Refuses to replace a file that is no chart, that of other networks, and one of which networks would be lost: those of another
    /// share, or of a run that was not finished and is not gone on with. `finished` is what an earlier run has left beside it.
    fn check_keeps(&self, path: &Path, finished: Option<&PhaseChart>) -> Result<(), Failure> {
        let remedy = "choose another output with -o, or replace it with --overwrite";
        let name = path.display();
        let there =
            read_chart(path).map_err(|error| format!("{error}; the file exists and is not a chart: {remedy}"))?;
        let mut own = PhaseChart::empty(self.data, self.plan.protocol.clone(), self.plan.axes.clone(), self.engine);
        own.resume(there, self.data).map_err(|error| match error {
            ChartError::Other { part } => format!("'{name}' holds another chart, which differs in '{part}': {remedy}"),
            error => error.to_string(),
        })?;
        let share: HashSet<_> = self.plan.share(self.share).into_iter().collect();
        let comes_to = |&key: &[u32; 5]| share.contains(&self.plan.population_of(key));
        let others =
            own.keys().filter(|key| !comes_to(key) && !finished.is_some_and(|finished| finished.has(*key))).count();
        if others > 0 {
            return Err(format!(
                "'{name}' holds {others} networks of other shares, which share {} would replace: {remedy}",
                self.share
            )
            .into());
        }
        let (has, all) = (own.keys().count(), share.len() * self.plan.cells_per_population());
        if has < all && finished.is_none() {
            return Err(format!(
                "'{name}' holds {has} of {all} networks of an interrupted run: continue it with --resume, or start over with --overwrite"
            )
            .into());
        }
        Ok(())
    }
}
