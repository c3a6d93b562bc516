//! A network trained elsewhere: any multi-layer perceptron with ReLUs, read from a safetensors file.

mod modules;
mod order;

use safetensors::tensor::{Dtype, SafeTensors};
use thiserror::Error;

use modules::{Kind, Module, Tensors, grouped};
use order::{Place, as_numbered, as_said};

use super::OnnxError;
use super::file::open;
use crate::bounds::BOUNDS;
use crate::engine::{SparseRows, push_terms};

/// A multi-layer perceptron in evaluation mode: Dense, batch norm and ReLU in any order.
#[derive(Debug, Clone)]
pub struct Perceptron {
    steps: Vec<Step>,
    widths: Vec<usize>,
    left_out: Vec<String>,
}

/// One operation on the signal, `[rows, units]`.
#[derive(Debug, Clone)]
enum Step {
    /// Times `[inputs, units]`, row by row, plus `[units]`.
    Dense { kernel: Vec<f32>, bias: Vec<f32> },
    /// Batch norm with running statistics: times `[units]` plus `[units]`.
    Norm { factor: Vec<f32>, shift: Vec<f32> },
    /// What is not above 0 becomes 0; which units are above is the code.
    Relu,
}

/// The file is not a network that can be read.
#[derive(Debug, Error)]
pub enum PerceptronError {
    /// Not safetensors.
    #[error("not a safetensors file ({0}), nor ONNX: export the network with `save_file`, or as ONNX")]
    Format(#[from] safetensors::SafeTensorError),
    /// Another kind of file.
    #[error("not a safetensors file, but {what}: {remedy}")]
    Other {
        /// What it is.
        what: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// A tensor of a type that is not read.
    #[error("tensor '{name}' is {found:?}: export the network in floats (F64, F32, F16 or BF16)")]
    Type {
        /// The tensor.
        name: String,
        /// Its type.
        found: Dtype,
    },
    /// A module that is not known.
    #[error(
        "'{module}' has {found}: only Dense (weight or kernel, and bias) and batch norm layers with their running statistics are read; what is not part of the network is left out if its layers are named (--layers)"
    )]
    Module {
        /// What comes before the last dot or slash of the tensors' names.
        module: String,
        /// The names of its tensors.
        found: String,
    },
    /// Tensors of one module that do not belong together.
    #[error("'{module}': {part} has the shape {found:?}, which does not fit {units} units: export the network again")]
    Shape {
        /// The module.
        module: String,
        /// The tensor.
        part: &'static str,
        /// Its shape.
        found: Vec<usize>,
        /// Units that it should have.
        units: usize,
    },
    /// More units, or more layers, than are taken.
    #[error("the network has {found} {what}, more than the limit of {most}: use a smaller one")]
    Large {
        /// Of what.
        what: String,
        /// Found.
        found: usize,
        /// The most.
        most: u64,
    },
    /// A layer without inputs or units.
    #[error("layer '{module}' has {inputs} inputs and {units} units: it needs at least 1 of each")]
    NoUnits {
        /// The module.
        module: String,
        /// Inputs of its kernel.
        inputs: usize,
        /// Units of its kernel.
        units: usize,
    },
    /// The places of the ReLUs are unknown.
    #[error(
        "{reason}: list the layers in order with --layers on the command line or as `layers` in the file's metadata, for example {example}"
    )]
    Unordered {
        /// Why not.
        reason: String,
        /// Such a list.
        example: String,
    },
    /// An order that is not one of this file's modules.
    #[error("layers '{layers}': {reason}: name layers of {modules}, and relu at the place of each ReLU")]
    Layers {
        /// As given.
        layers: String,
        /// What is wrong.
        reason: String,
        /// What there is to name.
        modules: String,
    },
    /// Layers that do not follow each other.
    #[error(
        "layer '{module}' takes {inputs} inputs but receives {given}: check the order of the layers and the data set"
    )]
    Chain {
        /// The layer.
        module: String,
        /// What it takes.
        inputs: usize,
        /// What comes.
        given: usize,
    },
    /// No hidden layer.
    #[error("there is no ReLU before the last Dense layer, and so no code: use a network with a hidden layer")]
    Shallow,
    /// Convolutions that are not those of one of this crate's families.
    #[error("the convolutional network cannot be read: {reason}: use a file that `sweep --weights` wrote")]
    Convolutional {
        /// Why not.
        reason: String,
    },
    /// An ONNX file that cannot be taken.
    #[error(transparent)]
    Onnx(#[from] OnnxError),
    /// Inputs that it cannot have been trained on.
    #[error("{options}: {reason}")]
    Fed {
        /// As given.
        options: String,
        /// What is wrong.
        reason: String,
    },
    /// Its numbers overflow.
    #[error("{what} are not finite: export a network whose training did not diverge")]
    Infinite {
        /// Which numbers.
        what: String,
    },
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

impl PerceptronError {
    /// The network's outputs are not finite.
    pub fn outputs() -> Self {
        Self::Infinite { what: "the network's outputs".into() }
    }
}

impl Perceptron {
    /// Reads PyTorch's tensors (`weight`, `[units, inputs]`), Keras' (`kernel`, `[inputs, units]`) and burn's (`weight`, `[inputs, units]`, which a
    /// bias shows), in floats of any size; batch norm with its framework's default epsilon.
    ///
    /// A file does not contain ReLUs, since they have no weights. The order of modules and ReLUs is given by `layers`, or
    /// by `layers` in the file's metadata (`fc1,relu,norm1,fc2`), or by the numbering of PyTorch's `nn.Sequential` if it
    /// leaves exactly one place for a ReLU between two Dense layers. Otherwise the file is refused. Modules that are not named are
    /// [left out](Self::left_out); one that is named twice is passed twice. A ReLU that follows another one does nothing and has no bits of
    /// its own. One output decides between two classes, the second where it is above 0.
    pub fn read(file: &[u8], layers: Option<&str>, inputs: usize, classes: usize) -> Result<Self, PerceptronError> {
        let groups = grouped(&open(file)?);
        let stated = Self::metadata(file, "layers")?.filter(|layers| !layers.trim().is_empty());
        let Some(layers) = layers.or(stated.as_deref()) else {
            let modules: Vec<Module> = groups.iter().map(Tensors::module).collect::<Result<_, _>>()?;
            return chain(&modules, &as_numbered(&modules)?, inputs, classes);
        };
        let names: Vec<&str> = groups.iter().map(|tensors| tensors.module.as_str()).collect();
        let mut places = as_said(&names, layers)?;
        let (mut modules, mut left_out) = (Vec::new(), Vec::new());
        for (index, tensors) in groups.iter().enumerate() {
            let here = |place: &&mut Place| **place == Place::Module(index);
            let mut own = places.iter_mut().filter(here).peekable();
            if own.peek().is_none() {
                left_out.push(tensors.name());
                continue;
            }
            own.for_each(|place| *place = Place::Module(modules.len()));
            modules.push(tensors.module()?);
        }
        Ok(Self { left_out, ..chain(&modules, &places, inputs, classes)? })
    }

    /// What a file's metadata say under `key`.
    pub fn metadata(file: &[u8], key: &str) -> Result<Option<String>, PerceptronError> {
        let (_, header) = SafeTensors::read_metadata(file)?;
        Ok(header.metadata().as_ref().and_then(|metadata| metadata.get(key).cloned()))
    }

    /// Units of each ReLU layer.
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }

    /// Modules of the file that are no part of the network, since they were not named.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// For a batch `[rows, inputs]`: what comes to the ReLUs of each layer, `[rows, width]`, which fire where it is above 0,
    /// and the outputs, `[rows, classes]`; each row by row.
    pub fn pass(&self, batch: Vec<f32>) -> (Vec<Vec<f32>>, Vec<f32>) {
        let mut before_relus = Vec::new();
        let mut signal = batch;
        for step in &self.steps {
            match step {
                Step::Dense { kernel, bias } => signal = dense(&signal, kernel, bias),
                Step::Norm { factor, shift } => {
                    for row in signal.chunks_exact_mut(factor.len()) {
                        let normed = row.iter_mut().zip(factor).zip(shift);
                        normed.for_each(|((number, factor), shift)| *number = *number * factor + shift);
                    }
                }
                Step::Relu => {
                    before_relus.push(signal.clone());
                    // NaN stays NaN.
                    signal.iter_mut().filter(|number| **number <= 0.0).for_each(|number| *number = 0.0);
                }
            }
        }
        (before_relus, signal)
    }
}

/// Rows times a kernel plus a bias, over what is not 0 alone.
fn dense(rows: &[f32], kernel: &[f32], bias: &[f32]) -> Vec<f32> {
    let mut nonzero = SparseRows::default();
    for row in rows.chunks_exact(kernel.len() / bias.len()) {
        nonzero.push(|terms| push_terms(row.iter().copied(), terms));
    }
    nonzero.product(kernel, bias.len(), bias)
}

fn large(what: String, found: usize, most: u64) -> PerceptronError {
    PerceptronError::Large { what, found, most }
}

/// Chains the modules, if they fit together.
fn chain(modules: &[Module], places: &[Place], inputs: usize, classes: usize) -> Result<Perceptron, PerceptronError> {
    let is_dense = |place: &Place| matches!(place, Place::Module(index) if modules[*index].is_dense());
    let last_dense = places.iter().rposition(is_dense).ok_or(PerceptronError::Shallow)?;
    let (mut given, mut steps, mut widths) = (inputs, Vec::new(), Vec::new());
    for (position, place) in places.iter().enumerate() {
        let Place::Module(index) = place else {
            // A ReLU after the last Dense layer clips the outputs and is no hidden layer.
            if position < last_dense {
                widths.push(given);
                steps.push(Step::Relu);
            }
            continue;
        };
        let Module { name, inputs, units, kind } = &modules[*index];
        if *inputs != given {
            return Err(PerceptronError::Chain { module: name.clone(), inputs: *inputs, given });
        }
        given = *units;
        if given as u64 > BOUNDS.width {
            return Err(large(format!("units in '{name}'"), given, BOUNDS.width));
        }
        steps.push(match kind {
            Kind::Dense { kernel, bias, .. } => Step::Dense { kernel: kernel.clone(), bias: bias.clone() },
            Kind::Norm { factor, shift } => Step::Norm { factor: factor.clone(), shift: shift.clone() },
        });
    }
    if widths.is_empty() {
        return Err(PerceptronError::Shallow);
    }
    if widths.len() as u64 > BOUNDS.depth {
        return Err(large("layers of ReLUs".into(), widths.len(), BOUNDS.depth));
    }
    match steps.last_mut() {
        Some(Step::Dense { kernel, bias }) if (given, classes) == (1, 2) => {
            *kernel = kernel.iter().flat_map(|&weight| [0.0, weight]).collect();
            bias.insert(0, 0.0);
        }
        _ if given != classes => return Err(PerceptronError::Classes { outputs: given, classes }),
        _ => {}
    }
    Ok(Perceptron { steps, widths, left_out: Vec::new() })
}
