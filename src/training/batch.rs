//! A batch on the CPU: each distinct example once, with its weight and its lit pixels.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::FixedState;

use crate::dataset::Examples;
use crate::engine::SparseRows;

/// The examples of a step. Examples of a small sample occur several times in a batch: each is computed once and weighted by its count.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Each one's label, in the order in which they come up.
    pub labels: Vec<u8>,
    /// Each one's share of the batch.
    pub shares: Vec<f32>,
    /// Of each the inputs that are not 0.
    pub lit: SparseRows,
    /// Of each input the examples in which it is not 0.
    pub by_input: SparseRows,
    /// How many there are, repetitions counted.
    pub len: usize,
    /// Where each is in the others.
    places: HashMap<u32, usize, FixedState>,
}

impl Batch {
    /// Takes the examples `rows` of `train`.
    pub fn take(&mut self, train: &Examples, rows: &[u32]) {
        self.labels.clear();
        self.shares.clear();
        self.lit.clear();
        self.places.clear();
        self.len = rows.len();
        let share = 1.0 / rows.len() as f32;
        for &row in rows {
            match self.places.entry(row) {
                Entry::Occupied(place) => self.shares[*place.get()] += share,
                Entry::Vacant(place) => {
                    place.insert(self.shares.len());
                    self.shares.push(share);
                    self.labels.push(train.labels()[row as usize]);
                    self.lit.push(|terms| train.nonzero(row as usize, terms));
                }
            }
        }
        self.lit.turn(train.inputs(), &mut self.by_input);
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
        let mut batch = Batch::default();
        batch.take(data.train(), &[1]);
        batch.take(data.train(), &[0, 2, 0, 0]);
        assert_eq!((batch.labels, batch.shares, batch.len), (vec![0, 2], vec![0.75, 0.25], 4));
        assert_eq!(batch.lit.rows().collect::<Vec<_>>(), [&[(0, 1.0)][..], &[(0, 3.0), (1, 4.0)]]);
        assert_eq!(batch.by_input.rows().collect::<Vec<_>>(), [&[(0, 1.0), (1, 3.0)][..], &[(1, 4.0)]]);
    }
}
