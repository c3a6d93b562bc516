//! Convolutions with filters of 3 x 3 over bordered maps.

use super::maps::{ABREAST, Maps};
use super::rectifier::Rectifier;
use crate::engine::{Kernel, vectorised};

/// Places of a filter.
pub(crate) const TAPS: usize = 9;
/// Sums that a tile has at most: as many as vector registers hold with what is added to them, of which V8 has half as wide ones.
#[cfg(not(target_arch = "wasm32"))]
const SUMS: usize = 8;
#[cfg(target_arch = "wasm32")]
const SUMS: usize = 4;
/// Outputs of a tile: fewer where fewer are left.
#[cfg(not(target_arch = "wasm32"))]
const TILES: [usize; 4] = [8, 4, 2, 1];
#[cfg(target_arch = "wasm32")]
const TILES: [usize; 3] = [4, 2, 1];

/// Filters as a convolution reads them: in tiles of a few outputs, the weights of a place side by side.
#[derive(Debug, Default)]
pub(crate) struct Filters {
    outputs: usize,
    inputs: usize,
    /// Tile by tile.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

/// How many outputs the next tile has, of those that are left.
fn tile(left: usize) -> usize {
    TILES.into_iter().find(|&size| size <= left).unwrap_or(1)
}

impl Filters {
    /// From a kernel `[outputs, inputs, 3, 3]` and a bias for each output.
    pub fn take(&mut self, kernel: &[f32], bias: &[f32]) {
        self.pack(bias.len(), kernel.len() / TAPS / bias.len(), |output, input, tap, inputs| {
            kernel[(output * inputs + input) * TAPS + tap]
        });
        self.bias.clear();
        self.bias.extend_from_slice(bias);
    }

    /// From the same kernel those that send a gradient back from its outputs to its inputs.
    pub fn take_turned(&mut self, kernel: &[f32], outputs: usize) {
        let inputs = kernel.len() / TAPS / outputs;
        self.pack(inputs, outputs, |input, output, tap, _| kernel[(output * inputs + input) * TAPS + TAPS - 1 - tap]);
        self.bias.clear();
        self.bias.resize(inputs, 0.0);
    }

    fn pack(&mut self, outputs: usize, inputs: usize, weight: impl Fn(usize, usize, usize, usize) -> f32) {
        (self.outputs, self.inputs) = (outputs, inputs);
        self.weights.clear();
        let mut first = 0;
        while first < outputs {
            let size = tile(outputs - first);
            for place in 0..inputs * TAPS {
                self.weights
                    .extend((first..first + size).map(|output| weight(output, place / TAPS, place % TAPS, inputs)));
            }
            first += size;
        }
    }

    /// The maps that come of `from` for each output, as large as those are, and what a rectifier lets through of them, where there is one.
    pub fn convolve(&self, from: &Maps, to: &mut Maps, examples: usize, rectifier: Option<Rectifier>) {
        debug_assert_eq!(from.shape.channels, self.inputs, "maps for every input");
        to.resize(examples, super::MapShape { channels: self.outputs, ..from.shape });
        let rectifier = rectifier.unwrap_or(Rectifier::NONE);
        vectorised(Convolve { filters: self, from, to, rectifier });
    }
}

struct Convolve<'a> {
    filters: &'a Filters,
    from: &'a Maps,
    to: &'a mut Maps,
    rectifier: Rectifier,
}

impl Kernel for Convolve<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { filters, from, to, rectifier } = self;
        let (of_map, stride, width) = (from.of_map(), from.stride(), from.shape.width);
        // Offsets of the filter's rows from its first. Looping over this list needs a fraction of the code that unrolled products
        // need, and takes the same time.
        let offsets: Vec<usize> = (0..filters.inputs * 3).map(|row| row / 3 * of_map + row % 3 * stride).collect();
        let at = Layout { offsets: &offsets, of_map, width };
        for (from, to) in from.groups().zip(to.groups_mut()) {
            for row in 0..of_map / stride - 2 {
                let (from, to) = (&from[row * stride..], &mut to[(row + 1) * stride + 1..]);
                let (mut first, mut weights) = (0, &filters.weights[..]);
                while first < filters.outputs {
                    let size = tile(filters.outputs - first);
                    let (own, rest) = weights.split_at(size * TAPS * filters.inputs);
                    let bias = &filters.bias[first..][..size];
                    let to = &mut to[first * of_map..];
                    match size {
                        #[cfg(not(target_arch = "wasm32"))]
                        8 => line::<8, 1>(at, from, own, bias, to),
                        4 => line::<4, { SUMS / 4 }>(at, from, own, bias, to),
                        2 => line::<2, { SUMS / 2 }>(at, from, own, bias, to),
                        _ => line::<1, { SUMS / 2 }>(at, from, own, bias, to),
                    }
                    (first, weights) = (first + size, rest);
                }
                // While they are still in registers.
                for output in 0..filters.outputs {
                    for numbers in &mut to[output * of_map..][..width] {
                        *numbers = rectifier.lets_through(numbers);
                    }
                }
            }
        }
    }
}

/// How the maps of a group lie.
#[derive(Clone, Copy)]
struct Layout<'a> {
    offsets: &'a [usize],
    of_map: usize,
    width: usize,
}

/// A row of `OUTPUTS` maps, so many columns at a time.
#[inline(always)]
fn line<const OUTPUTS: usize, const COLUMNS: usize>(
    at: Layout,
    from: &[[f32; ABREAST]],
    weights: &[f32],
    bias: &[f32],
    to: &mut [[f32; ABREAST]],
) {
    let weights = weights.as_chunks::<OUTPUTS>().0;
    let mut column = 0;
    while column + COLUMNS <= at.width {
        spot::<OUTPUTS, COLUMNS>(at, &from[column..], weights, bias, &mut to[column..]);
        column += COLUMNS;
    }
    while column < at.width {
        spot::<OUTPUTS, 1>(at, &from[column..], weights, bias, &mut to[column..]);
        column += 1;
    }
}

#[inline(always)]
fn spot<const OUTPUTS: usize, const COLUMNS: usize>(
    at: Layout,
    from: &[[f32; ABREAST]],
    weights: &[[f32; OUTPUTS]],
    bias: &[f32],
    to: &mut [[f32; ABREAST]],
) {
    let mut sums = [[[0.0; ABREAST]; OUTPUTS]; COLUMNS];
    for own in &mut sums {
        for output in 0..OUTPUTS {
            own[output] = [bias[output]; ABREAST];
        }
    }
    for (weights, &offset) in weights.as_chunks::<3>().0.iter().zip(at.offsets) {
        let numbers = &from[offset..][..COLUMNS + 2];
        for right in 0..3 {
            for own in 0..COLUMNS {
                for output in 0..OUTPUTS {
                    add(&mut sums[own][output], weights[right][output], &numbers[own + right]);
                }
            }
        }
    }
    for output in 0..OUTPUTS {
        let to = &mut to[output * at.of_map..][..COLUMNS];
        for own in 0..COLUMNS {
            to[own] = sums[own][output];
        }
    }
}

#[inline(always)]
fn add(sums: &mut [f32; ABREAST], weight: f32, numbers: &[f32; ABREAST]) {
    // A local copy, which the compiler keeps in a register.
    let mut own = *sums;
    for example in 0..ABREAST {
        own[example] += weight * numbers[example];
    }
    *sums = own;
}
