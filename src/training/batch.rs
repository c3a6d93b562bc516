//! A batch on the CPU: each distinct example once, with its weight.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::FixedState;

use super::inputs::{DenseInputs, Inputs, SparseInputs};
use crate::dataset::Examples;

/// The examples of a step. Examples of a small sample occur several times in a batch: each is computed once and weighted by its count.
#[derive(Debug)]
pub(super) struct Batch {
    /// Each one's label, in the order in which they come up.
    pub labels: Vec<u8>,
    /// Each one's share of the batch.
    pub shares: Vec<f32>,
    /// The row of each in the data set.
    pub rows: Vec<usize>,
    /// How many there are, repetitions counted.
    pub len: usize,
    /// Where each is in the others, if those that come up again are to be one.
    places: Option<HashMap<u32, usize, FixedState>>,
}

impl Batch {
    /// `merges` tells whether examples that come up again are one, as they are where nothing is drawn for each.
    pub fn new(merges: bool) -> Self {
        Self { labels: Vec::new(), shares: Vec::new(), rows: Vec::new(), len: 0, places: merges.then(HashMap::default) }
    }

    /// Takes the examples `rows` of `train`.
    pub fn take(&mut self, train: &Examples, rows: &[u32]) {
        self.labels.clear();
        self.shares.clear();
        self.rows.clear();
        self.len = rows.len();
        let share = 1.0 / rows.len() as f32;
        self.places.iter_mut().for_each(HashMap::clear);
        for &row in rows {
            if let Some(places) = &mut self.places {
                match places.entry(row) {
                    Entry::Occupied(place) => {
                        self.shares[*place.get()] += share;
                        continue;
                    }
                    Entry::Vacant(place) => _ = place.insert(self.shares.len()),
                }
            }
            self.shares.push(share);
            self.labels.push(train.labels()[row as usize]);
            self.rows.push(row as usize);
        }
    }
}

/// What comes into the first layer.
#[derive(Debug)]
pub(super) enum FirstInputs {
    /// Where most inputs are 0.
    Sparse(SparseInputs),
    /// Else; and the inputs before they are packed.
    Dense(DenseInputs, Vec<f32>),
}

impl FirstInputs {
    /// None yet, that will be mostly zeros or not.
    pub fn new(mostly_zero: bool) -> Self {
        if mostly_zero {
            Self::Sparse(SparseInputs::default())
        } else {
            Self::Dense(DenseInputs::default(), Vec::new())
        }
    }

    /// Takes the examples `rows` of `train`.
    pub fn take(&mut self, train: &Examples, rows: &[usize]) {
        match self {
            Self::Sparse(inputs) => inputs.take(train, rows),
            Self::Dense(inputs, gathered) => {
                gathered.clear();
                train.gather(rows.iter().copied(), gathered);
                inputs.take(train.inputs(), gathered.chunks_exact(train.inputs()));
            }
        }
    }

    /// For a layer.
    pub fn get(&self) -> Inputs<'_> {
        match self {
            Self::Sparse(inputs) => Inputs::Sparse(inputs),
            Self::Dense(inputs, _) => Inputs::Dense(inputs),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test may panic
mod tests {
    use super::*;
    use crate::dataset::{Dataset, OwnValues};

    #[test]
    fn an_example_that_comes_up_twice_is_one_that_weighs_twice() {
        let values = vec![1.0, 0.0, 0.0, 0.0, 3.0, 4.0, 0.5, 0.0];
        let data = Dataset::own(OwnValues::Floats(values), vec![0, 1, 2, 0], 3).unwrap();
        let (mut batch, mut inputs) = (Batch::new(true), SparseInputs::default());
        for rows in [&[1][..], &[0, 2, 0, 0]] {
            batch.take(data.train(), rows);
            inputs.take(data.train(), &batch.rows);
        }
        assert_eq!((batch.labels, batch.shares, batch.len), (vec![0, 2], vec![0.75, 0.25], 4));
        let SparseInputs { rows, by_input } = inputs;
        assert_eq!(rows.rows().collect::<Vec<_>>(), [&[(0, 1.0)][..], &[(0, 3.0), (1, 4.0)]]);
        assert_eq!(by_input.rows().collect::<Vec<_>>(), [&[(0, 1.0), (1, 3.0)][..], &[(1, 4.0)]]);
    }

    #[test]
    fn with_dropout_an_example_that_comes_up_twice_is_two() {
        let data = Dataset::own(OwnValues::Floats(vec![1.0, 0.5, 3.0, 4.0]), vec![0, 1, 1, 0], 3).unwrap();
        let mut batch = Batch::new(false);
        batch.take(data.train(), &[2, 0, 2]);
        assert_eq!((batch.labels, batch.shares, batch.rows), (vec![1, 0, 1], vec![1.0 / 3.0; 3], vec![2, 0, 2]));
    }
}
