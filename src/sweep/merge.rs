//! Merges the charts of a plan's shares. Each is read and sorted on its own and written to a temporary file; then all are merged in
//! parallel, so that memory stays that of one share, however many there are.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Lines, Read, Seek, SeekFrom, Write};
use std::ops::Range;

use thiserror::Error;

use super::{Plan, PopulationPlan};
use crate::chart::{Cell, Gap, PhaseChart};

/// [`Cell::key`] of a network.
type Key = [u32; 5];

/// Charts that cannot be one.
#[derive(Debug, Error)]
pub enum MergeError {
    /// Of other plans, data or versions.
    #[error("'{one}' and '{other}' differ in '{part}': merge the shares of one plan, made by one version")]
    Other {
        /// A chart.
        one: String,
        /// Another one.
        other: String,
        /// In what.
        part: String,
    },
    /// The same network twice, and not the same.
    #[error(
        "'{one}' and '{other}' have different numbers for width {}, epoch {}, {} samples, seed {}: find out which one is right, and leave the other out",
        key[4], key[3], key[2], key[1]
    )]
    Differ {
        /// A chart.
        one: String,
        /// Another one.
        other: String,
        /// The network.
        key: Key,
    },
    /// Nothing to merge.
    #[error("there is no chart to merge: name at least one")]
    Nothing,
    /// The disk.
    #[error("the merged chart cannot be written ({0}): free space on the disk, also for temporary files")]
    Disk(#[from] io::Error),
    /// No JSON.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
}

/// Charts that are being merged. The order in which they are added does not matter, nor whether some are merged before.
#[derive(Default)]
pub struct Merge {
    /// The first one without its networks, to hold the others against.
    head: Option<PhaseChart>,
    /// Their names, and where their networks are.
    parts: Vec<Part>,
    /// A file without a name in which the networks of one part lie after those of the other: one, for a system lets a program have a
    /// thousand open, and there may be more parts. Made with the first.
    laid_down: Option<File>,
    /// Few: they are kept, with the part that they are from.
    gaps: BTreeMap<Key, (Gap, usize)>,
    engines: BTreeSet<String>,
    backends: BTreeSet<String>,
    processors: BTreeSet<String>,
    /// Whole milliseconds, whose sum depends on no order.
    milliseconds: u64,
    commands: BTreeSet<Option<String>>,
}

struct Part {
    name: String,
    /// Where its networks lie in the file that all are laid down in.
    bytes: Range<u64>,
}

/// What a merged chart has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Networks with numbers, and those that will have none.
    pub networks: u64,
    /// Populations that have networks without either.
    pub missing: Vec<PopulationPlan>,
}

impl Merge {
    /// Takes a chart in, named as it shall be told of.
    ///
    /// # Errors
    ///
    /// It is of another plan, data set or version than those before, or the disk is full.
    pub fn add(&mut self, name: &str, mut chart: PhaseChart) -> Result<(), MergeError> {
        let cells = std::mem::take(&mut chart.cells);
        let gaps = std::mem::take(&mut chart.gaps);
        if let (Some(head), Some(first)) = (&self.head, self.parts.first())
            && let Some(part) = chart.head_differs_from(head)?
        {
            return Err(MergeError::Other { one: first.name.clone(), other: name.into(), part });
        }
        let place = self.parts.len();
        let bytes = self.lay_down(&cells)?;
        self.parts.push(Part { name: name.into(), bytes });
        for gap in gaps {
            let key = gap.key();
            if let Some((_, other)) = self.gaps.get(&key).filter(|(there, _)| *there != gap) {
                return Err(self.differ(*other, place, key));
            }
            self.gaps.entry(key).or_insert((gap, place));
        }
        let made = &chart.provenance;
        self.engines.extend(made.engines().map(str::to_owned));
        self.backends.extend(made.backends().map(str::to_owned));
        self.processors.extend(made.processors().map(str::to_owned));
        self.milliseconds += (made.seconds * 1000.0).round() as u64;
        self.commands.insert(made.command.clone());
        self.head.get_or_insert(chart);
        Ok(())
    }

    fn differ(&self, one: usize, other: usize, key: Key) -> MergeError {
        MergeError::Differ { one: self.parts[one].name.clone(), other: self.parts[other].name.clone(), key }
    }

    /// Writes the merged chart, as [`PhaseChart::to_json`] would.
    ///
    /// # Errors
    ///
    /// A network of which two charts say something else, or the disk is full.
    pub fn finish(mut self, out: impl Write) -> Result<Merged, MergeError> {
        let Some(mut head) = self.head.take() else { return Err(MergeError::Nothing) };
        head.provenance.set_makers(&self.engines, &self.backends, &self.processors);
        head.provenance.seconds = self.milliseconds as f64 / 1000.0;
        let commands = std::mem::take(&mut self.commands);
        head.provenance.command = commands.into_iter().reduce(|_, _| None).flatten();
        head.gaps = self.gaps.values().map(|(gap, _)| gap.clone()).collect();
        let mut left = Left::of(&head);
        head.gaps.iter().for_each(|gap| left.has(gap.key()));

        let whole = head.to_json()?;
        // Strings of the file contain no unescaped quote, so this is the list itself.
        let (before, after) = whole.split_once("\"cells\":[]").unwrap_or((&whole, ""));
        let mut out = BufWriter::new(out);
        write!(out, "{before}\"cells\":[")?;
        let networks = self.walk(&mut out, &mut left)?;
        writeln!(out, "]{after}")?;
        out.flush()?;
        let plan = Plan { dataset: head.dataset.name, protocol: head.protocol, axes: head.axes };
        Ok(Merged { networks: networks + head.gaps.len() as u64, missing: left.populations(&plan) })
    }

    /// Writes networks, in order, behind those that are laid down: the numbers of a key, then the JSON. Says where.
    fn lay_down(&mut self, cells: &[Cell]) -> Result<Range<u64>, MergeError> {
        let file = match &mut self.laid_down {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        let start = file.seek(SeekFrom::End(0))?;
        let mut file = BufWriter::new(file);
        for cell in cells {
            for number in cell.key() {
                write!(file, "{number} ")?;
            }
            serde_json::to_writer(&mut file, cell)?;
            file.write_all(b"\n")?;
        }
        file.flush()?;
        Ok(start..file.stream_position()?)
    }

    /// Walks through all parts at once, in the order of their networks; says how many there are.
    fn walk(&self, out: &mut impl Write, left: &mut Left) -> Result<u64, MergeError> {
        let Some(file) = &self.laid_down else { return Ok(0) };
        let buffer = (BUFFERS / self.parts.len()).clamp(LEAST_BUFFER, MOST_BUFFER);
        let section =
            |part: &Part| BufReader::with_capacity(buffer, Section { file, left: part.bytes.clone() }).lines();
        let mut parts: Vec<_> = self.parts.iter().map(section).collect();
        let mut next = BinaryHeap::new();
        for (place, lines) in parts.iter_mut().enumerate() {
            next.extend(read(lines)?.map(|(key, line)| Reverse((key, place, line))));
        }
        let mut last: Option<(Key, usize, String)> = None;
        let mut networks = 0;
        while let Some(Reverse((key, place, line))) = next.pop() {
            next.extend(read(&mut parts[place])?.map(|(key, line)| Reverse((key, place, line))));
            if let Some((_, other, there)) = last.as_ref().filter(|(there, ..)| *there == key) {
                if *there != line {
                    return Err(self.differ(*other, place, key));
                }
                continue;
            }
            if let Some((_, other)) = self.gaps.get(&key) {
                return Err(self.differ(*other, place, key));
            }
            if networks > 0 {
                out.write_all(b",")?;
            }
            out.write_all(line.as_bytes())?;
            left.has(key);
            networks += 1;
            last = Some((key, place, line));
        }
        Ok(networks)
    }
}

/// Bytes that are read ahead, of all parts together, about; and of one.
const BUFFERS: usize = 64 << 20;
const LEAST_BUFFER: usize = 1 << 10;
const MOST_BUFFER: usize = 64 << 10;

/// A part of a file, read from its start to its end.
struct Section<'a> {
    file: &'a File,
    left: Range<u64>,
}

impl Read for Section<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left.end - self.left.start).unwrap_or(usize::MAX).min(into.len());
        // The other readers have moved the file's position in the meantime.
        self.file.seek(SeekFrom::Start(self.left.start))?;
        let read = self.file.read(&mut into[..most])?;
        self.left.start += read as u64;
        Ok(read)
    }
}

/// The next network that was laid down.
fn read(lines: &mut Lines<impl BufRead>) -> Result<Option<(Key, String)>, MergeError> {
    let Some(line) = lines.next().transpose()? else { return Ok(None) };
    let broken = || io::Error::other("a temporary file has changed");
    let mut rest = line.as_str();
    let mut key = Key::default();
    for number in &mut key {
        let (word, after) = rest.split_once(' ').ok_or_else(broken)?;
        *number = word.parse().map_err(|_| broken())?;
        rest = after;
    }
    Ok(Some((key, rest.to_owned())))
}

/// How many networks each population has still to come to.
struct Left {
    /// By level, seed and sample size.
    networks: HashMap<[u32; 3], usize>,
    each: usize,
}

impl Left {
    fn of(head: &PhaseChart) -> Self {
        Self { networks: HashMap::new(), each: head.axes.width.len() * head.axes.epoch.len() }
    }

    fn has(&mut self, [level, seed, samples, ..]: Key) {
        *self.networks.entry([level, seed, samples]).or_default() += 1;
    }

    /// Those of a plan that lack some.
    fn populations(&self, plan: &Plan) -> Vec<PopulationPlan> {
        let lacks = |&one: &PopulationPlan| {
            let all = |(level, _)| self.networks.get(&[level, one.seed, one.samples]) == Some(&self.each);
            !plan.codes_of(one).into_iter().all(all)
        };
        plan.populations().into_iter().filter(lacks).collect()
    }
}
