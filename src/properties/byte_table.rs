//! Products of 0/1 codes with weights, a byte of the code at a time.
//!
//! A code of `b` bits times a weight vector is a sum of the weights whose bit is on. All 256 sums a byte of the code can
//! ask for are made once; then a product is `b / 8` look-ups instead of `b` multiplications, for all columns side by side.

use std::ops::AddAssign;

use crate::code::CodeMatrix;

/// The distinct codes of a matrix, as bytes: `[codes, bytes]`.
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

    #[inline(always)]
    pub fn row(&self, row: usize) -> &[u8] {
        &self.values[row * self.bytes..][..self.bytes]
    }
}

/// Sums of weights for every byte a code can have there: `[blocks, bytes, 256]` of `LANES` columns side by side, so that
/// the columns of a block are added by whole vectors.
pub(super) struct ByteTable<T, const LANES: usize> {
    bytes: usize,
    sums: Vec<[T; LANES]>,
}

impl<T: Copy + Default + AddAssign, const LANES: usize> ByteTable<T, LANES> {
    /// Room for codes of `bytes` bytes and `columns` weight vectors.
    pub fn new(bytes: usize, columns: usize) -> Self {
        Self { bytes, sums: vec![[T::default(); LANES]; columns.div_ceil(LANES) * bytes * 256] }
    }

    /// Takes new weights: `weights(bit)` gives the columns' weights of a bit; bits past `bits` weigh nothing.
    pub fn fill<'w>(&mut self, bits: usize, weights: impl Fn(usize) -> &'w [T])
    where
        T: 'w,
    {
        let bytes = self.bytes;
        for (place, sums) in self.sums.chunks_exact_mut(256).enumerate() {
            let (block, byte) = (place / bytes, place % bytes);
            sums[0] = [T::default(); LANES];
            for bit in 0..8 {
                let mut weight = [T::default(); LANES];
                if 8 * byte + bit < bits {
                    let own = weights(8 * byte + bit).iter().skip(block * LANES);
                    weight.iter_mut().zip(own).for_each(|(lane, &own)| *lane = own);
                }
                // Values with `bit` as their highest bit are those below it, plus its weight.
                let (below, above) = sums.split_at_mut(1 << bit);
                for (above, below) in above.iter_mut().zip(below) {
                    *above = *below;
                    add(above, &weight);
                }
            }
        }
    }

    /// Adds a code's products to `out`, one a column.
    #[inline(always)]
    pub fn add_products(&self, code: &[u8], out: &mut [T]) {
        for (out, sums) in out.chunks_mut(LANES).zip(self.sums.chunks_exact((self.bytes * 256).max(1))) {
            let mut total = [T::default(); LANES];
            for (&value, sums) in code.iter().zip(sums.chunks_exact(256)) {
                add(&mut total, &sums[usize::from(value)]);
            }
            out.iter_mut().zip(total).for_each(|(out, total)| *out += total);
        }
    }
}

#[inline(always)]
fn add<T: Copy + AddAssign, const LANES: usize>(total: &mut [T; LANES], more: &[T; LANES]) {
    for lane in 0..LANES {
        total[lane] += more[lane];
    }
}

/// The transpose: adds `amount` under every bit that is on, gathered a byte at a time and spread to bits at the end.
pub(super) struct ByteHistogram {
    amounts: Vec<f64>,
}

impl ByteHistogram {
    pub fn new(bytes: usize) -> Self {
        Self { amounts: vec![0.0; bytes * 256] }
    }

    pub fn clear(&mut self) {
        self.amounts.fill(0.0);
    }

    #[inline(always)]
    pub fn add(&mut self, code: &[u8], amount: f64) {
        for (byte, &value) in code.iter().enumerate() {
            self.amounts[byte * 256 + usize::from(value)] += amount;
        }
    }

    /// What was added under each bit, of whole bytes.
    pub fn totals(&self) -> Vec<f64> {
        let mut totals = Vec::with_capacity(self.amounts.len() / 32);
        let mut amounts = [0.0; 256];
        for own in self.amounts.chunks_exact(256) {
            amounts.copy_from_slice(own);
            // Values with the highest bit are the upper half; then the halves are one.
            let mut of_byte = [0.0; 8];
            for bit in (0..8).rev() {
                let (lower, upper) = amounts[..2 << bit].split_at_mut(1 << bit);
                for (lower, &upper) in lower.iter_mut().zip(&*upper) {
                    *lower += upper;
                }
                of_byte[bit] = upper.iter().sum();
            }
            totals.extend(of_byte);
        }
        totals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_ups_equal_multiplications() {
        let codes = CodeMatrix::from_bytes(&[0b1010_0101, 0b11, 0b1111_0000, 0b01], 2, 10).unwrap();
        let bytes = ByteCodes::new(&codes, 0..2);
        let weights: Vec<[f64; 2]> = (0..10).map(|bit| [bit as f64, 1.0]).collect();
        let mut table = ByteTable::<f64, 1>::new(bytes.bytes, 2); // two blocks of one lane
        table.fill(10, |bit| &weights[bit]);
        let products = |row| {
            let mut out = [0.0; 2];
            table.add_products(bytes.row(row), &mut out);
            out
        };
        assert_eq!(products(0), [0.0 + 2.0 + 5.0 + 7.0 + 8.0 + 9.0, 6.0]);
        assert_eq!(products(1), [4.0 + 5.0 + 6.0 + 7.0 + 8.0, 5.0]);

        let mut histogram = ByteHistogram::new(bytes.bytes);
        histogram.add(bytes.row(0), 2.0);
        histogram.add(bytes.row(1), 3.0);
        assert_eq!(histogram.totals()[..10], [2.0, 0.0, 2.0, 0.0, 3.0, 5.0, 3.0, 5.0, 5.0, 2.0]);
    }
}
