//! A batch on the CPU: each example once, and how much it weighs.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::FixedState;

/// The examples of a step. Those of a small sample come up several times in a batch: each is computed once and counts as often.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Which, in the order in which they come up.
    pub examples: Vec<u32>,
    /// Each one's share of the batch.
    pub shares: Vec<f32>,
    /// Where each is in the two others.
    places: HashMap<u32, usize, FixedState>,
}

impl Batch {
    /// Takes the examples of the next step.
    pub fn take(&mut self, rows: &[u32]) {
        self.examples.clear();
        self.shares.clear();
        self.places.clear();
        let share = 1.0 / rows.len() as f32;
        for &row in rows {
            match self.places.entry(row) {
                Entry::Occupied(place) => self.shares[*place.get()] += share,
                Entry::Vacant(place) => {
                    place.insert(self.examples.len());
                    self.examples.push(row);
                    self.shares.push(share);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_that_comes_up_twice_is_one_that_weighs_twice() {
        let mut batch = Batch::default();
        batch.take(&[7]);
        batch.take(&[4, 9, 4, 4]);
        assert_eq!((batch.examples, batch.shares), (vec![4, 9], vec![0.75, 0.25]));
    }
}
