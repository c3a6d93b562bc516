//! What may be asked for and read: one table for both front ends, held against a plan or a file before anything is allocated by it.

use serde::Serialize;

use super::{Plan, PlanError};
use crate::dataset::{MOST_CLASSES, MOST_INPUTS};

/// The most of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bounds {
    /// ReLUs a hidden layer.
    pub width: u64,
    /// Hidden layers.
    pub depth: u64,
    /// Epochs.
    pub epoch: u64,
    /// Seeds.
    pub seeds: u64,
    /// Squares of a chart, seeds and levels counted.
    pub squares: u64,
    /// Examples a step.
    pub batch: u64,
    /// Neighbours that vote.
    pub neighbours: u64,
    /// Starts of K-Means.
    pub kmeans_starts: u64,
    /// Bytes that one population may take beside the data set: what a WebAssembly module can hold.
    pub bytes: u64,
    /// Bytes of a file that the command line reads: a chart, codes, a network.
    pub file_bytes: u64,
    /// Bytes of a file of a data set, unpacked.
    pub data_bytes: u64,
    /// Bytes of a chart or a network that the page reads.
    pub page_bytes: u64,
    /// Bytes of all files of a reader's own data together, packed as unpacked.
    pub own_bytes: u64,
    /// Pictures of a reader's own.
    pub own_pictures: u64,
    /// Numbers of an example of a reader's own.
    pub own_inputs: u64,
    /// Classes of a reader's own data.
    pub own_classes: u64,
}

/// The table.
pub const BOUNDS: Bounds = Bounds {
    width: 16_384,
    depth: 100,
    epoch: 100_000,
    seeds: 10_000,
    squares: 1_000_000,
    batch: 100_000,
    neighbours: 1_000,
    kmeans_starts: 1_000,
    bytes: 4_000_000_000,
    file_bytes: 2_000_000_000,
    data_bytes: 500_000_000,
    page_bytes: 100_000_000,
    own_bytes: 200_000_000,
    own_pictures: 60_000,
    own_inputs: MOST_INPUTS as u64,
    own_classes: MOST_CLASSES as u64,
};

/// Inputs and classes that a data set has at most, known before it is loaded.
pub(super) const fn size(dataset: &str) -> (u64, u64) {
    match dataset.as_bytes() {
        b"cifar10" => (3_072, 10),
        b"own" => (BOUNDS.own_inputs, BOUNDS.own_classes),
        b"mnist" | b"mnist-small" | b"fashion-mnist" => (784, 10),
        _ => (2, 10),
    }
}

impl Plan {
    /// Holds its numbers against the table.
    pub(super) fn bounded(&self) -> Result<(), PlanError> {
        let axes = &self.axes;
        let most = |values: &[u32]| values.iter().copied().map(u64::from).max().unwrap_or_default();
        bound("axes.width", most(&axes.width), BOUNDS.width)?;
        bound("axes.epoch", most(&axes.epoch), BOUNDS.epoch)?;
        bound("the number of seeds", axes.seed.len() as u64, BOUNDS.seeds)?;
        bound("the number of squares", axes.squares(), BOUNDS.squares)?;
        for level in 0..axes.levels() {
            let plan = self.at(level);
            let protocol = &plan.protocol;
            bound("depth", protocol.depth.into(), BOUNDS.depth)?;
            bound("batch", protocol.batch.into(), BOUNDS.batch)?;
            bound("neighbours", protocol.neighbours.into(), BOUNDS.neighbours)?;
            bound("kmeans_starts", protocol.kmeans_starts.into(), BOUNDS.kmeans_starts)?;
            let bytes = plan.population_bytes();
            if bytes > BOUNDS.bytes {
                return Err(PlanError::Memory { bytes, most: BOUNDS.bytes });
            }
        }
        Ok(())
    }

    /// Bytes that one of its populations takes at most, beside the data set: weights with gradients and Adam's two moments, the
    /// activations of a batch and their gradients, those of the 500 examples that are encoded at a time, and the codes.
    pub fn population_bytes(&self) -> u64 {
        let (inputs, classes) = size(&self.dataset);
        let widths = || self.axes.width.iter().copied().map(u64::from);
        let (networks, widest) = (widths().count() as u64, widths().max().unwrap_or_default());
        let side_by_side = widths().fold(0, u64::saturating_add);
        let later = u64::from(self.protocol.depth.saturating_sub(1));
        let product = |factors: &[u64]| factors.iter().fold(1, |product: u64, &factor| product.saturating_mul(factor));
        let sum = |terms: &[u64]| terms.iter().fold(0, |sum: u64, &term| sum.saturating_add(term));
        let weights = sum(&[
            product(&[inputs, side_by_side]),
            product(&[later, networks, widest, widest]),
            product(&[networks, widest, classes]),
        ]);
        let activations =
            sum(&[inputs, side_by_side, product(&[later, networks, widest]), product(&[networks, classes])]);
        let examples = self.axes.samples.last().map_or(0, |&samples| u64::from(samples)) + 10_000;
        let bits = product(&[side_by_side, u64::from(self.protocol.depth)]);
        sum(&[
            product(&[16, weights]),
            product(&[8, activations, u64::from(self.protocol.batch)]),
            product(&[4, activations, 500]),
            product(&[examples, bits]) / 8,
        ])
    }
}

/// Refuses a number above its bound.
pub(super) fn bound(what: &'static str, value: u64, most: u64) -> Result<(), PlanError> {
    if value <= most { Ok(()) } else { Err(PlanError::Bound { what, value, most }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;
    use crate::training::Preset;

    #[test]
    fn every_preset_is_far_within_the_bounds() {
        for dataset in Dataset::NAMES {
            for preset in Preset::NAMES {
                let plan = Plan::preset(preset.parse().unwrap(), dataset).unwrap();
                plan.bounded().unwrap();
                assert!(plan.population_bytes() < BOUNDS.bytes / 8, "{dataset} {preset}: {}", plan.population_bytes());
            }
        }
    }

    #[test]
    fn what_would_die_of_memory_is_refused_with_the_number() {
        let with = |change: fn(&mut Plan)| {
            let mut plan = Plan::preset(Preset::Quick, "mnist-small").unwrap();
            change(&mut plan);
            plan.check(8_000).unwrap_err().to_string()
        };
        assert_eq!(
            with(|plan| plan.axes.width = vec![100_000_000]),
            "axes.width: 100000000 is more than 16384: use 16384 or less"
        );
        assert_eq!(with(|plan| plan.protocol.depth = u32::MAX), "depth: 4294967295 is more than 100: use 100 or less");
        assert_eq!(
            with(|plan| plan.axes.epoch = (0..50_000).collect()),
            "the number of squares: 1800000 is more than 1000000: use 1000000 or less"
        );
        let wide = with(|plan| {
            plan.axes.width = vec![16_000];
            plan.protocol.depth = 5;
        });
        assert_eq!(
            wide,
            "this plan needs 17.0 GB for a population, and 4.0 GB are the most: use narrower layers, fewer of them or smaller batches"
        );
    }
}
