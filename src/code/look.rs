//! One look of a population at some examples: which ReLUs fire, and whether the outputs are right.

use std::ops::Range;

use burn::tensor::{Int, Tensor, TensorData, Transaction};

use super::host_look::host_look;
use super::packing::{WORD, pack, words};
use crate::dataset::Examples;
use crate::engine::{SparseRows, host_numbers, is_host};
use crate::network::{EvaluationPass, From, NetworkError, Population, read, unreadable};

/// What was seen.
pub(super) struct Seen {
    /// Of these examples.
    pub rows: Range<usize>,
    /// Which units of each hidden layer fire.
    pub layers: Vec<Firing>,
    /// Of each network, for how many examples its largest output is their label's.
    pub correct: Vec<usize>,
    /// Of each network, whether all its outputs are finite.
    pub finite: Vec<bool>,
}

/// Which units of a layer fire, `[groups, rows, units]`.
pub(super) struct Firing {
    pub rows: usize,
    /// Numbers a row of `kept` has.
    pub stride: usize,
    pub kept: Kept,
}

pub(super) enum Kept {
    /// The activations themselves.
    Outputs(Vec<f32>),
    /// A bit each.
    Words(Vec<u32>),
}

impl Firing {
    /// Tells of every (row, unit) of `group` that fires, units counted from the first of `units`.
    pub fn each(&self, group: usize, units: Range<usize>, mut fires: impl FnMut(usize, usize)) {
        for row in 0..self.rows {
            let start = (group * self.rows + row) * self.stride;
            match &self.kept {
                Kept::Outputs(outputs) => {
                    for (unit, &output) in outputs[start..][units.clone()].iter().enumerate() {
                        if output > 0.0 {
                            fires(row, unit);
                        }
                    }
                }
                Kept::Words(words) => {
                    for (unit, bit) in units.clone().enumerate() {
                        if words[start + bit / WORD] >> (bit % WORD) & 1 == 1 {
                            fires(row, unit);
                        }
                    }
                }
            }
        }
    }
}

/// Looks at the `rows` of `examples` in evaluation mode.
pub(super) async fn look(networks: &Population, examples: &Examples, rows: Range<usize>) -> Result<Seen, NetworkError> {
    if let Some(seen) = host_look(networks, examples, rows.clone()) {
        return Ok(seen);
    }
    let labels = &examples.labels()[rows.clone()];
    let from = match lit_units(networks, examples, rows.clone()) {
        Some(units) => From::Units(units),
        None => {
            let mut values = Vec::new();
            examples.gather(rows.clone(), &mut values);
            let shape = [1, rows.len(), examples.inputs()];
            From::Batch(Tensor::from_data(TensorData::new(values, shape), networks.device()))
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
    Some(Tensor::from_data(TensorData::new(units_of, [1, rows.len(), units]), networks.device()))
}

/// What is not 0 in some examples.
pub(super) fn nonzero(examples: &Examples, rows: Range<usize>) -> SparseRows {
    let mut nonzero = SparseRows::default();
    rows.for_each(|row| _ = nonzero.push(|terms| examples.nonzero(row, terms)));
    nonzero
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
    let device = pass.logits.device();
    let mut reading = Transaction::default();
    let mut layers = Vec::new();
    for activations in pass.activations {
        let [_, rows, units] = activations.dims();
        reading = reading.register(pack(activations));
        layers.push(Firing { rows, stride: units.div_ceil(WORD), kept: Kept::Words(Vec::new()) });
    }
    let labels: Vec<i32> = labels.iter().map(|&label| i32::from(label)).collect();
    let labels = Tensor::<3, Int>::from_data(TensorData::new(labels, [1, rows.len(), 1]), &device);
    let right = pass.logits.clone().argmax(2).equal(labels).int().sum_dim(1); // [networks, 1, 1]
    // A sum that is not finite has a term that is not.
    let size = pass.logits.abs().sum_dim(2).sum_dim(1);
    let read = reading.register(right).register(size).execute_async().await;
    let mut read = read.map_err(|error| unreadable("codes", &error))?;
    let size = read.pop().unwrap_or_else(empty);
    let correct = read.pop().unwrap_or_else(empty);
    for (layer, data) in layers.iter_mut().zip(&read) {
        layer.kept = Kept::Words(words(data));
    }
    Ok(Seen {
        rows,
        layers,
        correct: correct.iter::<i64>().map(|count| count as usize).collect(),
        finite: size.iter::<f32>().map(f32::is_finite).collect(),
    })
}

/// What a transaction that gives back less than was registered would leave; it never does.
fn empty() -> TensorData {
    TensorData::new(Vec::<f32>::new(), [0])
}

/// For how many examples the largest output of a network, a row an example, is their label's.
pub(super) fn right(logits: &[f32], classes: usize, labels: &[u8]) -> usize {
    let guesses = logits.chunks_exact(classes).map(argmax);
    guesses.zip(labels).filter(|&(guess, &label)| guess == usize::from(label)).count()
}

pub(super) fn are_finite(outputs: &[f32]) -> bool {
    outputs.iter().all(|output| output.is_finite())
}

/// The first of the largest.
pub(super) fn argmax(outputs: &[f32]) -> usize {
    (1..outputs.len()).fold(0, |best, index| if outputs[index] > outputs[best] { index } else { best })
}
