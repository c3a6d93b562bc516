//! The gradient of a convolution's filters and biases.

use super::forward::TAPS;
use super::maps::{ABREAST, Maps};
use crate::engine::{Kernel, vectorised};

/// Examples of a vector register.
#[cfg(not(target_arch = "wasm32"))]
const VECTOR: usize = 8;
#[cfg(target_arch = "wasm32")]
const VECTOR: usize = 4;

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
        for (from, slopes) in maps.groups().zip(back.groups()) {
            for row in 0..back.shape.height {
                for (output, sums) in bias_sums.iter_mut().enumerate() {
                    let mut own = *sums;
                    for slopes in &slopes[back.row(output, row)..][..back.shape.width] {
                        for example in 0..ABREAST {
                            own[example] += slopes[example];
                        }
                    }
                    *sums = own;
                }
                let mut first = 0;
                while first < back.shape.channels {
                    let left = back.shape.channels - first;
                    let at = (&mut sums[first * of_output..], &slopes[back.row(first, row)..]);
                    // Two and two are faster than three and one.
                    first += match left {
                        1 => lines::<1>(at, maps, from, row),
                        2 | 4 => lines::<2>(at, maps, from, row),
                        _ => lines::<3>(at, maps, from, row),
                    };
                }
            }
        }
    }
}

/// Adds what a row of `OUTPUTS` maps says of their filters; how many those are.
#[inline(always)]
fn lines<const OUTPUTS: usize>(
    (sums, slopes): (&mut [[f32; ABREAST]], &[[f32; ABREAST]]),
    maps: &Maps,
    from: &[[f32; ABREAST]],
    row: usize,
) -> usize {
    let (width, stride, of_map, of_output) =
        (maps.shape.width, maps.stride(), maps.of_map(), maps.shape.channels * TAPS);
    for (input, map) in from.chunks_exact(of_map).enumerate() {
        for down in 0..3 {
            let line = &map[(row + down) * stride..][..width + 2];
            let first = input * TAPS + 3 * down;
            for part in 0..ABREAST / VECTOR {
                let mut own = [[[0.0; VECTOR]; 3]; OUTPUTS];
                for output in 0..OUTPUTS {
                    for right in 0..3 {
                        own[output][right] = sums[output * of_output + first + right].as_chunks().0[part];
                    }
                }
                add::<OUTPUTS>(&mut own, line, slopes, of_map, part);
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

#[inline(always)]
fn add<const OUTPUTS: usize>(
    sums: &mut [[[f32; VECTOR]; 3]; OUTPUTS],
    line: &[[f32; ABREAST]],
    slopes: &[[f32; ABREAST]],
    of_map: usize,
    part: usize,
) {
    // A copy, which the compiler keeps in registers.
    let mut own = *sums;
    let width = line.len() - 2;
    let mut rows = [&slopes[..0]; OUTPUTS];
    for output in 0..OUTPUTS {
        rows[output] = &slopes[output * of_map..][..width];
    }
    for column in 0..width {
        for right in 0..3 {
            let numbers = &line[column + right].as_chunks::<VECTOR>().0[part];
            for output in 0..OUTPUTS {
                let slopes = &rows[output][column].as_chunks::<VECTOR>().0[part];
                for example in 0..VECTOR {
                    own[output][right][example] += slopes[example] * numbers[example];
                }
            }
        }
    }
    *sums = own;
}
