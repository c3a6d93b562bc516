//! Every place of a map, or every second place of every second row.

use super::forward::Filters;
use super::maps::{ABREAST, Maps};
use super::rectifier::Rectifier;

impl Filters {
    /// The same as [`convolve`](Self::convolve), with a stride of 1 or of 2; with 2 all places are computed into `whole`, and every second one of
    /// every second row is kept.
    pub fn convolve_by(
        &self,
        stride: usize,
        from: &Maps,
        whole: &mut Maps,
        to: &mut Maps,
        examples: usize,
        rectifier: Option<Rectifier>,
    ) {
        if stride > 1 {
            self.convolve(from, whole, examples, rectifier);
            take_every_second(whole, to, examples);
        } else {
            self.convolve(from, to, examples, rectifier);
        }
    }
}

/// Adds to the first maps of `to` those of `from`: every place where they are as large, else every second one of every second row.
pub(crate) fn add_every(from: &Maps, to: &mut Maps) {
    each_line(from, to, |from, step, to| {
        for (to, from) in to.iter_mut().zip(from.iter().step_by(step)) {
            for example in 0..ABREAST {
                to[example] += from[example];
            }
        }
    });
}

/// Writes into `to`, half as large, every second place of every second row of `from`.
pub(super) fn take_every_second(from: &Maps, to: &mut Maps, examples: usize) {
    to.resize(examples, from.shape.halved());
    each_line(from, to, |from, step, to| {
        to.iter_mut().zip(from.iter().step_by(step)).for_each(|(to, from)| *to = *from);
    });
}

/// The way back of both: writes into `back`, of the maps and the size that were taken from, what came of their places, and 0 for those that
/// were left out.
pub(crate) fn send_every_back(slopes: &Maps, back: &mut Maps) {
    let (of_map, stride, step) = (back.of_map(), back.stride(), step(back, slopes));
    let shape = back.shape;
    for (slopes_of, back_of) in slopes.groups().zip(back.groups_mut()) {
        for channel in 0..shape.channels {
            for row in 0..shape.height {
                let line = &mut back_of[channel * of_map + (row + 1) * stride + 1..][..shape.width];
                if step > 1 {
                    line.fill([0.0; ABREAST]);
                }
                if row % step == 0 {
                    let from = &slopes_of[slopes.row(channel, row / step)..][..slopes.shape.width];
                    line.iter_mut().step_by(step).zip(from).for_each(|(to, from)| *to = *from);
                }
            }
        }
    }
}

/// From a place of the larger maps to the next that the smaller ones have.
fn step(larger: &Maps, smaller: &Maps) -> usize {
    if larger.frame() == smaller.frame() { 1 } else { 2 }
}

/// Hands on each line of `from` that `to` has, the step from a place to the next, and the line of `to`.
#[inline(always)]
fn each_line(from: &Maps, to: &mut Maps, take: impl Fn(&[[f32; ABREAST]], usize, &mut [[f32; ABREAST]])) {
    let (shape, of_map, stride, step) = (to.shape, to.of_map(), to.stride(), step(from, to));
    for (from_group, to) in from.groups().zip(to.groups_mut()) {
        for channel in 0..from.shape.channels.min(shape.channels) {
            for row in 0..shape.height {
                let line = &from_group[from.row(channel, row * step)..][..from.shape.width];
                take(line, step, &mut to[channel * of_map + (row + 1) * stride + 1..][..shape.width]);
            }
        }
    }
}
