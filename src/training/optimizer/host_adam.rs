//! Adam in one pass over memory.

use super::{BETA_1, BETA_2, EPSILON, corrected_rate};

/// One step, the same for all weights.
#[derive(Debug, Clone, Copy)]
pub(in crate::training) struct AdamStep {
    rate: f32,
    decay: f32,
}

impl AdamStep {
    /// Step `steps`, counted from 1, with weight decay (`decay * sum of squares` is part of the loss).
    pub fn new(steps: i32, rate: f64, decay: f64) -> Self {
        Self { rate: corrected_rate(rate, steps), decay: 2.0 * decay as f32 }
    }

    /// The same of weights that do not decay.
    pub fn without_decay(self) -> Self {
        Self { decay: 0.0, ..self }
    }

    /// Whether weights that never had a gradient stay as they are.
    pub fn rests(self) -> bool {
        self.decay == 0.0
    }

    /// Moves as many weights as a kernel computes at a time, of which the moments are given, too.
    #[inline(always)]
    pub fn take<const COLUMNS: usize>(
        self,
        weights: &mut [f32; COLUMNS],
        gradient: &[f32; COLUMNS],
        means: &mut [f32; COLUMNS],
        squares: &mut [f32; COLUMNS],
    ) {
        for column in 0..COLUMNS {
            self.one(&mut weights[column], gradient[column], &mut means[column], &mut squares[column]);
        }
    }

    #[inline(always)]
    fn one(self, weight: &mut f32, gradient: f32, mean: &mut f32, square: &mut f32) {
        let gradient = at_least(LEAST_GRADIENT, gradient + self.decay * *weight);
        *mean = at_least(LEAST_MOMENT, BETA_1 * *mean + (1.0 - BETA_1) * gradient);
        *square = at_least(LEAST_MOMENT, BETA_2 * *square + (1.0 - BETA_2) * (gradient * gradient));
        *weight -= self.rate * *mean / (square.sqrt() + EPSILON);
    }
}

/// Below these, a gradient and a moment change no weight by a digit that it has: beside [`EPSILON`] they are nothing.
const LEAST_GRADIENT: f32 = 1e-16;
const LEAST_MOMENT: f32 = 1e-30;

/// A number, or 0 where it is below the least that counts. A gradient that has ended leaves a mean that halves every seven steps, down to the
/// last numbers above 0, and stays there for good; with those a processor takes several times as long.
#[inline(always)]
fn at_least(least: f32, number: f32) -> f32 {
    if number.abs() < least { 0.0 } else { number }
}

/// What Adam remembers of some weights: running means of their gradient and of the gradient's square.
#[derive(Debug)]
pub(in crate::training) struct Moments {
    means: Vec<f32>,
    squares: Vec<f32>,
}

impl Moments {
    /// Of so many weights, before their first step.
    pub fn new(weights: usize) -> Self {
        Self { means: vec![0.0; weights], squares: vec![0.0; weights] }
    }

    /// Moves the weights from `first` on down their gradient.
    #[inline(always)]
    pub fn step(&mut self, step: AdamStep, first: usize, weights: &mut [f32], gradient: &[f32]) {
        let moments = self.means[first..].iter_mut().zip(&mut self.squares[first..]);
        for ((weight, &gradient), (mean, square)) in weights.iter_mut().zip(gradient).zip(moments) {
            step.one(weight, gradient, mean, square);
        }
    }

    /// The moments of as many weights as a kernel computes at a time, one after the other.
    #[inline(always)]
    pub fn chunks<const COLUMNS: usize>(&mut self) -> impl Iterator<Item = (&mut [f32; COLUMNS], &mut [f32; COLUMNS])> {
        self.means.as_chunks_mut().0.iter_mut().zip(self.squares.as_chunks_mut().0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gradient_that_has_ended_leaves_nothing_that_slows_the_steps_after_it() {
        let (mut weights, mut moments) = ([0.5_f32], Moments::new(1));
        let mut step = |steps, gradient: f32| {
            moments.step(AdamStep::new(steps, 1e-3, 0.0), 0, &mut weights, &[gradient]);
            (weights[0], moments.means[0], moments.squares[0])
        };
        step(1, 0.3);
        let (rested, ..) = (2..1500).map(|steps| step(steps, 0.0)).last().unwrap_or_default();
        let (weight, mean, square) = step(1500, 1e-17);
        assert_eq!((weight, mean), (rested, 0.0));
        assert!(square > 1e-6, "{square}: it is remembered longer");
    }
}
