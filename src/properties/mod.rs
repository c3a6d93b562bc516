//! The encoding properties of neural codes: [`redundancy`] and the accuracies of [`kmeans`], [`knn`] and [`logistic`], computed from two
//! code matrices and their labels.
//!
//! *Determinism* is measured by the redundancy ratio, *categorization* by how well algorithms that see the code alone
//! classify. Codes repeat, and more so in smaller networks; every algorithm here therefore works on distinct codes
//! with their counts, which gives the same results in less time. K-Means and logistic regression look short codes up in
//! tables of their bits; of codes that are longer than there are examples they see the distances from each other alone.

mod assignment;
mod ballot;
mod columns;
mod compared;
pub mod euclidean;
mod half_table;
pub mod kmeans;
pub mod knn;
mod lbfgs;
mod lloyd;
pub mod logistic;
mod long;
mod pairs;
mod redundancy;

pub(crate) use knn::hamming;
pub(crate) use long::are_worthwhile as are_compared_once;
pub use redundancy::redundancy;

use rand::rngs::ChaCha8Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::code::CodeMatrix;
use compared::Compared;

/// Codes with the labels of their examples.
#[derive(Debug, Clone, Copy)]
pub struct Labelled<'a> {
    /// One row an example.
    pub codes: &'a CodeMatrix,
    /// One label per example, below the number of classes.
    pub labels: &'a [u8],
}

/// A number of the training and of the test examples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Split {
    /// On the training examples.
    #[schemars(range(min = 0, max = 1))]
    pub train: f64,
    /// On the test examples.
    #[schemars(range(min = 0, max = 1))]
    pub test: f64,
}

/// How the properties are measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// Labels are below this; also the number of clusters.
    pub classes: usize,
    /// K-NN: number of neighbours.
    pub neighbours: usize,
    /// K-Means: number of starts, of which the best is kept.
    pub kmeans_starts: usize,
    /// K-Means: whether clusters are assigned to classes one to one, as well as can be, instead of each to its majority.
    pub kmeans_assignment: bool,
    /// Logistic regression: inverse strength of the penalty.
    pub logistic_c: f64,
    /// Logistic regression: whether the intercept is penalised like a weight (liblinear) or free (L-BFGS).
    pub penalised_intercept: bool,
}

impl Measure {
    fn logistic(&self) -> logistic::Penalty {
        logistic::Penalty { c: self.logistic_c, intercept: self.penalised_intercept }
    }
}

/// Determinism and categorization of one network's codes.
#[derive(Debug, Clone, PartialEq)]
pub struct EncodingProperties {
    /// Bits that are not constant over training and test examples together; the others are not seen by what follows.
    pub bits: usize,
    /// Redundancy ratio, 0 a perfect hash.
    pub redundancy: Split,
    /// K-Means: clusters of the training codes; and, apart from them, of the test codes.
    pub kmeans: Split,
    /// K-Means: the training examples' labels as their clusters are named.
    pub kmeans_named: Vec<u8>,
    /// K-Means: sum of squared distances of the training codes to their centres.
    pub inertia: f64,
    /// K-NN, fit on training codes: the test examples' predicted labels.
    pub knn: Vec<u8>,
    /// One-vs-one logistic regression, fit on training codes: the test examples' predicted labels.
    pub logistic: Vec<u8>,
}

/// Codes that cannot be measured.
#[derive(Debug, Error, PartialEq)]
pub enum PropertiesError {
    /// Codes and labels differ in number.
    #[error("{set} set: {codes} codes but {labels} labels: give each code one label")]
    Labels {
        /// `training` or `test`.
        set: &'static str,
        /// Codes found.
        codes: usize,
        /// Labels found.
        labels: usize,
    },
    /// Nothing to measure.
    #[error("the {0} set is empty: give at least one code")]
    Empty(&'static str),
    /// A label no class has.
    #[error("{set} label {row} is {label}, but there are {classes} classes: labels count from 0")]
    Class {
        /// `training` or `test`.
        set: &'static str,
        /// Its place.
        row: usize,
        /// The label.
        label: u8,
        /// Classes there are.
        classes: usize,
    },
    /// A penalty beyond all numbers.
    #[error("logistic regression of class {0} against {1} has no finite slope: use a larger logistic_c")]
    Logistic(u8, u8),
}

impl EncodingProperties {
    /// Measures codes of training and of test examples; `random` seeds K-Means.
    pub fn of(
        train: Labelled<'_>,
        test: Labelled<'_>,
        measure: Measure,
        random: &mut ChaCha8Rng,
    ) -> Result<Self, PropertiesError> {
        train.check("training", measure.classes)?;
        test.check("test", measure.classes)?;
        let redundancy = Split { train: redundancy(train.codes), test: redundancy(test.codes) };
        let (train_codes, test_codes) = CodeMatrix::without_constant_bits(train.codes, test.codes);
        let train = Labelled { codes: &train_codes, ..train };
        let test = Labelled { codes: &test_codes, ..test };
        let named =
            |clusters: &_, labels: &_| kmeans::named(clusters, labels, measure.classes, measure.kmeans_assignment);
        let compared = Compared::of(train.codes);
        let clusters = kmeans::fit_compared(&compared, measure.classes, measure.kmeans_starts, random);
        let logistic =
            logistic::predict_compared(&compared, train.labels, test.codes, measure.classes, measure.logistic())?;
        // Distances take much memory.
        drop(compared);
        let kmeans_named = named(&clusters, train.labels);
        let test_clusters = kmeans::fit(test.codes, measure.classes, measure.kmeans_starts, random);
        Ok(Self {
            bits: train.codes.bits(),
            redundancy,
            kmeans: Split {
                train: accuracy(&kmeans_named, train.labels),
                test: accuracy(&named(&test_clusters, test.labels), test.labels),
            },
            kmeans_named,
            inertia: clusters.inertia,
            knn: knn::predict(train, test.codes, measure.neighbours, measure.classes),
            logistic,
        })
    }
}

/// Bytes that measuring codes takes at most, the codes themselves included: they lie there once as they are, once without constant
/// bits, and as bytes and columns for the algorithms, one after the other; distances between long ones are held. `test` of the examples are
/// test examples.
pub fn bytes(examples: u64, test: u64, bits: u64, classes: u64) -> u64 {
    let codes = examples.saturating_mul(bits.div_ceil(64)).saturating_mul(8);
    // Row numbers with their distances, predictions, labels.
    let rows = examples.saturating_mul(64);
    let train = examples.saturating_sub(test);
    let in_tables = long::in_tables(test.max(train), bits);
    let algorithms = logistic::bytes(in_tables, classes, test).max(kmeans::bytes(in_tables, classes));
    let distances = long::bytes(test.max(train), bits).max(knn::bytes(train, bits));
    codes.saturating_mul(4).saturating_add(rows).saturating_add(algorithms).saturating_add(distances)
}

impl Labelled<'_> {
    fn check(&self, set: &'static str, classes: usize) -> Result<(), PropertiesError> {
        let (codes, labels) = (self.codes.rows(), self.labels.len());
        if codes != labels {
            return Err(PropertiesError::Labels { set, codes, labels });
        }
        if codes == 0 {
            return Err(PropertiesError::Empty(set));
        }
        match self.labels.iter().position(|&label| usize::from(label) >= classes) {
            Some(row) => Err(PropertiesError::Class { set, row, label: self.labels[row], classes }),
            None => Ok(()),
        }
    }
}

/// Share of predictions that are the labels.
pub fn accuracy(predictions: &[u8], labels: &[u8]) -> f64 {
    let right = predictions.iter().zip(labels).filter(|(prediction, label)| prediction == label).count();
    right as f64 / labels.len() as f64
}
