//! A convolution's training on the CPU, with what follows it: batch norm and the rectifier.

use super::norm::ChannelNorm;
use crate::engine::{ABREAST, FilterGradient, Filters, Maps, Rectifier};
use crate::network::Convolution;
use crate::training::optimizer::{Moments, Update};

/// A convolution in the making.
pub(super) struct ConvLayer {
    kernel: Vec<f32>,
    bias: Vec<f32>,
    kernel_moments: Moments,
    bias_moments: Moments,
    norm: Option<ChannelNorm>,
    pub rectifier: Rectifier,
    filters: Filters,
    gradient: FilterGradient,
}

/// What a way back goes by.
pub(super) struct Pass<'a> {
    pub update: Update,
    pub shares: &'a [[f32; ABREAST]],
    pub examples: usize,
    /// What went in.
    pub from: &'a Maps,
    /// With batch norm, the products less their mean and by their deviation.
    pub normalised: &'a Maps,
}

impl ConvLayer {
    /// From the weights as they stand.
    pub fn new(from: &Convolution, rectifier: Rectifier) -> Self {
        let Convolution { kernel, bias, norm } = from.clone();
        Self {
            kernel_moments: Moments::new(kernel.len()),
            bias_moments: Moments::new(bias.len()),
            norm: norm.map(ChannelNorm::new),
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

    /// What goes out for a batch.
    pub fn forward(
        &mut self,
        from: &Maps,
        shares: &[[f32; ABREAST]],
        examples: usize,
        normalised: &mut Maps,
        out: &mut Maps,
    ) {
        self.filters.take(&self.kernel, &self.bias);
        match &mut self.norm {
            Some(norm) => {
                self.filters.convolve(from, normalised, examples, None);
                out.resize(examples, normalised.shape);
                norm.forward(normalised, shares, self.rectifier, out);
            }
            None => self.filters.convolve(from, out, examples, Some(self.rectifier)),
        }
    }

    /// From the gradient of what came to the rectifier a step of all weights, and to the gradient of what came in, where it is asked for.
    pub fn backward(&mut self, pass: &Pass, slopes: &mut Maps, back: Option<&mut Maps>) {
        let plain = pass.update.without_decay();
        if let Some(norm) = &mut self.norm {
            norm.backward(plain, pass.normalised, slopes, pass.shares);
        }
        if let Some(back) = back {
            self.filters.take_turned(&self.kernel, self.bias.len());
            self.filters.convolve(slopes, back, pass.examples, None);
        }
        self.gradient.take(pass.from, slopes);
        self.bias_moments.take(plain, &mut self.bias, &self.gradient.bias);
        self.kernel_moments.take(pass.update, &mut self.kernel, &self.gradient.kernel);
    }

    /// The sum of the squares of the weights that decay.
    pub fn squares(&self) -> f32 {
        self.kernel.iter().map(|weight| weight * weight).sum()
    }
}
