//! Batch norm over feature maps on the CPU: the statistics of a channel are over all positions of all examples, each as its share says.

use crate::engine::{ABREAST, Frame, Kernel, Maps, Rectifier, vectorised};
use crate::network::{NORM_EPSILON, NORM_MOMENTUM};
use crate::training::optimizer::{Moments, Update};

/// Batch norm of the channels of a convolution.
#[derive(Debug)]
pub(super) struct ChannelNorm {
    scale: Vec<f32>,
    shift: Vec<f32>,
    /// The running statistics, which evaluation uses.
    mean: Vec<f32>,
    variance: Vec<f32>,
    scale_moments: Moments,
    shift_moments: Moments,
    /// 1 by the standard deviation of the last batch.
    inverse: Vec<f32>,
}

impl ChannelNorm {
    /// From its four vectors.
    pub fn new([scale, shift, mean, variance]: [Vec<f32>; 4]) -> Self {
        let channels = scale.len();
        let [scale_moments, shift_moments] = [Moments::new(channels), Moments::new(channels)];
        Self { scale, shift, mean, variance, scale_moments, shift_moments, inverse: vec![1.0; channels] }
    }

    /// Its four vectors.
    pub fn numbers(&self) -> [Vec<f32>; 4] {
        [&self.scale, &self.shift, &self.mean, &self.variance].map(Clone::clone)
    }

    /// Takes the mean of the batch from each channel of `maps` and divides by the standard deviation, moves the running statistics, and writes
    /// what the rectifier lets `out` of scale and shift.
    pub fn forward(&mut self, maps: &mut Maps, shares: &[[f32; ABREAST]], rectifier: Rectifier, out: &mut Maps) {
        vectorised(Forward { norm: self, maps, shares, rectifier, out });
    }

    /// From the gradient of scale and shift's result to that of what came in, of which `normalised` has what `forward` made; then a step of both.
    pub fn backward(&mut self, update: Update, normalised: &Maps, slopes: &mut Maps, shares: &[[f32; ABREAST]]) {
        let mut gradients = [vec![0.0; self.scale.len()], vec![0.0; self.scale.len()]];
        vectorised(Backward { norm: self, normalised, slopes, shares, gradients: &mut gradients });
        let [of_scale, of_shift] = gradients;
        self.scale_moments.take(update, &mut self.scale, &of_scale);
        self.shift_moments.take(update, &mut self.shift, &of_shift);
    }
}

struct Forward<'a> {
    norm: &'a mut ChannelNorm,
    maps: &'a mut Maps,
    shares: &'a [[f32; ABREAST]],
    rectifier: Rectifier,
    out: &'a mut Maps,
}

impl Kernel for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { norm, maps, shares, rectifier, out } = self;
        let (frame, positions) = (maps.frame(), maps.shape.positions() as f32);
        for channel in 0..maps.shape.channels {
            let mut mean = 0.0;
            for (map, shares) in maps.each(channel).zip(shares) {
                mean += weighed(&total(frame, map), shares);
            }
            mean /= positions;
            let mut variance = 0.0;
            for (map, shares) in maps.each_mut(channel).zip(shares) {
                variance += weighed(&centred(frame, map, mean), shares);
            }
            variance /= positions;
            let inverse = 1.0 / (variance + NORM_EPSILON as f32).sqrt();
            norm.inverse[channel] = inverse;
            let (old, new) = (NORM_MOMENTUM as f32, (1.0 - NORM_MOMENTUM) as f32);
            norm.mean[channel] = old * norm.mean[channel] + new * mean;
            norm.variance[channel] = old * norm.variance[channel] + new * variance;
            let (scale, shift) = (norm.scale[channel], norm.shift[channel]);
            for (map, out) in maps.each_mut(channel).zip(out.each_mut(channel)) {
                for (line, out) in frame.lines_mut(map).zip(frame.lines_mut(out)) {
                    for (numbers, out) in line.iter_mut().zip(out) {
                        let mut units = [0.0; ABREAST];
                        for example in 0..ABREAST {
                            numbers[example] *= inverse;
                            units[example] = numbers[example] * scale + shift;
                        }
                        *out = rectifier.lets_through(&units);
                    }
                }
            }
        }
    }
}

/// Of each example that stands abreast the sum over positions.
#[inline(always)]
fn total(frame: Frame, map: &[[f32; ABREAST]]) -> [f32; ABREAST] {
    let mut sums = [0.0; ABREAST];
    for line in frame.lines(map) {
        for numbers in line {
            for example in 0..ABREAST {
                sums[example] += numbers[example];
            }
        }
    }
    sums
}

/// Takes the mean away; gives of each example the sum of the squares of what is left.
#[inline(always)]
fn centred(frame: Frame, map: &mut [[f32; ABREAST]], mean: f32) -> [f32; ABREAST] {
    let mut squares = [0.0; ABREAST];
    for line in frame.lines_mut(map) {
        for numbers in line {
            for example in 0..ABREAST {
                numbers[example] -= mean;
                squares[example] += numbers[example] * numbers[example];
            }
        }
    }
    squares
}

/// The sum of numbers, each as its share says.
#[inline(always)]
fn weighed(numbers: &[f32; ABREAST], shares: &[f32; ABREAST]) -> f32 {
    let mut sum = 0.0;
    for example in 0..ABREAST {
        sum += numbers[example] * shares[example];
    }
    sum
}

struct Backward<'a> {
    norm: &'a ChannelNorm,
    normalised: &'a Maps,
    slopes: &'a mut Maps,
    shares: &'a [[f32; ABREAST]],
    /// Those of scale and shift, to be written.
    gradients: &'a mut [Vec<f32>; 2],
}

impl Kernel for Backward<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { norm, normalised, slopes: back, shares, gradients: [of_scale, of_shift] } = self;
        let (frame, positions) = (normalised.frame(), normalised.shape.positions() as f32);
        for channel in 0..normalised.shape.channels {
            let (mut products, mut sums) = ([0.0; ABREAST], [0.0; ABREAST]);
            for (map, slopes) in normalised.each(channel).zip(back.each(channel)) {
                for (line, slopes) in frame.lines(map).zip(frame.lines(slopes)) {
                    for (numbers, slopes) in line.iter().zip(slopes) {
                        for example in 0..ABREAST {
                            sums[example] += slopes[example];
                            products[example] += slopes[example] * numbers[example];
                        }
                    }
                }
            }
            let [product, sum]: [f32; 2] = [products.iter().sum(), sums.iter().sum()];
            (of_scale[channel], of_shift[channel]) = (product, sum);
            let factor = norm.scale[channel] * norm.inverse[channel];
            for ((map, slopes), shares) in normalised.each(channel).zip(back.each_mut(channel)).zip(shares) {
                let share = shares.map(|share| share / positions);
                for (line, slopes) in frame.lines(map).zip(frame.lines_mut(slopes)) {
                    for (numbers, slopes) in line.iter().zip(slopes) {
                        for example in 0..ABREAST {
                            let of_all = sum + numbers[example] * product;
                            slopes[example] = factor * (slopes[example] - share[example] * of_all);
                        }
                    }
                }
            }
        }
    }
}
