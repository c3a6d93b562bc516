//! A batch on the CPU: each distinct example once, with its weight and its inputs.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::FixedState;

use super::inputs::Inputs;
use crate::dataset::Examples;

/// The examples of a step. Examples of a small sample occur several times in a batch: each is computed once and weighted by its count.
#[derive(Debug)]
pub(super) struct Batch {
    /// Each one's label, in the order in which they come up.
    pub labels: Vec<u8>,
    /// Each one's share of the batch.
    pub shares: Vec<f32>,
    pub inputs: Inputs,
    /// How many there are, repetitions counted.
    pub len: usize,
    /// Where each is in the others, if those that come up again are to be one.
    places: Option<HashMap<u32, usize, FixedState>>,
    /// The row of each in the data set.
    rows: Vec<usize>,
    /// Their inputs, before they are packed.
    gathered: Vec<f32>,
}

impl Batch {
    /// Of examples whose inputs are `mostly_zero` or not. `merges` tells whether those that come up again are one, as they are where nothing is drawn
    /// for each.
    pub fn new(mostly_zero: bool, merges: bool) -> Self {
        Self {
            labels: Vec::new(),
            shares: Vec::new(),
            inputs: Inputs::new(mostly_zero),
            len: 0,
            places: merges.then(HashMap::default),
            rows: Vec::new(),
            gathered: Vec::new(),
        }
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
        match &mut self.inputs {
            Inputs::Sparse { rows, by_input } => {
                rows.clear();
                self.rows.iter().for_each(|&row| _ = rows.push(|terms| train.nonzero(row, terms)));
                rows.turn(train.inputs(), by_input);
            }
            inputs @ Inputs::Dense { .. } => {
                self.gathered.clear();
                train.gather(self.rows.iter().copied(), &mut self.gathered);
                inputs.take(train.inputs(), self.gathered.chunks_exact(train.inputs()));
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)] // a test may panic
mod tests {
    use super::*;
    use crate::dataset::{Dataset, OwnValues};

    #[test]
    fn an_example_that_comes_up_twice_is_one_that_weighs_twice() {
        let values = vec![1.0, 0.0, 0.0, 0.0, 3.0, 4.0, 0.5, 0.0];
        let data = Dataset::own(OwnValues::Floats(values), vec![0, 1, 2, 0], 3).unwrap();
        let mut batch = Batch::new(true, true);
        batch.take(data.train(), &[1]);
        batch.take(data.train(), &[0, 2, 0, 0]);
        assert_eq!((batch.labels, batch.shares, batch.len), (vec![0, 2], vec![0.75, 0.25], 4));
        let Inputs::Sparse { rows, by_input } = batch.inputs else { panic!("sparse inputs were asked for") };
        assert_eq!(rows.rows().collect::<Vec<_>>(), [&[(0, 1.0)][..], &[(0, 3.0), (1, 4.0)]]);
        assert_eq!(by_input.rows().collect::<Vec<_>>(), [&[(0, 1.0), (1, 3.0)][..], &[(1, 4.0)]]);
    }

    #[test]
    fn with_dropout_an_example_that_comes_up_twice_is_two() {
        let data = Dataset::own(OwnValues::Floats(vec![1.0, 0.5, 3.0, 4.0]), vec![0, 1, 1, 0], 3).unwrap();
        let mut batch = Batch::new(false, false);
        batch.take(data.train(), &[2, 0, 2]);
        assert_eq!((batch.labels, batch.shares, batch.inputs.len()), (vec![1, 0, 1], vec![1.0 / 3.0; 3], 3));
    }
}
