//! The journal of a run: one line per finished network, so that an interrupted run loses only what it was working on.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{Cell, ChartError, Gap, PhaseChart, Provenance};

/// A line of a journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Entry {
    /// The chart as a run begins, or goes on: takes the place of all before.
    Chart {
        /// With what it has.
        chart: Box<PhaseChart>,
    },
    /// A network is measured.
    Cell {
        /// Its numbers.
        cell: Box<Cell>,
        /// What has made the chart by now.
        provenance: Provenance,
    },
    /// A network will have no numbers.
    Gap {
        /// Which, and why.
        gap: Gap,
        /// What has made the chart by now.
        provenance: Provenance,
    },
}

impl Entry {
    /// The line, its end included.
    pub fn line(&self) -> serde_json::Result<String> {
        serde_json::to_string(self).map(|line| line + "\n")
    }
}

impl PhaseChart {
    /// Reads a journal: the chart with all that was finished, and how many bytes of the journal say so. What follows them is a line
    /// that was cut off, which counts for nothing. None where not even the first line is whole.
    ///
    /// # Errors
    ///
    /// A whole line that is none of a journal, or what no reader of charts takes: nothing was cut off there, but changed.
    pub fn from_journal(text: &[u8]) -> Result<Option<(Self, usize)>, ChartError> {
        let mut chart: Option<Self> = None;
        let mut there = HashSet::new();
        let mut sound = 0;
        for (index, line) in text.split_inclusive(|&byte| byte == b'\n').enumerate() {
            let path = format!("line {}", index + 1);
            let read = |line: &[u8]| {
                serde_json::from_slice::<Entry>(line)
                    .map_err(|error| ChartError::Shape { path: path.clone(), reason: error.to_string() })
            };
            let is_last = sound + line.len() == text.len();
            let entry = match read(line) {
                // Cut off, perhaps in a part that the file system had not written yet.
                Err(_) if is_last => break,
                Ok(_) if !line.ends_with(b"\n") => break,
                entry => entry?,
            };
            match (entry, &mut chart) {
                (Entry::Chart { chart: begun }, chart) => {
                    there = begun.keys().collect();
                    *chart = Some(*begun);
                }
                // Of two cells of the same network the first is kept, as in a run.
                (Entry::Cell { cell, provenance }, Some(chart)) => {
                    chart.provenance = provenance;
                    if there.insert(cell.key()) {
                        chart.cells.push(*cell);
                    }
                }
                (Entry::Gap { gap, provenance }, Some(chart)) => {
                    chart.provenance = provenance;
                    if there.insert(gap.key()) {
                        chart.gaps.push(gap);
                    }
                }
                (_, None) => {
                    let reason = "a network before any chart".into();
                    return Err(ChartError::Shape { path, reason });
                }
            }
            sound += line.len();
        }
        let Some(mut chart) = chart else { return Ok(None) };
        chart.admit()?;
        Ok(Some((chart, sound)))
    }
}

#[cfg(all(test, feature = "cpu", not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)] // a test may panic
mod tests {
    use std::num::NonZeroUsize;
    use std::sync::Arc;

    use super::*;
    use crate::dataset::Toy;
    use crate::engine::Engine;
    use crate::sweep::{self, Plan};
    use crate::training::Preset;

    /// A small chart, and the journal of a run that makes it.
    fn made() -> (PhaseChart, Vec<u8>) {
        let mut plan = Plan::preset(Preset::Quick, "moons").unwrap();
        plan.axes.width = vec![3, 5];
        plan.axes.epoch = vec![0, 1];
        plan.axes.samples = vec![20];
        let data = Arc::new(Toy::Moons.generate());
        let whole = sweep::run(&plan, &data, NonZeroUsize::MIN, &Engine::cpu(), None, |_, _| {}).unwrap();
        let begun = PhaseChart { cells: Vec::new(), ..whole.clone() };
        let mut journal = Entry::Chart { chart: begun.into() }.line().unwrap();
        for cell in whole.cells.iter().rev() {
            let entry = Entry::Cell { cell: Box::new(cell.clone()), provenance: whole.provenance.clone() };
            journal += &entry.line().unwrap();
        }
        (whole, journal.into_bytes())
    }

    #[test]
    fn a_journal_cut_off_anywhere_has_every_line_that_was_whole() {
        let (whole, journal) = made();
        let ends: Vec<_> =
            journal.iter().enumerate().filter(|&(_, &byte)| byte == b'\n').map(|(place, _)| place + 1).collect();
        for length in 0..=journal.len() {
            let lines = ends.iter().filter(|&&end| end <= length).count();
            // As a disk may leave it: nothing after the cut, or blocks that were never written.
            for left in [&[][..], &[0; 9]] {
                let cut = [&journal[..length], left].concat();
                match PhaseChart::from_journal(&cut).unwrap() {
                    None => assert_eq!(lines, 0),
                    Some((chart, sound)) => {
                        assert_eq!((chart.cells.len() + 1, sound), (lines, ends[lines - 1]), "{length}");
                        assert!(chart.cells.iter().all(|cell| whole.cells.contains(cell)));
                    }
                }
            }
        }
        assert_eq!(PhaseChart::from_journal(&journal).unwrap(), Some((whole, journal.len())));
    }

    #[test]
    fn a_line_that_was_changed_is_refused_with_its_place() {
        let (_, journal) = made();
        let text = String::from_utf8(journal).unwrap();
        let refused = |text: &str| PhaseChart::from_journal(text.as_bytes()).unwrap_err().to_string();
        let third = text.lines().nth(2).unwrap();
        assert!(refused(&text.replace(third, "{}")).starts_with("line 3: missing field `kind`"));
        assert!(refused(&text.replace("\"width\":5", "\"width\":6")).contains("6 is not on the axis"));
        assert!(refused(&text[text.find('\n').unwrap() + 1..]).starts_with("line 1: a network before any chart"));
    }
}
