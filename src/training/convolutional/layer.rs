//! A unit's training on the CPU: a convolution, batch norm, what a shortcut adds, and the rectifier.

use super::norm::ChannelNorm;
use super::stage::Stage;
use crate::engine::{ABREAST, FilterGradient, Filters, Maps, Rectifier, add_every, send_every_back};
use crate::network::Convolution;
use crate::training::optimizer::{Moments, Update};

/// A convolution in the making.
pub(super) struct ConvLayer {
    kernel: Vec<f32>,
    bias: Vec<f32>,
    kernel_moments: Moments,
    bias_moments: Moments,
    norm: Option<ChannelNorm>,
    stride: usize,
    pub rectifier: Rectifier,
    filters: Filters,
    gradient: FilterGradient,
}

/// The examples of a batch.
#[derive(Clone, Copy)]
pub(super) struct Abreast<'a> {
    /// Each one's share, and 0 for those that fill up the last group.
    pub shares: &'a [[f32; ABREAST]],
    /// How many there are.
    pub examples: usize,
}

/// Where a way back goes to.
pub(super) struct Back<'a> {
    /// What went in.
    pub from: &'a Maps,
    /// The gradient of it, to be written where it is asked for.
    pub back: Option<&'a mut Maps>,
    /// That of what a shortcut added, to be written.
    pub around: Option<&'a mut Maps>,
}

impl ConvLayer {
    /// From the weights as they stand.
    pub fn new(from: &Convolution, stride: usize, rectifier: Rectifier) -> Self {
        let Convolution { kernel, bias, norm } = from.clone();
        Self {
            kernel_moments: Moments::new(kernel.len()),
            bias_moments: Moments::new(bias.len()),
            norm: norm.map(ChannelNorm::new),
            stride,
            kernel,
            bias,
            rectifier,
            filters: Filters::default(),
            gradient: FilterGradient::default(),
        }
    }

    /// Writes the numbers back to where they came from.
    pub fn write(&self, to: &mut Convolution) {
        to.kernel.clone_from(&self.kernel);
        to.bias.clone_from(&self.bias);
        to.norm = self.norm.as_ref().map(ChannelNorm::numbers);
    }

    /// What goes out for a batch, of what comes in and what comes `around` by a shortcut.
    pub fn forward(&mut self, from: &Maps, around: Option<&Maps>, of: Abreast, stage: &mut Stage) {
        let Stage { whole, normalised, out, .. } = stage;
        self.filters.take(&self.kernel, &self.bias);
        // In a block with a shortcut, the ReLU comes after the addition.
        let rectifier = if around.is_some() { Rectifier::NONE } else { self.rectifier };
        let (products, follows) =
            if self.norm.is_some() { (&mut *normalised, None) } else { (&mut *out, Some(rectifier)) };
        self.filters.convolve_by(self.stride, from, whole, products, of.examples, follows);
        if let Some(norm) = &mut self.norm {
            out.resize(of.examples, normalised.shape);
            norm.forward(normalised, of.shares, rectifier, out);
        }
        if let Some(around) = around {
            add_every(around, out);
            self.rectifier.let_through(out);
        }
    }

    /// From the gradient of what came to the rectifier, which is used up, a step of all weights, and on to what came in.
    pub fn backward(&mut self, update: Update, of: Abreast, stage: &mut Stage, to: Back) {
        let Stage { whole, of_whole, normalised, of_out, .. } = stage;
        let plain = update.without_decay();
        if let Some(around) = to.around {
            send_every_back(of_out, around);
        }
        if let Some(norm) = &mut self.norm {
            norm.backward(plain, normalised, of_out, of.shares);
        }
        let slopes = if self.stride > 1 {
            of_whole.resize(of.examples, whole.shape);
            send_every_back(of_out, of_whole);
            of_whole
        } else {
            of_out
        };
        if let Some(back) = to.back {
            self.filters.take_turned(&self.kernel, self.bias.len());
            self.filters.convolve(slopes, back, of.examples, None);
        }
        self.gradient.take(to.from, slopes);
        self.bias_moments.take(plain, &mut self.bias, &self.gradient.bias);
        self.kernel_moments.take(update, &mut self.kernel, &self.gradient.kernel);
    }

    /// The sum of the squares of the weights that decay.
    pub fn squares(&self) -> f32 {
        self.kernel.iter().map(|weight| weight * weight).sum()
    }
}
