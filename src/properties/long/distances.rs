//! The Hamming distances between codes, each counted once.

use std::ops::Range;

use crate::code::CodeMatrix;
use crate::engine::{Kernel, vectorised};
use crate::properties::columns::BLOCK;
use crate::properties::half_table::{ByteCodes, VALUES};

/// Codes whose distances from [`BLOCK`] others stay in a cache while the codes' bytes are gone through.
const TILE: usize = 256;
/// Bytes of the codes that are gone through at a time: their table stays in the nearest cache, and a byte holds the count of their bits.
const SEGMENT: usize = 16;

/// Codes of up to so many bits are looked up in tables sooner, and so are those with fewer bits than half as many as there are codes.
const SHORT: u64 = 4_096;
/// Bytes that all distances may take, with the inner products of one pair of classes.
const MOST_BYTES: u64 = 512_000_000;

/// The distances of some codes from each other, `[points, points]`.
pub(in crate::properties) struct Distances {
    points: usize,
    stored: Stored,
}

/// In the smaller type that holds the length of a code.
enum Stored {
    Short(Vec<u16>),
    Long(Vec<u32>),
}

impl Distances {
    /// Those of the rows `rows` of `codes`; none where they would not pay.
    pub fn worthwhile(codes: &CodeMatrix, rows: &[usize]) -> Option<Self> {
        let (points, bits) = (rows.len() as u64, codes.bits() as u64);
        (are_worthwhile(points, bits) && are_counted(codes.rows() as u64, bits)).then(|| Self::of(codes, rows))
    }

    /// Those of the rows `rows` of `codes`.
    pub fn of(codes: &CodeMatrix, rows: &[usize]) -> Self {
        let points = rows.len();
        let stored = match u16::try_from(codes.bits()) {
            Ok(_) => Stored::Short(vec![0; points * points]),
            Err(_) => Stored::Long(vec![0; points * points]),
        };
        let mut distances = Self { points, stored };
        let codes = ByteCodes::new(codes, rows.iter().copied());
        for first in (0..points).step_by(BLOCK) {
            let abreast = first..points.min(first + BLOCK);
            // Distances to earlier codes were set in their turn.
            for (tile, row) in between(&codes, abreast.clone(), &codes, first..points).iter().zip(first..) {
                abreast.clone().zip(tile).for_each(|(lane, &distance)| distances.set(row, lane, distance));
            }
        }
        distances
    }

    /// How many codes there are.
    pub fn points(&self) -> usize {
        self.points
    }

    /// Writes those from one code to every code into `to`.
    pub fn from(&self, point: usize, to: &mut Vec<u32>) {
        let row = point * self.points..(point + 1) * self.points;
        to.clear();
        match &self.stored {
            Stored::Short(all) => to.extend(all[row].iter().copied().map(u32::from)),
            Stored::Long(all) => to.extend_from_slice(&all[row]),
        }
    }

    fn set(&mut self, one: usize, other: usize, distance: u32) {
        for place in [one * self.points + other, other * self.points + one] {
            match &mut self.stored {
                Stored::Short(all) => all[place] = distance as u16,
                Stored::Long(all) => all[place] = distance,
            }
        }
    }
}

/// Whether it pays to hold the distances between so many codes of so many bits.
pub(crate) fn are_worthwhile(points: u64, bits: u64) -> bool {
    bits > SHORT.max(points / 2) && points.saturating_mul(points).saturating_mul(of_two(bits)) <= MOST_BYTES
}

/// Whether sums over so many examples stay within 32 bits.
fn are_counted(examples: u64, bits: u64) -> bool {
    examples.saturating_mul(bits) <= u32::MAX.into()
}

/// Of so many bits, those that are ever looked up in tables for at most so many examples: longer codes are compared by their distances.
pub(in crate::properties) fn in_tables(examples: u64, bits: u64) -> u64 {
    let are_compared = are_worthwhile(examples, bits) && are_counted(examples, bits);
    if are_compared { bits.min(SHORT.max(examples / 2)) } else { bits }
}

/// Bytes that they take at most where they are held, with the inner products of one pair of classes.
pub(in crate::properties) fn bytes(examples: u64, bits: u64) -> u64 {
    let points = examples.min(2 * bits);
    if bits > SHORT { points.saturating_mul(points).saturating_mul(of_two(bits)).min(MOST_BYTES) } else { 0 }
}

/// Those of two codes: the distance, and a 32-bit inner product.
fn of_two(bits: u64) -> u64 {
    let distance = if bits <= u16::MAX.into() { size_of::<u16>() } else { size_of::<u32>() };
    (distance + size_of::<f32>()) as u64
}

/// The distances of up to [`BLOCK`] codes, side by side, from each of some others; codes are of the same length.
pub(in crate::properties) fn between(
    codes: &ByteCodes,
    abreast: Range<usize>,
    others: &ByteCodes,
    rows: Range<usize>,
) -> Vec<[u32; BLOCK]> {
    let mut distances = vec![[0; BLOCK]; rows.len()];
    for (start, distances) in rows.step_by(TILE).zip(distances.chunks_mut(TILE)) {
        vectorised(Between { codes, abreast: abreast.clone(), others, start, distances });
    }
    distances
}

struct Between<'a> {
    codes: &'a ByteCodes,
    abreast: Range<usize>,
    others: &'a ByteCodes,
    start: usize,
    distances: &'a mut [[u32; BLOCK]],
}

impl Kernel for Between<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { codes, abreast, others, start, distances } = self;
        // For each half byte and every value of it: the bits in which each of the codes differs from that value.
        let mut differing = vec![[0_u8; BLOCK]; 2 * SEGMENT * VALUES];
        for first in (0..codes.bytes).step_by(SEGMENT) {
            let segment = first..codes.bytes.min(first + SEGMENT);
            for (place, halves) in segment.clone().zip(differing.chunks_exact_mut(2 * VALUES)) {
                let mut own = [0_u8; BLOCK];
                for (own, row) in own.iter_mut().zip(abreast.clone()) {
                    *own = codes.row(row)[place];
                }
                let (low, high) = halves.split_at_mut(VALUES);
                for value in 0..VALUES {
                    for lane in 0..BLOCK {
                        low[value][lane] = (own[lane] & 15 ^ value as u8).count_ones() as u8;
                        high[value][lane] = (own[lane] >> 4 ^ value as u8).count_ones() as u8;
                    }
                }
            }
            for (row, distances) in (start..).zip(distances.iter_mut()) {
                let mut near = [0_u8; BLOCK];
                for (halves, &byte) in differing.chunks_exact(2 * VALUES).zip(&others.row(row)[segment.clone()]) {
                    let (low, high) = (&halves[usize::from(byte & 15)], &halves[VALUES + usize::from(byte >> 4)]);
                    for lane in 0..BLOCK {
                        near[lane] += low[lane] + high[lane];
                    }
                }
                for (distance, near) in distances.iter_mut().zip(near) {
                    *distance += u32::from(near);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::properties::hamming;

    /// Codes in which nothing repeats.
    fn codes(rows: usize, bits: usize) -> CodeMatrix {
        let bytes: Vec<u8> =
            (0..rows * bits.div_ceil(8)).map(|at| (at.wrapping_mul(2_654_435_761) >> 9) as u8).collect();
        CodeMatrix::from_bytes(&bytes, rows, bits).unwrap()
    }

    #[test]
    fn distances_are_the_bits_in_which_codes_differ_however_many_there_are() {
        for (rows, bits) in [(1, 5), (3, 300), (BLOCK + 1, 129), (TILE + BLOCK + 7, 8 * SEGMENT + 3), (5, 70_001)] {
            let codes = codes(rows, bits);
            let every_second: Vec<usize> = (0..rows).step_by(2).collect();
            let distances = Distances::of(&codes, &every_second);
            let mut row = Vec::new();
            for (point, &one) in every_second.iter().enumerate() {
                distances.from(point, &mut row);
                let wanted: Vec<u32> =
                    every_second.iter().map(|&other| hamming(codes.row(one), codes.row(other))).collect();
                assert_eq!(row, wanted, "from code {point} of {rows} of {bits} bits");
            }
        }
    }

    #[test]
    fn they_are_held_where_codes_are_long_and_few_and_what_that_takes_is_bounded() {
        let (long, short) = (codes(20, 5_000), codes(20, 4_000));
        let rows: Vec<usize> = (0..20).collect();
        assert!(Distances::worthwhile(&long, &rows).is_some());
        assert!(Distances::worthwhile(&short, &rows).is_none());
        assert_eq!((bytes(20, 5_000), bytes(20, 4_000)), (400 * 6, 0));
        assert_eq!((bytes(8_000, 20_000), bytes(8_000, 100_000)), (384_000_000, 512_000_000));
        assert_eq!(bytes(40_000, 100_000), MOST_BYTES);
    }
}
