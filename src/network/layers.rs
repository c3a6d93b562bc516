//! The trainable tensors of a population and their layout in memory.
//!
//! Every tensor has three dimensions, `[groups, rows, columns]`. The first hidden layers of a cohort stand side by side in
//! one group, `[cohorts, inputs, sum of widths]`: one large product, no padding. Later layers need each network's own
//! inputs, so they are stacked, one group per network, padded with zeros to the widest: `[networks, widest, widest]`.
//! A padded unit has zero weights in and out, so its activation and all its gradients stay zero.

use crate::engine::Tensor;

/// Keras' BatchNormalization default.
pub(crate) const NORM_EPSILON: f64 = 1e-3;
/// How much of the running statistics a batch leaves; Keras' BatchNormalization default.
pub(crate) const NORM_MOMENTUM: f64 = 0.99;

/// One Dense layer, with its batch norm where there is one.
#[derive(Debug, Clone)]
pub struct Layer {
    /// `[groups, inputs, units]`, as Keras lies it.
    pub kernel: Tensor<3>,
    /// `[groups, 1, units]`.
    pub bias: Tensor<3>,
    /// Batch norm's scale and shift, each `[groups, 1, units]`.
    pub norm: Option<[Tensor<3>; 2]>,
}

/// Everything the optimizer moves.
#[derive(Debug, Clone)]
pub struct Parameters {
    /// `depth` of them: the first side by side, the others stacked.
    pub hidden: Vec<Layer>,
    /// `[networks, widest, classes]`.
    pub output: Layer,
}

/// The role of a tensor, which decides whether weight decay applies to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Kernel of a hidden layer: the paper's L2 applies here alone.
    HiddenKernel,
    /// Everything else.
    Other,
}

impl Layer {
    /// Maps every tensor.
    pub fn map(&self, mut change: impl FnMut(&Tensor<3>) -> Tensor<3>) -> Self {
        Self {
            kernel: change(&self.kernel),
            bias: change(&self.bias),
            norm: self.norm.as_ref().map(|norm| norm.each_ref().map(&mut change)),
        }
    }
}

impl Parameters {
    /// Maps every tensor, in a fixed order.
    pub fn map(&self, mut change: impl FnMut(&Tensor<3>) -> Tensor<3>) -> Self {
        let hidden = self.hidden.iter().map(|layer| layer.map(&mut change)).collect();
        Self { hidden, output: self.output.map(&mut change) }
    }

    /// Every tensor, in the order of [`Parameters::map`].
    pub fn tensors(&self) -> impl Iterator<Item = &Tensor<3>> {
        self.hidden
            .iter()
            .chain([&self.output])
            .flat_map(|Layer { kernel, bias, norm }| [kernel, bias].into_iter().chain(norm.iter().flatten()))
    }

    /// Every tensor, mutable, with its role, in the order of [`Parameters::map`].
    pub fn tensors_mut(&mut self) -> impl Iterator<Item = (Role, &mut Tensor<3>)> {
        let hidden = self.hidden.iter_mut().map(|layer| (Role::HiddenKernel, layer));
        hidden.chain([(Role::Other, &mut self.output)]).flat_map(|(role, Layer { kernel, bias, norm })| {
            let rest = [bias].into_iter().chain(norm.iter_mut().flatten());
            [(role, kernel)].into_iter().chain(rest.map(|tensor| (Role::Other, tensor)))
        })
    }
}
