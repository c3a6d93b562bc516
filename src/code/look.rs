//! Evaluates a population on some examples: which ReLUs fire, and whether the outputs are right.

use std::ops::Range;

use super::CodeMatrix;
use super::host_look::host_look;
#[cfg(feature = "burn")]
use super::packing::WORD;
#[cfg(feature = "burn")]
use super::tensor_look::tensor_look;
use crate::dataset::Examples;
use crate::engine::SparseRows;
use crate::network::{NetworkError, Population};

/// What was seen.
pub(super) struct Seen {
    /// Of these examples.
    pub rows: Range<usize>,
    /// Which units of each hidden layer fire.
    pub layers: Vec<Firing>,
    /// Of each network, for how many examples its largest output is their label's.
    pub correct: Vec<usize>,
    /// Of each network, whether all its outputs are finite.
    pub finite: Vec<bool>,
}

/// Which units of a layer fire, `[groups, rows, units]`.
pub(super) struct Firing {
    pub rows: usize,
    /// Numbers a row of `kept` has.
    pub stride: usize,
    pub kept: Kept,
}

pub(super) enum Kept {
    /// The activations themselves.
    Outputs(Vec<f32>),
    /// A bit each.
    #[cfg(feature = "burn")]
    Words(Vec<u32>),
}

impl Firing {
    /// Writes those of the `units` of `group` that fire into the rows of `codes` from `row` on, as its bits from `bit` on.
    pub fn write(&self, group: usize, units: Range<usize>, codes: &mut CodeMatrix, row: usize, bit: usize) {
        for place in 0..self.rows {
            let start = (group * self.rows + place) * self.stride;
            match &self.kept {
                Kept::Outputs(outputs) => {
                    codes.fire(row + place, bit, outputs[start..][units.clone()].iter().map(|&output| output > 0.0));
                }
                #[cfg(feature = "burn")]
                Kept::Words(words) => {
                    let fires = |unit: usize| words[start + unit / WORD] >> (unit % WORD) & 1 == 1;
                    codes.fire(row + place, bit, units.clone().map(fires));
                }
            }
        }
    }
}

/// Looks at the `rows` of `examples` in evaluation mode.
pub(super) async fn look(networks: &Population, examples: &Examples, rows: Range<usize>) -> Result<Seen, NetworkError> {
    if let Some(seen) = host_look(networks, examples, rows.clone()) {
        return Ok(seen);
    }
    #[cfg(feature = "burn")]
    return tensor_look(networks, examples, rows).await;
    #[cfg(not(feature = "burn"))]
    Err(NetworkError::NoKernels)
}

/// What is not 0 in some examples.
pub(super) fn nonzero(examples: &Examples, rows: Range<usize>) -> SparseRows {
    let mut nonzero = SparseRows::default();
    rows.for_each(|row| _ = nonzero.push(|terms| examples.nonzero(row, terms)));
    nonzero
}

/// For how many examples the largest output of a network, a row an example, is their label's.
pub(super) fn right(logits: &[f32], classes: usize, labels: &[u8]) -> usize {
    let guesses = logits.chunks_exact(classes).map(argmax);
    guesses.zip(labels).filter(|&(guess, &label)| guess == usize::from(label)).count()
}

pub(super) fn are_finite(outputs: &[f32]) -> bool {
    outputs.iter().all(|output| output.is_finite())
}

/// The first of the largest.
pub(super) fn argmax(outputs: &[f32]) -> usize {
    (1..outputs.len()).fold(0, |best, index| if outputs[index] > outputs[best] { index } else { best })
}
