//! Codes of a network that was trained elsewhere.

use super::look::{are_finite, right};
use super::{CodeMatrix, Encoding};
use crate::dataset::Examples;
use crate::network::Perceptron;

/// Examples encoded at a time.
const ROWS: usize = 1000;

/// Encodes `examples` by `network`: the bits of its ReLUs, one layer after the other.
pub fn encode_perceptron(network: &Perceptron, examples: &Examples) -> Encoding {
    let mut codes = CodeMatrix::zeros(examples.len(), network.widths().iter().sum());
    let (mut correct, mut finite) = (0, true);
    for start in (0..examples.len()).step_by(ROWS) {
        let rows = start..examples.len().min(start + ROWS);
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
    Encoding { codes, accuracy: correct as f64 / examples.len() as f64, finite }
}
