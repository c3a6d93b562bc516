//! The gradients of one-vs-one logistic regression: those of all pairs of classes from one pass over the codes.
//!
//! A code takes part in one pair for every other class: MNIST's ten classes make 45 pairs, and each code is in nine of them. Those nine
//! are computed together in vector registers, and so is their gradient.

use super::half_table::{ByteCodes, HalfTable};
use crate::engine::{Kernel, exp, vectorised};

/// Pairs that are computed side by side.
const MANY: usize = 12;
const FEW: usize = 4;

/// Codes of one class, and how many examples have each.
#[derive(Debug, Clone, Default)]
pub(super) struct OfClass {
    pub codes: Vec<usize>,
    pub counts: Vec<f32>,
}

/// For some pairs that a class takes part in: weights in, sums of the codes' errors out.
pub(super) struct Sides<'a> {
    codes: &'a ByteCodes,
    class: &'a OfClass,
    bits: usize,
}

impl<'a> Sides<'a> {
    pub fn new(codes: &'a ByteCodes, class: &'a OfClass, bits: usize) -> Self {
        Self { codes, class, bits }
    }

    /// `weights` are, for each pair, those that speak for this class, the intercept last. Gives for each pair and weight the sum over
    /// the codes in which it has a part of how wrong the pair is about them: `1 / (1 + e^margin)`.
    pub fn errors(&self, weights: &[Vec<f32>]) -> Vec<Vec<f64>> {
        let mut errors = Vec::with_capacity(weights.len());
        let mut left = weights;
        while !left.is_empty() {
            // Ten classes have nine pairs each. More sizes leave fewer lanes unused, and each is a kernel more.
            let (now, later) = left.split_at(left.len().min(if left.len() > 2 * FEW { MANY } else { FEW }));
            errors.extend(if now.len() > FEW { self.of_lanes::<MANY>(now) } else { self.of_lanes::<FEW>(now) });
            left = later;
        }
        errors
    }

    fn of_lanes<const LANES: usize>(&self, weights: &[Vec<f32>]) -> Vec<Vec<f64>> {
        let weight = |bit: usize| {
            let mut lanes = [0.0; LANES];
            lanes.iter_mut().zip(weights).for_each(|(lane, weights)| *lane = weights[bit]);
            lanes
        };
        let mut sums = HalfTable::new(self.codes.bytes);
        sums.fill(self.bits, weight);
        let mut found = HalfTable::new(self.codes.bytes);
        let intercepts = weight(self.bits);
        let all = vectorised(Pass { sides: self, sums: &sums, intercepts, found: &mut found });
        let mut errors = vec![Vec::with_capacity(self.bits + 1); weights.len()];
        for total in (0..self.bits).map(|bit| found.total(bit)).chain([all]) {
            errors.iter_mut().zip(total).for_each(|(errors, total)| errors.push(f64::from(total)));
        }
        errors
    }
}

struct Pass<'a, const LANES: usize> {
    sides: &'a Sides<'a>,
    sums: &'a HalfTable<f32, LANES>,
    intercepts: [f32; LANES],
    /// Where the errors are added up.
    found: &'a mut HalfTable<f32, LANES>,
}

impl<const LANES: usize> Kernel for Pass<'_, LANES> {
    /// The errors of all codes.
    type Output = [f32; LANES];

    #[inline(always)]
    fn call(self) -> [f32; LANES] {
        let Self { sides: Sides { codes, class, .. }, sums, intercepts, found } = self;
        let mut all = [0.0; LANES];
        for (&code, &count) in class.codes.iter().zip(&class.counts) {
            let code = codes.row(code);
            let margins = sums.products(code, intercepts);
            let mut errors = [0.0; LANES];
            for lane in 0..LANES {
                errors[lane] = error(margins[lane], count);
                all[lane] += errors[lane];
            }
            found.add(code, &errors);
        }
        all
    }
}

/// How wrong a decision is about `count` examples that it should be above 0 for by such a margin: `count / (1 + e^margin)`.
#[inline(always)]
pub(super) fn error(margin: f32, count: f32) -> f32 {
    let small = exp(-margin.abs()); // at most 1, so that nothing overflows
    count * (if margin > 0.0 { small } else { 1.0 }) / (1.0 + small)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::CodeMatrix;

    #[test]
    fn errors_of_any_number_of_pairs_are_those_of_the_formula() {
        let bits = 11;
        let bytes: Vec<u8> = (0..2 * 20).map(|at: usize| (at.wrapping_mul(2_654_435_761) >> 7) as u8).collect();
        let matrix = CodeMatrix::from_bytes(&bytes, 20, bits).unwrap();
        let codes = ByteCodes::new(&matrix, 0..20);
        let class = OfClass { codes: vec![3, 7, 8, 19], counts: vec![1.0, 2.0, 1.0, 5.0] };
        for pairs in [1, 4, 5, 9, 16, 17, 35] {
            let weights: Vec<Vec<f32>> = (0..pairs)
                .map(|pair| (0..=bits).map(|bit| ((pair * 31 + bit * 7) as f32 * 0.37).sin() * 3.0).collect())
                .collect();
            let errors = Sides::new(&codes, &class, bits).errors(&weights);
            assert_eq!(errors.len(), pairs);
            for (weights, errors) in weights.iter().zip(errors) {
                let mut wanted = vec![0.0; bits + 1];
                for (&code, &count) in class.codes.iter().zip(&class.counts) {
                    let part = |bit: usize| bit == bits || matrix.get(code, bit);
                    let margin: f64 = (0..=bits).filter(|&bit| part(bit)).map(|bit| f64::from(weights[bit])).sum();
                    let error = f64::from(count) / (1.0 + margin.exp());
                    (0..=bits).filter(|&bit| part(bit)).for_each(|bit| wanted[bit] += error);
                }
                assert!(errors.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-5), "{errors:?} for {wanted:?}");
            }
        }
    }
}
