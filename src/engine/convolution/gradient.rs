//! The gradient of a convolution's filters and biases.

use std::ops::Range;

use super::forward::TAPS;
use super::maps::{ABREAST, Maps};
use crate::engine::{Kernel, vectorised};

/// Examples of a vector register.
#[cfg(not(target_arch = "wasm32"))]
const VECTOR: usize = 8;
#[cfg(target_arch = "wasm32")]
const VECTOR: usize = 4;

/// Places of a map that are gone through one behind the other with the same sums in registers: as many as stay at hand while the next filters go
/// through them.
const STRIP: usize = 256;

/// What it adds up on the way.
#[derive(Debug, Default)]
pub(crate) struct FilterGradient {
    /// `[outputs, inputs, 3, 3]`, for each example that stands abreast.
    sums: Vec<[f32; ABREAST]>,
    /// The same of each output's bias.
    bias_sums: Vec<[f32; ABREAST]>,
    /// `[outputs, inputs, 3, 3]`.
    pub kernel: Vec<f32>,
    /// Of each output.
    pub bias: Vec<f32>,
}

impl FilterGradient {
    /// From what went in and the gradient of what came out.
    pub fn take(&mut self, from: &Maps, slopes: &Maps) {
        self.sums.clear();
        self.sums.resize(slopes.shape.channels * from.shape.channels * TAPS, [0.0; ABREAST]);
        self.bias_sums.clear();
        self.bias_sums.resize(slopes.shape.channels, [0.0; ABREAST]);
        vectorised(AddUp { sums: &mut self.sums, bias_sums: &mut self.bias_sums, from, slopes });
        self.kernel.clear();
        self.kernel.extend(self.sums.iter().map(|of_examples| of_examples.iter().sum::<f32>()));
        self.bias.clear();
        self.bias.extend(self.bias_sums.iter().map(|of_examples| of_examples.iter().sum::<f32>()));
    }
}

struct AddUp<'a> {
    sums: &'a mut [[f32; ABREAST]],
    bias_sums: &'a mut [[f32; ABREAST]],
    from: &'a Maps,
    slopes: &'a Maps,
}

impl Kernel for AddUp<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { sums, bias_sums, from: maps, slopes: back } = self;
        let of_output = maps.shape.channels * TAPS;
        let rows = (STRIP / back.shape.width.max(1)).max(1);
        for (from, slopes) in maps.groups().zip(back.groups()) {
            for start in (0..back.shape.height).step_by(rows) {
                let strip = start..back.shape.height.min(start + rows);
                for (output, sums) in bias_sums.iter_mut().enumerate() {
                    let mut own = *sums;
                    for row in strip.clone() {
                        for slopes in &slopes[back.row(output, row)..][..back.shape.width] {
                            for example in 0..ABREAST {
                                own[example] += slopes[example];
                            }
                        }
                    }
                    *sums = own;
                }
                let mut first = 0;
                while first < back.shape.channels {
                    let left = back.shape.channels - first;
                    let at = (&mut sums[first * of_output..], &slopes[back.row(first, 0)..]);
                    // Of four channels, two and two are faster than three and one.
                    first += match left {
                        1 => lines::<1>(at, maps, from, strip.clone()),
                        2 | 4 => lines::<2>(at, maps, from, strip.clone()),
                        _ => lines::<3>(at, maps, from, strip.clone()),
                    };
                }
            }
        }
    }
}

/// Adds what some rows of `OUTPUTS` maps say of their filters; how many those are.
#[inline(always)]
fn lines<const OUTPUTS: usize>(
    (sums, slopes): (&mut [[f32; ABREAST]], &[[f32; ABREAST]]),
    maps: &Maps,
    from: &[[f32; ABREAST]],
    strip: Range<usize>,
) -> usize {
    let (width, stride, of_map, of_output) =
        (maps.shape.width, maps.stride(), maps.of_map(), maps.shape.channels * TAPS);
    for (input, map) in from.chunks_exact(of_map).enumerate() {
        for down in 0..3 {
            let first = input * TAPS + 3 * down;
            for part in 0..ABREAST / VECTOR {
                let mut own = [[[0.0; VECTOR]; 3]; OUTPUTS];
                for output in 0..OUTPUTS {
                    for right in 0..3 {
                        own[output][right] = sums[output * of_output + first + right].as_chunks().0[part];
                    }
                }
                let rows =
                    strip.clone().map(|row| (&map[(row + down) * stride..][..width + 2], &slopes[row * stride..]));
                add::<OUTPUTS>(&mut own, rows, of_map, part);
                for output in 0..OUTPUTS {
                    for right in 0..3 {
                        sums[output * of_output + first + right].as_chunks_mut().0[part] = own[output][right];
                    }
                }
            }
        }
    }
    OUTPUTS
}

/// Adds for each row what went in, with its border, times the slopes of the first of `OUTPUTS` maps and of those behind it.
#[inline(always)]
fn add<'a, const OUTPUTS: usize>(
    sums: &mut [[[f32; VECTOR]; 3]; OUTPUTS],
    rows: impl Iterator<Item = (&'a [[f32; ABREAST]], &'a [[f32; ABREAST]])>,
    of_map: usize,
    part: usize,
) {
    // A local copy, which the compiler keeps in registers.
    let mut own = *sums;
    for (line, slopes) in rows {
        let width = line.len() - 2;
        let mut of_outputs = [&slopes[..0]; OUTPUTS];
        for output in 0..OUTPUTS {
            of_outputs[output] = &slopes[output * of_map..][..width];
        }
        for column in 0..width {
            for right in 0..3 {
                let numbers = &line[column + right].as_chunks::<VECTOR>().0[part];
                for output in 0..OUTPUTS {
                    let slopes = &of_outputs[output][column].as_chunks::<VECTOR>().0[part];
                    for example in 0..VECTOR {
                        own[output][right][example] += slopes[example] * numbers[example];
                    }
                }
            }
        }
    }
    *sums = own;
}
