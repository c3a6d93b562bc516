//! Seeded random streams, derived from what they are for and never from the order in which things run.
//!
//! Two networks trained side by side, in two workers or one after the other draw the same numbers, on every machine:
//! ChaCha8 is specified bit for bit.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// The stream of `seed` for one `purpose`, told apart further by `indices` (a layer, an epoch, a width).
pub fn stream(seed: u64, purpose: &str, indices: &[u64]) -> ChaCha8Rng {
    let mut key = Sha256::new();
    key.update(seed.to_le_bytes());
    key.update(purpose.as_bytes());
    for index in indices {
        key.update(index.to_le_bytes());
    }
    ChaCha8Rng::from_seed(key.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn a_stream_depends_on_seed_purpose_and_indices_alone() {
        let first = |seed, purpose, indices: &[u64]| stream(seed, purpose, indices).next_u64();
        assert_eq!(first(1, "batches", &[2]), first(1, "batches", &[2]));
        assert_ne!(first(1, "batches", &[2]), first(2, "batches", &[2]));
        assert_ne!(first(1, "batches", &[2]), first(1, "weights", &[2]));
        assert_ne!(first(1, "batches", &[2]), first(1, "batches", &[3]));
    }
}
