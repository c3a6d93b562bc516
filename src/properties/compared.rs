//! Codes, compared with each other once for all algorithms.

use super::long::Distances;
use crate::code::{CodeMatrix, Distinct};

/// Codes with what is asked of them more than once.
pub(super) struct Compared<'a> {
    pub codes: &'a CodeMatrix,
    /// Which are the same.
    pub distinct: Distinct,
    /// How often each distinct code occurs.
    pub counts: Vec<i32>,
    /// How far the distinct codes are from each other, where they are so long that it pays to know.
    pub distances: Option<Distances>,
}

impl<'a> Compared<'a> {
    pub fn of(codes: &'a CodeMatrix) -> Self {
        let distinct = codes.distinct();
        let distances = Distances::worthwhile(codes, &distinct.first_rows);
        Self::with(codes, distinct, distances)
    }

    fn with(codes: &'a CodeMatrix, distinct: Distinct, distances: Option<Distances>) -> Self {
        let mut counts = vec![0; distinct.first_rows.len()];
        distinct.number_of_row.iter().for_each(|&number| counts[number] += 1);
        Self { codes, distinct, counts, distances }
    }

    /// Looked up in tables of their bits, however long they are.
    #[cfg(test)]
    pub fn by_tables(codes: &'a CodeMatrix) -> Self {
        Self::with(codes, codes.distinct(), None)
    }

    /// By their distances, however short they are.
    #[cfg(test)]
    pub fn by_distances(codes: &'a CodeMatrix) -> Self {
        let distinct = codes.distinct();
        let distances = Distances::of(codes, &distinct.first_rows);
        Self::with(codes, distinct, Some(distances))
    }
}
