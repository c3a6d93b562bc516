//! Max pooling over squares of 2 x 2.

use super::maps::{ABREAST, Maps};
use super::rectifier::Rectifier;
use crate::engine::{Kernel, vectorised};

/// The largest number of each square.
pub(crate) fn pool(from: &Maps, to: &mut Maps, examples: usize) {
    to.resize(examples, from.shape.pooled());
    vectorised(Pool { from, to });
}

struct Pool<'a> {
    from: &'a Maps,
    to: &'a mut Maps,
}

impl Kernel for Pool<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { from: maps, to: pooled } = self;
        let (shape, of_map, stride) = (pooled.shape, pooled.of_map(), pooled.stride());
        for (from, to) in maps.groups().zip(pooled.groups_mut()) {
            for channel in 0..shape.channels {
                for row in 0..shape.height {
                    let [upper, lower] = [2 * row, 2 * row + 1].map(|row| &from[maps.row(channel, row)..]);
                    let (upper, lower) = (upper.as_chunks::<2>().0, lower.as_chunks::<2>().0);
                    let to = &mut to[channel * of_map + (row + 1) * stride + 1..][..shape.width];
                    for ((to, [a, b]), [c, d]) in to.iter_mut().zip(upper).zip(lower) {
                        for example in 0..ABREAST {
                            to[example] = larger(larger(a[example], b[example]), larger(c[example], d[example]));
                        }
                    }
                }
            }
        }
    }
}

/// (WebAssembly's own maximum would be a call for each.)
#[inline(always)]
fn larger(one: f32, other: f32) -> f32 {
    if other > one { other } else { one }
}

/// The way back from a pooling that follows a rectifier: the gradient goes to the first of a square's largest numbers, as much as the rectifier lets
/// back.
pub(crate) struct Unpool<'a> {
    pub rectifier: Rectifier,
    /// What the rectifier let through, and what pooling kept of it.
    pub out: &'a Maps,
    pub pooled: &'a Maps,
    /// The gradient of what was kept.
    pub slopes: &'a Maps,
    /// To be written: that of what came to the rectifier.
    pub back: &'a mut Maps,
}

impl Unpool<'_> {
    /// Goes it, for so many examples.
    pub fn go(self, examples: usize) {
        self.back.resize(examples, self.out.shape);
        vectorised(self);
    }
}

impl Kernel for Unpool<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { rectifier, out: maps, pooled: largest, slopes, back } = self;
        let (shape, whole) = (largest.shape, maps.shape);
        let (of_map, stride) = (maps.of_map(), maps.stride());
        let groups = maps.groups().zip(largest.groups()).zip(slopes.groups()).zip(back.groups_mut());
        for (((from, largest_ones), slopes), back) in groups {
            for channel in 0..shape.channels {
                let map = channel * of_map + stride + 1;
                for row in 0..shape.height {
                    let place = largest.row(channel, row);
                    let (largest_ones, slopes) =
                        (&largest_ones[place..][..shape.width], &slopes[place..][..shape.width]);
                    let start = map + 2 * row * stride;
                    let (upper, lower) = (from[start..].as_chunks::<2>().0, from[start + stride..].as_chunks::<2>().0);
                    let (above, below) = back[start..].split_at_mut(stride);
                    let backs = above.as_chunks_mut::<2>().0.iter_mut().zip(below.as_chunks_mut::<2>().0);
                    let squares = largest_ones.iter().zip(slopes).zip(upper.iter().zip(lower)).zip(backs);
                    for (((largest, slope), ([a, b], [c, d])), ([back_a, back_b], [back_c, back_d])) in squares {
                        // If the square's largest value is not above 0, the rectifier decides how much gradient passes.
                        let mut left = rectifier.lets_back(largest, slope);
                        *back_a = taken(a, largest, &mut left);
                        *back_b = taken(b, largest, &mut left);
                        *back_c = taken(c, largest, &mut left);
                        *back_d = taken(d, largest, &mut left);
                    }
                }
                // Rows and columns outside every pooling square.
                for row in 0..whole.height {
                    let first = if row < 2 * shape.height { 2 * shape.width } else { 0 };
                    back[map + row * stride..][first..whole.width].fill([0.0; ABREAST]);
                }
            }
        }
    }
}

/// What a place takes of the gradient that is left, for those examples of which it has the largest number.
#[inline(always)]
fn taken(from: &[f32; ABREAST], largest: &[f32; ABREAST], left: &mut [f32; ABREAST]) -> [f32; ABREAST] {
    // A local copy, which the compiler keeps in a register.
    let (mut rest, mut back) = (*left, [0.0; ABREAST]);
    for example in 0..ABREAST {
        back[example] = if from[example] == largest[example] { rest[example] } else { 0.0 };
        rest[example] = if from[example] == largest[example] { 0.0 } else { rest[example] };
    }
    *left = rest;
    back
}
