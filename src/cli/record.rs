//! What a run keeps while it goes, and what it finds of an earlier one: never is anything finished replaced unasked.

use std::path::Path;

use hash_phase::chart::{ChartError, Entry, PhaseChart};
use hash_phase::dataset::Dataset;
use hash_phase::sweep::{Event, News};

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
    /// Takes the place of an output, and gives what of an earlier run is to be gone on with. `own` is the chart of this run without
    /// networks: a chart at the output that has others is replaced only where `overwrite` says so.
    pub fn open(
        output: Output,
        asked: Asked,
        command: String,
        own: impl FnOnce() -> PhaseChart,
        data: &Dataset,
    ) -> Result<(Self, Option<PhaseChart>), Failure> {
        let mut journal = Journal::of(&output)?;
        let left = journal.as_mut().map_or(Ok(None), Journal::left)?.filter(|left| !left.is_empty());
        let (exists, path) = (output.exists(), output.path().to_path_buf());
        if let (Some(left), Some(journal), Asked { resume: false, overwrite: false }) = (&left, &journal, asked) {
            let kept = left.cells.len() + left.gaps.len();
            let words = format!(
                "{kept} finished networks of an unfinished run are in '{}': go on with --resume, or begin anew with --overwrite",
                journal.display()
            );
            return Err(words.into());
        }
        // What `--resume` goes on with is held against the plan by the run itself.
        let goes_on_with_it = asked.resume && left.is_none();
        if exists && !asked.overwrite && !goes_on_with_it {
            check_same(&path, own(), data)?;
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
            // A fallback may have made void what is there.
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
                Err(error) => {
                    Err(format!("{error}; what '{}' has is gone on with by --resume", journal.display()).into())
                }
            },
            None => written,
        }
    }

    /// An interrupted run ends in order: what is finished is a chart where nothing else stands, else it stays in the journal. Says where.
    pub fn leave(&self, chart: &PhaseChart) -> String {
        let (kept, all) = (chart.cells.len() + chart.gaps.len(), chart.axes.squares());
        let Some(journal) = &self.journal else { return format!("interrupted: {kept} of {all} networks are lost") };
        let place = if self.free && self.finish(chart).is_ok() {
            self.output.display().to_string()
        } else {
            journal.display().to_string()
        };
        format!("interrupted: {kept} of {all} networks are in '{place}'; the same call with --resume goes on")
    }

    /// The output as it was given.
    pub fn display(&self) -> std::path::Display<'_> {
        self.output.display()
    }
}

/// Refuses to replace a file that is no chart, or that of other networks.
fn check_same(path: &Path, mut own: PhaseChart, data: &Dataset) -> Result<(), Failure> {
    let remedy = "choose another place with -o, or replace it with --overwrite";
    let there = read_chart(path).map_err(|error| format!("{error}; it is there and no chart: {remedy}"))?;
    own.resume(there, data).map_err(|error| match error {
        ChartError::Other { part } => {
            format!("'{}' has another chart, which differs in '{part}': {remedy}", path.display()).into()
        }
        error => error.into(),
    })
}
