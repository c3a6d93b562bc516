//! One-vs-one logistic regression with an L2 penalty, fit by L-BFGS.

use std::cell::RefCell;
use std::collections::HashMap;

use argmin::core::{CostFunction, Error, Executor, Gradient, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;

use super::byte_table::{ByteCodes, ByteHistogram, ByteTable};
use super::softplus::{BLOCK, log_losses};
use super::{Labelled, PropertiesError};
use crate::code::{CodeMatrix, Distinct};
use crate::engine::{Kernel, vectorised};

/// scikit-learn's default.
const MOST_ITERATIONS: u64 = 100;
/// Steps L-BFGS remembers (SciPy's default).
const MEMORY: usize = 10;
/// L-BFGS stops where the gradient's norm is below this, for a loss averaged over examples (scikit-learn's default).
const GRADIENT_TOLERANCE: f64 = 1e-4;

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
    let mut counts: Vec<Vec<(usize, f64)>> = vec![Vec::new(); classes];
    let mut places = HashMap::new();
    for (&number, &label) in number_of_row.iter().zip(train.labels) {
        let of_label = &mut counts[usize::from(label)];
        let place = *places.entry((number, label)).or_insert_with(|| {
            of_label.push((number, 0.0));
            of_label.len() - 1
        });
        of_label[place].1 += 1.0;
    }

    let labels: Vec<u8> = (0..classes).filter(|&label| !counts[label].is_empty()).map(|label| label as u8).collect();
    let pairs: Vec<_> = (0..labels.len()).flat_map(|j| (0..j).map(move |i| (i, j))).collect();
    let bits = train.codes.bits();
    let mut weights = vec![0.0; (bits + 1) * pairs.len()];
    for (pair, &(i, j)) in pairs.iter().enumerate() {
        let (first, second) = (&counts[usize::from(labels[i])], &counts[usize::from(labels[j])]);
        let loss = LogLoss::new(bits, &codes, first, second, c);
        let fitted =
            loss.minimise().map_err(|error| PropertiesError::Logistic(labels[i], labels[j], error.to_string()))?;
        fitted.iter().enumerate().for_each(|(bit, &weight)| weights[bit * pairs.len() + pair] = weight);
    }
    Ok(OneVsOne { labels, pairs, weights })
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
        let mut table = ByteTable::<f64, 16>::new(bytes.bytes, self.pairs.len());
        let row = |bit: usize| &self.weights[bit * self.pairs.len()..][..self.pairs.len()];
        table.fill(codes.bits(), row);
        let mut decisions = vec![0.0; self.pairs.len()];
        let predictions: Vec<u8> = (0..first_rows.len())
            .map(|code| {
                decisions.copy_from_slice(row(codes.bits()));
                table.add_products(bytes.row(code), &mut decisions);
                self.labels[self.winner(&decisions)]
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

/// The penalised log-loss of two classes, divided by the number of examples so that tolerances mean the same for all sizes.
struct LogLoss<'a> {
    bits: usize,
    codes: &'a ByteCodes,
    /// (code, signed count): negative for the first class, positive for the second.
    examples: Vec<(usize, f64)>,
    total: f64,
    /// `1 / (c * examples)`.
    penalty: f64,
    /// The last point asked for, with its loss and gradient: L-BFGS asks for both, one after the other.
    last: RefCell<Evaluation>,
}

struct Evaluation {
    at: Vec<f64>,
    loss: f64,
    gradient: Vec<f64>,
    table: ByteTable<f64, 1>,
    histogram: ByteHistogram,
}

impl<'a> LogLoss<'a> {
    fn new(bits: usize, codes: &'a ByteCodes, first: &[(usize, f64)], second: &[(usize, f64)], c: f64) -> Self {
        let signed = first.iter().map(|&(code, count)| (code, -count)).chain(second.iter().copied());
        let total = first.iter().chain(second).map(|(_, count)| count).sum();
        let last = Evaluation {
            at: Vec::new(),
            loss: 0.0,
            gradient: vec![0.0; bits + 1],
            table: ByteTable::new(codes.bytes, 1),
            histogram: ByteHistogram::new(codes.bytes),
        };
        Self { bits, codes, examples: signed.collect(), total, penalty: 1.0 / (c * total), last: RefCell::new(last) }
    }

    /// Weights of the bits, then the intercept.
    fn minimise(self) -> Result<Vec<f64>, Error> {
        let start = vec![0.0; self.bits + 1];
        if self.gradient(&start)?.iter().map(|slope| slope * slope).sum::<f64>().sqrt() < GRADIENT_TOLERANCE {
            return Ok(start); // nothing tells the classes apart
        }
        let solver = LBFGS::new(MoreThuenteLineSearch::new(), MEMORY).with_tolerance_grad(GRADIENT_TOLERANCE)?;
        let done =
            Executor::new(self, solver).configure(|state| state.param(start).max_iters(MOST_ITERATIONS)).run()?;
        done.state.get_best_param().cloned().ok_or_else(|| Error::msg("no step lowered the loss"))
    }

    fn evaluate(&self, at: &[f64]) {
        let last = &mut *self.last.borrow_mut();
        if last.at == at {
            return;
        }
        let intercept = at[self.bits];
        last.at = at.to_vec();
        last.table.fill(self.bits, |bit| &at[bit..=bit]);
        last.histogram.clear();
        let Evaluation { table, histogram, .. } = last;
        let sum = Summing { codes: self.codes, examples: &self.examples, intercept, table, histogram };
        let (loss, slope) = vectorised(sum);
        let weights = &at[..self.bits];
        let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
        last.loss = loss / self.total + 0.5 * self.penalty * squares;
        let totals = last.histogram.totals();
        for ((slope, total), weight) in last.gradient.iter_mut().zip(totals).zip(weights) {
            *slope = total / self.total + self.penalty * weight;
        }
        last.gradient[self.bits] = slope / self.total;
    }
}

/// The log-losses of all examples, added up, and their gradient: that of the weights goes into `histogram`.
struct Summing<'a> {
    codes: &'a ByteCodes,
    examples: &'a [(usize, f64)],
    intercept: f64,
    table: &'a ByteTable<f64, 1>,
    histogram: &'a mut ByteHistogram,
}

impl Kernel for Summing<'_> {
    /// Loss, and its slope along the intercept.
    type Output = (f64, f64);

    #[inline(always)]
    fn call(self) -> (f64, f64) {
        let (mut loss, mut slope) = (0.0, 0.0);
        for examples in self.examples.chunks(BLOCK) {
            let mut margins = [0.0; BLOCK];
            for (margin, &(code, signed_count)) in margins.iter_mut().zip(examples) {
                let mut decision = [self.intercept];
                self.table.add_products(self.codes.row(code), &mut decision);
                *margin = signed_count.signum() * decision[0];
            }
            let (losses, wrong) = log_losses(&margins);
            for (&(code, signed_count), (own, wrong)) in examples.iter().zip(losses.into_iter().zip(wrong)) {
                loss += signed_count.abs() * own;
                self.histogram.add(self.codes.row(code), -signed_count * wrong);
                slope -= signed_count * wrong;
            }
        }
        (loss, slope)
    }
}

impl CostFunction for LogLoss<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, at: &Vec<f64>) -> Result<f64, Error> {
        self.evaluate(at);
        Ok(self.last.borrow().loss)
    }
}

impl Gradient for LogLoss<'_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, at: &Vec<f64>) -> Result<Vec<f64>, Error> {
        self.evaluate(at);
        Ok(self.last.borrow().gradient.clone())
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
