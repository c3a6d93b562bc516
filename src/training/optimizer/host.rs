//! The optimizers in one pass over memory, for the CPU's own kernels.

use super::{BETA_1, BETA_2, EPSILON, corrected_rate};
use crate::engine::{Kernel, vectorised};
use crate::training::Optimizer;

/// One step, the same for all weights.
#[derive(Debug, Clone, Copy)]
pub(in crate::training) struct Update {
    rule: Rule,
    rate: f32,
    decay: f32,
}

#[derive(Debug, Clone, Copy)]
enum Rule {
    Adam,
    /// Stochastic gradient descent.
    Sgd {
        momentum: f32,
    },
}

impl Update {
    /// Step `steps`, counted from 1, with weight decay (`decay * sum of squares` is part of the loss).
    pub fn new(optimizer: Optimizer, steps: i32, rate: f64, decay: f64) -> Self {
        let (rule, rate) = match optimizer {
            Optimizer::Adam { .. } => (Rule::Adam, corrected_rate(rate, steps)),
            Optimizer::Sgd { momentum, .. } => (Rule::Sgd { momentum: momentum as f32 }, rate as f32),
        };
        Self { rule, rate, decay: 2.0 * decay as f32 }
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
        let mut gradient = *gradient;
        // Most protocols have no weight decay: decided once here, not for every column.
        if self.decay != 0.0 {
            for column in 0..COLUMNS {
                gradient[column] += self.decay * weights[column];
            }
        }
        match self.rule {
            Rule::Adam => {
                for column in 0..COLUMNS {
                    self.adam(&mut weights[column], gradient[column], &mut means[column], &mut squares[column]);
                }
            }
            Rule::Sgd { momentum } => {
                for column in 0..COLUMNS {
                    self.descend(momentum, &mut weights[column], gradient[column], &mut means[column]);
                }
            }
        }
    }

    #[inline(always)]
    fn adam(self, weight: &mut f32, gradient: f32, mean: &mut f32, square: &mut f32) {
        // A gradient that has ended leaves moments that fade, down to the last numbers above 0 and for good; with those a processor takes
        // several times as long. So what is far below all that counts beside `EPSILON` is lost from the mean, and never missing in the square.
        *mean = (BETA_1 * *mean + (1.0 - BETA_1) * gradient + LEAST_MEAN) - LEAST_MEAN;
        let gradient = gradient + LEAST_GRADIENT;
        *square = BETA_2 * *square + (1.0 - BETA_2) * (gradient * gradient);
        *weight -= self.rate * *mean / (square.sqrt() + EPSILON);
    }

    /// As Keras has it: momentum keeps the steps that were taken, so that after the rate falls they keep their size.
    #[inline(always)]
    fn descend(self, momentum: f32, weight: &mut f32, gradient: f32, velocity: &mut f32) {
        *velocity = (momentum * *velocity - self.rate * gradient + LEAST_MEAN) - LEAST_MEAN;
        *weight += *velocity;
    }
}

/// What is added to a mean and taken away again rounds it to ten-millionths of this.
const LEAST_MEAN: f32 = 1e-22;
/// Of which the square's thousandth is a number like all others.
const LEAST_GRADIENT: f32 = 1e-17;

/// An optimizer's state for some weights: of Adam the running means of their gradient and of the gradient's square, of gradient descent the
/// velocity and nothing.
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

    /// Moves the weights of a tensor down their gradient, by the widest vectors of this machine.
    pub fn take(&mut self, update: Update, weights: &mut [f32], gradient: &[f32]) {
        vectorised(Whole { moments: self, update, weights, gradient });
    }

    #[inline(always)]
    fn step(&mut self, update: Update, weights: &mut [f32], gradient: &[f32]) {
        /// Weights at a time. The last are filled up, so that there is one loop for all: this is in a module that every visitor fetches.
        const CHUNK: usize = 8;
        let moments = self.means.chunks_mut(CHUNK).zip(self.squares.chunks_mut(CHUNK));
        let weights = weights.chunks_mut(CHUNK).zip(gradient.chunks(CHUNK));
        for ((weights, gradient), (means, squares)) in weights.zip(moments) {
            let mut own = [filled(weights), filled(means), filled(squares)];
            let [own_weights, own_means, own_squares] = &mut own;
            update.take::<CHUNK>(own_weights, &filled(gradient), own_means, own_squares);
            for (to, from) in [weights, means, squares].into_iter().zip(own) {
                to.copy_from_slice(&from[..to.len()]);
            }
        }
    }

    /// The moments of as many weights as a kernel computes at a time, one after the other.
    #[inline(always)]
    pub fn chunks<const COLUMNS: usize>(&mut self) -> impl Iterator<Item = (&mut [f32; COLUMNS], &mut [f32; COLUMNS])> {
        self.means.as_chunks_mut().0.iter_mut().zip(self.squares.as_chunks_mut().0)
    }
}

/// Some numbers, and zeros behind them.
#[inline(always)]
fn filled<const CHUNK: usize>(numbers: &[f32]) -> [f32; CHUNK] {
    let mut filled = [0.0; CHUNK];
    filled[..numbers.len()].copy_from_slice(numbers);
    filled
}

/// A step of all weights at once.
struct Whole<'a> {
    moments: &'a mut Moments,
    update: Update,
    weights: &'a mut [f32],
    gradient: &'a [f32],
}

impl Kernel for Whole<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.moments.step(self.update, self.weights, self.gradient);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gradient_that_has_ended_leaves_nothing_that_slows_the_steps_after_it() {
        let (mut weights, mut moments) = ([0.5_f32], Moments::new(1));
        let mut step = |steps, gradient: f32| {
            moments.step(
                Update::new(Optimizer::Adam { learning_rate: 1e-3 }, steps, 1e-3, 0.0),
                &mut weights,
                &[gradient],
            );
            let (mean, square) = (moments.means[0], moments.squares[0]);
            // Neither they nor products with a learning rate are denormal.
            let slow = [mean, 1e-3 * mean, square, 1e-3 * square].into_iter().any(f32::is_subnormal);
            assert!(!slow && square > 0.0, "{mean}, {square} after step {steps}");
            weights[0]
        };
        step(1, 0.3);
        let rested = (2..1500).map(|steps| step(steps, 0.0)).last();
        assert_eq!((1500..100_000).map(|steps| step(steps, 1e-25)).last(), rested);
    }
}
