//! Reads codes off networks: evaluation mode, bit = post-ReLU output above 0, hidden layers one after the other.

use serde::{Deserialize, Serialize};

use super::convolutional::encode_convolutional;
use super::look::{Seen, look};
#[cfg(feature = "burn")]
use super::tower_look::encode_on_device;
use super::{CodeMatrix, Medians};
use crate::dataset::Examples;
use crate::engine::is_host;
use crate::network::{Member, NetworkError, Networks, Population};

/// Examples encoded at a time on the CPU: bounds the memory to `500 * (inputs + sum of widths * depth)` floats.
const HOST_ROWS: usize = 500;
/// Examples encoded at a time on a GPU, at most: enough work to be worth a read-back.
const DEVICE_ROWS: usize = 4096;
/// Activations of one layer at a time on a GPU, at most: 64 MB.
const DEVICE_ACTIVATIONS: usize = 1 << 24;

/// The codes of a set of examples under one network of a population.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Encoding {
    /// Its neural codes, one row per example, a bit a ReLU.
    pub codes: CodeMatrix,
    /// Share of examples whose largest output is their label's.
    pub accuracy: f64,
    /// Whether all outputs are finite; if not, training has diverged and the codes are meaningless.
    pub finite: bool,
}

impl Encoding {
    /// That of these examples and then of others.
    pub fn followed_by(self, others: Self) -> Self {
        let (own, more) = (self.codes.rows() as f64, others.codes.rows() as f64);
        Self {
            accuracy: (own * self.accuracy + more * others.accuracy) / (own + more),
            finite: self.finite && others.finite,
            codes: self.codes.followed_by(others.codes),
        }
    }

    /// The code of one of its `layers`, of which the bits of each are given, counted from 1; of all where none is named.
    pub fn of_layer(&self, layer: Option<u32>, layers: &[usize]) -> Self {
        let Some(layer) = layer else { return self.clone() };
        let (before, rest) = layers.split_at(layers.len().min(layer as usize - 1));
        let first: usize = before.iter().sum();
        let bits: Vec<usize> = (first..first + rest.first().copied().unwrap_or_default()).collect();
        Self { codes: self.codes.select(&bits), ..*self }
    }
}

/// Encodes the first `counts[cohort]` of `examples` by every network of each cohort of `networks`, in its order; `medians` are those of its
/// channels over its training examples.
pub async fn encode(
    networks: &Networks,
    examples: &Examples,
    counts: &[usize],
    medians: &Medians,
) -> Result<Vec<Encoding>, NetworkError> {
    match networks {
        Networks::Dense(population) => encode_population(population, examples, counts).await,
        #[cfg(feature = "burn")]
        Networks::Convolutional(own) if !networks.have_kernels() => {
            encode_on_device(own, examples, counts.first().copied().unwrap_or_default(), medians).await
        }
        Networks::Convolutional(networks) => {
            let count = counts.first().copied().unwrap_or_default();
            let medians = |index: usize| medians.0.get(index).map_or(&[][..], |own| own);
            let own = networks.networks.iter().enumerate();
            own.map(|(index, one)| encode_convolutional(one, examples, count, medians(index))).collect()
        }
    }
}

async fn encode_population(
    population: &Population,
    examples: &Examples,
    counts: &[usize],
) -> Result<Vec<Encoding>, NetworkError> {
    let blank = |member: Member| Encoding {
        codes: CodeMatrix::zeros(counts[member.cohort], member.bits),
        accuracy: 0.0,
        finite: true,
    };
    let mut encodings: Vec<_> = population.members().map(blank).collect();
    let mut correct = vec![0; population.len()];

    // Cohorts may encode different numbers of examples: between one count and the next, those that still have examples.
    let mut levels = counts.to_vec();
    levels.sort_unstable();
    levels.dedup();
    let mut done = 0;
    for level in levels {
        let cohorts: Vec<usize> = (0..counts.len()).filter(|&cohort| counts[cohort] >= level).collect();
        let networks = population.of_cohorts(&cohorts);
        let whole: Vec<usize> = members_of(population, &cohorts).collect();
        for start in (done..level).step_by(rows_at_a_time(&networks)) {
            let rows = start..level.min(start + rows_at_a_time(&networks));
            let seen = look(&networks, examples, rows).await?;
            for (member, &index) in networks.members().zip(&whole) {
                record(&seen, member, &mut encodings[index].codes);
                encodings[index].finite &= seen.finite[member.index];
                correct[index] += seen.correct[member.index];
            }
        }
        done = level;
    }
    for ((encoding, correct), member) in encodings.iter_mut().zip(correct).zip(population.members()) {
        encoding.accuracy = correct as f64 / counts[member.cohort] as f64;
    }
    Ok(encodings)
}

/// Sets the bits of one network.
fn record(seen: &Seen, member: Member, codes: &mut CodeMatrix) {
    for (layer, firing) in seen.layers.iter().enumerate() {
        let (group, first) = member.place(layer);
        firing.write(group, first..first + member.width, codes, seen.rows.start, layer * member.width);
    }
}

fn members_of(population: &Population, cohorts: &[usize]) -> impl Iterator<Item = usize> {
    population.members().filter(|member| cohorts.contains(&member.cohort)).map(|member| member.index)
}

fn rows_at_a_time(networks: &Population) -> usize {
    if is_host(networks.device()) {
        HOST_ROWS
    } else {
        (DEVICE_ACTIVATIONS / networks.widest_layer()).clamp(1, DEVICE_ROWS)
    }
}
