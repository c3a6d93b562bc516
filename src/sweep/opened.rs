//! A network from a file, ready to encode the examples that it is measured on, all at once or in parts.

use std::ops::Range;

use super::measured_as::{KEY, MeasuredAs};
use super::memory::held;
use super::{AskedOf, SweepError};
use crate::code::{Medians, Shown, Taken, take_stored};
use crate::dataset::{Dataset, Noise};
use crate::engine::MapShape;
use crate::network::{CodeUnits, Fed, Perceptron, Stored, StoredFile};
use crate::properties;

/// A network that was read, with the data that it is measured on.
#[derive(Debug)]
pub struct Opened {
    pub(super) network: Stored,
    /// As the network saw them.
    pub(super) data: Dataset,
    pub(super) asked: AskedOf,
    pub(super) cell: Option<MeasuredAs>,
    pub(super) fed: Fed,
    image: Option<MapShape>,
    medians: Medians,
    counts: [usize; 2],
}

/// Some of the examples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExamplePart {
    /// Whether they are test examples.
    pub test: bool,
    /// Which.
    pub rows: Range<usize>,
}

impl Opened {
    /// Reads a `file` for `data`.
    ///
    /// # Errors
    ///
    /// A file that is no such network, or not of this data set; codes that would take more memory than is taken.
    pub fn read(file: StoredFile<'_>, data: &Dataset, asked: AskedOf) -> Result<Self, SweepError> {
        let image = MapShape::of(&data.description().kind);
        let network = Stored::read(file, image, [data.inputs(), data.classes()]).map_err(Box::new)?;
        let fed = asked.fed.unwrap_or(network.usually_fed(image));
        if asked.fed.is_some() {
            network.check_fed(&fed, image.map_or(1, |image| image.channels)).map_err(Box::new)?;
        }
        let cell = stated(file.bytes, &network, data)?;
        let samples = asked.samples.or(cell.as_ref().map(|cell| cell.samples as usize)).unwrap_or(data.train().len());
        if samples == 0 || samples > data.train().len() {
            return Err(SweepError::Samples { samples, train: data.train().len() });
        }
        let code = asked.code.or(cell.as_ref().map(|cell| cell.code)).unwrap_or_default();
        let network = network.with_code(code);
        let bits: usize = network.widths().iter().sum();
        let tests = asked.tests.unwrap_or(data.test().len());
        if tests == 0 || tests > data.test().len() {
            return Err(SweepError::Tests { tests, there: data.test().len() });
        }
        let examples = (samples + tests) as u64;
        let of_channels = if code == CodeUnits::Channels { examples.saturating_mul(16 * bits as u64) } else { 0 };
        held(
            properties::bytes(examples, tests as u64, bits as u64, data.classes() as u64).saturating_add(of_channels),
        )?;
        let noise = cell.as_ref().map(MeasuredAs::noise).unwrap_or_default();
        let data = if noise == Noise::default() { data.clone() } else { data.with_noise(noise, samples) };
        let medians = network.medians(data.train(), samples)?;
        Ok(Self { network, data, asked, cell, fed, image, medians, counts: [samples, tests] })
    }

    /// How many training and test examples it is measured on.
    pub fn counts(&self) -> [usize; 2] {
        self.counts
    }

    /// The codes of a part of the examples, or what they are made of; `told` hears which share of them is encoded.
    ///
    /// # Errors
    ///
    /// Examples that it does not take, or more than there are.
    pub fn take(&self, part: ExamplePart, told: &dyn Fn(f64)) -> Result<Taken, SweepError> {
        let ExamplePart { test, rows } = part;
        let examples = if test { self.data.test() } else { self.data.train() };
        if rows.is_empty() || rows.end > examples.len() {
            return Err(SweepError::Samples { samples: rows.end, train: examples.len() });
        }
        let shown = Shown { examples, rows, image: self.image, fed: self.fed, medians: &self.medians };
        Ok(take_stored(&self.network, &shown, told)?)
    }
}

/// How the cell of a network that this crate wrote was measured, where its file says it.
fn stated(file: &[u8], network: &Stored, data: &Dataset) -> Result<Option<MeasuredAs>, SweepError> {
    if matches!(network, Stored::Onnx(_)) {
        return Ok(None);
    }
    let stated = Perceptron::metadata(file, KEY).map_err(Box::new)?;
    Ok(stated.as_deref().and_then(MeasuredAs::read).filter(|cell| cell.is_of(network, data)))
}
