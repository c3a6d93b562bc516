//! Reads codes off a convolutional network, some examples at a time, by the kernels that train it.

use super::host_look::look_behind;
use super::look::Seen;
use super::{CodeMatrix, Encoding};
use crate::dataset::Examples;
use crate::engine::{Filters, Maps, Panels, Rectifier, pool};
use crate::network::{CodeUnits, ConvNet, Convolution, NORM_EPSILON, NetworkError};

/// Examples that are looked at at a time: as many as a batch, whose feature maps have their place in the processor's own cache.
const ROWS: usize = 64;

/// Encodes the first `count` of `examples`.
pub(super) fn encode_convolutional(
    network: &ConvNet,
    examples: &Examples,
    count: usize,
) -> Result<Encoding, NetworkError> {
    let vgg = network.architecture;
    let bits: usize = vgg.code_layers().iter().sum();
    let slope = vgg.dense.activation.negative_slope().ok_or(NetworkError::NoKernels)?;
    let filters: Vec<Filters> = network.convolutions.iter().map(evaluated).collect();
    let mut encoding = Encoding { codes: CodeMatrix::zeros(count, bits), accuracy: 0.0, finite: true };
    let (mut correct, mut pixels, mut rows, mut panels) = (0, Vec::new(), Vec::new(), Panels::default());
    let [mut maps, mut out] = [Maps::default(), Maps::default()];
    for start in (0..count).step_by(ROWS) {
        let own = start..count.min(start + ROWS);
        pixels.clear();
        examples.gather(own.clone(), &mut pixels);
        maps.take_pixels(vgg.image, &pixels);
        let mut bit = 0;
        for (index, filters) in filters.iter().enumerate() {
            filters.convolve(&maps, &mut out, own.len(), Some(Rectifier::new(slope)));
            if vgg.code == CodeUnits::All {
                out.write_rows(own.len(), &mut rows);
                for (row, fired) in own.clone().zip(rows.chunks_exact(out.shape.len())) {
                    encoding.codes.fire(row, bit, fired.iter().map(|&number| number > 0.0));
                }
                bit += out.shape.len();
            }
            if vgg.is_pooled(index) {
                pool(&out, &mut maps, own.len());
            } else {
                std::mem::swap(&mut maps, &mut out);
            }
        }
        maps.write_rows(own.len(), &mut rows);
        panels.take(maps.shape.len(), rows.chunks_exact(maps.shape.len()));
        let labels = &examples.labels()[own.clone()];
        let Seen { layers, correct: right, finite, rows: own } =
            look_behind(&network.head, &panels, labels, own, slope);
        let width = vgg.dense.width;
        let hidden = match vgg.code {
            CodeUnits::All => &layers[..],
            CodeUnits::Dense => &layers[layers.len() - 1..],
        };
        for firing in hidden {
            firing.write(0, 0..width, &mut encoding.codes, own.start, bit);
            bit += width;
        }
        correct += right[0];
        encoding.finite &= finite[0];
    }
    encoding.accuracy = correct as f64 / count as f64;
    Ok(encoding)
}

/// What a convolution computes in evaluation mode, where batch norm is a factor and an offset for each output.
fn evaluated(Convolution { kernel, bias, norm }: &Convolution) -> Filters {
    let mut filters = Filters::default();
    let Some([scale, shift, mean, variance]) = norm else {
        filters.take(kernel, bias);
        return filters;
    };
    let (mut kernel, mut bias) = (kernel.clone(), bias.clone());
    let of_output = kernel.len() / bias.len();
    for (output, own) in kernel.chunks_exact_mut(of_output).enumerate() {
        let factor = scale[output] / (variance[output] + NORM_EPSILON as f32).sqrt();
        own.iter_mut().for_each(|weight| *weight *= factor);
        bias[output] = (bias[output] - mean[output]) * factor + shift[output];
    }
    filters.take(&kernel, &bias);
    filters
}
