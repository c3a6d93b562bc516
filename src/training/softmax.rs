//! The loss on the CPU: what networks said of a batch, and what they should have said.

use crate::engine::{Kernel, LANES, exp, vectorised};

/// Outputs of networks: for each example and network a row of `classes` numbers, filled up to whole vectors.
pub(super) struct PaddedRows<Numbers> {
    pub numbers: Numbers,
    pub networks: usize,
    pub classes: usize,
}

/// From logits to their gradient of the loss, for each network the cross-entropy of the batch in which each example has its share.
pub(super) fn errors(logits: PaddedRows<&mut [f32]>, labels: &[u8], shares: &[f32]) {
    vectorised(Errors { logits, labels, shares });
}

struct Errors<'a> {
    logits: PaddedRows<&'a mut [f32]>,
    labels: &'a [u8],
    shares: &'a [f32],
}

impl Kernel for Errors<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { logits: PaddedRows { numbers, networks, classes }, labels, shares } = self;
        let width = classes.next_multiple_of(LANES);
        for ((rows, &label), &share) in numbers.chunks_exact_mut(networks * width).zip(labels).zip(shares) {
            for row in rows.chunks_exact_mut(width) {
                let (_, sum) = exponentials(row, classes);
                row.iter_mut().for_each(|number| *number *= share / sum);
                row[usize::from(label)] -= share;
            }
        }
    }
}

/// Each network's mean loss, from logits.
pub(super) fn losses(logits: PaddedRows<&[f32]>, labels: &[u8], shares: &[f32]) -> Vec<f32> {
    let PaddedRows { numbers, networks, classes } = logits;
    let width = classes.next_multiple_of(LANES);
    let mut losses = vec![0.0; networks];
    let mut row = vec![0.0; width];
    for ((rows, &label), &share) in numbers.chunks_exact(networks * width).zip(labels).zip(shares) {
        for (loss, logits) in losses.iter_mut().zip(rows.chunks_exact(width)) {
            row.copy_from_slice(logits);
            let (largest, sum) = exponentials(&mut row, classes);
            *loss += share * (sum.ln() + largest - logits[usize::from(label)]);
        }
    }
    losses
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

    /// Two networks, three examples, three classes; what lies behind the classes must not matter.
    fn logits() -> Vec<f32> {
        (0..3 * 2 * LANES).map(|at| if at % LANES < 3 { (at as f32 * 1.3).sin() * 4.0 } else { 99.0 }).collect()
    }

    const LABELS: [u8; 3] = [2, 0, 1];
    const SHARES: [f32; 3] = [0.5, 0.25, 0.25];

    fn losses_of(logits: Vec<f32>) -> Vec<f32> {
        losses(PaddedRows { numbers: &logits, networks: 2, classes: 3 }, &LABELS, &SHARES)
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_loss() {
        let mut gradient = logits();
        errors(PaddedRows { numbers: &mut gradient, networks: 2, classes: 3 }, &LABELS, &SHARES);
        for at in (0..gradient.len()).filter(|at| at % LANES < 3) {
            let moved = |by: f32| {
                let mut logits = logits();
                logits[at] += by;
                losses_of(logits)[at / LANES % 2]
            };
            let measured = (moved(0.01) - moved(-0.01)) / 0.02;
            assert!((gradient[at] - measured).abs() < 1e-4, "logit {at}: {}, measured {measured}", gradient[at]);
        }
        assert!((0..gradient.len()).filter(|at| at % LANES >= 3).all(|at| gradient[at] == 0.0));
    }

    #[test]
    fn a_sure_and_right_answer_costs_nothing_and_a_wrong_one_as_much_as_it_was_sure() {
        let mut rows = vec![0.0; 2 * LANES];
        (rows[0], rows[LANES + 1]) = (200.0, 200.0);
        let losses = losses(PaddedRows { numbers: &rows, networks: 2, classes: 3 }, &[0], &[1.0]);
        assert_eq!(losses, [0.0, 200.0]);
    }
}
