//! Codes stored by column, so that the Hamming distances from one code to all others are counted with vector instructions.

use std::ops::Add;

use crate::code::CodeMatrix;

/// Codes whose distances are counted together.
pub(super) const BLOCK: usize = 64;

/// What distances are counted in: bytes, of which a vector has the most, where codes are short enough.
pub(super) trait Count: Copy + Ord + Default + Into<u32> + From<u8> + Add<Output = Self> {}

impl Count for u8 {}
impl Count for u32 {}

/// Bytes of a code whose bits a byte can count.
const COUNTED: usize = u8::MAX as usize / 8;

/// The first bytes of all codes, then the second ones, and so on; filled up to whole blocks.
pub(super) struct Columns {
    bytes: Vec<Vec<[u8; BLOCK]>>,
}

impl Columns {
    /// The rows `rows` of `codes`.
    pub fn new(codes: &CodeMatrix, rows: &[usize]) -> Self {
        let column = |place: usize| {
            let mut column = vec![[0; BLOCK]; rows.len().div_ceil(BLOCK)];
            let bytes = rows.iter().map(|&row| byte(codes.row(row), place));
            column.as_flattened_mut().iter_mut().zip(bytes).for_each(|(own, byte)| *own = byte);
            column
        };
        Self { bytes: (0..codes.bits().div_ceil(8)).map(column).collect() }
    }

    /// Whether distances between codes of so many bits can be counted in bytes.
    pub fn suit(bits: usize) -> bool {
        bits.div_ceil(8) <= COUNTED
    }

    /// The Hamming distances of a block's codes from `code`, counted in bytes where these [suit](Self::suit).
    #[inline(always)]
    pub fn distances<C: Count>(&self, code: &[u64], block: usize) -> [C; BLOCK] {
        let mut distances = [C::default(); BLOCK];
        for (index, few) in self.bytes.chunks(COUNTED).enumerate() {
            let mut near = [0_u8; BLOCK];
            for (place, column) in few.iter().enumerate() {
                let own = byte(code, index * COUNTED + place);
                for (near, other) in near.iter_mut().zip(&column[block]) {
                    *near += (own ^ other).count_ones() as u8;
                }
            }
            for (distance, near) in distances.iter_mut().zip(near) {
                *distance = *distance + C::from(near);
            }
        }
        distances
    }
}

#[inline(always)]
fn byte(code: &[u64], place: usize) -> u8 {
    (code[place / 8] >> (8 * (place % 8))) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::properties::hamming;

    #[test]
    fn distances_are_the_bits_in_which_codes_differ_however_many_there_are() {
        for bits in [3, 64, 100, 8 * COUNTED, 8 * COUNTED + 9, 600] {
            let (rows, row_bytes) = (BLOCK + 3, bits.div_ceil(8));
            let bytes: Vec<u8> = (0..rows * row_bytes).map(|at| (at.wrapping_mul(2_654_435_761) >> 9) as u8).collect();
            let mut codes = CodeMatrix::from_bytes(&bytes, rows, bits).unwrap();
            // Two codes that differ in every bit.
            (0..bits)
                .filter(|&bit| !codes.get(0, bit))
                .collect::<Vec<_>>()
                .into_iter()
                .for_each(|bit| codes.set(0, bit));
            let mut none = CodeMatrix::zeros(1, bits);
            let all: Vec<usize> = (0..rows).collect();
            let columns = Columns::new(&codes, &all);
            for code in [none.row(0).to_vec(), codes.row(5).to_vec()] {
                for row in all.iter().copied() {
                    let wanted = hamming(codes.row(row), &code);
                    assert_eq!(columns.distances::<u32>(&code, row / BLOCK)[row % BLOCK], wanted);
                    if Columns::suit(bits) {
                        assert_eq!(u32::from(columns.distances::<u8>(&code, row / BLOCK)[row % BLOCK]), wanted);
                    }
                }
            }
            none.set(0, bits - 1);
            assert_eq!(columns.distances::<u32>(none.row(0), 0)[0], bits as u32 - 1);
        }
    }
}
