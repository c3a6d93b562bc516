//! Logistic regression of one pair of classes, from the distances between their codes alone.
//!
//! Weights that start at 0 stay sums of the codes: L-BFGS adds to them gradients, which are such sums, too. So they are kept as the codes'
//! shares in them, of which there are as many as examples, however long the codes are.

use std::array;

use super::{BLOCK, Distances};
use crate::engine::{Kernel, vectorised};
use crate::properties::half_table::ByteCodes;
use crate::properties::lbfgs::Minimiser;
use crate::properties::logistic::{GRADIENT_TOLERANCE, MOST_ITERATIONS, Penalty};
use crate::properties::pairs::{OfClass, error};

/// The minimiser's unit of the intercept: its curvature at the start is 1, too.
const OF_INTERCEPT: f64 = 2.0;
/// Numbers that are multiplied side by side.
const LANES: usize = 16;

/// A pair of classes.
pub(in crate::properties) struct Pair<'a> {
    all: &'a ByteCodes,
    /// The places of both classes' codes in them.
    codes: Vec<usize>,
    /// Of each of them: how many examples have it, below 0 those of the first class.
    counts: Vec<f32>,
    examples: f64,
    penalty: Penalty,
    products: Products,
}

/// The inner products of the codes, in units in which their mean curvature is 1.
#[derive(Default)]
struct Products {
    /// `[codes, codes]`
    of_two: Vec<f32>,
    /// The square of the unit.
    unit: f64,
}

impl<'a> Pair<'a> {
    /// Two classes' codes, which are among `all`, with the distances between these.
    pub fn new(all: &'a ByteCodes, distances: &Distances, classes: [&OfClass; 2], penalty: Penalty) -> Self {
        let codes: Vec<usize> = classes.iter().flat_map(|class| class.codes.iter().copied()).collect();
        let signed = classes.into_iter().zip([-1.0, 1.0]);
        let counts: Vec<f32> =
            signed.flat_map(|(class, sign)| class.counts.iter().map(move |count| sign * count)).collect();
        let examples = counts.iter().map(|&count| f64::from(count.abs())).sum();
        let mut pair = Self { all, codes, counts, examples, penalty, products: Products::default() };
        pair.products = pair.products(distances);
        pair
    }

    fn products(&self, distances: &Distances) -> Products {
        let codes = self.codes.len();
        let mut row = Vec::new();
        let mut of_two = vec![0.0_f32; codes * codes];
        for (own, &code) in of_two.chunks_exact_mut(codes).zip(&self.codes) {
            distances.from(code, &mut row);
            own.iter_mut().zip(&self.codes).for_each(|(own, &other)| *own = row[other] as f32);
        }
        // An inner product is a term for each of the two codes, less half their distance.
        let of_one: Vec<f64> = if self.penalty.intercept {
            // A penalised intercept is the weight of one more bit, which is always on.
            self.codes.iter().map(|&code| 0.5 * (ones(self.all.row(code)) + 1.0)).collect()
        } else {
            // Codes are taken from their mean, which moves the average margin into the free intercept.
            let mean = |row: &[f32]| row.iter().zip(self.shares()).map(|(&far, share)| share * f64::from(far)).sum();
            let means: Vec<f64> = of_two.chunks_exact(codes).map(mean).collect();
            let all: f64 = means.iter().zip(self.shares()).map(|(mean, share)| share * mean).sum();
            means.iter().map(|mean| 0.5 * (mean - 0.5 * all)).collect()
        };
        let square: f64 = of_one.iter().zip(self.shares()).map(|(own, share)| share * 2.0 * own).sum();
        let unit = 1.0 / (0.25 * square + self.ridge());
        for (row, own) in of_two.chunks_exact_mut(codes).zip(&of_one) {
            for (product, other) in row.iter_mut().zip(&of_one) {
                *product = (unit * (own + other - 0.5 * f64::from(*product))) as f32;
            }
        }
        Products { of_two, unit }
    }

    /// Each code's share of the examples.
    fn shares(&self) -> impl Iterator<Item = f64> {
        self.counts.iter().map(|count| f64::from(count.abs()) / self.examples)
    }

    /// What is added to the loss of an example for the square of the weights, doubled.
    fn ridge(&self) -> f64 {
        1.0 / (self.penalty.c * self.examples)
    }

    /// Minimises the loss; nothing where it has no finite slope.
    pub fn fit(&self, distances: &Distances) -> Option<FarDecision> {
        let codes = self.codes.len();
        let ridge = self.ridge() * self.products.unit;
        let mut minimiser = Minimiser::new(in_span, 2 * codes + 1, MOST_ITERATIONS);
        let mut gradient = vec![0.0; 2 * codes + 1];
        while !minimiser.is_done() {
            let (weights, intercept) = minimiser.at().split_at(2 * codes);
            let errors = self.errors(&weights[codes..], OF_INTERCEPT * intercept[0]);
            let sums = self.products.with(&errors);
            for ((slope, &error), weight) in gradient.iter_mut().zip(errors.iter().chain(&sums)).zip(weights) {
                *slope = f64::from(error) / self.examples + ridge * weight;
            }
            gradient[2 * codes] = 0.0;
            let square = in_span(&gradient, &gradient) / self.products.unit;
            let all = if self.penalty.intercept { 0.0 } else { errors.iter().map(|&error| f64::from(error)).sum() };
            let of_intercept = all / self.examples;
            if !(square + of_intercept).is_finite() {
                return None;
            }
            if square <= GRADIENT_TOLERANCE.powi(2) && of_intercept.abs() <= GRADIENT_TOLERANCE {
                minimiser.finish();
            } else {
                gradient[2 * codes] = OF_INTERCEPT * of_intercept;
                minimiser.tell(&gradient);
            }
        }
        Some(self.decision(minimiser.at(), distances))
    }

    /// The classifier that was found.
    fn decision(&self, found: &[f64], distances: &Distances) -> FarDecision {
        let (shares, intercept) = (&found[..self.codes.len()], OF_INTERCEPT * found[2 * self.codes.len()]);
        let unit = self.products.unit;
        let all = unit * shares.iter().sum::<f64>();
        if self.penalty.intercept {
            let shares: Vec<f64> = shares.iter().map(|share| unit * share).collect();
            let ones =
                self.codes.iter().zip(&shares).map(|(&code, share)| share * ones(self.all.row(code))).sum::<f64>();
            return FarDecision { codes: self.codes.clone(), shares, constant: all + 0.5 * ones, of_one: 0.5 * all };
        }
        // Codes are taken from their mean, so that their shares come to 0.
        let shares: Vec<f64> =
            shares.iter().zip(self.shares()).map(|(share, mean)| unit * share - all * mean).collect();
        let mut far = Vec::new();
        let mut of_mean = 0.0;
        for (&code, mean) in self.codes.iter().zip(self.shares()) {
            distances.from(code, &mut far);
            of_mean +=
                mean * self.codes.iter().zip(&shares).map(|(&code, share)| share * f64::from(far[code])).sum::<f64>();
        }
        FarDecision { codes: self.codes.clone(), shares, constant: intercept + 0.5 * of_mean, of_one: 0.0 }
    }

    /// The slope of each code's loss, where its weights come to `sums` and the intercept.
    fn errors(&self, sums: &[f64], intercept: f64) -> Vec<f32> {
        let mut errors: Vec<f32> = sums.iter().map(|sum| (sum + intercept) as f32).collect();
        vectorised(Slopes { counts: &self.counts, margins: &mut errors });
        errors
    }
}

/// A classifier of two classes as what it takes of training codes: of a code's distances from them, half their shares is taken off a number.
pub(in crate::properties) struct FarDecision {
    /// The places of the training codes.
    codes: Vec<usize>,
    shares: Vec<f64>,
    constant: f64,
    /// What a bit that is on adds.
    of_one: f64,
}

impl FarDecision {
    /// What it says of some codes with so many ones, whose distances from every training code are given.
    pub fn of(&self, distances: &[[u32; BLOCK]], ones: &[f64; BLOCK]) -> [f64; BLOCK] {
        let mut sums = [0.0; BLOCK];
        for (&code, share) in self.codes.iter().zip(&self.shares) {
            for (sum, &distance) in sums.iter_mut().zip(&distances[code]) {
                *sum += share * f64::from(distance);
            }
        }
        array::from_fn(|lane| self.constant + self.of_one * ones[lane] - 0.5 * sums[lane])
    }
}

/// Bits of a code that are on.
pub(in crate::properties) fn ones(code: &[u8]) -> f64 {
    f64::from(code.iter().map(|byte| byte.count_ones()).sum::<u32>())
}

/// The inner product of vectors that are sums of codes: each code's share, then what they come to with each code, then the intercept.
fn in_span(one: &[f64], two: &[f64]) -> f64 {
    let codes = one.len() / 2;
    let ([shares @ .., own], [sums @ .., other]) = (one, two) else { return 0.0 };
    shares[..codes].iter().zip(&sums[codes..]).map(|(share, sum)| share * sum).sum::<f64>() + own * other
}

/// Margins in, slopes of the losses out.
struct Slopes<'a> {
    counts: &'a [f32],
    margins: &'a mut [f32],
}

impl Kernel for Slopes<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (margin, &count) in self.margins.iter_mut().zip(self.counts) {
            let right = if count < 0.0 { -*margin } else { *margin };
            *margin = error(right, -count);
        }
    }
}

impl Products {
    /// What shares of the codes come to with each code.
    fn with(&self, shares: &[f32]) -> Vec<f32> {
        vectorised(With { products: self, shares })
    }
}

struct With<'a> {
    products: &'a Products,
    shares: &'a [f32],
}

impl Kernel for With<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn call(self) -> Vec<f32> {
        let mut sums = Vec::with_capacity(self.shares.len());
        let (shares, last_shares) = self.shares.as_chunks::<LANES>();
        for row in self.products.of_two.chunks_exact(self.shares.len()) {
            let (products, last_products) = row.as_chunks::<LANES>();
            let mut sum = [0.0_f32; LANES];
            for (products, shares) in products.iter().zip(shares) {
                for lane in 0..LANES {
                    sum[lane] += products[lane] * shares[lane];
                }
            }
            let last: f32 = last_products.iter().zip(last_shares).map(|(product, share)| product * share).sum();
            sums.push(sum.iter().sum::<f32>() + last);
        }
        sums
    }
}
