//! One-vs-one logistic regression with an L2 penalty, fit by L-BFGS.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::half_table::{ByteCodes, HalfTable};
use super::lbfgs::Minimiser;
use super::pairs::{OfClass, Sides};
use super::{Labelled, PropertiesError};
use crate::code::{CodeMatrix, Distinct};

/// scikit-learn's default.
const MOST_ITERATIONS: u32 = 100;
/// L-BFGS stops where no part of the gradient is above this, for a loss averaged over examples (scikit-learn's default).
const GRADIENT_TOLERANCE: f64 = 1e-4;

/// Pairs whose decisions are made side by side.
const SIDE_BY_SIDE: usize = 16;

/// A fitted classifier for every pair of classes that occur.
#[derive(Debug, Clone)]
pub struct OneVsOne {
    /// The labels that occur, rising.
    labels: Vec<u8>,
    /// For each pair `(i, j)`, `i < j`, of places in `labels`: above 0 speaks for `j`.
    pairs: Vec<(usize, usize)>,
    /// `[bits + 1, pairs]`, the last row the intercepts.
    weights: Vec<f64>,
}

/// Fits one classifier for each pair of labels: minimises `0.5 |w|^2 + c * sum of log-losses`, the intercept free.
pub fn fit(train: Labelled<'_>, classes: usize, c: f64) -> Result<OneVsOne, PropertiesError> {
    // Examples of one code and one label are one example that counts several times.
    let Distinct { first_rows, number_of_row } = train.codes.distinct();
    let codes = ByteCodes::new(train.codes, first_rows.iter().copied());
    let mut of_label = vec![OfClass::default(); classes];
    let mut places = HashMap::with_hasher(FixedState::default());
    for (&number, &label) in number_of_row.iter().zip(train.labels) {
        let OfClass { codes, counts } = &mut of_label[usize::from(label)];
        let place = *places.entry((number, label)).or_insert_with(|| {
            codes.push(number);
            counts.push(0.0);
            counts.len() - 1
        });
        counts[place] += 1.0;
    }

    let labels: Vec<u8> =
        (0..classes).filter(|&label| !of_label[label].codes.is_empty()).map(|label| label as u8).collect();
    let of_class: Vec<_> = labels.iter().map(|&label| std::mem::take(&mut of_label[usize::from(label)])).collect();
    let pairs: Vec<_> = (0..labels.len()).flat_map(|j| (0..j).map(move |i| (i, j))).collect();
    let bits = train.codes.bits();
    let totals: Vec<_> = of_class.iter().map(|class| Totals::of(class, &codes, bits)).collect();
    let mut fits: Vec<_> = pairs.iter().map(|&(i, j)| Fit::new([i, j], &totals, c)).collect();
    while fits.iter().any(|fit| !fit.minimiser.is_done()) {
        gradients(&mut fits, &codes, &of_class, bits);
        for fit in fits.iter_mut().filter(|fit| !fit.minimiser.is_done()) {
            if !fit.go_on() {
                let [first, second] = fit.classes.map(|class| labels[class]);
                return Err(PropertiesError::Logistic(first, second));
            }
        }
    }
    let mut weights = vec![0.0; (bits + 1) * pairs.len()];
    for (pair, fit) in fits.iter().enumerate() {
        fit.weights.iter().enumerate().for_each(|(bit, &weight)| weights[bit * pairs.len() + pair] = weight);
    }
    Ok(OneVsOne { labels, pairs, weights })
}

/// One pair's weights in the making.
///
/// The minimiser sees them in other units: bits less their mean (what that adds is the intercept's, which is free), each as far as
/// makes the loss at the start equally curved along all. That is the same minimum in a half to a third of the steps.
struct Fit {
    /// The places of its labels: above 0 speaks for the second.
    classes: [usize; 2],
    /// Examples of both.
    examples: f64,
    /// `1 / (c * examples)`: the loss is that of an example, so that tolerances mean the same for all sizes.
    penalty: f64,
    /// Of each bit, the share of examples in which it is on.
    means: Vec<f64>,
    /// Of each bit and the intercept, the minimiser's unit.
    units: Vec<f64>,
    minimiser: Minimiser,
    /// The weights of the bits, then the intercept.
    weights: Vec<f64>,
    /// For each class, the errors that were summed up under each weight.
    errors: [Vec<f64>; 2],
}

impl Fit {
    fn new(classes: [usize; 2], totals: &[Totals], c: f64) -> Self {
        let both = classes.map(|class| &totals[class]);
        let examples = both.iter().map(|class| class.examples).sum();
        let means: Vec<f64> =
            both[0].on.iter().zip(&both[1].on).map(|(first, second)| (first + second) / examples).collect();
        let penalty = 1.0 / (c * examples);
        let unit = |curvature: f64| 1.0 / curvature.sqrt();
        let units = means.iter().map(|mean| unit(0.25 * mean * (1.0 - mean) + penalty)).chain([unit(0.25)]).collect();
        let weights = vec![0.0; means.len() + 1];
        let minimiser = Minimiser::new(weights.len(), MOST_ITERATIONS);
        Self { classes, examples, penalty, means, units, minimiser, weights, errors: [Vec::new(), Vec::new()] }
    }

    /// Takes in the errors at its weights; false where they have no finite slope.
    fn go_on(&mut self) -> bool {
        let bits = self.means.len();
        let [first, second] = &self.errors;
        let mut slopes: Vec<f64> =
            first.iter().zip(second).map(|(first, second)| (first - second) / self.examples).collect();
        slopes.iter_mut().zip(&self.weights[..bits]).for_each(|(slope, weight)| *slope += self.penalty * weight);
        if slopes.iter().any(|slope| !slope.is_finite()) {
            return false;
        }
        if slopes.iter().all(|slope| slope.abs() <= GRADIENT_TOLERANCE) {
            self.minimiser.finish();
            return true;
        }
        let of_intercept = slopes[bits];
        slopes.iter_mut().zip(&self.means).for_each(|(slope, mean)| *slope -= mean * of_intercept);
        slopes.iter_mut().zip(&self.units).for_each(|(slope, unit)| *slope *= unit);
        self.minimiser.tell(&slopes);
        self.weights.clear();
        self.weights.extend(self.minimiser.at().iter().zip(&self.units).map(|(part, unit)| part * unit));
        self.weights[bits] -= self.weights.iter().zip(&self.means).map(|(weight, mean)| weight * mean).sum::<f64>();
        true
    }
}

/// Of a class.
struct Totals {
    examples: f64,
    /// For how many of them each bit is on.
    on: Vec<f64>,
}

impl Totals {
    fn of(class: &OfClass, codes: &ByteCodes, bits: usize) -> Self {
        let mut table = HalfTable::<f64, 1>::new(codes.bytes);
        class
            .codes
            .iter()
            .zip(&class.counts)
            .for_each(|(&code, &count)| table.add(codes.row(code), &[f64::from(count)]));
        let examples = class.counts.iter().copied().map(f64::from).sum();
        Self { examples, on: (0..bits).map(|bit| table.total(bit)[0]).collect() }
    }
}

/// The errors of all fits that are not done, class by class.
fn gradients(fits: &mut [Fit], codes: &ByteCodes, of_class: &[OfClass], bits: usize) {
    for (class, own) in of_class.iter().enumerate() {
        let mut sides: Vec<_> = fits
            .iter_mut()
            .filter(|fit| !fit.minimiser.is_done())
            .filter_map(|fit| Some((fit.classes.iter().position(|&side| side == class)?, fit)))
            .collect();
        let speaking = |(side, fit): &(usize, &mut Fit)| -> Vec<f32> {
            let sign = if *side == 0 { -1.0 } else { 1.0 };
            fit.weights.iter().map(|weight| (sign * weight) as f32).collect()
        };
        let weights: Vec<_> = sides.iter().map(speaking).collect();
        let errors = Sides::new(codes, own, bits).errors(&weights);
        sides.iter_mut().zip(errors).for_each(|((side, fit), errors)| fit.errors[*side] = errors);
    }
}

impl OneVsOne {
    /// The label of each code: most votes of the pairs; among equals, most confidence (scikit-learn's one-vs-one).
    pub fn predict(&self, codes: &CodeMatrix) -> Vec<u8> {
        let [label] = self.labels[..] else { return self.predict_pairs(codes) };
        vec![label; codes.rows()] // a single label in training: nothing else can be said
    }

    fn predict_pairs(&self, codes: &CodeMatrix) -> Vec<u8> {
        let Distinct { first_rows, number_of_row } = codes.distinct();
        let bytes = ByteCodes::new(codes, first_rows.iter().copied());
        let pairs = self.pairs.len();
        let blocks = pairs.div_ceil(SIDE_BY_SIDE);
        let weights = |block: usize, bit: usize| -> [f64; SIDE_BY_SIDE] {
            let own = &self.weights[bit * pairs..][..pairs];
            std::array::from_fn(|lane| own.get(block * SIDE_BY_SIDE + lane).copied().unwrap_or_default())
        };
        let mut tables: Vec<_> = (0..blocks).map(|_| HalfTable::new(bytes.bytes)).collect();
        tables.iter_mut().enumerate().for_each(|(block, table)| table.fill(codes.bits(), |bit| weights(block, bit)));
        let intercepts: Vec<_> = (0..blocks).map(|block| weights(block, codes.bits())).collect();
        let mut decisions = Vec::with_capacity(blocks * SIDE_BY_SIDE);
        let predictions: Vec<u8> = (0..first_rows.len())
            .map(|code| {
                decisions.clear();
                let of_block = tables.iter().zip(&intercepts);
                of_block.for_each(|(table, start)| decisions.extend(table.products(bytes.row(code), *start)));
                self.labels[self.winner(&decisions[..pairs])]
            })
            .collect();
        number_of_row.into_iter().map(|number| predictions[number]).collect()
    }

    fn winner(&self, decisions: &[f64]) -> usize {
        let (mut votes, mut confidence) = (vec![0.0; self.labels.len()], vec![0.0; self.labels.len()]);
        for (&decision, &(i, j)) in decisions.iter().zip(&self.pairs) {
            votes[if decision > 0.0 { j } else { i }] += 1.0;
            confidence[i] -= decision;
            confidence[j] += decision;
        }
        // The confidence, squeezed to below a third of a vote, only breaks ties.
        let score = |label: usize| votes[label] + confidence[label] / (3.0 * (f64::abs(confidence[label]) + 1.0));
        (1..votes.len()).fold(0, |best, next| if score(next) > score(best) { next } else { best })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit_and_predict(bytes: &[u8], labels: &[u8], test: &[u8]) -> Vec<u8> {
        let codes = CodeMatrix::from_bytes(bytes, bytes.len(), 8).unwrap();
        let test = CodeMatrix::from_bytes(test, test.len(), 8).unwrap();
        fit(Labelled { codes: &codes, labels }, 3, 1.0).unwrap().predict(&test)
    }

    #[test]
    fn a_telling_bit_decides() {
        let (codes, labels) = ([1, 3, 1, 4, 6, 4, 16, 18, 16], [0, 0, 0, 1, 1, 1, 2, 2, 2]);
        assert_eq!(fit_and_predict(&codes, &labels, &[1, 6, 16, 18]), [0, 1, 2, 2]);
    }

    #[test]
    fn a_class_that_never_occurs_is_never_predicted() {
        assert_eq!(fit_and_predict(&[1, 1, 2, 2], &[0, 0, 2, 2], &[1, 2]), [0, 2]);
        assert_eq!(fit_and_predict(&[1, 2], &[1, 1], &[1, 2, 3]), [1, 1, 1]);
    }

    #[test]
    fn without_a_telling_bit_the_larger_class_wins() {
        assert_eq!(fit_and_predict(&[0, 0, 0], &[0, 2, 2], &[0]), [2]);
    }
}
