//! The modules of a safetensors file: tensors grouped by name, with consistent shapes.

use std::collections::BTreeMap;

use safetensors::tensor::{SafeTensors, TensorView};

use super::PerceptronError;
use crate::network::file::floats;

/// The default of PyTorch, Flax and burn.
const EPSILON: f32 = 1e-5;
/// Keras' BatchNormalization default.
const KERAS_EPSILON: f32 = 1e-3;

/// What frameworks call the parts of a batch norm.
const MEAN: &[&str] = &["running_mean", "moving_mean", "mean"];
const VARIANCE: &[&str] = &["running_var", "moving_variance", "moving_var", "var"];
const SCALE: &[&str] = &["weight", "gamma", "scale"];
const SHIFT: &[&str] = &["bias", "beta"];

/// What has weights.
pub(super) struct Module {
    /// What comes before the last dot or slash of its tensors' names.
    pub name: String,
    pub inputs: usize,
    pub units: usize,
    pub kind: Kind,
}

pub(super) enum Kind {
    /// `kernel` is `[inputs, units]`, row by row; `torch` names it `weight`.
    Dense { kernel: Vec<f32>, bias: Vec<f32>, torch: bool },
    /// Batch norm as a factor and a shift of each unit.
    Norm { factor: Vec<f32>, shift: Vec<f32> },
}

impl Module {
    pub fn is_dense(&self) -> bool {
        matches!(self.kind, Kind::Dense { .. })
    }
}

/// A file's tensors by module, in the order of the modules' names, numbers in them counted as numbers.
pub(super) fn grouped<'a>(file: &SafeTensors<'a>) -> Vec<Tensors<'a>> {
    let mut named: BTreeMap<(Vec<Part>, String), Tensors<'a>> = BTreeMap::new();
    for (name, tensor) in file.iter() {
        let (module, part) = name.rsplit_once(['.', '/']).unwrap_or(("", name));
        if part == "num_batches_tracked" {
            continue; // PyTorch counts batches; evaluation mode does not need it
        }
        let of = || Tensors { module: module.into(), parts: BTreeMap::new(), inputs_first: false };
        let tensors = named.entry((parts(module), module.into())).or_insert_with(of);
        tensors.parts.insert(part.trim_end_matches(":0").into(), tensor);
    }
    let mut groups: Vec<_> = named.into_values().collect();
    // Where one module's bias shows how its weight lies, all of the file lie so: of a square weight nothing else would show it.
    let inputs_first = groups.iter().any(Tensors::has_inputs_first);
    groups.iter_mut().for_each(|tensors| tensors.inputs_first = inputs_first);
    groups
}

/// The tensors of one module, by the last part of their names.
pub(super) struct Tensors<'a> {
    /// What comes before the last dot or slash of their names.
    pub module: String,
    parts: BTreeMap<String, TensorView<'a>>,
    /// Whether a `weight` is `[inputs, units]`, as burn keeps it, and not `[units, inputs]`, as PyTorch does.
    inputs_first: bool,
}

impl Tensors<'_> {
    /// What to call them: by the module or, where there is none, by themselves.
    pub fn name(&self) -> String {
        if self.module.is_empty() {
            self.parts.keys().cloned().collect::<Vec<_>>().join(", ")
        } else {
            self.module.clone()
        }
    }

    /// The module that they make.
    pub fn module(&self) -> Result<Module, PerceptronError> {
        match (self.dims("weight"), self.dims("kernel")) {
            (&[inputs, units], []) if self.inputs_first => self.dense(inputs, units, true),
            (&[units, inputs], []) => self.dense(inputs, units, true),
            ([], &[inputs, units]) => self.dense(inputs, units, false),
            _ => self.norm(),
        }
    }

    fn dims(&self, part: &str) -> &[usize] {
        self.parts.get(part).map_or(&[][..], |tensor| tensor.shape())
    }

    /// Whether the bias has as many numbers as the weight has columns, and not rows.
    fn has_inputs_first(&self) -> bool {
        match (self.dims("weight"), self.dims("bias")) {
            (&[rows, columns], &[units]) => rows != columns && units == columns,
            _ => false,
        }
    }

    fn dense(&self, inputs: usize, units: usize, torch: bool) -> Result<Module, PerceptronError> {
        self.only(&["weight", "kernel", "bias"])?;
        let module = self.module.clone();
        if inputs == 0 || units == 0 {
            return Err(PerceptronError::NoUnits { module, inputs, units });
        }
        let own = self.numbers(if torch { "weight" } else { "kernel" })?.unwrap_or_default();
        let kernel = if torch && !self.inputs_first { transposed(&own, inputs, units) } else { own };
        let bias = self.row("bias", units)?.unwrap_or_else(|| vec![0.0; units]);
        Ok(Module { name: module, inputs, units, kind: Kind::Dense { kernel, bias, torch } })
    }

    /// `(x - mean) / sqrt(variance + epsilon) * scale + shift` as a factor and a shift of each unit.
    fn norm(&self) -> Result<Module, PerceptronError> {
        let called = |names: &[&'static str]| {
            let found = names.iter().find(|&&name| self.parts.contains_key(name));
            found.or(names.first()).copied().unwrap_or_default()
        };
        let [mean, variance, scale, shift] = [MEAN, VARIANCE, SCALE, SHIFT].map(called);
        self.only(&[mean, variance, scale, shift])?;
        let epsilon = if mean == "moving_mean" { KERAS_EPSILON } else { EPSILON };
        let Some(units) = self.parts.get(mean).map(|tensor| tensor.shape().iter().product::<usize>()) else {
            return Err(self.unknown());
        };
        let (Some(mean), Some(variance)) = (self.row(mean, units)?, self.row(variance, units)?) else {
            return Err(self.unknown());
        };
        let scale = self.row(scale, units)?.unwrap_or_else(|| vec![1.0; units]);
        let shift = self.row(shift, units)?.unwrap_or_else(|| vec![0.0; units]);
        let factor: Vec<f32> = scale.iter().zip(&variance).map(|(scale, it)| scale / (it + epsilon).sqrt()).collect();
        let shift: Vec<f32> = (0..units).map(|unit| shift[unit] - mean[unit] * factor[unit]).collect();
        if units == 0 || factor.iter().chain(&shift).any(|number| !number.is_finite()) {
            return Err(self.infinite("its statistics"));
        }
        Ok(Module { name: self.module.clone(), inputs: units, units, kind: Kind::Norm { factor, shift } })
    }

    /// A tensor of one number per unit.
    fn row(&self, part: &'static str, units: usize) -> Result<Option<Vec<f32>>, PerceptronError> {
        let numbers = self.numbers(part)?;
        match self.parts.get(part) {
            Some(tensor) if tensor.shape() != [units] => {
                Err(PerceptronError::Shape { module: self.module.clone(), part, found: tensor.shape().to_vec(), units })
            }
            _ => Ok(numbers),
        }
    }

    fn numbers(&self, part: &str) -> Result<Option<Vec<f32>>, PerceptronError> {
        let Some(tensor) = self.parts.get(part) else { return Ok(None) };
        let Some(numbers) = floats(tensor) else {
            return Err(PerceptronError::Type { name: format!("{}.{part}", self.module), found: tensor.dtype() });
        };
        if numbers.iter().any(|number| !number.is_finite()) {
            return Err(self.infinite(part));
        }
        Ok(Some(numbers))
    }

    /// Refuses a module with other tensors than these.
    fn only(&self, known: &[&str]) -> Result<(), PerceptronError> {
        if self.parts.keys().all(|part| known.contains(&part.as_str())) { Ok(()) } else { Err(self.unknown()) }
    }

    fn unknown(&self) -> PerceptronError {
        let found = self.parts.keys().cloned().collect::<Vec<_>>().join(", ");
        PerceptronError::Module { module: self.module.clone(), found }
    }

    fn infinite(&self, part: &str) -> PerceptronError {
        PerceptronError::Infinite { what: format!("numbers of '{}' ({part})", self.module) }
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

/// `[units, inputs]` to `[inputs, units]`.
fn transposed(weight: &[f32], inputs: usize, units: usize) -> Vec<f32> {
    (0..inputs).flat_map(|input| (0..units).map(move |unit| weight[unit * inputs + input])).collect()
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
