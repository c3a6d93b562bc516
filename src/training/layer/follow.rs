//! What follows a layer's products: batch norm, the rectifier, dropout.

use std::ops::Range;

use super::Made;
use super::block::WIDTH;
use super::norm::Norm;
use super::strips::{STRIP, strips};
use crate::network::rectified;
use crate::training::optimizer::Update;
use crate::training::signal::Signal;

/// What follows the products of a block of units.
#[derive(Debug)]
pub(super) struct Follow {
    pub norm: Option<Norm>,
    /// How much a rectifier lets through of what is below 0; nothing, where there is no rectifier.
    pub negative_slope: Option<f32>,
}

/// Where the numbers of a block lie.
pub(super) struct Place<'a> {
    /// Of each example's products, of which the last may be nobody's.
    pub width: usize,
    /// The columns of the block's units among those of the layer.
    pub own: Range<usize>,
    /// Each example's share of the batch.
    pub shares: &'a [f32],
}

impl Follow {
    /// From the `products` of some examples to what goes out; of what has batch norm, `products` keeps what it needs for the way back.
    #[inline(always)]
    pub fn forward(&mut self, at: Place, products: &mut [f32], masks: Option<&Signal>, out: &mut Signal) {
        let Place { width, own, shares } = at;
        let (mut scale, mut shift): (&[f32], &[f32]) = (&[1.0; WIDTH], &[0.0; WIDTH]);
        if let Some(norm) = &mut self.norm {
            norm.forward(products, shares);
            (scale, shift) = (&norm.scale, &norm.shift);
        }
        let slope = self.negative_slope.unwrap_or(1.0);
        let mut masks = masks.map(Signal::rows);
        for (products, out) in products.chunks_exact(width).zip(out.rows_mut()) {
            let out = &mut out[own.clone()];
            let units = strips(products).zip(strips(scale)).zip(strips(shift)).zip(out.chunks_mut(STRIP));
            for (((products, scale), shift), out) in units {
                let mut row = [0.0; STRIP];
                for unit in 0..STRIP {
                    row[unit] = rectified(products[unit] * scale[unit] + shift[unit], slope);
                }
                match out.first_chunk_mut() {
                    Some(whole) => *whole = row,
                    None => out.copy_from_slice(&row[..out.len()]),
                }
            }
            if let Some(mask) = masks.as_mut().and_then(|masks| masks.next()) {
                for (number, factor) in out.iter_mut().zip(&mask[own.clone()]) {
                    *number *= factor;
                }
            }
        }
    }

    /// From the gradient of what went out, which was `made`, to that of the products, and a step of what batch norm learns.
    #[inline(always)]
    pub fn backward(&mut self, update: Update, at: Place, products: &[f32], made: &Made, slopes: &mut [f32]) {
        let Place { width, own, shares } = at;
        if let Some(negative) = self.negative_slope {
            // At exactly 0, ReLU passes no gradient; leaky ReLU, as burn defines it, passes all of it.
            let at_zero = if negative == 0.0 { 0.0 } else { 1.0 };
            for (slopes, out) in slopes.chunks_exact_mut(width).zip(made.out.rows()) {
                for (slope, &out) in slopes.iter_mut().zip(&out[own.clone()]) {
                    let below = if out < 0.0 { negative } else { at_zero };
                    *slope *= if out > 0.0 { 1.0 } else { below };
                }
            }
        }
        if let Some(masks) = made.masks {
            for (slopes, mask) in slopes.chunks_exact_mut(width).zip(masks.rows()) {
                for (slope, factor) in slopes.iter_mut().zip(&mask[own.clone()]) {
                    *slope *= factor;
                }
            }
        }
        if let Some(norm) = &mut self.norm {
            norm.backward(update, products, slopes, shares);
        }
    }
}
