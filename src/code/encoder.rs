//! Reads codes off a population: evaluation mode, bit = post-ReLU output above 0, hidden layers one after the other.

use burn::tensor::{Tensor, TensorData};

use super::CodeMatrix;
use crate::dataset::Examples;
use crate::network::{EvaluationPass, NetworkError, Population, read};

/// Examples encoded at a time: bounds the memory to `500 * (inputs + sum of widths * depth)` floats.
const CHUNK: usize = 500;

/// What one network of a population makes of a set of examples.
#[derive(Debug, Clone, PartialEq)]
pub struct Encoding {
    /// Its neural codes, one row an example, `depth * width` bits.
    pub codes: CodeMatrix,
    /// Share of examples whose largest output is their label's.
    pub accuracy: f64,
    /// The outputs are all finite; if not, training has diverged and the codes tell nothing.
    pub finite: bool,
}

/// Encodes the first `count` of `examples` by every network of `population`, in its order.
pub async fn encode(population: &Population, examples: &Examples, count: usize) -> Result<Vec<Encoding>, NetworkError> {
    let zeros = |bits| Encoding { codes: CodeMatrix::zeros(count, bits), accuracy: 0.0, finite: true };
    let mut encodings: Vec<_> = population.members().map(|member| zeros(member.bits)).collect();
    let mut correct = vec![0_usize; population.len()];
    for start in (0..count).step_by(CHUNK) {
        let rows = start..count.min(start + CHUNK);
        let mut values = Vec::new();
        examples.gather(rows.clone(), &mut values);
        let shape = [1, rows.len(), values.len() / rows.len()];
        let batch = Tensor::from_data(TensorData::new(values, shape), population.device());
        let EvaluationPass { logits, activations } = population.evaluation_pass(batch);

        for (layer, activations) in activations.into_iter().enumerate() {
            let [_, batch, units] = activations.dims();
            let active = read(activations, "activations").await?;
            for member in population.members() {
                let (group, first) = member.place(layer);
                let codes = &mut encodings[member.index].codes;
                let group = active[group * batch * units..].chunks_exact(units).take(batch);
                for (row, outputs) in rows.clone().zip(group) {
                    for (unit, &output) in outputs[first..first + member.width].iter().enumerate() {
                        if output > 0.0 {
                            codes.set(row, layer * member.width + unit);
                        }
                    }
                }
            }
        }

        let [_, batch, classes] = logits.dims();
        let logits = read(logits, "outputs").await?;
        for (network, logits) in logits.chunks_exact(batch * classes).enumerate() {
            encodings[network].finite &= logits.iter().all(|output| output.is_finite());
            let right = |(row, outputs): (usize, &[f32])| argmax(outputs) == usize::from(examples.labels()[row]);
            correct[network] += rows.clone().zip(logits.chunks_exact(classes)).filter(|&pair| right(pair)).count();
        }
    }
    for (encoding, correct) in encodings.iter_mut().zip(correct) {
        encoding.accuracy = correct as f64 / count as f64;
    }
    Ok(encodings)
}

/// The first of the largest.
fn argmax(outputs: &[f32]) -> usize {
    (1..outputs.len()).fold(0, |best, index| if outputs[index] > outputs[best] { index } else { best })
}
