//! What comes into a layer, arranged for its products and for the gradient of its weights.

use crate::engine::{Kernel, Panels, SparseRows, push_terms, vectorised};

/// The inputs of a layer for the examples of a batch.
#[derive(Debug)]
pub(super) enum Inputs {
    /// Mostly zeros: the others, by example and by input.
    Sparse { rows: SparseRows, by_input: SparseRows },
    /// Every one, packed by example and by input.
    Dense { rows: Panels, by_input: Panels },
}

impl Inputs {
    /// None yet, that will be mostly zeros or not.
    pub fn new(mostly_zero: bool) -> Self {
        match mostly_zero {
            true => Self::Sparse { rows: SparseRows::default(), by_input: SparseRows::default() },
            false => Self::Dense { rows: Panels::default(), by_input: Panels::default() },
        }
    }

    /// How many examples.
    pub fn len(&self) -> usize {
        match self {
            Self::Sparse { rows, .. } => rows.len(),
            Self::Dense { rows, .. } => rows.len(),
        }
    }

    /// Takes those of a batch: for each example one row of `inputs` numbers.
    pub fn take<'a>(&mut self, inputs: usize, rows: impl ExactSizeIterator<Item = &'a [f32]> + Clone) {
        vectorised(Take { taker: self, inputs, from: rows });
    }
}

struct Take<'t, R> {
    taker: &'t mut Inputs,
    inputs: usize,
    from: R,
}

impl<'a, R: ExactSizeIterator<Item = &'a [f32]> + Clone> Kernel for Take<'_, R> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { taker, inputs, from } = self;
        match taker {
            Inputs::Sparse { rows, by_input } => {
                rows.clear();
                for row in from {
                    rows.push(|terms| push_terms(row.iter().copied(), terms));
                }
                rows.turn(inputs, by_input);
            }
            Inputs::Dense { rows, by_input } => {
                rows.take(inputs, from.clone());
                by_input.take_turned(inputs, from);
            }
        }
    }
}
