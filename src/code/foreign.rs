//! Codes of a network that was trained elsewhere.

use std::ops::Range;

use super::convolutional::encode_convolutional;
use super::look::{are_finite, right};
use super::{CodeMatrix, Encoding, Medians};
use crate::dataset::Examples;
use crate::engine::MapShape;
use crate::network::{Fed, NetworkError, Stored};

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

/// Encodes examples by a network that was read from a file: the bits of its ReLUs, one layer after the other; `told` hears the share that is done. Who
/// calls has held the bytes of the codes against the [bounds](crate::bounds).
///
/// # Errors
///
/// A network without kernels, or one that does not take these examples.
pub fn encode_stored(network: &Stored, shown: &Shown<'_>, told: &dyn Fn(f64)) -> Result<Encoding, NetworkError> {
    let inputs = shown.examples.inputs();
    match network {
        Stored::Perceptron(network) => {
            let bits: usize = network.widths().iter().sum();
            let rows_at_a_time = (NUMBERS / (bits + inputs)).clamp(1, ROWS);
            each_batch(shown, shown.image, network.widths(), rows_at_a_time, told, |batch, _| {
                let (before_relus, outputs) = network.pass(batch);
                Ok((before_relus, Some(outputs)))
            })
        }
        Stored::Convolutional(networks) => {
            let medians = shown.medians.0.first().map_or(&[][..], |own| own);
            let encoding = encode_convolutional(&networks.networks[0], shown.examples, shown.rows.end, medians)?;
            let (_, codes) = encoding.codes.split_at(shown.rows.start);
            Ok(Encoding { codes, ..encoding })
        }
        Stored::Onnx(network) => {
            // One whose input has an axis of channels lays pictures out by itself.
            let image = shown.image.filter(|_| !network.takes_planes());
            each_batch(shown, image, network.widths(), network.rows_at_a_time(), told, |batch, rows| {
                let pass = network.pass(batch, rows)?;
                Ok((pass.relus, pass.scores))
            })
        }
    }
}

/// What comes of each layer of ReLUs, above 0 where one fires, and the scores, `[rows, classes]`, if there are any.
type Passed = (Vec<Vec<f32>>, Option<Vec<f32>>);

fn each_batch(
    shown: &Shown<'_>,
    image: Option<MapShape>,
    widths: &[usize],
    rows_at_a_time: usize,
    told: &dyn Fn(f64),
    pass: impl Fn(Vec<f32>, usize) -> Result<Passed, NetworkError>,
) -> Result<Encoding, NetworkError> {
    let Shown { examples, ref rows, fed, .. } = *shown;
    let count = rows.len();
    let mut codes = CodeMatrix::zeros(count, widths.iter().sum());
    let (mut correct, mut finite) = (0, true);
    for start in (0..count).step_by(rows_at_a_time) {
        let places = start..count.min(start + rows_at_a_time);
        let here = rows.start + places.start..rows.start + places.end;
        let mut batch = Vec::new();
        examples.gather(here.clone(), &mut batch);
        fed.feed(&mut batch, image);
        let (relus, scores) = pass(batch, here.len())?;
        let mut first = 0;
        for (layer, &width) in relus.iter().zip(widths) {
            finite &= are_finite(layer);
            for (row, numbers) in places.clone().zip(layer.chunks_exact(width)) {
                codes.fire(row, first, numbers.iter().map(|&number| number > 0.0));
            }
            first += width;
        }
        if let Some(scores) = scores {
            finite &= are_finite(&scores);
            correct += right(&scores, scores.len() / here.len(), &examples.labels()[here]);
        }
        told(places.end as f64 / count as f64);
    }
    Ok(Encoding { codes, accuracy: correct as f64 / count as f64, finite })
}
