//! Batch norm on the CPU, for the units of a block: every unit by itself.

use super::strips::{STRIP, strips, strips_mut};
use crate::network::{NORM_EPSILON, NORM_MOMENTUM};
use crate::training::optimizer::{Moments, Update};

/// Batch norm of the units of a block, as many as it is wide.
#[derive(Debug)]
pub(super) struct Norm {
    pub scale: Vec<f32>,
    pub shift: Vec<f32>,
    /// The running statistics, which evaluation uses.
    pub mean: Vec<f32>,
    pub variance: Vec<f32>,
    scale_moments: Moments,
    shift_moments: Moments,
    /// 1 by the standard deviation of the last batch.
    inverse: Vec<f32>,
}

impl Norm {
    /// From its four vectors.
    pub fn new([scale, shift, mean, variance]: [Vec<f32>; 4]) -> Self {
        let units = scale.len();
        let [scale_moments, shift_moments] = [Moments::new(units), Moments::new(units)];
        Self { scale, shift, mean, variance, scale_moments, shift_moments, inverse: vec![1.0; units] }
    }

    /// Takes the mean of the batch from every unit and divides by the standard deviation, and moves the running statistics; an example counts
    /// as its share says. Scale and shift are applied later.
    #[inline(always)]
    pub fn forward(&mut self, units: &mut [f32], shares: &[f32]) {
        let width = self.scale.len();
        let statistics =
            strips_mut(&mut self.inverse).zip(strips_mut(&mut self.mean)).zip(strips_mut(&mut self.variance));
        for (strip, ((inverse, running_mean), running_variance)) in statistics.enumerate() {
            let mut mean = [0.0; STRIP];
            for (row, &share) in units.chunks_exact(width).zip(shares) {
                let units = &row.as_chunks::<STRIP>().0[strip];
                for unit in 0..STRIP {
                    mean[unit] += share * units[unit];
                }
            }
            let mut variance = [0.0; STRIP];
            for (row, &share) in units.chunks_exact_mut(width).zip(shares) {
                let units = &mut row.as_chunks_mut::<STRIP>().0[strip];
                for unit in 0..STRIP {
                    units[unit] -= mean[unit];
                    variance[unit] += share * (units[unit] * units[unit]);
                }
            }
            for unit in 0..STRIP {
                inverse[unit] = 1.0 / (variance[unit] + NORM_EPSILON as f32).sqrt();
            }
            for row in units.chunks_exact_mut(width) {
                let units = &mut row.as_chunks_mut::<STRIP>().0[strip];
                for unit in 0..STRIP {
                    units[unit] *= inverse[unit];
                }
            }
            let (old, new) = (NORM_MOMENTUM as f32, (1.0 - NORM_MOMENTUM) as f32);
            for unit in 0..STRIP {
                running_mean[unit] = old * running_mean[unit] + new * mean[unit];
                running_variance[unit] = old * running_variance[unit] + new * variance[unit];
            }
        }
    }

    /// From the gradient of what went out to that of what came in, of which `units` has what `forward` made; then a step of scale and shift.
    #[inline(always)]
    pub fn backward(&mut self, update: Update, units: &[f32], slopes: &mut [f32], shares: &[f32]) {
        let width = self.scale.len();
        let learned = strips_mut(&mut self.scale).zip(strips_mut(&mut self.shift)).zip(strips(&self.inverse));
        let moments = self.scale_moments.chunks().zip(self.shift_moments.chunks());
        for (strip, (((scale, shift), inverse), (scale_moments, shift_moments))) in learned.zip(moments).enumerate() {
            let (mut of_scale, mut of_shift) = ([0.0; STRIP], [0.0; STRIP]);
            for (units, slopes) in units.chunks_exact(width).zip(slopes.chunks_exact(width)) {
                let (units, slopes) = (&units.as_chunks::<STRIP>().0[strip], &slopes.as_chunks::<STRIP>().0[strip]);
                for unit in 0..STRIP {
                    of_shift[unit] += slopes[unit];
                    of_scale[unit] += slopes[unit] * units[unit];
                }
            }
            let mut factor = [0.0; STRIP];
            for unit in 0..STRIP {
                factor[unit] = scale[unit] * inverse[unit];
            }
            let rows = units.chunks_exact(width).zip(slopes.chunks_exact_mut(width));
            for ((units, slopes), &share) in rows.zip(shares) {
                let units = &units.as_chunks::<STRIP>().0[strip];
                let slopes = &mut slopes.as_chunks_mut::<STRIP>().0[strip];
                for unit in 0..STRIP {
                    slopes[unit] =
                        factor[unit] * (slopes[unit] - share * (of_shift[unit] + units[unit] * of_scale[unit]));
                }
            }
            let ((scale_means, scale_squares), (shift_means, shift_squares)) = (scale_moments, shift_moments);
            update.take(scale, &of_scale, scale_means, scale_squares);
            update.take(shift, &of_shift, shift_means, shift_squares);
        }
    }
}
