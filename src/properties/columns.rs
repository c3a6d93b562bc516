//! Codes that lie word by word, all codes side by side, so that their distances from one code are counted by vectors.

use crate::code::CodeMatrix;

/// The first words of all codes, then the second ones, and so on; filled up to whole blocks.
pub(super) struct Columns {
    words: Vec<Vec<u64>>,
}

impl Columns {
    /// The rows `rows` of `codes`, in blocks of `block`.
    pub fn new(codes: &CodeMatrix, rows: &[usize], block: usize) -> Self {
        let word = |word: usize| {
            let mut column: Vec<u64> = rows.iter().map(|&row| codes.row(row)[word]).collect();
            column.resize(column.len().next_multiple_of(block), 0);
            column
        };
        Self { words: (0..codes.bits().div_ceil(64)).map(word).collect() }
    }

    /// The Hamming distances of the codes from `start` on from `code`.
    #[inline(always)]
    pub fn distances(&self, code: &[u64], start: usize, distances: &mut [u32]) {
        distances.fill(0);
        for (column, &word) in self.words.iter().zip(code) {
            for (distance, other) in distances.iter_mut().zip(&column[start..]) {
                *distance += (word ^ other).count_ones();
            }
        }
    }
}
