//! Sums of rows of a matrix, each times a factor: what the CPU's training and encoding consist of, where most factors are 0.
//!
//! Columns are taken a block at a time, in arrays of fixed size, which the compiler keeps in vector registers; each column's sum runs
//! over the terms in their order, so that it does not depend on the company it is in.

use super::vectors::{Kernel, vectorised};

/// Columns side by side: eight vectors of 128 bits, enough for one addition not to wait for the last.
const BLOCK: usize = 32;
/// The same at the end of a row; rows that are laid out for it are as wide as a multiple of it.
pub(crate) const LANES: usize = 16;

/// A row of the matrix and its factor.
pub(crate) type Term = (usize, f32);

/// Adds rows of a matrix to `sums`, each times its factor: row `r` begins at `r * stride` and is at least as wide as `sums`.
#[inline(always)]
pub(crate) fn add_rows(terms: &[Term], matrix: &[f32], stride: usize, sums: &mut [f32]) {
    let blocks = sums.len() / BLOCK * BLOCK;
    let lanes = sums.len() / LANES * LANES;
    let (in_blocks, rest) = sums.split_at_mut(blocks);
    let (in_lanes, rest) = rest.split_at_mut(lanes - blocks);
    for (place, block) in in_blocks.chunks_exact_mut(BLOCK).enumerate() {
        add_block::<BLOCK>(terms, matrix, stride, place * BLOCK, block);
    }
    for block in in_lanes.chunks_exact_mut(LANES) {
        add_block::<LANES>(terms, matrix, stride, blocks, block);
    }
    match rest.len() {
        0 => {}
        1..=4 => add_rest::<4>(terms, matrix, stride, lanes, rest),
        5..=8 => add_rest::<8>(terms, matrix, stride, lanes, rest),
        _ => add_rest::<LANES>(terms, matrix, stride, lanes, rest),
    }
}

#[inline(always)]
fn add_block<const WIDTH: usize>(terms: &[Term], matrix: &[f32], stride: usize, first: usize, sums: &mut [f32]) {
    let mut own = [0.0; WIDTH];
    own.copy_from_slice(sums);
    for &(row, factor) in terms {
        let row = &matrix[row * stride + first..][..WIDTH];
        for (sum, number) in own.iter_mut().zip(row) {
            *sum += factor * number;
        }
    }
    sums.copy_from_slice(&own);
}

/// The columns at the end of a row, `WIDTH` at most, with what follows them in the matrix, which is thrown away: that takes less than one
/// column after the other.
#[inline(always)]
fn add_rest<const WIDTH: usize>(terms: &[Term], matrix: &[f32], stride: usize, first: usize, sums: &mut [f32]) {
    let columns = sums.len();
    let mut own = [0.0; WIDTH];
    own[..columns].copy_from_slice(sums);
    for &(row, factor) in terms {
        let here = &matrix[row * stride + first..];
        let mut end = [0.0; WIDTH];
        let row = here.first_chunk().unwrap_or_else(|| {
            end[..columns].copy_from_slice(&here[..columns]);
            &end
        });
        for (sum, number) in own.iter_mut().zip(row) {
            *sum += factor * number;
        }
    }
    sums.copy_from_slice(&own[..columns]);
}

/// Rows of which most numbers are 0, as the terms of each, one row after the other.
#[derive(Debug, Default)]
pub(crate) struct SparseRows {
    terms: Vec<Term>,
    /// Where each row's terms end.
    ends: Vec<usize>,
}

impl SparseRows {
    pub fn clear(&mut self) {
        self.terms.clear();
        self.ends.clear();
    }

    /// Adds a row, whose terms `fill` appends; gives them.
    pub fn push(&mut self, fill: impl FnOnce(&mut Vec<Term>)) -> &[Term] {
        let first = self.terms.len();
        fill(&mut self.terms);
        self.ends.push(self.terms.len());
        &self.terms[first..]
    }

    /// Their product with a matrix of as many columns as `bias`, which is added to every row.
    pub fn product(&self, matrix: &[f32], bias: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; self.ends.len() * bias.len()];
        vectorised(Product { rows: self, matrix, bias, out: &mut out });
        out
    }
}

struct Product<'a> {
    rows: &'a SparseRows,
    matrix: &'a [f32],
    bias: &'a [f32],
    out: &'a mut [f32],
}

impl Kernel for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let columns = self.bias.len();
        let mut first = 0;
        for (out, &end) in self.out.chunks_exact_mut(columns).zip(&self.rows.ends) {
            out.copy_from_slice(self.bias);
            add_rows(&self.rows.terms[first..end], self.matrix, columns, out);
            first = end;
        }
    }
}

/// The numbers of a row that are not 0, as terms.
#[inline(always)]
pub(crate) fn terms_of(row: &[f32], terms: &mut Vec<Term>) {
    terms.clear();
    terms.extend(row.iter().copied().enumerate().filter(|&(_, number)| number != 0.0));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_any_width_are_added_column_by_column() {
        for width in [1, 15, 16, 31, 32, 47, 70] {
            let stride = width + 3;
            let matrix: Vec<f32> = (0..4 * stride).map(|at| (at as f32 * 0.7).sin()).collect();
            let terms = [(2, 0.5), (0, -1.25), (3, 2.0)];
            let mut sums: Vec<f32> = (0..width).map(|column| column as f32).collect();
            add_rows(&terms, &matrix, stride, &mut sums);
            for (column, sum) in sums.into_iter().enumerate() {
                let wanted = terms
                    .iter()
                    .fold(column as f32, |sum, &(row, factor)| sum + factor * matrix[row * stride + column]);
                assert_eq!(sum, wanted, "width {width}, column {column}");
            }
        }
    }

    #[test]
    fn zeros_are_no_terms() {
        let mut terms = vec![(9, 9.0)];
        terms_of(&[0.0, 2.0, -0.0, 3.0], &mut terms);
        assert_eq!(terms, [(1, 2.0), (3, 3.0)]);
    }
}
