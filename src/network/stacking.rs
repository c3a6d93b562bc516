//! From the side-by-side layout of a cohort's first layers to the stacked one of all that follows, and back.
//!
//! On a device, columns are moved by a gather. On the CPU they are copied row by row, since a gather looks up every number by its
//! index, which took a tenth of a training step.

use std::ops::Range;

use burn::tensor::{Bool, Device, Int, Tensor, TensorData};

use super::selected::integers;
use super::{Mlp, Population};
use crate::engine::{host_numbers, is_host};

/// How columns move between the side-by-side layout and a cohort's stacked one, `networks * widest`.
#[derive(Debug, Clone)]
pub(super) struct Stacking {
    /// For each stacked place the side-by-side column that belongs there, or any where padding does.
    pub from: Tensor<1, Int>,
    /// `[1, 1, networks * widest]`, true for padding. What is selected there is some other network's, and would stay
    /// infinite under a product with 0.
    pub padding: Tensor<3, Bool>,
    /// For each side-by-side column its stacked place.
    pub to: Tensor<1, Int>,
}

impl Stacking {
    pub fn of(architectures: &[Mlp], widest: usize, device: &Device) -> Option<Self> {
        let (mut from, mut padding, mut to) = (Vec::new(), Vec::new(), Vec::new());
        for (network, Mlp { width, .. }) in architectures.iter().enumerate() {
            for unit in 0..widest {
                let real = unit < *width;
                from.push(if real { to.len() as i32 } else { 0 });
                padding.push(!real);
                if real {
                    to.push((network * widest + unit) as i32);
                }
            }
        }
        let shape = [1, 1, padding.len()];
        (to.len() < from.len()).then(|| Self {
            from: integers(from, device),
            padding: Tensor::from_data(TensorData::new(padding, shape), device),
            to: integers(to, device),
        })
    }
}

impl Population {
    /// Side by side `[cohorts, batch, sum of widths]` to stacked and padded `[networks, batch, widest]`.
    pub(super) fn stack(&self, side_by_side: Tensor<3>) -> Tensor<3> {
        let ([cohorts, batch, _], networks) = (side_by_side.dims(), self.architectures.len());
        if networks == 1 {
            return side_by_side;
        }
        if is_host(&self.device) {
            return self.copied(side_by_side, [cohorts * networks, batch, self.widest], |to, from, own| {
                to[own.stacked].copy_from_slice(&from[own.side_by_side]);
            });
        }
        let columns = match &self.stacking {
            Some(stacking) => side_by_side.select(2, stacking.from.clone()).mask_fill(stacking.padding.clone(), 0.0),
            None => side_by_side,
        };
        let columns = columns.reshape([cohorts, batch, networks, self.widest]);
        columns.swap_dims(1, 2).reshape([cohorts * networks, batch, self.widest])
    }

    /// The way back, padding left out.
    pub(crate) fn unstack(&self, stacked: Tensor<3>) -> Tensor<3> {
        let ([groups, batch, widest], networks) = (stacked.dims(), self.architectures.len());
        if is_host(&self.device) {
            let side_by_side = self.architectures.iter().map(|network| network.width).sum();
            return self.copied(stacked, [groups / networks, batch, side_by_side], |to, from, own| {
                to[own.side_by_side].copy_from_slice(&from[own.stacked]);
            });
        }
        let columns = stacked.reshape([groups / networks, networks, batch, widest]).swap_dims(1, 2);
        let columns = columns.reshape([groups / networks, batch, networks * widest]);
        match &self.stacking {
            Some(stacking) => columns.select(2, stacking.to.clone()),
            None => columns,
        }
    }

    /// A host tensor in the other layout: `copy` is called for each network's row of each example.
    fn copied(&self, from: Tensor<3>, shape: [usize; 3], copy: impl Fn(&mut [f32], &[f32], OwnRow)) -> Tensor<3> {
        let device = from.device();
        let ([_, batch, _], networks) = (from.dims(), self.architectures.len());
        let side_by_side: usize = self.architectures.iter().map(|network| network.width).sum();
        let from = host_numbers(from);
        let mut to = vec![0.0; shape.iter().product()];
        for member in self.members() {
            let start = member.start;
            for example in 0..batch {
                let row = (member.cohort * batch + example) * side_by_side + start;
                let stacked = ((member.cohort * networks + member.index % networks) * batch + example) * self.widest;
                let own = OwnRow { side_by_side: row..row + member.width, stacked: stacked..stacked + member.width };
                copy(&mut to, &from, own);
            }
        }
        Tensor::from_data(TensorData::new(to, shape), &device)
    }
}

/// Where the activations of one network on one example lie in both layouts.
struct OwnRow {
    side_by_side: Range<usize>,
    stacked: Range<usize>,
}
