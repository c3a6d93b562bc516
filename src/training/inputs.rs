//! What comes into a layer, arranged for its products and for the gradient of its weights.

use crate::dataset::Examples;
use crate::engine::{Kernel, Panels, SparseRows, vectorised};

/// The inputs of a layer for the examples of a batch.
#[derive(Debug, Clone, Copy)]
pub(super) enum Inputs<'a> {
    /// Mostly zeros: the others.
    Sparse(&'a SparseInputs),
    /// Every one.
    Dense(&'a DenseInputs),
}

/// Inputs that are not 0, by example and by input.
#[derive(Debug, Default)]
pub(super) struct SparseInputs {
    pub rows: SparseRows,
    pub by_input: SparseRows,
}

/// Every input, packed by example and by input.
#[derive(Debug, Default)]
pub(super) struct DenseInputs {
    pub rows: Panels,
    pub by_input: Panels,
}

impl Inputs<'_> {
    /// How many examples.
    pub fn len(self) -> usize {
        match self {
            Self::Sparse(SparseInputs { rows, .. }) => rows.len(),
            Self::Dense(DenseInputs { rows, .. }) => rows.len(),
        }
    }
}

impl SparseInputs {
    /// Takes the examples `rows` of `train`.
    pub fn take(&mut self, train: &Examples, rows: &[usize]) {
        self.rows.clear();
        rows.iter().for_each(|&row| _ = self.rows.push(|terms| train.nonzero(row, terms)));
        self.rows.turn(train.inputs(), &mut self.by_input);
    }
}

impl DenseInputs {
    /// Takes those of a batch: for each example one row of `inputs` numbers.
    pub fn take<'a>(&mut self, inputs: usize, rows: impl ExactSizeIterator<Item = &'a [f32]> + Clone) {
        vectorised(Take { taker: self, inputs, from: rows });
    }
}

struct Take<'t, R> {
    taker: &'t mut DenseInputs,
    inputs: usize,
    from: R,
}

impl<'a, R: ExactSizeIterator<Item = &'a [f32]> + Clone> Kernel for Take<'_, R> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { taker: DenseInputs { rows, by_input }, inputs, from } = self;
        rows.take(inputs, from.clone());
        by_input.take_turned(inputs, from);
    }
}
