//! Reads and checks a chart file from any source. An error names the place in the file and the reason.

use std::collections::BTreeSet;

use thiserror::Error;

use super::identity::plans;
use super::{Cell, DatasetSummary, Factor, Gap, PhaseChart, VERSION};
use crate::bounds::BOUNDS;
use crate::engine::MapShape;
use crate::training::{Protocol, ProtocolError};

/// A file that is no chart.
#[derive(Debug, Error)]
pub enum ChartError {
    /// Not JSON, or not of the schema.
    #[error("{path}: {reason}: see www/chart.schema.json for what belongs there")]
    Shape {
        /// Where, as `cells[3].width`.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// JSON of the right shape that makes no sense.
    #[error("{path}: {reason}: {remedy}")]
    Sense {
        /// Where.
        path: String,
        /// What is wrong.
        reason: String,
        /// How to mend it.
        remedy: &'static str,
    },
    /// An unfinished chart of other networks.
    #[error("the unfinished chart differs in '{part}': repeat the command that started it, or choose another file")]
    Other {
        /// In what.
        part: String,
    },
    /// An unfinished chart that was rounded otherwise.
    #[error(
        "the unfinished chart was made on another kind of processor ({there}; this one is {here}), which rounds these networks differently: continue there, or start over"
    )]
    Processor {
        /// Where it was made.
        there: String,
        /// Where it would be gone on with.
        here: String,
    },
    /// A hyper-parameter out of range.
    #[error("protocol: {0}")]
    Protocol(#[from] ProtocolError),
}

impl PhaseChart {
    /// Reads a chart; unknown extra keys are accepted.
    pub fn from_json(text: &str) -> Result<Self, ChartError> {
        let reader = &mut serde_json::Deserializer::from_str(text);
        let mut chart: Self = serde_path_to_error::deserialize(&mut *reader).map_err(|error| {
            let path = error.path().to_string();
            ChartError::Shape {
                path: if path == "." { "file".into() } else { path },
                reason: error.into_inner().to_string(),
            }
        })?;
        reader.end().map_err(|error| ChartError::Shape { path: "file".into(), reason: error.to_string() })?;
        chart.admit()?;
        Ok(chart)
    }

    /// Refuses what makes no sense, and puts the networks in order.
    pub(super) fn admit(&mut self) -> Result<(), ChartError> {
        self.check()?;
        self.cells.sort_by_key(Cell::key);
        self.gaps.sort_by_key(Gap::key);
        Ok(())
    }

    /// The chart as a file's text.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    fn check(&self) -> Result<(), ChartError> {
        if self.version != VERSION {
            let reason = format!("version {} is not {VERSION}", self.version);
            return Err(sense("version", reason, "open it with the hash-phase that wrote it"));
        }
        self.protocol.check()?;
        self.axes.check()?;
        if !(self.provenance.seconds.is_finite() && self.provenance.seconds >= 0.0) {
            return Err(sense("provenance.seconds", "not a duration".into(), "use a number of seconds, 0 or more"));
        }
        let DatasetSummary { train, test, classes, .. } = self.dataset;
        if train == 0 || test == 0 {
            return Err(sense("dataset", "no examples".into(), "use 1 or more"));
        }
        if !(1..=256).contains(&classes) {
            return Err(sense("dataset.classes", format!("{classes} is not between 1 and 256"), "count the labels"));
        }
        if let Some(description) = &self.dataset.description {
            let (named, inputs) = (description.classes.len(), description.kind.inputs());
            if named != classes {
                let reason = format!("{named} names of {classes} classes");
                return Err(sense("dataset.description.classes", reason, "name each class once"));
            }
            if !(1..=BOUNDS.own_inputs).contains(&inputs) {
                let reason = format!("{inputs} inputs are not between 1 and {}", BOUNDS.own_inputs);
                return Err(sense("dataset.description", reason, "use the file as hash-phase wrote it"));
            }
        }
        if self.axes.most_samples() > train {
            let reason = format!("{} is more than the {train} training examples", self.axes.most_samples());
            return Err(sense("axes.samples", reason, "use as many or fewer"));
        }
        let levels = 0..self.axes.levels();
        let protocols: Vec<_> = levels.map(|level| self.axes.protocol_at(level, &self.protocol)).collect();
        for protocol in &protocols {
            protocol.check()?;
        }
        if !self.plans.is_empty() && self.plans != plans(&self.dataset, &self.protocol, &self.axes) {
            let reason =
                "the digests do not match this data set, protocol and widths: the cells belong to another plan";
            return Err(sense("plans", reason.into(), "use the file as hash-phase wrote it"));
        }
        let image = self.dataset.description.as_ref().and_then(|description| MapShape::of(&description.kind));
        let mut seen = BTreeSet::new();
        for (index, cell) in self.cells.iter().enumerate() {
            let misplaced =
                |(field, reason, remedy): Misplaced| sense(&format!("cells[{index}].{field}"), reason, remedy);
            self.check_place(cell.key()).map_err(misplaced)?;
            check_numbers(cell, &protocols[cell.level as usize], image).map_err(misplaced)?;
            if !seen.insert(cell.key()) {
                return Err(twice(&format!("cells[{index}]")));
            }
        }
        for (index, gap) in self.gaps.iter().enumerate() {
            let misplaced =
                |(field, reason, remedy): Misplaced| sense(&format!("gaps[{index}].{field}"), reason, remedy);
            self.check_place(gap.key()).map_err(misplaced)?;
            if !seen.insert(gap.key()) {
                return Err(twice(&format!("gaps[{index}]")));
            }
        }
        Ok(())
    }

    /// Whether a network of that [`Cell::key`] has a place in the chart; the axes are sound.
    pub(super) fn check_place(&self, key: [u32; 5]) -> Result<(), Misplaced> {
        let [level, seed, samples, epoch, width] = key;
        let places = [
            ("width", width, &self.axes.width),
            ("epoch", epoch, &self.axes.epoch),
            ("samples", samples, &self.axes.samples),
            ("seed", seed, &self.axes.seed),
        ];
        for (field, value, axis) in places {
            if axis.binary_search(&value).is_err() {
                return Err((field, format!("{value} is not on the axis"), "list every value under 'axes'"));
            }
        }
        if level >= self.axes.levels() {
            let reason = format!("{level} is beyond the factor's {} values", self.axes.levels());
            return Err(("level", reason, "list every value under 'axes.factor'"));
        }
        Ok(())
    }
}

/// A field, what is wrong with it, and how to mend it.
type Misplaced = (&'static str, String, &'static str);

/// Whether a cell's numbers can be those of a network under `protocol`.
fn check_numbers(cell: &Cell, protocol: &Protocol, image: Option<MapShape>) -> Result<(), Misplaced> {
    if let Some(most) = protocol.code_bits(cell.width, image).filter(|&most| u64::from(cell.bits) > most) {
        let reason = format!("{} is more than the {most} ReLUs of its code", cell.bits);
        return Err(("bits", reason, "count the bits that are not constant"));
    }
    if let Some(stopped) = cell.stopped.filter(|stopped| !(1..=cell.epoch).contains(stopped)) {
        let reason = format!("training cannot have stopped after epoch {stopped} of {}", cell.epoch);
        return Err(("stopped", reason, "leave it out if training did not stop early"));
    }
    let splits = [("redundancy", Some(cell.redundancy)), ("accuracy", Some(cell.accuracy)), ("kmeans", cell.kmeans)];
    let splits = splits.into_iter().filter_map(|(field, split)| split.map(|split| (field, [split.train, split.test])));
    let singles = [("knn", cell.knn), ("logistic", cell.logistic), ("redundancy_random", cell.redundancy_random)];
    let singles = singles.into_iter().filter_map(|(field, value)| value.map(|value| (field, [value, value])));
    for (field, values) in splits.chain(singles) {
        if let Some(value) = values.into_iter().find(|value| !(0.0..=1.0).contains(value)) {
            let reason = format!("{value} is not between 0 and 1");
            return Err((field, reason, "use a number from 0 to 1, or leave the field out"));
        }
    }
    Ok(())
}

fn twice(path: &str) -> ChartError {
    sense(path, "the same network appears twice at the same epoch".into(), "keep one of the two")
}

impl super::Axes {
    /// Whether every axis has values, rising, and sizes above 0.
    pub fn check(&self) -> Result<(), ChartError> {
        // Before its values are used for anything.
        let squares = self.squares();
        if squares > BOUNDS.squares {
            let reason = format!("they have {squares} squares, more than the limit of {}", BOUNDS.squares);
            return Err(sense("axes", reason, "remove some values"));
        }
        for (name, values) in
            [("width", &self.width), ("epoch", &self.epoch), ("samples", &self.samples), ("seed", &self.seed)]
        {
            let path = format!("axes.{name}");
            if values.is_empty() {
                return Err(sense(&path, "no values".into(), "give at least one"));
            }
            if let Some(pair) = values.windows(2).find(|pair| pair[0] >= pair[1]) {
                let reason = format!("{} is not greater than {}", pair[1], pair[0]);
                return Err(sense(&path, reason, "give values in increasing order"));
            }
            if values[0] == 0 && ["width", "samples"].contains(&name) {
                return Err(sense(&path, "0 leaves nothing to train".into(), "use 1 or more"));
            }
        }
        let values = self.factor.as_ref().map_or(vec![String::new()], Factor::values);
        if values.is_empty() {
            return Err(sense("axes.factor.values", "no values".into(), "give at least one"));
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = values.iter().find(|&value| !seen.insert(value)) {
            return Err(sense("axes.factor.values", format!("{twice} appears twice"), "give each value once"));
        }
        Ok(())
    }
}

fn sense(path: &str, reason: String, remedy: &'static str) -> ChartError {
    ChartError::Sense { path: path.into(), reason, remedy }
}
