//! Tables by which a tensor program finds the places that a filter sees: what a kernel of our own would step through.
//!
//! Feature maps lie `[networks, channels, places, examples]`, places row by row, so that a table is good for any number of networks, channels
//! and examples. Behind the last place stands a row of zeros, which a table names where a filter reaches over the edge.

use burn::tensor::{Device, Int, Tensor, TensorData};

use super::units::{Then, Unit};
use crate::engine::{MapShape, TAPS, tensor};

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
            // A border of one place.
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

    /// What each filter sees at every place that comes out: `[networks, channels x taps, places x examples]`.
    pub fn unfold(&self, maps: Tensor<4>) -> Tensor<3> {
        laid_out(look_up(maps, &self.sees))
    }

    /// Of the gradient of what comes out what each place that came in was seen by, `[networks, outputs x taps, places x examples]`.
    pub fn unfold_back(&self, gradient: Tensor<4>) -> Tensor<3> {
        laid_out(look_up(gradient, &self.seen_from))
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

fn laid_out(found: Tensor<4>) -> Tensor<3> {
    let [networks, channels, places, examples] = found.dims();
    found.reshape([networks, channels * TAPS, places / TAPS * examples])
}
