//! Codes of a network that was trained elsewhere.

use burn::tensor::{Device, Tensor, TensorData};

use super::look::argmax;
use super::{CodeMatrix, Encoding};
use crate::dataset::Examples;
use crate::network::{NetworkError, Perceptron, read};

/// Examples encoded at a time.
const ROWS: usize = 1000;

/// Encodes `examples` by `network`: the bits of its ReLUs, one layer after the other.
pub async fn encode_perceptron(
    network: &Perceptron,
    examples: &Examples,
    device: &Device,
) -> Result<Encoding, NetworkError> {
    let mut codes = CodeMatrix::zeros(examples.len(), network.widths().iter().sum());
    let (mut correct, mut finite) = (0, true);
    for start in (0..examples.len()).step_by(ROWS) {
        let rows = start..examples.len().min(start + ROWS);
        let mut values = Vec::new();
        examples.gather(rows.clone(), &mut values);
        let shape = [rows.len(), examples.inputs()];
        let (before_relus, outputs) = network.pass(Tensor::from_data(TensorData::new(values, shape), device));
        let mut first = 0;
        for (layer, &width) in before_relus.into_iter().zip(network.widths()) {
            for (place, &input) in read(layer, "activations").await?.iter().enumerate() {
                finite &= input.is_finite();
                if input > 0.0 {
                    codes.set(start + place / width, first + place % width);
                }
            }
            first += width;
        }
        let [_, classes] = outputs.dims();
        let outputs = read(outputs, "outputs").await?;
        finite &= outputs.iter().all(|output| output.is_finite());
        for (outputs, &label) in outputs.chunks_exact(classes).zip(&examples.labels()[rows]) {
            correct += usize::from(argmax(outputs) == usize::from(label));
        }
    }
    Ok(Encoding { codes, accuracy: correct as f64 / examples.len() as f64, finite })
}
