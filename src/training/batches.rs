//! Which examples each training step uses.

use rand::seq::SliceRandom;

use crate::random::stream;

/// The batches of a run: the first `samples` training examples, tiled so that an epoch keeps as many steps as the full
/// training set has (paper, protocol), shuffled anew each epoch.
///
/// Drawn from (seed, epoch) alone, so that every network of that seed and sample size sees the same batches.
#[derive(Debug, Clone)]
pub struct Batches {
    seed: u64,
    samples: usize,
    full: usize,
    batch: usize,
    /// The epoch `order` belongs to.
    epoch: Option<usize>,
    order: Vec<u32>,
}

impl Batches {
    /// Batches of `batch` of the first `samples` of `full` training examples.
    pub fn new(seed: u64, samples: usize, full: usize, batch: usize) -> Self {
        Self { seed, samples, full, batch, epoch: None, order: Vec::new() }
    }

    /// The seed they are drawn from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Steps an epoch; the last may be smaller (as in Keras).
    pub fn steps(&self) -> usize {
        self.full.div_ceil(self.batch)
    }

    /// The examples of step `step` of epoch `epoch`, both counted from 0.
    pub fn rows(&mut self, epoch: usize, step: usize) -> &[u32] {
        if self.epoch != Some(epoch) {
            self.order.clear();
            self.order.extend((0..self.full).map(|place| (place % self.samples) as u32));
            self.order.shuffle(&mut stream(self.seed, "batches", &[epoch as u64]));
            self.epoch = Some(epoch);
        }
        let start = step * self.batch;
        &self.order[start..self.full.min(start + self.batch)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_sample_is_tiled_to_full_length_and_every_example_is_seen_alike() {
        let mut batches = Batches::new(7, 10, 96, 64);
        assert_eq!(batches.steps(), 2);
        let seen: Vec<u32> = (0..2).flat_map(|step| batches.rows(0, step).to_vec()).collect();
        assert_eq!(seen.len(), 96);
        for example in 0..10 {
            let count = seen.iter().filter(|&&row| row == example).count();
            assert!((9..=10).contains(&count), "example {example} seen {count} times");
        }
    }

    #[test]
    fn batches_depend_on_seed_and_epoch_and_not_on_what_was_asked_before() {
        let mut first = Batches::new(7, 50, 100, 10);
        let mut second = Batches::new(7, 50, 100, 10);
        let late = second.rows(3, 2).to_vec();
        first.rows(0, 0);
        assert_eq!(first.rows(3, 2), late);
        assert_ne!(first.rows(4, 2), late);
    }
}
