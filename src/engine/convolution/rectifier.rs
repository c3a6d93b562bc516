//! ReLU and leaky ReLU over numbers of examples abreast.

use super::maps::{ABREAST, Maps};
use crate::engine::{Kernel, vectorised};

/// A rectifier: what is below 0 is let through times a slope.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rectifier {
    negative_slope: f32,
    /// What of a gradient is let back where 0 came: of a ReLU nothing, of a leaky one, as burn has it, everything.
    at_zero: f32,
}

impl Rectifier {
    /// Lets everything through.
    pub const NONE: Self = Self { negative_slope: 1.0, at_zero: 1.0 };

    /// With that slope below 0.
    pub fn new(negative_slope: f32) -> Self {
        Self { negative_slope, at_zero: if negative_slope == 0.0 { 0.0 } else { 1.0 } }
    }

    /// What goes out. (WebAssembly's own maximum would be a call for each.)
    #[inline(always)]
    pub fn lets_through(self, numbers: &[f32; ABREAST]) -> [f32; ABREAST] {
        let mut out = [0.0; ABREAST];
        for example in 0..ABREAST {
            let number = numbers[example];
            let below = if self.negative_slope == 0.0 { 0.0 } else { self.negative_slope * number };
            out[example] = if number > 0.0 { number } else { below };
        }
        out
    }

    /// The gradient of what came, from that of what went `out`.
    #[inline(always)]
    pub fn lets_back(self, out: &[f32; ABREAST], slopes: &[f32; ABREAST]) -> [f32; ABREAST] {
        let mut back = [0.0; ABREAST];
        for example in 0..ABREAST {
            let below = if out[example] < 0.0 { self.negative_slope } else { self.at_zero };
            back[example] = slopes[example] * if out[example] > 0.0 { 1.0 } else { below };
        }
        back
    }

    /// What goes out of whole maps, in their place.
    pub fn let_through(self, maps: &mut Maps) {
        vectorised(LetThrough { rectifier: self, maps });
    }

    /// The gradient of whole maps, in its place.
    pub fn send_back(self, out: &Maps, slopes: &mut Maps) {
        vectorised(SendBack { rectifier: self, out, slopes });
    }
}

struct LetThrough<'a> {
    rectifier: Rectifier,
    maps: &'a mut Maps,
}

impl Kernel for LetThrough<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { rectifier, maps } = self;
        // The border stays 0.
        for numbers in maps.groups_mut().flatten() {
            *numbers = rectifier.lets_through(numbers);
        }
    }
}

struct SendBack<'a> {
    rectifier: Rectifier,
    out: &'a Maps,
    slopes: &'a mut Maps,
}

impl Kernel for SendBack<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { rectifier, out, slopes } = self;
        // Zeros stay 0, so borders need no special case.
        for (out, slopes) in out.groups().zip(slopes.groups_mut()) {
            for (slopes, out) in slopes.iter_mut().zip(out) {
                *slopes = rectifier.lets_back(out, slopes);
            }
        }
    }
}
