//! The activations of a batch on the CPU, or their gradients.

/// Numbers of some examples, a row each.
#[derive(Debug, Default)]
pub(super) struct Signal {
    pub width: usize,
    pub numbers: Vec<f32>,
}

impl Signal {
    /// Zeros, for so many examples.
    pub fn clear(&mut self, examples: usize, width: usize) {
        self.width = width;
        self.numbers.clear();
        self.numbers.resize(examples * width, 0.0);
    }

    /// The numbers of another.
    pub fn copy(&mut self, other: &Self) {
        self.width = other.width;
        self.numbers.clone_from(&other.numbers);
    }

    /// How many examples.
    pub fn len(&self) -> usize {
        self.numbers.len() / self.width
    }

    /// Each example's.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f32]> + Clone {
        self.numbers.chunks_exact(self.width)
    }

    /// The same, to be changed.
    pub fn rows_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        self.numbers.chunks_exact_mut(self.width)
    }
}
