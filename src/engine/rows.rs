//! Weighted sums of the rows of a matrix, where most weights are 0: the inner loop of the CPU's training and encoding.
//!
//! Columns are processed in blocks of fixed size, which the compiler keeps in vector registers. Each column is summed over the terms in
//! their order, so its result does not depend on which other columns are computed with it.

use super::vectors::{Kernel, vectorised};

/// Columns side by side: eight vectors of 128 bits, enough for one addition not to wait for the last.
const BLOCK: usize = 32;
/// The same at the end of a row; rows that are laid out for it are as wide as a multiple of it.
pub(crate) const LANES: usize = 16;

/// A row of the matrix and its factor.
pub(crate) type Term = (u32, f32);

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
        let row = &matrix[row as usize * stride + first..][..WIDTH];
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
        let here = &matrix[row as usize * stride + first..];
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

    /// How many rows.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Each row's terms.
    pub fn rows(&self) -> impl Iterator<Item = &[Term]> {
        self.ends.iter().scan(0, |first, &end| Some(&self.terms[std::mem::replace(first, end)..end]))
    }

    /// Makes of `turned` the same numbers by column: of each of so many columns the rows in which it is not 0, with the number there.
    pub fn turn(&self, columns: usize, turned: &mut Self) {
        let Self { terms, ends } = turned;
        ends.clear();
        ends.resize(columns, 0);
        self.terms.iter().for_each(|&(column, _)| ends[column as usize] += 1);
        let mut before = 0;
        for end in ends.iter_mut() {
            before += std::mem::replace(end, before);
        }
        // Each column's end is set to its start, and moves on with every term written.
        terms.clear();
        terms.resize(self.terms.len(), (0, 0.0));
        for (place, row) in self.rows().enumerate() {
            for &(column, number) in row {
                let end = &mut ends[column as usize];
                terms[*end] = (place as u32, number);
                *end += 1;
            }
        }
    }

    /// Their product with a matrix of as many columns as `bias`, which is added to every row; a row of the matrix begins every `stride` numbers.
    pub fn product(&self, matrix: &[f32], stride: usize, bias: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; self.ends.len() * bias.len()];
        vectorised(Product { rows: self, matrix, stride, bias, out: &mut out });
        out
    }
}

struct Product<'a> {
    rows: &'a SparseRows,
    matrix: &'a [f32],
    stride: usize,
    bias: &'a [f32],
    out: &'a mut [f32],
}

impl Kernel for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let columns = self.bias.len();
        self.out.chunks_exact_mut(columns).for_each(|out| out.copy_from_slice(self.bias));
        // A few columns for all rows, then the next few: these columns of the matrix fit into a core's own cache, the whole matrix does not.
        for first in (0..columns).step_by(BLOCK) {
            let width = BLOCK.min(columns - first);
            for (out, terms) in self.out.chunks_exact_mut(columns).zip(self.rows.rows()) {
                add_rows(terms, &self.matrix[first..], self.stride, &mut out[first..][..width]);
            }
        }
    }
}

/// Appends those of some numbers that are not 0.
#[inline(always)]
pub(crate) fn push_terms(numbers: impl ExactSizeIterator<Item = f32>, terms: &mut Vec<Term>) {
    // Every number is written, and overwritten by the next if it is 0: a branch here would be mispredicted half of the time.
    let mut found = terms.len();
    terms.resize(found + numbers.len(), (0, 0.0));
    for (place, number) in (0..).zip(numbers) {
        terms[found] = (place, number);
        found += usize::from(number != 0.0);
    }
    terms.truncate(found);
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
                    .fold(column as f32, |sum, &(row, factor)| sum + factor * matrix[row as usize * stride + column]);
                assert_eq!(sum, wanted, "width {width}, column {column}");
            }
        }
    }

    #[test]
    fn zeros_are_no_terms() {
        let mut terms = vec![(9, 9.0)];
        push_terms([0.0, 2.0, -0.0, 3.0].into_iter(), &mut terms);
        assert_eq!(terms, [(9, 9.0), (1, 2.0), (3, 3.0)]);
    }

    #[test]
    fn rows_are_turned_into_columns() {
        let mut rows = SparseRows::default();
        for row in [&[(1, 0.5), (3, 2.0)][..], &[], &[(0, 4.0), (1, -1.0)]] {
            rows.push(|terms| terms.extend(row));
        }
        let mut columns = SparseRows::default();
        for _ in 0..2 {
            rows.turn(4, &mut columns);
            assert_eq!(columns.rows().collect::<Vec<_>>(), [&[(2, 4.0)][..], &[(0, 0.5), (2, -1.0)], &[], &[(0, 2.0)]]);
        }
    }

    #[test]
    fn a_product_is_that_of_the_whole_matrices() {
        let mut rows = SparseRows::default();
        let terms = [(2, 0.5), (0, -1.25)];
        rows.push(|own| own.extend(terms));
        rows.push(|_| {});
        for width in [3, 32, 71] {
            let matrix: Vec<f32> = (0..3 * width).map(|at| (at as f32 * 0.7).sin()).collect();
            let bias: Vec<f32> = (0..width).map(|at| at as f32).collect();
            let mut wanted = bias.clone();
            add_rows(&terms, &matrix, width, &mut wanted);
            assert_eq!(rows.product(&matrix, width, &bias), [wanted.clone(), bias.clone()].concat());
            // A part of its columns.
            assert_eq!(rows.product(&matrix[1..], width, &bias[1..])[..width - 1], wanted[1..]);
        }
    }
}
