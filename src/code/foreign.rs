//! Codes of a network that was trained elsewhere.

use super::convolutional::encode_convolutional;
use super::look::{are_finite, right};
use super::{CodeMatrix, Encoding, Medians};
use crate::dataset::Examples;
use crate::network::{NetworkError, Perceptron, Stored};

/// Numbers that a pass holds at a time, about: 64 MB.
const NUMBERS: usize = 16 << 20;
/// Examples encoded at a time, at most.
const ROWS: usize = 1000;

/// Encodes the first `count` of `examples` by a network that was read from a file; `medians` are those of its channels.
///
/// # Errors
///
/// A network without kernels.
pub fn encode_stored(
    network: &Stored,
    examples: &Examples,
    count: usize,
    medians: &Medians,
) -> Result<Encoding, NetworkError> {
    match network {
        Stored::Perceptron(network) => Ok(encode_perceptron(network, examples, count)),
        Stored::Convolutional(networks) => {
            encode_convolutional(&networks.networks[0], examples, count, medians.0.first().map_or(&[], |own| own))
        }
    }
}

/// Encodes the first `count` of `examples` by `network`: the bits of its ReLUs, one layer after the other. Who calls has held the
/// bytes of the codes against the [bounds](crate::bounds).
fn encode_perceptron(network: &Perceptron, examples: &Examples, count: usize) -> Encoding {
    let bits: usize = network.widths().iter().sum();
    let mut codes = CodeMatrix::zeros(count, bits);
    let rows_at_a_time = (NUMBERS / (bits + examples.inputs())).clamp(1, ROWS);
    let (mut correct, mut finite) = (0, true);
    for start in (0..count).step_by(rows_at_a_time) {
        let rows = start..count.min(start + rows_at_a_time);
        let mut values = Vec::new();
        examples.gather(rows.clone(), &mut values);
        let (before_relus, outputs) = network.pass(values);
        let mut first = 0;
        for (layer, &width) in before_relus.iter().zip(network.widths()) {
            finite &= are_finite(layer);
            for (place, _) in layer.iter().enumerate().filter(|&(_, &input)| input > 0.0) {
                codes.set(start + place / width, first + place % width);
            }
            first += width;
        }
        finite &= are_finite(&outputs);
        correct += right(&outputs, outputs.len() / rows.len(), &examples.labels()[rows]);
    }
    Encoding { codes, accuracy: correct as f64 / count as f64, finite }
}
