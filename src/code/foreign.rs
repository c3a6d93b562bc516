//! Codes of a network that was trained elsewhere.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::convolutional::encode_convolutional;
use super::look::{are_finite, right};
use super::{ChannelActivity, CodeMatrix, Encoding, Medians};
use crate::dataset::Examples;
use crate::engine::MapShape;
use crate::network::{CodeUnits, Fed, NetworkError, Stored};

/// Numbers that a pass of a perceptron holds at a time, about: 64 MB.
const NUMBERS: usize = 16 << 20;
/// Examples of such a pass, at most.
const ROWS: usize = 1000;

/// What a network from elsewhere is shown of examples, and how.
pub struct Shown<'a> {
    /// The examples.
    pub examples: &'a Examples,
    /// Which of them.
    pub rows: Range<usize>,
    /// The form of a picture.
    pub image: Option<MapShape>,
    /// What they become.
    pub fed: Fed,
    /// Medians of its channels.
    pub medians: &'a Medians,
}

impl<'a> Shown<'a> {
    /// All of some examples as they are, which are no pictures, or none that a network of which this matters is shown.
    pub fn all(examples: &'a Examples, medians: &'a Medians) -> Self {
        Self { examples, rows: 0..examples.len(), image: None, fed: Fed::AS_THEY_ARE, medians }
    }
}

/// What is taken of examples: codes, or what the channels come to, of which codes are made once their medians are known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Taken {
    /// Codes.
    Codes(Encoding),
    /// What the channels come to.
    Channels(ChannelActivity),
}

impl Taken {
    /// Share of examples whose largest output is their label's.
    pub fn accuracy(&self) -> f64 {
        match self {
            Self::Codes(encoding) => encoding.accuracy,
            Self::Channels(activity) => activity.accuracy,
        }
    }

    /// Its codes: of channels, whether each fires at more places than on the median of these examples.
    pub fn into_encoding(self) -> Encoding {
        match self {
            Self::Codes(encoding) => encoding,
            Self::Channels(activity) => activity.encoding(&activity.medians()),
        }
    }

    /// What was taken of these examples and then of others, of the same network.
    pub fn followed_by(self, others: Self) -> Self {
        match (self, others) {
            (Self::Codes(own), Self::Codes(others)) => Self::Codes(own.followed_by(others)),
            (Self::Channels(own), Self::Channels(others)) => Self::Channels(own.followed_by(others)),
            (own, others) => Self::Codes(own.into_encoding().followed_by(others.into_encoding())),
        }
    }
}

/// Takes the codes of examples by a network that was read from a file: the bits of its ReLUs, one layer after the other; of one in an ONNX file whose
/// code is [a bit a channel](CodeUnits::Channels), what its channels come to. `told` hears the share that is done. Who calls has held the bytes of the codes
/// against the [bounds](crate::bounds).
///
/// # Errors
///
/// A network without kernels, or one that does not take these examples.
pub fn take_stored(network: &Stored, shown: &Shown<'_>, told: &dyn Fn(f64)) -> Result<Taken, NetworkError> {
    let inputs = shown.examples.inputs();
    match network {
        Stored::Perceptron(network) => {
            let bits: usize = network.widths().iter().sum();
            let rows_at_a_time = (NUMBERS / (bits + inputs)).clamp(1, ROWS);
            let mut codes = Bits::of(shown.rows.len(), bits);
            let seen = each_batch(shown, shown.image, rows_at_a_time, told, &mut codes, |batch, _| {
                let (before_relus, outputs) = network.pass(batch);
                Ok((before_relus, Some(outputs)))
            })?;
            Ok(Taken::Codes(codes.encoding(seen)))
        }
        Stored::Convolutional(networks) => {
            let medians = shown.medians.0.first().map_or(&[][..], |own| own);
            let encoding = encode_convolutional(&networks.networks[0], shown.examples, shown.rows.end, medians)?;
            let (_, codes) = encoding.codes.split_at(shown.rows.start);
            Ok(Taken::Codes(Encoding { codes, ..encoding }))
        }
        Stored::Onnx(network) => {
            // One whose input has an axis of channels lays pictures out by itself.
            let image = shown.image.filter(|_| !network.takes_planes());
            let pass = |batch, rows| {
                let pass = network.pass(batch, rows)?;
                Ok((pass.relus, pass.scores))
            };
            if network.code() == CodeUnits::Channels {
                let mut activity = ChannelActivity::new(network.channels(), network.relus());
                let seen = each_batch(shown, image, network.rows_at_a_time(), told, &mut activity, pass)?;
                (activity.accuracy, activity.finite) = (seen.accuracy, seen.finite);
                return Ok(Taken::Channels(activity));
            }
            let mut codes = Bits::of(shown.rows.len(), network.relus().iter().sum());
            let seen = each_batch(shown, image, network.rows_at_a_time(), told, &mut codes, pass)?;
            Ok(Taken::Codes(codes.encoding(seen)))
        }
    }
}

/// What comes of each layer of ReLUs, above 0 where one fires, and the scores, `[rows, classes]`, if there are any.
type Passed = (Vec<Vec<f32>>, Option<Vec<f32>>);

/// What is made of the numbers of an example, which come layer by layer.
trait Taker {
    fn take<'a>(&mut self, layers: impl Iterator<Item = &'a [f32]>);
}

/// Codes, row by row.
struct Bits {
    codes: CodeMatrix,
    row: usize,
}

impl Bits {
    fn of(rows: usize, bits: usize) -> Self {
        Self { codes: CodeMatrix::zeros(rows, bits), row: 0 }
    }

    fn encoding(self, Outputs { accuracy, finite }: Outputs) -> Encoding {
        Encoding { codes: self.codes, accuracy, finite }
    }
}

impl Taker for Bits {
    fn take<'a>(&mut self, layers: impl Iterator<Item = &'a [f32]>) {
        let mut first = 0;
        for numbers in layers {
            self.codes.fire(self.row, first, numbers.iter().map(|&number| number > 0.0));
            first += numbers.len();
        }
        self.row += 1;
    }
}

impl Taker for ChannelActivity {
    fn take<'a>(&mut self, layers: impl Iterator<Item = &'a [f32]>) {
        self.add(layers);
    }
}

/// What a network's outputs tell.
struct Outputs {
    accuracy: f64,
    finite: bool,
}

fn each_batch(
    shown: &Shown<'_>,
    image: Option<MapShape>,
    rows_at_a_time: usize,
    told: &dyn Fn(f64),
    taker: &mut impl Taker,
    pass: impl Fn(Vec<f32>, usize) -> Result<Passed, NetworkError>,
) -> Result<Outputs, NetworkError> {
    let Shown { examples, ref rows, fed, .. } = *shown;
    let count = rows.len();
    let (mut correct, mut finite) = (0, true);
    for start in (0..count).step_by(rows_at_a_time) {
        let end = count.min(start + rows_at_a_time);
        let here = rows.start + start..rows.start + end;
        let mut batch = Vec::new();
        examples.gather(here.clone(), &mut batch);
        fed.feed(&mut batch, image);
        let (relus, scores) = pass(batch, here.len())?;
        for place in 0..here.len() {
            let of_example = |layer: &'_ Vec<f32>| layer.len() / here.len();
            taker.take(relus.iter().map(|layer| &layer[place * of_example(layer)..][..of_example(layer)]));
        }
        finite &= relus.iter().all(|layer| are_finite(layer));
        if let Some(scores) = scores {
            finite &= are_finite(&scores);
            correct += right(&scores, scores.len() / here.len(), &examples.labels()[here]);
        }
        told(end as f64 / count as f64);
    }
    Ok(Outputs { accuracy: correct as f64 / count as f64, finite })
}
