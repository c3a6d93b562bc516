//! A network trained elsewhere: any multi-layer perceptron with ReLUs, read from a safetensors file.

use std::collections::BTreeMap;

use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use thiserror::Error;

/// PyTorch's BatchNorm1d default.
const TORCH_EPSILON: f32 = 1e-5;
/// Keras' BatchNormalization default.
const KERAS_EPSILON: f32 = 1e-3;

/// A multi-layer perceptron in evaluation mode: Dense layers with ReLUs between them, batch norm worked into them.
#[derive(Debug, Clone)]
pub struct Perceptron {
    /// `[inputs, units]` and `[1, units]` of each layer, the output last.
    layers: Vec<[Tensor<2>; 2]>,
    widths: Vec<usize>,
}

/// A file that is no such network.
#[derive(Debug, Error)]
pub enum PerceptronError {
    /// Not safetensors.
    #[error("not a safetensors file ({0}): export the network with `save_file`")]
    Format(#[from] safetensors::SafeTensorError),
    /// A tensor of a type that is not read.
    #[error("tensor '{name}' is {found:?}: export the network in 32-bit floats (F32)")]
    Type {
        /// The tensor.
        name: String,
        /// Its type.
        found: Dtype,
    },
    /// A module that is not known.
    #[error(
        "'{module}' has {found}: only Dense (weight or kernel, and bias) and batch norm layers are read; name tensors INDEX.NAME in the layers' order"
    )]
    Module {
        /// What comes before the last dot or slash of the tensors' names.
        module: String,
        /// The names of its tensors.
        found: String,
    },
    /// Layers that do not follow each other.
    #[error(
        "layer '{module}' takes {inputs} numbers, but {given} come to it: check the order of the layers and the data set"
    )]
    Chain {
        /// The layer.
        module: String,
        /// What its kernel takes.
        inputs: usize,
        /// What comes.
        given: usize,
    },
    /// No hidden layer.
    #[error("{0} Dense layers are there, but a hidden one and an output are needed to have a code")]
    Shallow(usize),
    /// Its outputs overflow.
    #[error("the network's outputs are not finite: export one whose training went well")]
    Infinite,
    /// Other classes than the data set's.
    #[error(
        "the network has {outputs} outputs, but the data set has {classes} classes: choose the one that it was trained on"
    )]
    Classes {
        /// Units of the last layer.
        outputs: usize,
        /// Classes of the data set.
        classes: usize,
    },
}

/// A Dense layer on its way in.
struct Dense {
    module: String,
    inputs: usize,
    /// `[inputs, units]`, row by row.
    kernel: Vec<f32>,
    bias: Vec<f32>,
}

impl Perceptron {
    /// Reads the layers of `file` in the order of their modules' names, numbers in them counted as numbers: PyTorch's
    /// `nn.Sequential` (`0.weight`, `[units, inputs]`) and Keras' weights (`1.kernel`, `[inputs, units]`), with batch norm of
    /// their default epsilon.
    pub fn read(file: &[u8], inputs: usize, classes: usize, device: &Device) -> Result<Self, PerceptronError> {
        let file = SafeTensors::deserialize(file)?;
        let mut modules: BTreeMap<Vec<Part>, BTreeMap<String, (String, TensorView<'_>)>> = BTreeMap::new();
        for (name, tensor) in file.iter() {
            let (module, part) = name.rsplit_once(['.', '/']).unwrap_or(("", name));
            if part == "num_batches_tracked" {
                continue; // PyTorch counts batches; evaluation mode does not need it
            }
            let tensors = modules.entry(parts(module)).or_default();
            tensors.insert(part.trim_end_matches(":0").into(), (module.into(), tensor));
        }
        let mut layers: Vec<Dense> = Vec::new();
        for tensors in modules.into_values() {
            let module = tensors.values().next().map_or(String::new(), |(module, _)| module.clone());
            let numbers = |part: &str| tensors.get(part).map(|(_, tensor)| floats(&module, part, tensor)).transpose();
            let dims = |part: &str| tensors.get(part).map_or(&[][..], |(_, tensor)| tensor.shape());
            match (dims("weight"), dims("kernel"), layers.last_mut()) {
                (&[units, inputs], _, _) | (_, &[inputs, units], _) => {
                    let kernel = match (numbers("kernel")?, numbers("weight")?) {
                        (Some(kernel), _) => kernel,
                        (_, weight) => transposed(&weight.unwrap_or_default(), inputs),
                    };
                    let bias = numbers("bias")?.unwrap_or_else(|| vec![0.0; units]);
                    layers.push(Dense { module, inputs, kernel, bias });
                }
                (_, _, Some(before)) => {
                    let torch = numbers("running_mean")?.zip(numbers("running_var")?);
                    let keras = numbers("moving_mean")?.zip(numbers("moving_variance")?);
                    let epsilon = if torch.is_some() { TORCH_EPSILON } else { KERAS_EPSILON };
                    let units = before.bias.len();
                    let statistics =
                        torch.or(keras).filter(|(mean, variance)| [mean.len(), variance.len()] == [units; 2]);
                    let (mean, variance) = statistics.ok_or_else(|| unknown(&module, tensors.keys()))?;
                    let scale = numbers("weight")?.or(numbers("gamma")?).unwrap_or_else(|| vec![1.0; units]);
                    let shift = numbers("bias")?.or(numbers("beta")?).unwrap_or_else(|| vec![0.0; units]);
                    before.normalise(
                        &mean,
                        &variance.iter().map(|it| it + epsilon).collect::<Vec<_>>(),
                        &scale,
                        &shift,
                    );
                }
                _ => return Err(unknown(&module, tensors.keys())),
            }
        }
        chain(layers, inputs, classes, device)
    }

    /// Units of each hidden layer.
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }

    /// For a batch `[rows, inputs]`: the post-ReLU outputs of each hidden layer, `[rows, width]`, and the outputs,
    /// `[rows, classes]`.
    pub fn pass(&self, batch: Tensor<2>) -> (Vec<Tensor<2>>, Tensor<2>) {
        let mut activations = Vec::new();
        let mut signal = batch;
        for (place, [kernel, bias]) in self.layers.iter().enumerate() {
            signal = signal.matmul(kernel.clone()) + bias.clone();
            if place < self.widths.len() {
                signal = relu(signal);
                activations.push(signal.clone());
            }
        }
        (activations, signal)
    }
}

/// Puts layers one after the other, if they fit.
fn chain(layers: Vec<Dense>, inputs: usize, classes: usize, device: &Device) -> Result<Perceptron, PerceptronError> {
    if layers.len() < 2 {
        return Err(PerceptronError::Shallow(layers.len()));
    }
    let mut given = inputs;
    let mut put = Vec::new();
    let mut widths = Vec::new();
    for Dense { module, inputs, kernel, bias } in layers {
        if inputs != given {
            return Err(PerceptronError::Chain { module, inputs, given });
        }
        given = bias.len();
        widths.push(given);
        let tensor = |values, shape: [usize; 2]| Tensor::from_data(TensorData::new(values, shape), device);
        put.push([tensor(kernel, [inputs, given]), tensor(bias, [1, given])]);
    }
    let outputs = widths.pop().unwrap_or_default();
    if outputs != classes {
        return Err(PerceptronError::Classes { outputs, classes });
    }
    Ok(Perceptron { layers: put, widths })
}

impl Dense {
    /// Works batch norm in: `(x - mean) / sqrt(variance) * scale + shift` of its outputs.
    fn normalise(&mut self, mean: &[f32], variance: &[f32], scale: &[f32], shift: &[f32]) {
        let units = self.bias.len();
        let factors: Vec<f32> = (0..units).map(|unit| scale[unit] / variance[unit].sqrt()).collect();
        for row in self.kernel.chunks_exact_mut(units) {
            row.iter_mut().zip(&factors).for_each(|(weight, factor)| *weight *= factor);
        }
        for unit in 0..units {
            self.bias[unit] = (self.bias[unit] - mean[unit]) * factors[unit] + shift[unit];
        }
    }
}

/// A piece of a name: what is a number is ordered as one, so that `10` comes after `9`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Text(String),
}

fn parts(name: &str) -> Vec<Part> {
    let pieces = name.split_inclusive(|letter: char| !letter.is_ascii_digit());
    let piece = |text: &str| text.parse().map_or_else(|_| Part::Text(text.into()), Part::Number);
    pieces
        .flat_map(|text| {
            let digits = text.len() - text.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
            [&text[..digits], &text[digits..]]
        })
        .filter(|text| !text.is_empty())
        .map(piece)
        .collect()
}

fn floats(module: &str, part: &str, tensor: &TensorView<'_>) -> Result<Vec<f32>, PerceptronError> {
    if tensor.dtype() != Dtype::F32 {
        return Err(PerceptronError::Type { name: format!("{module}.{part}"), found: tensor.dtype() });
    }
    Ok(tensor
        .data()
        .chunks_exact(4)
        .map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
        .collect())
}

/// `[units, inputs]` to `[inputs, units]`.
fn transposed(weight: &[f32], inputs: usize) -> Vec<f32> {
    let units = weight.len() / inputs.max(1);
    (0..inputs).flat_map(|input| (0..units).map(move |unit| weight[unit * inputs + input])).collect()
}

fn unknown<'a>(module: &str, parts: impl Iterator<Item = &'a String>) -> PerceptronError {
    PerceptronError::Module { module: module.into(), found: parts.cloned().collect::<Vec<_>>().join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_come_in_the_order_of_their_numbers() {
        let mut names = ["10", "9", "model.2", "model.10", "dense_1", "dense", "dense_10"];
        names.sort_by_key(|name| parts(name));
        assert_eq!(names, ["9", "10", "dense", "dense_1", "dense_10", "model.2", "model.10"]);
    }
}
