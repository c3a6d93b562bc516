//! Estimates the work of a population without doing it: the operations of its training steps and evaluations, each with its cost.

use super::convolutional_work as convolutional;
use super::memory::Size;
use super::{Plan, PopulationPlan};
use crate::dataset::{Known, Toy};
use crate::network::{Architecture, Convolutional};
use crate::properties;
use crate::training::Protocol;

/// An estimate in seconds of one core of the machine that it was measured on (one of an AMD EPYC of 2021, AVX2); other machines are as
/// many times slower or faster for all of it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Work {
    /// Steps.
    pub training: f64,
    /// Codes taken and measured.
    pub measuring: f64,
}

impl Work {
    /// In all.
    pub fn seconds(&self) -> f64 {
        self.training + self.measuring
    }
}

/// Seconds that one of each takes; measured as `tests/reference/work.py` does it: it runs a hundred small plans, and solves for these numbers.
pub(super) mod seconds {
    /// A multiplication and addition of a first layer over what is not 0, of one over everything, and of a later one; the weights' own steps are
    /// in them.
    pub const FIRST: f64 = 2.0e-10;
    pub const DENSE: f64 = 3.7e-11;
    pub const LATER: f64 = 2.3e-10;
    /// Batch norm of a unit, and dropout, for an example.
    pub const NORM: f64 = 5.5e-9;
    pub const DROPOUT: f64 = 6.4e-9;
    /// What a step takes for each layer of a network.
    pub const NETWORK: f64 = 6.5e-6;
    /// The same of steps that are tensor programs: smooth activations.
    pub const TENSOR: f64 = 1.0e-10;
    pub const TENSOR_NETWORK: f64 = 1.6e-4;
    /// A multiplication and addition while codes are taken, over what is not 0 and over everything.
    pub const CODE: f64 = 9.5e-10;
    pub const DENSE_CODE: f64 = 3.5e-10;
    /// Two codes compared, 64 bits at a time.
    pub const PAIR: f64 = 6.1e-10;
    /// The same of codes that are compared once for all algorithms; measured on 8,000 and 2,000 codes of 17,345 bits.
    pub const LONG_PAIR: f64 = 2.3e-10;
    /// Two of those under all problems of logistic regression, and under one start of K-Means.
    pub const OF_TWO: f64 = 2.2e-8;
    pub const OF_TWO_A_START: f64 = 1.7e-9;
    /// A code under one problem of logistic regression, and in one heap of one start of K-Means.
    pub const PROBLEM: f64 = 8.4e-8;
    pub const HEAP: f64 = 4.8e-8;
    /// What is taken for each network that is looked at, and for each look.
    pub const LOOKED_AT: f64 = 1.2e-3;
    pub const LOOK: f64 = 2.7e-3;
}

/// Columns that are computed together: fewer take as long.
const LANES: f64 = 16.0;
/// Of 100 bits of a trained code about so many are worth a free one.
const FREE_BITS: f64 = 0.65;

impl Plan {
    /// The work of a population; both kinds in about the same proportion on every machine.
    pub fn work(&self, population: PopulationPlan) -> Work {
        let plan = self.at(population.level);
        let protocol = &plan.protocol;
        let Size { inputs, classes, form, .. } = Size::named(&plan.dataset);
        let towers = |width: u32| match protocol.architecture(width as usize, form.picture()) {
            Ok(Architecture::Convolutional(network)) => Some(network),
            Ok(Architecture::Mlp(_)) | Err(_) => None,
        };
        let towers: Option<Vec<Convolutional>> = plan.axes.width.iter().map(|&width| towers(width)).collect();
        let (inputs, classes, full) = (inputs as f64, classes as f64, plan.full() as f64);
        let share = self.known().map_or(1.0, |known| f64::from(known.lit) / 100.0);
        // If most inputs are not 0, or inputs are noise, all are computed.
        let is_dense = share > 0.5 || protocol.noise_inputs || protocol.random_inputs;
        let lit = if is_dense { inputs } else { inputs * share };
        let widths = || plan.axes.width.iter().map(|&width| f64::from(width));
        let lanes = |width: f64| (width / LANES).ceil() * LANES;
        let (side_by_side, networks, later) =
            (widths().sum::<f64>(), widths().count() as f64, f64::from(protocol.depth) - 1.0);
        let squares = later * widths().map(|width| width * lanes(width)).sum::<f64>();

        let batch = f64::from(protocol.batch);
        let steps = self.last_epoch() as f64 * (full / batch).ceil();
        let training = if let Some(networks) = &towers {
            let examples = if protocol.dropout > 0.0 { batch } else { batch.min(f64::from(population.samples)) };
            steps * networks.iter().map(|network| convolutional::step(network, examples, classes)).sum::<f64>()
        } else if protocol.has_kernels() {
            // Examples that repeat within a batch are computed once, unless something is drawn for each.
            let drops = protocol.dropout > 0.0;
            let examples = if drops { batch } else { batch.min(f64::from(population.samples)) };
            let of_unit = [(protocol.batch_norm, seconds::NORM), (drops, seconds::DROPOUT)];
            let follows: f64 = of_unit.into_iter().filter(|(is_there, _)| *is_there).map(|(_, each)| each).sum();
            let depth = later + 1.0;
            steps
                * (if is_dense { seconds::DENSE } else { seconds::FIRST } * examples * lit * lanes(side_by_side)
                    + seconds::LATER * examples * (squares + classes * side_by_side)
                    + follows * examples * depth * side_by_side
                    + seconds::NETWORK * networks * depth)
        } else {
            let products = batch * (inputs * side_by_side + squares + classes * side_by_side);
            steps * (seconds::TENSOR * products + seconds::TENSOR_NETWORK * networks)
        };

        let (train, test) = (f64::from(population.samples), plan.test() as f64);
        let codes = self.codes_of(population).len() as f64;
        // The code of one layer, or of all.
        let layer = protocol.layer.or((codes > 1.0).then_some(1));
        let measured = Protocol { layer, ..protocol.clone() };
        let bits = |width: f64| {
            let known = measured.code_bits(width as u32, form.picture());
            known.map_or(width, |bits| bits as f64)
        };
        // So many lines cut the plane into at most this many regions.
        let regions = |bits: f64| if inputs > 2.0 { f64::INFINITY } else { 1.0 + bits + bits * (bits - 1.0) / 2.0 };
        let distinct = |rows: f64, width: f64| {
            let bits = bits(width);
            rows.min(regions(bits)).min((FREE_BITS * bits).min(40.0).exp2())
        };
        let starts = f64::from(protocol.kmeans_starts);
        let compared = |width: f64| properties::are_compared_once(distinct(train, width) as u64, bits(width) as u64);
        // Seconds for pairs of codes, and codes under each problem and heap.
        let pairs: f64 = widths()
            .map(|width| {
                let (own, words) = (distinct(train, width), (bits(width) / 64.0).ceil());
                if !compared(width) {
                    return seconds::PAIR * own * distinct(test, width) * words;
                }
                let all = own * distinct(test, width) + own * own / 2.0;
                seconds::LONG_PAIR * words * all + own * own * (seconds::OF_TWO + seconds::OF_TWO_A_START * starts)
            })
            .sum();
        let codes_each: f64 = widths().filter(|&width| !compared(width)).map(|width| distinct(train, width)).sum();
        let (problems, heaps) = (classes * (classes - 1.0) / 2.0, classes * starts);
        let looks = self.axes.epoch.len() as f64;
        let looking = towers.map_or_else(
            || {
                let first = if is_dense { seconds::DENSE_CODE } else { seconds::CODE } * lit * side_by_side;
                first + seconds::DENSE_CODE * squares
            },
            |networks| networks.iter().map(convolutional::look).sum(),
        );
        let measuring = looks
            * (seconds::LOOK
                + (train + test) * looking
                + codes
                    * (pairs
                        + codes_each * (seconds::PROBLEM * problems + seconds::HEAP * heaps)
                        + seconds::LOOKED_AT * networks));
        Work { training, measuring }
    }

    fn known(&self) -> Option<&'static Known> {
        Known::named(&self.dataset)
    }

    /// Training examples that the data set has, known before it is loaded.
    fn full(&self) -> u64 {
        self.known().map_or(Toy::TRAIN as u64, |known| known.train.into())
    }

    fn test(&self) -> u64 {
        self.known().map_or(Toy::TEST as u64, |known| known.test.into())
    }
}
