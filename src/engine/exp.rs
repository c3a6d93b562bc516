//! The exponential function of many numbers at once.
//!
//! The standard library's takes one number at a time. This one is a polynomial without branches, which the compiler vectorizes; a test
//! compares it with the standard library's.

/// Below this, e to the power of it is no number worth having any more.
const LEAST: f32 = -87.0;
/// Adding and taking away this leaves the nearest whole number.
const ROUND: f32 = 12_582_912.0;
/// ln 2 in two parts, the first of few digits, so that its multiples are exact.
const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
/// `1 / n!`: Taylor's series of `exp` to the 7th power.
const TAYLOR: [f32; 8] = [1.0, 1.0, 0.5, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0, 1.0 / 5040.0];

/// e to the power of a number that is not above 0, to within 3e-7 of it; NaN stays NaN.
#[inline(always)]
pub(crate) fn exp(power: f32) -> f32 {
    let bounded = if power < LEAST { LEAST } else { power };
    let twos = (bounded * std::f32::consts::LOG2_E + ROUND) - ROUND;
    let rest = (bounded - twos * LN_2[0]) - twos * LN_2[1];
    let series = TAYLOR.iter().rev().fold(0.0, |sum, factor| sum * rest + factor);
    series * f32::from_bits(((twos as i32 + 127) as u32) << 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_the_system() {
        for step in 0..8700 {
            let power = -0.01 * step as f32;
            let (own, system) = (exp(power), power.exp());
            assert!((own - system).abs() <= 3e-7 * system, "{power}: {own} for {system}");
        }
        assert!(exp(f32::NEG_INFINITY) < 1e-37 && exp(f32::NAN).is_nan());
    }
}
