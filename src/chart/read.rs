//! Reading a chart file that somebody else may have written: refused with the place and the reason, or sound.

use std::collections::BTreeSet;

use thiserror::Error;

use super::{Cell, Factor, PhaseChart, VERSION};
use crate::training::ProtocolError;

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
    #[error("the unfinished chart differs in '{part}': give the call that began it, or another file")]
    Other {
        /// In what.
        part: &'static str,
    },
    /// A hyper-parameter out of range.
    #[error("protocol: {0}")]
    Protocol(#[from] ProtocolError),
}

impl PhaseChart {
    /// Reads a chart; unknown extra keys are accepted.
    pub fn from_json(text: &str) -> Result<Self, ChartError> {
        let reader = &mut serde_json::Deserializer::from_str(text);
        let chart: Self = serde_path_to_error::deserialize(&mut *reader).map_err(|error| {
            let path = error.path().to_string();
            ChartError::Shape {
                path: if path == "." { "file".into() } else { path },
                reason: error.into_inner().to_string(),
            }
        })?;
        reader.end().map_err(|error| ChartError::Shape { path: "file".into(), reason: error.to_string() })?;
        chart.check()?;
        Ok(chart)
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
            return Err(sense("provenance.seconds", "not a time".into(), "use seconds, 0 or more"));
        }
        let mut seen = BTreeSet::new();
        for (index, cell) in self.cells.iter().enumerate() {
            self.check_cell(cell)
                .map_err(|(field, reason, remedy)| sense(&format!("cells[{index}].{field}"), reason, remedy))?;
            if !seen.insert(cell.key()) {
                let reason = "the same network at the same time is there twice".into();
                return Err(sense(&format!("cells[{index}]"), reason, "keep one of the two"));
            }
        }
        Ok(())
    }

    pub(super) fn check_cell(&self, cell: &Cell) -> Result<(), (&'static str, String, &'static str)> {
        let places = [
            ("width", cell.width, &self.axes.width),
            ("epoch", cell.epoch, &self.axes.epoch),
            ("samples", cell.samples, &self.axes.samples),
            ("seed", cell.seed, &self.axes.seed),
        ];
        for (field, value, axis) in places {
            if !axis.contains(&value) {
                return Err((field, format!("{value} is not on the axis"), "list every value under 'axes'"));
            }
        }
        if cell.level >= self.axes.levels() {
            let reason = format!("{} is beyond the factor's {} values", cell.level, self.axes.levels());
            return Err(("level", reason, "list every value under 'axes.factor'"));
        }
        let splits =
            [("redundancy", Some(cell.redundancy)), ("accuracy", Some(cell.accuracy)), ("kmeans", cell.kmeans)];
        let splits =
            splits.into_iter().filter_map(|(field, split)| split.map(|split| (field, [split.train, split.test])));
        let singles = [("knn", cell.knn), ("logistic", cell.logistic), ("redundancy_random", cell.redundancy_random)];
        let singles = singles.into_iter().filter_map(|(field, value)| value.map(|value| (field, [value, value])));
        for (field, values) in splits.chain(singles) {
            if let Some(value) = values.into_iter().find(|value| !(0.0..=1.0).contains(value)) {
                return Err((
                    field,
                    format!("{value} is no share"),
                    "use a number from 0 to 1, or leave the field out",
                ));
            }
        }
        Ok(())
    }
}

impl super::Axes {
    /// Whether every axis has values, rising, and sizes above 0.
    pub fn check(&self) -> Result<(), ChartError> {
        for (name, values) in
            [("width", &self.width), ("epoch", &self.epoch), ("samples", &self.samples), ("seed", &self.seed)]
        {
            let path = format!("axes.{name}");
            if values.is_empty() {
                return Err(sense(&path, "no value".into(), "give at least one"));
            }
            if let Some(pair) = values.windows(2).find(|pair| pair[0] >= pair[1]) {
                let reason = format!("{} does not rise above {}", pair[1], pair[0]);
                return Err(sense(&path, reason, "give rising values, each once"));
            }
            if values[0] == 0 && ["width", "samples"].contains(&name) {
                return Err(sense(&path, "0 leaves nothing to train".into(), "use 1 or more"));
            }
        }
        let values = self.factor.as_ref().map_or(vec![String::new()], Factor::values);
        if values.is_empty() {
            return Err(sense("axes.factor.values", "no value".into(), "give at least one"));
        }
        if let Some(twice) =
            values.iter().enumerate().find_map(|(place, it)| values[..place].contains(it).then_some(it))
        {
            return Err(sense("axes.factor.values", format!("{twice} is there twice"), "give each value once"));
        }
        Ok(())
    }
}

fn sense(path: &str, reason: String, remedy: &'static str) -> ChartError {
    ChartError::Sense { path: path.into(), reason, remedy }
}
