//! Evaluates a population as a tensor program: every kind of network, on every device.

use std::ops::Range;

use burn::tensor::{Int, Tensor, TensorData, Transaction};

use super::look::{Firing, Kept, Seen, are_finite, nonzero, right};
use super::packing::{WORD, pack, words};
use crate::dataset::Examples;
use crate::engine::{host_numbers, is_host, tensor};
use crate::network::{EvaluationPass, From, NetworkError, Population, read};

/// Looks at the `rows` of `examples`.
pub(super) async fn tensor_look(
    networks: &Population,
    examples: &Examples,
    rows: Range<usize>,
) -> Result<Seen, NetworkError> {
    let labels = &examples.labels()[rows.clone()];
    let from = match lit_units(networks, examples, rows.clone()) {
        Some(units) => From::Units(units),
        None => {
            let mut values = Vec::new();
            examples.gather(rows.clone(), &mut values);
            let shape = [1, rows.len(), examples.inputs()];
            From::Batch(tensor(values, shape, networks.device()))
        }
    };
    let pass = networks.evaluation_pass_from(from);
    if is_host(networks.device()) { on_host(pass, labels, rows).await } else { on_device(pass, labels, rows).await }
}

/// What comes to the first layer's units of one cohort on the CPU, over the lit pixels alone; nothing where most pixels are lit.
fn lit_units(networks: &Population, examples: &Examples, rows: Range<usize>) -> Option<Tensor<3>> {
    let first = &networks.parameters.hidden[0];
    let [cohorts, _, units] = first.kernel.dims();
    if !is_host(networks.device()) || cohorts > 1 {
        return None;
    }
    examples.lit()?;
    let units_of = nonzero(examples, rows.clone()).product(
        &host_numbers(first.kernel.clone()),
        units,
        &host_numbers(first.bias.clone()),
    );
    Some(tensor(units_of, [1, rows.len(), units], networks.device()))
}

/// Where memory is at hand, all is read as it is.
async fn on_host(pass: EvaluationPass, labels: &[u8], rows: Range<usize>) -> Result<Seen, NetworkError> {
    let mut layers = Vec::new();
    for activations in pass.activations {
        let [_, rows, stride] = activations.dims();
        let kept = Kept::Outputs(read(activations, "activations").await?);
        layers.push(Firing { rows, stride, kept });
    }
    let [_, batch, classes] = pass.logits.dims();
    let logits = read(pass.logits, "outputs").await?;
    let of_network = || logits.chunks_exact(batch * classes);
    Ok(Seen {
        rows,
        layers,
        correct: of_network().map(|logits| right(logits, classes, labels)).collect(),
        finite: of_network().map(are_finite).collect(),
    })
}

/// From a GPU a bit of every activation is read and two numbers a network, in one go.
async fn on_device(pass: EvaluationPass, labels: &[u8], rows: Range<usize>) -> Result<Seen, NetworkError> {
    let mut reading = Transaction::default();
    let mut layers = Vec::new();
    for activations in pass.activations {
        let [_, rows, units] = activations.dims();
        reading = reading.register(pack(activations));
        layers.push(Firing { rows, stride: units.div_ceil(WORD), kept: Kept::Words(Vec::new()) });
    }
    let (read, correct, finite) = read_with_outcome(reading, pass.logits, labels).await?;
    for (layer, data) in layers.iter_mut().zip(&read) {
        layer.kept = Kept::Words(words(data));
    }
    Ok(Seen { rows, layers, correct, finite })
}

/// Reads what is asked for; and of `logits`, `[networks, rows, classes]`, of each network for how many examples the largest is their label's, and whether
/// all are finite.
pub(super) async fn read_with_outcome(
    reading: Transaction,
    logits: Tensor<3>,
    labels: &[u8],
) -> Result<(Vec<TensorData>, Vec<usize>, Vec<bool>), NetworkError> {
    let rows = labels.len();
    let labels: Vec<i32> = labels.iter().map(|&label| i32::from(label)).collect();
    let labels = Tensor::<3, Int>::from_data(TensorData::new(labels, [1, rows, 1]), &logits.device());
    let right = logits.clone().argmax(2).equal(labels).int().sum_dim(1); // [networks, 1, 1]
    // If a sum is not finite, one of its terms is not.
    let size = logits.abs().sum_dim(2).sum_dim(1);
    let read = reading.register(right).register(size).execute_async().await;
    let mut read = read.map_err(|error| NetworkError::Read { what: "codes", reason: format!("{error:?}") })?;
    let size = read.pop().unwrap_or_else(empty);
    let correct = read.pop().unwrap_or_else(empty);
    let correct = correct.iter::<i64>().map(|count| count as usize).collect();
    Ok((read, correct, size.iter::<f32>().map(f32::is_finite).collect()))
}

/// What a transaction that gives back less than was registered would leave; it never does.
fn empty() -> TensorData {
    TensorData::new(Vec::<f32>::new(), [0])
}
