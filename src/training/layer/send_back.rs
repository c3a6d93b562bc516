//! The gradient of what came into a layer.

use std::ops::Range;

use super::DenseLayer;
use super::block::{Block, WIDTH, width_for};
use crate::engine::{Kernel, Panels, ROWS, multiply_panel, vectorised};
use crate::training::signal::Signal;

/// What it writes down on the way; one serves all layers, one after the other.
#[derive(Debug, Default)]
pub(in crate::training) struct SendBack {
    /// The gradients of the products, by example.
    slopes: Panels,
    gathered: Vec<f32>,
    /// The weights of some inputs with a row for each unit.
    turned: Vec<f32>,
}

impl SendBack {
    /// After `layer`'s way back and before its step, writes the gradient of its inputs into the `columns` of `back`.
    pub fn take(&mut self, layer: &DenseLayer, back: &mut Signal, columns: Range<usize>) {
        vectorised(Take { taker: self, layer, back, columns });
    }
}

struct Take<'a> {
    taker: &'a mut SendBack,
    layer: &'a DenseLayer,
    back: &'a mut Signal,
    columns: Range<usize>,
}

impl Kernel for Take<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { taker: SendBack { slopes, gathered, turned }, layer, back, columns } = self;
        let DenseLayer { units, blocks, .. } = layer;
        gathered.resize(back.len() * units, 0.0);
        for Block { first, units: own, width, slopes, .. } in blocks {
            for (row, slopes) in gathered.chunks_exact_mut(*units).zip(slopes.chunks_exact(*width)) {
                row[*first..][..*own].copy_from_slice(&slopes[..*own]);
            }
        }
        slopes.take(*units, gathered.chunks_exact(*units));
        for first in (0..columns.len()).step_by(WIDTH) {
            let inputs = first..columns.len().min(first + WIDTH);
            let to = columns.start + first;
            match width_for(inputs.len()) {
                WIDTH => strip::<WIDTH>(slopes, layer, inputs, turned, back, to),
                16 => strip::<16>(slopes, layer, inputs, turned, back, to),
                _ => strip::<8>(slopes, layer, inputs, turned, back, to),
            }
        }
    }
}

/// The gradients of at most `COLUMNS` inputs, written from the column `to` on.
#[inline(always)]
fn strip<const COLUMNS: usize>(
    slopes: &Panels,
    layer: &DenseLayer,
    inputs: Range<usize>,
    turned: &mut Vec<f32>,
    back: &mut Signal,
    to: usize,
) {
    turned.clear();
    turned.resize(layer.units * COLUMNS, 0.0);
    let turned = turned.as_chunks_mut::<COLUMNS>().0;
    for Block { first, units, width, weights, .. } in &layer.blocks {
        let weights = weights.chunks_exact(*width).skip(inputs.start).take(inputs.len());
        for (input, weights) in weights.enumerate() {
            for (unit, weight) in turned[*first..].iter_mut().zip(&weights[..*units]) {
                unit[input] = *weight;
            }
        }
    }
    let mut rows = back.rows_mut();
    for panel in slopes.panels() {
        let sums = multiply_panel(panel, turned);
        for (row, sums) in rows.by_ref().take(ROWS).zip(&sums) {
            let row = &mut row[to..][..inputs.len()];
            match row.first_chunk_mut() {
                Some(whole) => *whole = *sums,
                None => row.copy_from_slice(&sums[..inputs.len()]),
            }
        }
    }
}
