//! One-vs-one logistic regression with an L2 penalty, fit by L-BFGS.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::ballot::{Ballot, Decision, SIDE_BY_SIDE};
use super::compared::Compared;
use super::half_table::{ByteCodes, HalfTable, VALUES};
use super::lbfgs::{Minimiser, euclidean};
use super::long::{Distances, FarDecision, Pair};
use super::pairs::{OfClass, Sides};
use super::{Labelled, PropertiesError};
use crate::code::CodeMatrix;

/// scikit-learn's default.
pub(super) const MOST_ITERATIONS: u32 = 100;
/// L-BFGS stops where no part of the gradient is above this, for a loss averaged over examples (scikit-learn's default).
pub(super) const GRADIENT_TOLERANCE: f64 = 1e-4;

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
    predict_compared(&Compared::of(train.codes), train.labels, test, classes, penalty)
}

/// The same, of codes that have been compared.
pub(super) fn predict_compared(
    train: &Compared<'_>,
    labels: &[u8],
    test: &CodeMatrix,
    classes: usize,
    penalty: Penalty,
) -> Result<Vec<u8>, PropertiesError> {
    predict_in_groups(train, labels, test, classes, penalty, pairs_together(train.codes.bits()))
}

/// The same, so many pairs at a time: which changes nothing but the memory.
fn predict_in_groups(
    train: &Compared<'_>,
    labels: &[u8],
    test: &CodeMatrix,
    classes: usize,
    penalty: Penalty,
    together: usize,
) -> Result<Vec<u8>, PropertiesError> {
    let examples = Training::of(train, labels, classes);
    if let [label] = examples.labels[..] {
        return Ok(vec![label; test.rows()]); // a single label in training: nothing else can be said
    }
    let mut ballot = Ballot::of(test, examples.labels.len());
    let labels = examples.labels.len();
    let pairs: Vec<[usize; 2]> = (0..labels).flat_map(|j| (0..j).map(move |i| [i, j])).collect();
    match examples.distances {
        Some(distances) => ballot.count_far(&pairs, &examples.fit_far(&pairs, distances, penalty)?, &examples.codes),
        None => {
            for pairs in pairs.chunks(together) {
                ballot.count(&examples.fit_together(pairs, penalty)?);
            }
        }
    }
    Ok(ballot.winners(&examples.labels))
}

/// Training codes, sorted by what is asked of them.
struct Training<'a> {
    bits: usize,
    codes: ByteCodes,
    distances: Option<&'a Distances>,
    /// The labels that occur, rising.
    labels: Vec<u8>,
    /// For each of them its codes, and, where they are looked up in tables, what is known of them beforehand.
    of_class: Vec<OfClass>,
    totals: Vec<Totals>,
}

impl<'a> Training<'a> {
    fn of(train: &'a Compared<'_>, labels: &[u8], classes: usize) -> Self {
        let codes = ByteCodes::new(train.codes, train.distinct.first_rows.iter().copied());
        // Examples of one code and one label are one example that counts several times.
        let mut of_label = vec![OfClass::default(); classes];
        let mut places = HashMap::with_hasher(FixedState::default());
        for (&number, &label) in train.distinct.number_of_row.iter().zip(labels) {
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
        let distances = train.distances.as_ref();
        let by_bits = of_class.iter().filter(|_| distances.is_none());
        let totals = by_bits.map(|class| Totals::of(class, &codes, bits)).collect();
        Self { bits, codes, distances, labels, of_class, totals }
    }

    /// The classifiers of some pairs of labels, from the distances between the codes.
    fn fit_far(
        &self,
        pairs: &[[usize; 2]],
        distances: &Distances,
        penalty: Penalty,
    ) -> Result<Vec<FarDecision>, PropertiesError> {
        let decision = |&classes: &[usize; 2]| {
            let pair = Pair::new(&self.codes, distances, classes.map(|class| &self.of_class[class]), penalty);
            pair.fit(distances).ok_or_else(|| self.no_slope(classes))
        };
        pairs.iter().map(decision).collect()
    }

    /// The classifiers of some pairs of labels, whose gradients are computed together.
    fn fit_together(&self, pairs: &[[usize; 2]], penalty: Penalty) -> Result<Vec<Decision>, PropertiesError> {
        let mut fits: Vec<_> = pairs.iter().map(|&pair| Fit::new(pair, &self.totals, penalty)).collect();
        while fits.iter().any(|fit| !fit.minimiser.is_done()) {
            gradients(&mut fits, &self.codes, &self.of_class, self.bits);
            for fit in fits.iter_mut().filter(|fit| !fit.minimiser.is_done()) {
                if !fit.go_on() {
                    return Err(self.no_slope(fit.classes));
                }
            }
        }
        Ok(fits.into_iter().map(|Fit { classes, weights, .. }| Decision { classes, weights }).collect())
    }

    fn no_slope(&self, pair: [usize; 2]) -> PropertiesError {
        let [first, second] = pair.map(|class| self.labels[class]);
        PropertiesError::Logistic(first, second)
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
        let minimiser = Minimiser::new(euclidean, weights.len(), MOST_ITERATIONS);
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
    use std::array;

    use super::*;
    use crate::properties::long::{BLOCK, between, ones};

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
        for train in [Compared::by_tables(&codes), Compared::by_distances(&codes)] {
            let all = predict_compared(&train, &labels, &test, 7, FREE).unwrap();
            for together in [1, 2, 5, 20] {
                assert_eq!(predict_in_groups(&train, &labels, &test, 7, FREE, together).unwrap(), all);
            }
        }
        assert_eq!(pairs_together(100), 2_863);
        // Fitting all pairs at once would take 76 GB.
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
        let test = CodeMatrix::from_bytes(&all, 256, 8).unwrap();
        let ways = || [Compared::by_tables(&codes), Compared::by_distances(&codes)];
        let cases = [(false, lbfgs), (true, liblinear)];
        for (train, (intercept, expected)) in cases.into_iter().flat_map(|case| ways().map(|way| (way, case))) {
            let penalty = Penalty { c: 0.05, intercept };
            let said = predict_compared(&train, &labels, &test, 2, penalty).unwrap();
            let packed: Vec<u8> =
                said.chunks_exact(8).map(|eight| eight.iter().fold(0, |byte, bit| 2 * byte + bit)).collect();
            assert_eq!(packed, expected, "intercept penalised: {intercept}");
        }
    }

    #[test]
    fn by_the_distances_between_codes_decisions_are_those_by_their_bits() {
        let bytes: Vec<u8> = (0..90 * 8_u32).map(|at| at.wrapping_mul(2_654_435_761).rotate_left(9) as u8).collect();
        let all = CodeMatrix::from_bytes(&bytes, 90, 64).unwrap();
        let labels: Vec<u8> = (0..90).map(|row| u8::from(all.get(row, 3)) + u8::from(all.get(row, 40))).collect();
        let (codes, test) = all.split_at(60);
        let pairs = [[0, 1], [0, 2], [1, 2]];
        for intercept in [false, true] {
            let penalty = Penalty { c: 0.3, intercept };
            let (far, near) = (Compared::by_distances(&codes), Compared::by_tables(&codes));
            let (far, near) = (Training::of(&far, &labels[..60], 3), Training::of(&near, &labels[..60], 3));
            let asked = ByteCodes::new(&test, 0..30);
            let tile = between(&asked, 0..30, &far.codes, 0..60);
            let on: [f64; BLOCK] = array::from_fn(|lane| if lane < 30 { ones(asked.row(lane)) } else { 0.0 });
            let distances = far.distances.unwrap();
            let decisions = far.fit_far(&pairs, distances, penalty).unwrap();
            for (far, near) in decisions.iter().zip(near.fit_together(&pairs, penalty).unwrap()) {
                for (row, said) in far.of(&tile, &on)[..30].iter().enumerate() {
                    let weights = (0..64).filter(|&bit| test.get(row, bit)).map(|bit| near.weights[bit]);
                    let apart = (said - weights.sum::<f64>() - near.weights[64]).abs();
                    assert!(apart < 0.02, "{apart} apart, intercept penalised: {intercept}");
                }
            }
        }
    }

    #[test]
    fn without_a_telling_bit_the_larger_class_wins() {
        assert_eq!(fit_and_predict(&[0, 0, 0], &[0, 2, 2], &[0]), [2]);
    }
}
