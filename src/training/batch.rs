//! A batch on the CPU: each example once, and how much it weighs.

/// The examples of a step. Those of a small sample come up several times in a batch: each is computed once and counts as often.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Which, in the order in which they come up.
    pub examples: Vec<u32>,
    /// Each one's share of the batch.
    pub shares: Vec<f32>,
}

impl Batch {
    /// Takes the examples of the next step.
    pub fn take(&mut self, rows: &[u32]) {
        self.examples.clear();
        self.shares.clear();
        let share = 1.0 / rows.len() as f32;
        for &row in rows {
            match self.examples.iter().position(|&example| example == row) {
                Some(place) => self.shares[place] += share,
                None => {
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
