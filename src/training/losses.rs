//! The losses of an epoch, which early stopping goes by.

/// Each network's losses, added up over examples.
#[derive(Debug)]
pub(super) struct Losses {
    sums: Vec<f32>,
    /// Since they were last taken.
    pub examples: usize,
}

impl Losses {
    /// Of so many networks, before the first step.
    pub fn none(networks: usize) -> Self {
        Self { sums: vec![0.0; networks], examples: 0 }
    }

    /// Adds those of a batch of so many examples, or of a penalty: Keras weighs batches by their examples.
    pub fn add(&mut self, losses: impl Iterator<Item = f32>, examples: usize) {
        self.sums.iter_mut().zip(losses).for_each(|(sum, loss)| *sum += loss * examples as f32);
    }

    /// Each network's mean over the examples since the last call.
    pub fn take(&mut self) -> Vec<f32> {
        let none = Self::none(self.sums.len());
        let Self { sums, examples } = std::mem::replace(self, none);
        sums.into_iter().map(|sum| sum / examples as f32).collect()
    }
}
