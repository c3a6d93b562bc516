//! The mean of each map over all its places.

use super::maps::{ABREAST, MapShape, Maps};

/// Writes the mean of each map of `from` into `to`.
pub(crate) fn average(from: &Maps, to: &mut Maps, examples: usize) {
    to.resize(examples, MapShape { height: 1, width: 1, ..from.shape });
    let (frame, of_mean, share) = (from.frame(), to.of_map(), 1.0 / from.shape.positions() as f32);
    let middle = to.row(0, 0);
    for (from_group, to) in from.groups().zip(to.groups_mut()) {
        for (map, mean) in from_group.chunks_exact(from.of_map()).zip(to.chunks_exact_mut(of_mean)) {
            let mut sums = [0.0; ABREAST];
            for numbers in frame.lines(map).flatten() {
                for example in 0..ABREAST {
                    sums[example] += numbers[example];
                }
            }
            mean[middle] = sums.map(|sum| sum * share);
        }
    }
}

/// The way back: writes into `back`, of that shape, what each place has of the gradient of its map's mean.
pub(crate) fn send_average_back(slopes: &Maps, back: &mut Maps, shape: MapShape, examples: usize) {
    back.resize(examples, shape);
    let (frame, of_map, share) = (back.frame(), back.of_map(), 1.0 / shape.positions() as f32);
    let middle = slopes.row(0, 0);
    for (slopes_of, back) in slopes.groups().zip(back.groups_mut()) {
        for (slope, map) in slopes_of.chunks_exact(slopes.of_map()).zip(back.chunks_exact_mut(of_map)) {
            let each = slope[middle].map(|slope| slope * share);
            frame.lines_mut(map).for_each(|line| line.fill(each));
        }
    }
}
