//! Products of dense matrices, a tile of the result at a time.
//!
//! A tile stays in vector registers while the factors pass by: the left one packed into panels of as many rows as a tile has, the right one
//! row by row. Each number of the result is the sum of its products in their order, whatever the tile, and no product is fused with a
//! sum: so it comes out the same to the bit on every machine. That costs little where a processor adds beside its multiplications: the
//! bench compares it with the crate `gemm`, which fuses them.

use std::iter;

use super::vectors::{Kernel, vectorised};

/// Rows and columns of a tile: as many sums as fit into 16 registers of 256 bits with what is added to them, and as V8 keeps in 16 of 128.
#[cfg(not(target_arch = "wasm32"))]
const TILE: (usize, usize) = (6, 16);
#[cfg(target_arch = "wasm32")]
const TILE: (usize, usize) = (4, 8);
/// Rows of a tile.
pub(crate) const ROWS: usize = TILE.0;
/// Columns of a tile; there are narrow ones, of `NARROW` columns.
const COLUMNS: usize = TILE.1;
const NARROW: usize = 8;

/// The left factor of a product, as tiles read it: panels of [`ROWS`] rows, in each the numbers of a column side by side; zeros fill the
/// last panel.
#[derive(Debug, Default)]
pub(crate) struct Panels {
    rows: usize,
    columns: usize,
    numbers: Vec<f32>,
}

impl Panels {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Each panel, column by column.
    #[inline(always)]
    pub fn panels(&self) -> impl Iterator<Item = &[[f32; ROWS]]> + Clone {
        self.numbers.as_chunks().0.chunks_exact(self.columns)
    }

    /// Takes a matrix, of which the rows are given.
    #[inline(always)]
    pub fn take<'a>(&mut self, columns: usize, rows: impl ExactSizeIterator<Item = &'a [f32]>) {
        self.resize(rows.len(), columns);
        let mut panels = self.numbers.as_chunks_mut::<ROWS>().0.chunks_exact_mut(columns);
        let mut panel: &mut [[f32; ROWS]] = &mut [];
        for (place, row) in rows.enumerate() {
            let within = place % ROWS;
            if within == 0 {
                panel = panels.next().unwrap_or_default();
            }
            for (column, &number) in panel.iter_mut().zip(row) {
                column[within] = number;
            }
        }
        for missing in self.rows..self.rows.next_multiple_of(ROWS) {
            for column in &mut *panel {
                column[missing % ROWS] = 0.0;
            }
        }
    }

    /// Takes the transpose of a matrix, of which the rows are given: its columns are the rows of the product.
    #[inline(always)]
    pub fn take_turned<'a>(&mut self, rows: usize, columns: impl ExactSizeIterator<Item = &'a [f32]>) {
        self.resize(rows, columns.len());
        let panels = self.numbers.as_chunks_mut::<ROWS>().0;
        for (place, column) in columns.enumerate() {
            let own = panels.iter_mut().skip(place).step_by(self.columns);
            let (whole, rest) = column.as_chunks();
            let mut last = [0.0; ROWS];
            last[..rest.len()].copy_from_slice(rest);
            for (own, numbers) in own.zip(whole.iter().chain([&last])) {
                *own = *numbers;
            }
        }
    }

    fn resize(&mut self, rows: usize, columns: usize) {
        (self.rows, self.columns) = (rows, columns);
        self.numbers.resize(rows.next_multiple_of(ROWS) * columns, 0.0);
    }

    /// Their product with a matrix of as many columns as `bias`, which is added to every row; a row of the matrix begins every `stride` numbers.
    pub fn product(&self, matrix: &[f32], stride: usize, bias: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; self.rows * bias.len()];
        vectorised(Product { left: self, matrix, stride, bias, out: &mut out });
        out
    }
}

struct Product<'a> {
    left: &'a Panels,
    matrix: &'a [f32],
    stride: usize,
    bias: &'a [f32],
    out: &'a mut [f32],
}

impl Kernel for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { left, matrix, stride, bias, out } = self;
        let (mut right, mut sums) = (vec![[0.0; COLUMNS]; left.columns], vec![[0.0; COLUMNS]; left.rows]);
        for first in (0..bias.len()).step_by(COLUMNS) {
            let own = COLUMNS.min(bias.len() - first);
            for (right, row) in right.iter_mut().zip(matrix.chunks(stride)) {
                right[..own].copy_from_slice(&row[first..][..own]);
            }
            let mut start = [0.0; COLUMNS];
            start[..own].copy_from_slice(&bias[first..][..own]);
            multiply(left.panels(), &right, &start, &mut sums);
            for (out, sums) in out.chunks_exact_mut(bias.len()).zip(&sums) {
                out[first..][..own].copy_from_slice(&sums[..own]);
            }
        }
    }
}

/// The product of two matrices, row by row: `[rows, depth]` times `[depth, columns]`; none where the numbers are not as many.
pub fn product(left: &[f32], right: &[f32], [rows, depth, columns]: [usize; 3]) -> Option<Vec<f32>> {
    if depth == 0 || left.len() != rows * depth || right.len() != depth * columns {
        return None;
    }
    let mut panels = Panels::default();
    panels.take(depth, left.chunks_exact(depth));
    Some(panels.product(right, columns, &vec![0.0; columns]))
}

/// The product of some panels and a matrix of `WIDTH` columns; every row of `out` starts from `start`.
#[inline(always)]
pub(crate) fn multiply<'a, const WIDTH: usize>(
    left: impl Iterator<Item = &'a [[f32; ROWS]]> + Clone,
    right: &[[f32; WIDTH]],
    start: &[f32; WIDTH],
    out: &mut [[f32; WIDTH]],
) {
    if WIDTH.is_multiple_of(COLUMNS) {
        strips::<WIDTH, COLUMNS>(left, right, start, out);
    } else {
        strips::<WIDTH, NARROW>(left, right, start, out);
    }
}

#[inline(always)]
fn strips<'a, const WIDTH: usize, const STRIP: usize>(
    left: impl Iterator<Item = &'a [[f32; ROWS]]> + Clone,
    right: &[[f32; WIDTH]],
    start: &[f32; WIDTH],
    out: &mut [[f32; WIDTH]],
) {
    for (strip, start) in start.as_chunks::<STRIP>().0.iter().enumerate() {
        for (panel, out) in left.clone().zip(out.chunks_mut(ROWS)) {
            let mut sums = [*start; ROWS];
            tile(panel, right.iter().map(|row| &row.as_chunks().0[strip]), &mut sums);
            for (out, sums) in out.iter_mut().zip(&sums) {
                out.as_chunks_mut().0[strip] = *sums;
            }
        }
    }
}

/// The product of one panel and a matrix of `WIDTH` columns.
#[inline(always)]
pub(crate) fn multiply_panel<const WIDTH: usize>(
    panel: &[[f32; ROWS]],
    right: &[[f32; WIDTH]],
) -> [[f32; WIDTH]; ROWS] {
    let mut out = [[0.0; WIDTH]; ROWS];
    multiply(iter::once(panel), right, &[0.0; WIDTH], &mut out);
    out
}

/// Adds to a tile.
#[inline(always)]
fn tile<'a, const WIDTH: usize>(
    left: &[[f32; ROWS]],
    right: impl Iterator<Item = &'a [f32; WIDTH]>,
    sums: &mut [[f32; WIDTH]; ROWS],
) {
    // A local copy, which the compiler keeps in registers.
    let mut own = *sums;
    for (left, right) in left.iter().zip(right) {
        for row in 0..ROWS {
            for column in 0..WIDTH {
                own[row][column] += left[row] * right[column];
            }
        }
    }
    *sums = own;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_that_do_not_fit_have_no_product() {
        assert_eq!(product(&[1.0, 2.0], &[3.0, 4.0], [1, 2, 1]), Some(vec![11.0]));
        assert_eq!(product(&[1.0, 2.0], &[3.0, 4.0], [2, 1, 1]), None);
        assert_eq!(product(&[], &[], [0, 0, 0]), None);
    }

    /// Numbers without a pattern.
    fn numbers(count: usize, seed: f32) -> Vec<f32> {
        (0..count).map(|at| (at as f32 * seed).sin()).collect()
    }

    #[test]
    fn a_product_is_the_sum_of_its_products_in_their_order_to_the_bit() {
        for (rows, depth, columns) in [(1, 1, 1), (6, 5, 16), (7, 3, 17), (64, 50, 10), (13, 300, 70)] {
            let (left, right) = (numbers(rows * depth, 0.7), numbers(depth * (columns + 3), 1.3));
            let bias = numbers(columns, 0.3);
            let wanted: Vec<f32> = (0..rows * columns)
                .map(|at| {
                    let (row, column) = (at / columns, at % columns);
                    let terms = (0..depth).map(|k| left[row * depth + k] * right[k * (columns + 3) + column]);
                    terms.fold(bias[column], |sum, term| sum + term)
                })
                .collect();
            let mut panels = Panels::default();
            // Earlier contents of the buffer must not matter.
            panels.take(4, numbers(20, 0.9).chunks_exact(4));
            panels.take(depth, left.chunks_exact(depth));
            assert_eq!(panels.product(&right, columns + 3, &bias), wanted, "{rows} x {depth} x {columns}");
            let turned: Vec<f32> = (0..rows * depth).map(|at| left[at % rows * depth + at / rows]).collect();
            panels.take_turned(rows, turned.chunks_exact(rows));
            assert_eq!(panels.len(), rows);
            assert_eq!(panels.product(&right, columns + 3, &bias), wanted, "{rows} x {depth} x {columns}, turned");
        }
    }

    #[test]
    fn matrices_of_every_width_of_a_block_are_multiplied() {
        fn check<const WIDTH: usize>() {
            let (left, right) = (numbers(9 * 20, 0.7), numbers(20 * WIDTH, 1.3));
            let start = [0.25; WIDTH];
            let mut panels = Panels::default();
            panels.take(20, left.chunks_exact(20));
            let mut out = [[0.0; WIDTH]; 9];
            let rows = right.as_chunks::<WIDTH>().0;
            multiply(panels.panels(), rows, &start, &mut out);
            assert_eq!(*out.as_flattened(), panels.product(&right, WIDTH, &start));
            for (panel, wanted) in
                panels.panels().zip(panels.product(&right, WIDTH, &[0.0; WIDTH]).chunks(ROWS * WIDTH))
            {
                assert_eq!(multiply_panel(panel, rows).as_flattened()[..wanted.len()], *wanted);
            }
        }
        check::<8>();
        check::<16>();
        check::<32>();
    }
}
