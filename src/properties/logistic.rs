//! One-vs-one logistic regression with an L2 penalty, fit by L-BFGS.

use std::array;
use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::half_table::{ByteCodes, HalfTable, VALUES};
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

/// Bytes of fits that are made side by side, about: those of all 45 pairs of ten classes for codes of 6,000 bits. More pairs or longer
/// codes go one group after the other, so that memory does not grow with the square of the number of classes.
const TOGETHER: usize = 64 << 20;
/// Bytes that a fit takes for each weight: its own vectors, those of the minimiser's line, and of the ten steps that it remembers.
const OF_WEIGHT: usize = 29 * size_of::<f64>();
/// Bytes that the tables of [`SIDE_BY_SIDE`] pairs take for each bit.
const OF_BIT: usize = VALUES / 4 * SIDE_BY_SIDE * size_of::<f64>();

/// Bytes that predicting takes at most, beside the codes: a bound on plans and files before anything is allocated by them.
pub(crate) fn bytes(bits: u64, classes: u64, test: u64) -> u64 {
    let pairs = classes.saturating_mul(classes.saturating_sub(1)) / 2;
    let weights = bits.saturating_add(1);
    let together = pairs.min(pairs_together(usize::try_from(bits).unwrap_or(usize::MAX)) as u64);
    let fits = together.saturating_mul(weights).saturating_mul(OF_WEIGHT as u64);
    let tables = together.div_ceil(SIDE_BY_SIDE as u64).saturating_mul(bits).saturating_mul(OF_BIT as u64);
    let votes = test.saturating_mul(classes).saturating_mul((size_of::<f64>() + size_of::<u16>()) as u64);
    fits.saturating_add(tables).saturating_add(votes)
}

fn pairs_together(bits: usize) -> usize {
    (TOGETHER / OF_WEIGHT.saturating_mul(bits.saturating_add(1))).max(1)
}

/// What is added to the losses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Penalty {
    /// Its inverse strength.
    pub c: f64,
    /// Whether the intercept is penalised, too, as liblinear does it; L-BFGS leaves it free.
    pub intercept: bool,
}

/// Fits one classifier for each pair of labels: minimises `0.5 |w|^2 + c * sum of log-losses`, the intercept a weight or free. Gives the label of
/// each test code: most votes of the pairs; among equals, most confidence (scikit-learn's one-vs-one).
pub fn predict(
    train: Labelled<'_>,
    test: &CodeMatrix,
    classes: usize,
    penalty: Penalty,
) -> Result<Vec<u8>, PropertiesError> {
    predict_in_groups(train, test, classes, penalty, pairs_together(train.codes.bits()))
}

/// The same, so many pairs at a time: which changes nothing but the memory.
fn predict_in_groups(
    train: Labelled<'_>,
    test: &CodeMatrix,
    classes: usize,
    penalty: Penalty,
    together: usize,
) -> Result<Vec<u8>, PropertiesError> {
    let examples = Training::of(train, classes);
    if let [label] = examples.labels[..] {
        return Ok(vec![label; test.rows()]); // a single label in training: nothing else can be said
    }
    let mut ballot = Ballot::of(test, examples.labels.len());
    let labels = examples.labels.len();
    let pairs: Vec<[usize; 2]> = (0..labels).flat_map(|j| (0..j).map(move |i| [i, j])).collect();
    for pairs in pairs.chunks(together) {
        ballot.count(&examples.fit(pairs, penalty)?);
    }
    Ok(ballot.winners(&examples.labels))
}

/// Training codes, sorted by what is asked of them.
struct Training {
    bits: usize,
    codes: ByteCodes,
    /// The labels that occur, rising.
    labels: Vec<u8>,
    /// For each of them its codes, and what is known of them beforehand.
    of_class: Vec<OfClass>,
    totals: Vec<Totals>,
}

impl Training {
    fn of(train: Labelled<'_>, classes: usize) -> Self {
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
        let bits = train.codes.bits();
        let labels: Vec<u8> =
            (0..classes).filter(|&label| !of_label[label].codes.is_empty()).map(|label| label as u8).collect();
        let of_class: Vec<_> = labels.iter().map(|&label| std::mem::take(&mut of_label[usize::from(label)])).collect();
        let totals = of_class.iter().map(|class| Totals::of(class, &codes, bits)).collect();
        Self { bits, codes, labels, of_class, totals }
    }

    /// The classifiers of some pairs of labels.
    fn fit(&self, pairs: &[[usize; 2]], penalty: Penalty) -> Result<Vec<Fit>, PropertiesError> {
        let mut fits: Vec<_> = pairs.iter().map(|&pair| Fit::new(pair, &self.totals, penalty)).collect();
        while fits.iter().any(|fit| !fit.minimiser.is_done()) {
            gradients(&mut fits, &self.codes, &self.of_class, self.bits);
            for fit in fits.iter_mut().filter(|fit| !fit.minimiser.is_done()) {
                if !fit.go_on() {
                    let [first, second] = fit.classes.map(|class| self.labels[class]);
                    return Err(PropertiesError::Logistic(first, second));
                }
            }
        }
        Ok(fits)
    }
}

/// What the pairs say of each distinct test code.
struct Ballot {
    bits: usize,
    codes: ByteCodes,
    /// Of each row, which code it has.
    number_of_row: Vec<usize>,
    labels: usize,
    /// `[codes, labels]`.
    votes: Vec<u16>,
    confidence: Vec<f64>,
}

impl Ballot {
    fn of(test: &CodeMatrix, labels: usize) -> Self {
        let Distinct { first_rows, number_of_row } = test.distinct();
        let all = first_rows.len() * labels;
        let codes = ByteCodes::new(test, first_rows);
        Self { bits: test.bits(), codes, number_of_row, labels, votes: vec![0; all], confidence: vec![0.0; all] }
    }

    /// Lets some pairs vote.
    fn count(&mut self, fits: &[Fit]) {
        for fits in fits.chunks(SIDE_BY_SIDE) {
            let weights = |bit: usize| -> [f64; SIDE_BY_SIDE] {
                array::from_fn(|lane| fits.get(lane).map_or(0.0, |fit| fit.weights[bit]))
            };
            let mut table = HalfTable::new(self.codes.bytes);
            table.fill(self.bits, weights);
            let intercepts = weights(self.bits);
            let ballots = self.votes.chunks_exact_mut(self.labels).zip(self.confidence.chunks_exact_mut(self.labels));
            for (code, (votes, confidence)) in ballots.enumerate() {
                let decisions = table.products(self.codes.row(code), intercepts);
                for (decision, fit) in decisions.into_iter().zip(fits) {
                    // Above 0 speaks for the second.
                    let [first, second] = fit.classes;
                    votes[if decision > 0.0 { second } else { first }] += 1;
                    confidence[first] -= decision;
                    confidence[second] += decision;
                }
            }
        }
    }

    /// The label of each row.
    fn winners(self, labels: &[u8]) -> Vec<u8> {
        let ballots = self.votes.chunks_exact(self.labels).zip(self.confidence.chunks_exact(self.labels));
        let winner = |(votes, confidence): (&[u16], &[f64])| {
            // The confidence, squeezed to below a third of a vote, only breaks ties.
            let score =
                |label: usize| f64::from(votes[label]) + confidence[label] / (3.0 * (confidence[label].abs() + 1.0));
            labels[(1..votes.len()).fold(0, |best, next| if score(next) > score(best) { next } else { best })]
        };
        let winners: Vec<u8> = ballots.map(winner).collect();
        self.number_of_row.into_iter().map(|number| winners[number]).collect()
    }
}

/// One pair's weights in the making.
///
/// The minimiser sees them in other units: bits less their mean (what that adds is the intercept's), each as far as
/// makes the loss at the start equally curved along all. That is the same minimum in a half to a third of the steps.
struct Fit {
    /// The places of its labels: above 0 speaks for the second.
    classes: [usize; 2],
    /// Examples of both.
    examples: f64,
    /// `1 / (c * examples)`: the loss is that of an example, so that tolerances mean the same for all sizes.
    penalty: f64,
    /// The same of the intercept.
    of_intercept: f64,
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
    fn new(classes: [usize; 2], totals: &[Totals], Penalty { c, intercept }: Penalty) -> Self {
        let both = classes.map(|class| &totals[class]);
        let examples = both.iter().map(|class| class.examples).sum();
        let means: Vec<f64> =
            both[0].on.iter().zip(&both[1].on).map(|(first, second)| (first + second) / examples).collect();
        let penalty = 1.0 / (c * examples);
        let of_intercept = if intercept { penalty } else { 0.0 };
        let unit = |curvature: f64| 1.0 / curvature.sqrt();
        let units = means
            .iter()
            .map(|mean| unit(0.25 * mean * (1.0 - mean) + penalty))
            .chain([unit(0.25 + of_intercept)])
            .collect();
        let weights = vec![0.0; means.len() + 1];
        let minimiser = Minimiser::new(weights.len(), MOST_ITERATIONS);
        Self {
            classes,
            examples,
            penalty,
            of_intercept,
            means,
            units,
            minimiser,
            weights,
            errors: [Vec::new(), Vec::new()],
        }
    }

    /// Takes in the errors at its weights; false where they have no finite slope.
    fn go_on(&mut self) -> bool {
        let bits = self.means.len();
        let [first, second] = &self.errors;
        let mut slopes: Vec<f64> =
            first.iter().zip(second).map(|(first, second)| (first - second) / self.examples).collect();
        slopes.iter_mut().zip(&self.weights[..bits]).for_each(|(slope, weight)| *slope += self.penalty * weight);
        slopes[bits] += self.of_intercept * self.weights[bits];
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

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: Penalty = Penalty { c: 1.0, intercept: false };

    fn fit_and_predict(bytes: &[u8], labels: &[u8], test: &[u8]) -> Vec<u8> {
        let codes = CodeMatrix::from_bytes(bytes, bytes.len(), 8).unwrap();
        let test = CodeMatrix::from_bytes(test, test.len(), 8).unwrap();
        predict(Labelled { codes: &codes, labels }, &test, 3, FREE).unwrap()
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
    fn in_groups_of_any_size_the_predictions_are_the_same_and_memory_stays_bounded() {
        let bytes: Vec<u8> = (0..2 * 400).map(|at: usize| (at.wrapping_mul(2_654_435_761) >> 9) as u8).collect();
        let (codes, test) = CodeMatrix::from_bytes(&bytes, 400, 16).unwrap().split_at(300);
        let labels: Vec<u8> = (0..300).map(|row| (row % 7) as u8).collect();
        let train = Labelled { codes: &codes, labels: &labels };
        let all = predict(train, &test, 7, FREE).unwrap();
        for together in [1, 2, 5, 20] {
            assert_eq!(predict_in_groups(train, &test, 7, FREE, together).unwrap(), all);
        }
        assert_eq!(pairs_together(100), 2_863);
        // All pairs at once would take 76 GB.
        assert!(super::bytes(10_000, 256, 10_000) < 200_000_000, "{}", super::bytes(10_000, 256, 10_000));
    }

    #[test]
    fn the_intercept_is_free_as_in_lbfgs_or_penalised_as_in_liblinear() {
        // scikit-learn 1.9.1, C = 0.05, both solvers to a tolerance of 1e-8: what they say of every code of 8 bits, a bit each.
        let codes = [
            206, 36, 243, 9, 81, 130, 107, 41, 234, 28, 110, 254, 236, 13, 62, 181, 198, 31, 118, 186, 114, 51, 100,
            85, 153, 179, 114, 3, 109, 96, 122, 4, 208, 238, 187, 17, 219, 39, 221, 149, 237, 199, 121, 199, 112, 151,
            36, 234, 12, 20, 242, 42, 214, 238, 165, 217, 29, 208, 172, 110,
        ];
        let labels = [
            0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1, 0,
            0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1,
        ];
        let (lbfgs, liblinear) = (
            [
                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0, 0, 0, 34, 0, 50, 0, 50, 0, 50, 255, 255, 255,
                255,
            ],
            [
                0, 0, 0, 0, 32, 160, 0, 0, 160, 160, 0, 32, 250, 251, 178, 250, 160, 178, 32, 160, 251, 255, 250, 250,
                255, 255, 250, 251, 255, 255, 255, 255,
            ],
        );
        let (codes, all) = (CodeMatrix::from_bytes(&codes, 60, 8).unwrap(), (0..=255).collect::<Vec<u8>>());
        let (train, test) =
            (Labelled { codes: &codes, labels: &labels }, CodeMatrix::from_bytes(&all, 256, 8).unwrap());
        for (intercept, expected) in [(false, lbfgs), (true, liblinear)] {
            let said = predict(train, &test, 2, Penalty { c: 0.05, intercept }).unwrap();
            let packed: Vec<u8> =
                said.chunks_exact(8).map(|eight| eight.iter().fold(0, |byte, bit| 2 * byte + bit)).collect();
            assert_eq!(packed, expected, "intercept penalised: {intercept}");
        }
    }

    #[test]
    fn without_a_telling_bit_the_larger_class_wins() {
        assert_eq!(fit_and_predict(&[0, 0, 0], &[0, 2, 2], &[0]), [2]);
    }
}
