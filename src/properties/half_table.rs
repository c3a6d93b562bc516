//! Products of 0/1 codes with weights, half a byte of the code at a time.
//!
//! A code of `b` bits times a weight vector is a sum of the weights whose bit is on. All 16 sums that half a byte of the code can ask
//! for are made once; then a product is `b / 4` look-ups instead of `b` multiplications, for several weight vectors side by side. (The
//! 256 sums of a whole byte would halve the look-ups, but do not stay in the nearest cache, and take longer to make than small samples
//! take to look up.)

use std::ops::{Add, AddAssign};

use crate::code::CodeMatrix;

/// Values of half a byte.
pub(super) const VALUES: usize = 16;

/// Some codes of a matrix, as bytes: `[codes, bytes]`.
pub(super) struct ByteCodes {
    pub bytes: usize,
    values: Vec<u8>,
}

impl ByteCodes {
    /// The rows `rows` of `codes`.
    pub fn new(codes: &CodeMatrix, rows: impl IntoIterator<Item = usize>) -> Self {
        let values = rows.into_iter().flat_map(|row| codes.bytes(row)).collect();
        Self { bytes: codes.bits().div_ceil(8), values }
    }

    pub fn rows(&self) -> usize {
        self.values.len() / self.bytes.max(1)
    }

    #[inline(always)]
    pub fn row(&self, row: usize) -> &[u8] {
        &self.values[row * self.bytes..][..self.bytes]
    }
}

/// Sums of weights for every value that half a byte of a code can have there, `[2 * bytes, 16]`, each of `LANES` columns side by side.
pub(super) struct HalfTable<T, const LANES: usize> {
    sums: Vec<[T; LANES]>,
}

impl<T: Copy + Default + Add<Output = T> + AddAssign, const LANES: usize> HalfTable<T, LANES> {
    /// Room for codes of `bytes` bytes; all weights are 0.
    pub fn new(bytes: usize) -> Self {
        Self { sums: vec![[T::default(); LANES]; 2 * bytes * VALUES] }
    }

    /// Takes new weights: `weights(bit)` gives the columns' weights of a bit; bits past `bits` weigh nothing.
    pub fn fill(&mut self, bits: usize, weights: impl Fn(usize) -> [T; LANES]) {
        for (half, sums) in self.sums.chunks_exact_mut(VALUES).enumerate() {
            for bit in 0..4 {
                let weight = if 4 * half + bit < bits { weights(4 * half + bit) } else { [T::default(); LANES] };
                // Values with `bit` as their highest bit are those below it, plus its weight.
                let (below, above) = sums.split_at_mut(1 << bit);
                for (above, below) in above.iter_mut().zip(below) {
                    each_four(above, below, &weight, |above, below, weight| *above = below + weight);
                }
            }
        }
    }

    /// A code's products, one a column, each added to its `start`.
    #[inline(always)]
    pub fn products(&self, code: &[u8], start: [T; LANES]) -> [T; LANES] {
        let mut products = start;
        for (halves, &byte) in self.sums.chunks_exact(2 * VALUES).zip(code) {
            let (low, high) = (&halves[usize::from(byte & 15)], &halves[VALUES + usize::from(byte >> 4)]);
            each_four(&mut products, low, high, |product, low, high| *product += low + high);
        }
        products
    }

    /// The transpose: adds `amounts`, one a column, under both halves of every byte of a code.
    #[inline(always)]
    pub fn add(&mut self, code: &[u8], amounts: &[T; LANES]) {
        for (halves, &byte) in self.sums.chunks_exact_mut(2 * VALUES).zip(code) {
            let (lower, upper) = halves.split_at_mut(VALUES);
            for (half, value) in [(lower, byte & 15), (upper, byte >> 4)] {
                each_four(&mut half[usize::from(value)], amounts, amounts, |half, amount, _| *half += amount);
            }
        }
    }

    /// What was added under a bit.
    pub fn total(&self, bit: usize) -> [T; LANES] {
        let mut total = [T::default(); LANES];
        let values = &self.sums[bit / 4 * VALUES..][..VALUES];
        for (_, sums) in values.iter().enumerate().filter(|(value, _)| value >> (bit % 4) & 1 == 1) {
            each_four(&mut total, sums, sums, |total, sum, _| *total += sum);
        }
        total
    }
}

/// Does something in each lane, in four at a time: of a dozen at once compilers make vectors and leftovers.
#[inline(always)]
pub(super) fn each_four<T: Copy, const LANES: usize>(
    to: &mut [T; LANES],
    one: &[T; LANES],
    other: &[T; LANES],
    with: impl Fn(&mut T, T, T),
) {
    let (to, to_rest) = to.as_chunks_mut::<4>();
    let ((one, one_rest), (other, other_rest)) = (one.as_chunks::<4>(), other.as_chunks::<4>());
    for (to, (one, other)) in to.iter_mut().zip(one.iter().zip(other)) {
        for lane in 0..4 {
            with(&mut to[lane], one[lane], other[lane]);
        }
    }
    for (to, (&one, &other)) in to_rest.iter_mut().zip(one_rest.iter().zip(other_rest)) {
        with(to, one, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_ups_equal_multiplications_and_go_the_same_way_back() {
        let codes = CodeMatrix::from_bytes(&[0b1010_0101, 0b11, 0b1111_0000, 0b01], 2, 10).unwrap();
        let bytes = ByteCodes::new(&codes, 0..2);
        let mut table = HalfTable::<f64, 2>::new(bytes.bytes);
        table.fill(10, |bit| [bit as f64, 1.0]);
        assert_eq!(table.products(bytes.row(0), [0.0, 0.5]), [0.0 + 2.0 + 5.0 + 7.0 + 8.0 + 9.0, 6.5]);
        assert_eq!(table.products(bytes.row(1), [1.0, 0.0]), [1.0 + 4.0 + 5.0 + 6.0 + 7.0 + 8.0, 5.0]);

        let mut table = HalfTable::<f64, 1>::new(bytes.bytes);
        table.add(bytes.row(0), &[2.0]);
        table.add(bytes.row(1), &[3.0]);
        let totals: Vec<f64> = (0..10).map(|bit| table.total(bit)[0]).collect();
        assert_eq!(totals, [2.0, 0.0, 2.0, 0.0, 3.0, 5.0, 3.0, 5.0, 5.0, 2.0]);
    }
}
