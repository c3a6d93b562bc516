//! Which activations dropout lets through.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, RngExt, SeedableRng};

use super::signal::Signal;
use crate::random::stream;

/// What drops the activations of networks of one seed.
#[derive(Debug)]
pub(super) struct Dropout {
    seed: u64,
    share: f64,
    /// What is drawn.
    bytes: Vec<u8>,
}

impl Dropout {
    /// That drops a share of the activations, in `(0, 1)`.
    pub fn new(seed: u64, share: f64) -> Self {
        Self { seed, share, bytes: Vec::new() }
    }

    /// For a step, counted from 0, of every unit of a network's hidden layer 0 or `1 / (1 - share)`, in the columns of `masks` from `first` on. Drawn
    /// from a stream of the network's own, so that company changes nothing.
    pub fn draw(&mut self, width: usize, layer: usize, step: usize, masks: &mut Signal, first: usize) {
        // Drawing a number per unit and step from the stream itself would take a tenth of the step, so the stream seeds a faster generator.
        let mut own = stream(self.seed, "dropout", &[width as u64, layer as u64, step as u64]);
        let mut random = Xoshiro256PlusPlus::from_rng(&mut own);
        // One random byte per unit. Of its 256 values one is dropped only sometimes; a second draw decides when.
        let whole = (self.share * 256.0).floor();
        let (border, part) = (whole as u8, self.share * 256.0 - whole);
        let kept = (1.0 / (1.0 - self.share)) as f32;
        self.bytes.resize(masks.len() * width, 0);
        random.fill_bytes(&mut self.bytes);
        for (row, bytes) in masks.rows_mut().zip(self.bytes.chunks_exact(width)) {
            let row = &mut row[first..][..width];
            for (mask, &byte) in row.iter_mut().zip(bytes) {
                *mask = if byte < border { 0.0 } else { kept };
            }
            if bytes.contains(&border) {
                for (mask, _) in row.iter_mut().zip(bytes).filter(|&(_, &byte)| byte == border) {
                    if random.random::<f64>() < part {
                        *mask = 0.0;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masks(seed: u64, share: f64, [width, layer, step, examples]: [usize; 4]) -> Vec<f32> {
        let mut masks = Signal::default();
        masks.clear(examples, width);
        Dropout::new(seed, share).draw(width, layer, step, &mut masks, 0);
        masks.numbers
    }

    #[test]
    fn as_many_are_dropped_as_the_share_says_and_the_sum_stays() {
        for share in [0.001, 0.2, 0.5, 0.9] {
            let masks = masks(1, share, [100, 0, 3, 10_000]);
            let dropped = masks.iter().filter(|&&mask| mask == 0.0).count() as f64 / 1e6;
            let error = (share * (1.0 - share) / 1e6).sqrt();
            assert!((dropped - share).abs() < 4.0 * error, "{dropped} for {share}");
            assert!(masks.iter().all(|&mask| mask == 0.0 || mask == (1.0 / (1.0 - share)) as f32));
        }
    }

    #[test]
    fn every_network_layer_and_step_has_masks_of_its_own() {
        let own = masks(1, 0.5, [20, 0, 0, 8]);
        assert_eq!(masks(1, 0.5, [20, 0, 0, 8]), own);
        for other in [masks(2, 0.5, [20, 0, 0, 8]), masks(1, 0.5, [20, 1, 0, 8]), masks(1, 0.5, [20, 0, 1, 8])] {
            assert_ne!(other, own);
        }
        assert_ne!(masks(1, 0.5, [21, 0, 0, 8])[..160], own);
    }
}
