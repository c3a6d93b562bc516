//! Softmax cross-entropy and its gradient on the CPU.

use crate::engine::{Kernel, LANES, exp, vectorised};

/// From the logits of a network, one row per example that is filled up to whole vectors, to their gradient of the loss: the
/// cross-entropy of the batch in which each example has its share.
pub(super) fn errors(logits: &mut [f32], classes: usize, labels: &[u8], shares: &[f32]) {
    vectorised(Errors { logits, classes, labels, shares });
}

struct Errors<'a> {
    logits: &'a mut [f32],
    classes: usize,
    labels: &'a [u8],
    shares: &'a [f32],
}

impl Kernel for Errors<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { logits, classes, labels, shares } = self;
        let rows = logits.chunks_exact_mut(classes.next_multiple_of(LANES));
        for ((row, &label), &share) in rows.zip(labels).zip(shares) {
            let (_, sum) = exponentials(row, classes);
            row.iter_mut().for_each(|number| *number *= share / sum);
            row[usize::from(label)] -= share;
        }
    }
}

/// The loss, from the same.
pub(super) fn loss(logits: &[f32], classes: usize, labels: &[u8], shares: &[f32]) -> f32 {
    let width = classes.next_multiple_of(LANES);
    let mut row = vec![0.0; width];
    let of_example = |((logits, &label), &share): ((&[f32], &u8), &f32)| {
        row.copy_from_slice(logits);
        let (largest, sum) = exponentials(&mut row, classes);
        share * (sum.ln() + largest - logits[usize::from(label)])
    };
    logits.chunks_exact(width).zip(labels).zip(shares).map(of_example).sum()
}

/// e to the power of each logit less the largest, zeros behind them; gives the largest, and their sum.
#[inline(always)]
fn exponentials(row: &mut [f32], classes: usize) -> (f32, f32) {
    let larger = |largest: f32, &logit: &f32| if logit > largest { logit } else { largest };
    let largest = row[..classes].iter().fold(f32::NEG_INFINITY, larger);
    for block in row.chunks_exact_mut(LANES) {
        for number in block.iter_mut() {
            *number = exp(*number - largest);
        }
    }
    row[classes..].fill(0.0);
    (largest, row[..classes].iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three examples, three classes; what lies behind the classes must not matter.
    fn logits() -> Vec<f32> {
        (0..3 * LANES).map(|at| if at % LANES < 3 { (at as f32 * 1.3).sin() * 4.0 } else { 99.0 }).collect()
    }

    const LABELS: [u8; 3] = [2, 0, 1];
    const SHARES: [f32; 3] = [0.5, 0.25, 0.25];

    #[test]
    fn the_gradient_is_the_slope_of_the_loss() {
        let mut gradient = logits();
        errors(&mut gradient, 3, &LABELS, &SHARES);
        for at in (0..gradient.len()).filter(|at| at % LANES < 3) {
            let moved = |by: f32| {
                let mut logits = logits();
                logits[at] += by;
                loss(&logits, 3, &LABELS, &SHARES)
            };
            let measured = (moved(0.01) - moved(-0.01)) / 0.02;
            assert!((gradient[at] - measured).abs() < 1e-4, "logit {at}: {}, measured {measured}", gradient[at]);
        }
        assert!((0..gradient.len()).filter(|at| at % LANES >= 3).all(|at| gradient[at] == 0.0));
    }

    #[test]
    fn a_sure_and_right_answer_costs_nothing_and_a_wrong_one_as_much_as_it_was_sure() {
        let mut row = vec![0.0; LANES];
        row[0] = 200.0;
        assert_eq!([0, 1].map(|label| loss(&row, 3, &[label], &[1.0])), [0.0, 200.0]);
    }
}
