//! Convolutions and what is done to maps, for tensor programs, by tables of the places that are seen. On a GPU convolutions are kernels of our own.
//!
//! Feature maps lie `[networks, channels, places, examples]`, places row by row, so that a table is good for any number of networks, channels
//! and examples. Behind the last place stands a row of zeros, which a table names where a filter reaches over the edge.

use burn::tensor::{Device, Int, Tensor, TensorData};

use super::units::{Then, Unit};
use crate::engine::{MapShape, TAPS, tensor};
#[cfg(feature = "gpu")]
use crate::engine::{Strides, convolve, filter_gradient, is_host};
use crate::network::Layer;

/// The tables of a unit.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// For each tap, for each place that comes out, the place that it sees.
    sees: Tensor<1, Int>,
    /// The same the other way: for each tap, for each place that comes in, the place that it is seen from.
    seen_from: Tensor<1, Int>,
    /// Where its maps are pooled.
    pooled: Option<Pooled>,
    /// Where a shortcut comes to it from larger maps: the places that it takes of them, and the other way.
    thinned: Option<[Tensor<1, Int>; 2]>,
}

#[derive(Debug, Clone)]
struct Pooled {
    /// For each corner of a square, for each square, its place.
    corners: Tensor<1, Int>,
    /// For each place its square.
    square: Tensor<1, Int>,
    /// Which corner of it that is, `[1, 1, places, 1]`.
    corner: Tensor<4>,
}

/// What stands in a table: for each of `targets` of each of `kinds` its source, or that behind the last where it has none. And the inverse.
fn tables(
    kinds: usize,
    targets: usize,
    sources: usize,
    source: impl Fn(usize, usize) -> Option<usize>,
) -> [Vec<i32>; 2] {
    let mut there = vec![sources as i32; kinds * targets];
    let mut back = vec![targets as i32; kinds * sources];
    for kind in 0..kinds {
        for target in 0..targets {
            if let Some(source) = source(kind, target) {
                there[kind * targets + target] = source as i32;
                back[kind * sources + source] = target as i32;
            }
        }
    }
    [there, back]
}

impl Places {
    /// Of a unit to which a shortcut comes from maps of `shortcut_from`, if any.
    pub fn new(unit: &Unit, shortcut_from: Option<MapShape>, device: &Device) -> Self {
        let table = |numbers: Vec<i32>| {
            let count = numbers.len();
            Tensor::<1, Int>::from_data(TensorData::new(numbers, [count]), device)
        };
        let (taken, out) = (unit.taken, unit.out());
        let [sees, seen_from] = tables(TAPS, out.positions(), taken.positions(), |tap, place| {
            let [row, column] = [place / out.width, place % out.width].map(|at| at * unit.stride);
            // A border one position wide.
            let (row, column) = ((row + tap / 3).checked_sub(1)?, (column + tap % 3).checked_sub(1)?);
            (row < taken.height && column < taken.width).then_some(row * taken.width + column)
        });
        let pooled = (unit.then == Then::Pooled).then(|| {
            let squares = out.pooled();
            let [corners, _] = tables(4, squares.positions(), out.positions(), |corner, square| {
                let (row, column) = (square / squares.width, square % squares.width);
                Some((2 * row + corner / 2) * out.width + 2 * column + corner % 2)
            });
            let places = || (0..out.positions()).map(|place| (place / out.width, place % out.width));
            let square = places().map(|(row, column)| {
                let inside = row / 2 < squares.height && column / 2 < squares.width;
                (if inside { row / 2 * squares.width + column / 2 } else { squares.positions() }) as i32
            });
            let corner = places().map(|(row, column)| (row % 2 * 2 + column % 2) as f32).collect();
            Pooled {
                corners: table(corners),
                square: table(square.collect()),
                corner: tensor(corner, [1, 1, out.positions(), 1], device),
            }
        });
        let thinned = shortcut_from.filter(|from| from.positions() > out.positions()).map(|from| {
            tables(1, out.positions(), from.positions(), |_, place| {
                Some(place / out.width * 2 * from.width + place % out.width * 2)
            })
            .map(table)
        });
        Self { sees: table(sees), seen_from: table(seen_from), pooled, thinned }
    }

    /// The sums of a convolution, `[networks, outputs, places, examples]`, of maps of each network or of the same for all.
    pub fn convolve(&self, layer: &Layer, maps: Tensor<4>) -> Tensor<4> {
        let ([networks, outputs, _], [own, inputs, _, examples]) = (layer.kernel.dims(), maps.dims());
        #[cfg(feature = "gpu")]
        if !is_host(&maps.device()) {
            let weights = inputs * TAPS;
            let strides = Strides { network: outputs * weights, output: weights, input: TAPS };
            let kernel = (layer.kernel.clone(), strides);
            return convolve(maps, self.sees.clone(), kernel, Some(layer.bias.clone()), [networks, outputs]);
        }
        let seen = unfold(maps, &self.sees);
        let [_, _, columns] = seen.dims();
        // Networks with the same input share one product.
        let kernel = layer.kernel.clone().reshape([own, networks / own * outputs, inputs * TAPS]);
        let sums = kernel.matmul(seen).reshape([networks, outputs, columns]) + layer.bias.clone();
        sums.reshape([networks, outputs, columns / examples, examples])
    }

    /// The gradient of maps that went into a convolution, from that of its sums.
    pub fn convolve_back(&self, kernel: &Tensor<3>, slopes: Tensor<4>) -> Tensor<4> {
        let ([networks, outputs, weights], [.., examples]) = (kernel.dims(), slopes.dims());
        let inputs = weights / TAPS;
        #[cfg(feature = "gpu")]
        if !is_host(&slopes.device()) {
            // In the backward pass, inputs become outputs.
            let strides = Strides { network: outputs * weights, output: TAPS, input: weights };
            return convolve(slopes, self.seen_from.clone(), (kernel.clone(), strides), None, [networks, inputs]);
        }
        let turned = kernel.clone().reshape([networks, outputs, inputs, TAPS]).swap_dims(1, 2);
        let sums = turned.reshape([networks, inputs, outputs * TAPS]).matmul(unfold(slopes, &self.seen_from));
        let [_, _, columns] = sums.dims();
        sums.reshape([networks, inputs, columns / examples, examples])
    }

    /// The gradient of a kernel, `[networks, outputs, inputs x taps]`, from the maps that went into it and that of the sums.
    pub fn filter_gradient(&self, maps: Tensor<4>, slopes: Tensor<4>) -> Tensor<3> {
        let ([own, inputs, ..], [networks, outputs, places, examples]) = (maps.dims(), slopes.dims());
        #[cfg(feature = "gpu")]
        if !is_host(&maps.device()) {
            return filter_gradient(maps, self.sees.clone(), slopes);
        }
        let slopes = slopes.reshape([own, networks / own * outputs, places * examples]);
        let gradient = slopes.matmul(unfold(maps, &self.sees).swap_dims(1, 2));
        gradient.reshape([networks, outputs, inputs * TAPS])
    }

    /// The largest number of each square, and in which corner it is, as a number from 0 to 3; the first of equal ones.
    pub fn pool(&self, maps: Tensor<4>) -> Option<(Tensor<4>, Tensor<4>)> {
        let Pooled { corners, .. } = self.pooled.as_ref()?;
        let [networks, channels, _, examples] = maps.dims();
        let [squares] = corners.dims().map(|all| all / 4);
        let found = maps.select(2, corners.clone()).reshape([networks * channels, 4, squares, examples]);
        let (largest, corner) = found.max_dim_with_indices(1);
        let shape = [networks, channels, squares, examples];
        Some((largest.reshape(shape), corner.float().reshape(shape)))
    }

    /// The gradient of what was pooled, from that of the largest numbers and the corners that they came from.
    pub fn pool_back(&self, gradient: Tensor<4>, corner: Tensor<4>) -> Option<Tensor<4>> {
        let pooled = self.pooled.as_ref()?;
        let own = look_up(corner, &pooled.square).equal(pooled.corner.clone()).float();
        Some(look_up(gradient, &pooled.square) * own)
    }

    /// What a shortcut adds to `channels` maps: the places that they have, and zeros for the channels that it has not.
    pub fn shorten(&self, maps: Tensor<4>, channels: usize) -> Tensor<4> {
        let maps = match &self.thinned {
            Some([there, _]) => maps.select(2, there.clone()),
            None => maps,
        };
        let [networks, own, places, examples] = maps.dims();
        if own == channels {
            return maps;
        }
        let zeros = Tensor::zeros([networks, channels - own, places, examples], &maps.device());
        Tensor::cat(vec![maps, zeros], 1)
    }

    /// The gradient of what came into a shortcut of so many channels.
    pub fn shorten_back(&self, gradient: Tensor<4>, channels: usize) -> Tensor<4> {
        let [_, all, ..] = gradient.dims();
        let own = if all == channels { gradient } else { gradient.narrow(1, 0, channels) };
        match &self.thinned {
            Some([_, back]) => look_up(own, back),
            None => own,
        }
    }
}

/// What stands at the places that a table names.
fn look_up(maps: Tensor<4>, table: &Tensor<1, Int>) -> Tensor<4> {
    let [networks, channels, _, examples] = maps.dims();
    let edge = Tensor::zeros([networks, channels, 1, examples], &maps.device());
    Tensor::cat(vec![maps, edge], 2).select(2, table.clone())
}

/// What every place sees, or is seen from: `[networks, channels x taps, places x examples]`.
fn unfold(maps: Tensor<4>, table: &Tensor<1, Int>) -> Tensor<3> {
    let found = look_up(maps, table);
    let [networks, channels, places, examples] = found.dims();
    found.reshape([networks, channels * TAPS, places / TAPS * examples])
}
