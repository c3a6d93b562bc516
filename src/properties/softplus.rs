//! The log-loss of many margins at once.
//!
//! `exp` and `ln_1p` of the system take one number at a time, and were a third of the time that logistic regression takes. Here both
//! are polynomials without a branch, which the compiler turns into vectors; they are held to the system's by a test.

/// Margins side by side.
pub(super) const BLOCK: usize = 32;
/// Adding and taking away this leaves the nearest whole number.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// Below this, e to the power of it is no number worth having any more.
const LEAST: f64 = -700.0;
/// ln 2 in two parts, the first of few digits, so that its multiples are exact.
const LN_2: [f64; 2] = [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10];
/// `1 / n!`: Taylor's series of `exp` to the 13th power.
const TAYLOR: [f64; 14] = {
    let mut series = [1.0; 14];
    let mut n = 1;
    while n < series.len() {
        series[n] = series[n - 1] / n as f64;
        n += 1;
    }
    series
};
/// `1 / (2 n + 1)`: the series of `artanh`, whose argument's square is at most 1/9.
const ARTANH: [f64; 18] = {
    let mut series = [1.0; 18];
    let mut n = 1;
    while n < series.len() {
        series[n] = 1.0 / (2 * n + 1) as f64;
        n += 1;
    }
    series
};

/// For each margin `m`: `ln(1 + e^-m)`, and its derivative without the sign, `1 / (1 + e^m)`.
#[inline(always)]
pub(super) fn log_losses(margins: &[f64; BLOCK]) -> ([f64; BLOCK], [f64; BLOCK]) {
    let (mut losses, mut wrong) = ([0.0; BLOCK], [0.0; BLOCK]);
    for lane in 0..BLOCK {
        let margin = margins[lane];
        let small = exp(-margin.abs()); // at most 1, so that nothing overflows
        losses[lane] = ln_1p(small) + (-margin).max(0.0);
        wrong[lane] = (if margin > 0.0 { small } else { 1.0 }) / (1.0 + small);
    }
    (losses, wrong)
}

/// e to the power of a number that is not above 0.
#[inline(always)]
fn exp(power: f64) -> f64 {
    let power = power.max(LEAST);
    let twos = (power * std::f64::consts::LOG2_E + ROUND) - ROUND;
    let rest = (power - twos * LN_2[0]) - twos * LN_2[1];
    // The rest is at most ln(2) / 2.
    polynomial(&TAYLOR, rest) * f64::from_bits(((twos as i64 + 1023) as u64) << 52)
}

/// `ln(1 + x)` for `x` from 0 to 1.
#[inline(always)]
fn ln_1p(x: f64) -> f64 {
    // ln(1 + x) = 2 artanh(x / (2 + x)).
    let ratio = x / (2.0 + x);
    2.0 * ratio * polynomial(&ARTANH, ratio * ratio)
}

/// Horner's way.
#[inline(always)]
fn polynomial<const N: usize>(series: &[f64; N], at: f64) -> f64 {
    series.iter().rev().fold(0.0, |sum, factor| sum * at + factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_those_of_the_systems_functions() {
        for start in -200..200 {
            let margins: [f64; BLOCK] = std::array::from_fn(|lane| f64::from(start) * 0.37 + lane as f64 * 0.011);
            let (losses, wrong) = log_losses(&margins);
            for (margin, (loss, wrong)) in margins.into_iter().zip(losses.into_iter().zip(wrong)) {
                let expected = (-margin.abs()).exp().ln_1p() + (-margin).max(0.0);
                assert!((loss - expected).abs() <= 1e-14 * expected, "{margin}: {loss} for {expected}");
                let expected = 1.0 / (1.0 + margin.exp());
                assert!((wrong - expected).abs() <= 1e-14 * expected, "{margin}: {wrong} for {expected}");
            }
        }
    }

    #[test]
    fn margins_without_end_cost_what_they_should() {
        let mut margins = [0.0; BLOCK];
        (margins[0], margins[1]) = (1e6, -1e6);
        let (losses, wrong) = log_losses(&margins);
        assert!(losses[0] < 1e-300 && losses[1] == 1e6 && wrong[0] < 1e-300 && wrong[1] == 1.0);
        assert!((losses[2] - std::f64::consts::LN_2).abs() < 1e-15 && wrong[2] == 0.5);
    }
}
