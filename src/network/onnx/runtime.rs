//! Runs a checked graph.

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;

use rand::RngExt;
use rten::{Dimension, Model, ModelOptions, NodeId, Value, ValueOrView};
use rten_onnx::onnx;
use rten_tensor::Layout;

use super::OnnxError;
use super::form::{Form, Numbers};
use super::operators::registry;
use crate::random::stream;

/// Numbers of a value of one example that are taken: 256 MB.
const MOST_OF_EXAMPLE: u64 = 1 << 26;
/// By how much of its largest number a value may differ if examples come in another batch.
const ROUNDING: f32 = 1e-4;

/// A network that is ready to be run.
#[derive(Debug)]
pub(super) struct Runtime {
    model: Model,
    input: NodeId,
    values: Vec<NodeId>,
}

/// A value of one example.
#[derive(Debug)]
pub(super) struct Given {
    /// As the runtime has it, of a batch where the file fixes its size.
    pub shape: Vec<usize>,
    /// How many numbers are the example's.
    pub numbers: usize,
}

impl Runtime {
    /// Opens a network that gives some `values`; with it the form in which it takes examples, one by one if it mixes those of a batch, and what
    /// it gives of each value for an example.
    pub fn open(
        mut proto: onnx::ModelProto,
        values: &[&str],
        mut form: Form,
        beside: &dyn Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<(Self, Form, Vec<Given>), OnnxError> {
        let options = with_external(&mut proto, beside)?;
        set_batch(&mut proto, &form, Some(1));
        check_sizes(&proto, &load(&proto, &options)?, &form)?;
        set_batch(&mut proto, &form, None);
        let model = load(&proto, &options)?;
        let id = |name: &str| model.node_id(name).map_err(refused);
        let (input, values) = (id(&form.name)?, values.iter().map(|name| id(name)).collect::<Result<_, _>>()?);
        let runtime = Self { model, input, values };

        let [one, two] = [1, 2].map(|seed| example(&form, seed));
        let rows = form.batch.unwrap_or(1);
        let (outputs, passed) = runtime.outputs(&form, one.clone(), 1)?;
        let shapes: Vec<Vec<usize>> = outputs.iter().map(|output| output.shape().to_vec()).collect();
        let alone = of_all(outputs, 1, passed)?;
        let given = shapes.into_iter().zip(&alone).map(|(shape, of)| Given { shape, numbers: of.len() }).collect();
        if rows > 1 || !form.is_single && form.batch.is_none() {
            let other = runtime.run(&form, two.clone(), 1)?;
            let both = runtime.run(&form, [one, two].concat(), 2);
            let are_same = |both: Vec<Vec<f32>>| {
                let each = alone.iter().zip(&other).map(|(one, two)| [&one[..], two].concat());
                both.iter().zip(each).all(|(both, each)| are_close(both, &each))
            };
            if !both.is_ok_and(are_same) {
                if rows > 1 {
                    let reason = format!("what it gives for an example depends on the others of its batch of {rows}");
                    return Err(OnnxError::Graph { reason });
                }
                form.batch = Some(1);
            }
        }
        Ok((runtime, form, given))
    }

    /// Gives only these of its values from now on.
    pub fn keep(&mut self, kept: &[usize]) {
        self.values = kept.iter().map(|&place| self.values[place]).collect();
    }

    /// The values of some examples, `[rows, numbers]` each.
    pub fn run(&self, form: &Form, batch: Vec<f32>, rows: usize) -> Result<Vec<Vec<f32>>, OnnxError> {
        let (outputs, passed) = self.outputs(form, batch, rows)?;
        of_all(outputs, rows, passed)
    }

    /// What some examples come to, as the runtime gives it, and how many were passed.
    fn outputs(&self, form: &Form, batch: Vec<f32>, rows: usize) -> Result<(Vec<Value>, usize), OnnxError> {
        let of_example = batch.len() / rows;
        let mut batch = form.laid_out(batch);
        // A batch of a fixed size is filled up with its last example.
        let passed = form.batch.unwrap_or(rows).max(rows);
        for _ in rows..passed {
            batch.extend_from_within((rows - 1) * of_example..rows * of_example);
        }
        let input = value(form.numbers, form.shape(passed), batch)?;
        let outputs = guarded(|| self.model.run(vec![(self.input, input)], &self.values, None).map_err(refused))?;
        Ok((outputs, passed))
    }
}

/// The numbers of the first `rows` of those that were passed.
fn of_all(outputs: Vec<Value>, rows: usize, passed: usize) -> Result<Vec<Vec<f32>>, OnnxError> {
    outputs.into_iter().map(|output| Ok(of_rows(numbers(output)?, rows, passed))).collect()
}

/// Those of the first `rows` of a batch.
fn of_rows(mut numbers: Vec<f32>, rows: usize, passed: usize) -> Vec<f32> {
    numbers.truncate(numbers.len() / passed * rows);
    numbers
}

/// How far from a whole number a pixel may come to lie that was scaled to a fraction and back.
const FRACTION: f32 = 1e-3;

fn value(kind: Numbers, shape: Vec<usize>, batch: Vec<f32>) -> Result<ValueOrView<'static>, OnnxError> {
    fn whole<T>(batch: Vec<f32>, range: [f32; 2], number: fn(f32) -> T) -> Result<Vec<T>, OnnxError> {
        let is_whole =
            |number: f32| (number - number.round()).abs() < FRACTION && (range[0]..=range[1]).contains(&number.round());
        match batch.iter().find(|&&number| !is_whole(number)) {
            Some(&number) => Err(OnnxError::Whole { number }),
            None => Ok(batch.into_iter().map(|each| number(each.round())).collect()),
        }
    }
    Ok(match kind {
        Numbers::Float => Value::from_shape(&shape, batch).map_err(refused)?,
        Numbers::Whole => {
            Value::from_shape(&shape, whole(batch, [-1e9, 1e9], |number| number as i32)?).map_err(refused)?
        }
        Numbers::Byte => {
            Value::from_shape(&shape, whole(batch, [0.0, 255.0], |number| number as u8)?).map_err(refused)?
        }
        Numbers::SignedByte => {
            Value::from_shape(&shape, whole(batch, [-128.0, 127.0], |number| number as i8)?).map_err(refused)?
        }
    }
    .into())
}

fn numbers(value: Value) -> Result<Vec<f32>, OnnxError> {
    Ok(match value {
        Value::FloatTensor(tensor) => tensor.into_data(),
        Value::Int32Tensor(tensor) => tensor.into_data().into_iter().map(|number| number as f32).collect(),
        Value::Int8Tensor(tensor) => tensor.into_data().into_iter().map(f32::from).collect(),
        Value::UInt8Tensor(tensor) => tensor.into_data().into_iter().map(f32::from).collect(),
        _ => return Err(OnnxError::Graph { reason: "a value is no tensor of numbers".into() }),
    })
}

fn load(proto: &onnx::ModelProto, options: &ModelOptions) -> Result<Model, OnnxError> {
    let file = proto.write_buf().map_err(|error| OnnxError::Format { reason: error.to_string() })?;
    guarded(|| options.load(file).map_err(refused))
}

/// The runtime panics where the numbers of a node make no sense: natively that is its refusal; in WebAssembly it ends the module, which the
/// page's worker says.
fn guarded<T>(work: impl FnOnce() -> Result<T, OnnxError>) -> Result<T, OnnxError> {
    std::panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        Err(OnnxError::Graph {
            reason: format!("a node cannot be run ({})", words.unwrap_or("its numbers do not fit")),
        })
    })
}

/// Holds the size of every value that follows from an example against the limit, as far as shapes are known without running anything.
fn check_sizes(proto: &onnx::ModelProto, model: &Model, form: &Form) -> Result<(), OnnxError> {
    let mut following = HashSet::from([form.name.as_str()]);
    let nodes = proto.graph.iter().flat_map(|graph| &graph.node);
    for node in nodes {
        if node.input.iter().any(|input| following.contains(input.as_str())) {
            following.extend(node.output.iter().map(String::as_str));
        }
    }
    for name in following {
        let Some(shape) = model.find_node(name).and_then(|id| model.node_info(id)?.shape()) else { continue };
        let sizes =
            shape.iter().filter_map(|size| if let Dimension::Fixed(size) = size { Some(*size as u64) } else { None });
        let size = sizes.fold(1u64, |product, size| product.saturating_mul(size));
        if size > MOST_OF_EXAMPLE {
            return Err(OnnxError::Large {
                what: format!("'{name}' has {size} numbers an example"),
                most: MOST_OF_EXAMPLE,
            });
        }
    }
    Ok(())
}

/// Takes in the files beside it that its tensors lie in. Each gets a name that the runtime reads.
fn with_external(
    proto: &mut onnx::ModelProto,
    beside: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Result<ModelOptions, OnnxError> {
    let mut options = ModelOptions::with_ops(registry());
    let mut names: HashMap<String, String> = HashMap::new();
    if let Some(graph) = &mut proto.graph {
        let attributes =
            graph.node.iter_mut().flat_map(|node| &mut node.attribute).filter_map(|attribute| attribute.t.as_mut());
        let entries = graph.initializer.iter_mut().chain(attributes).flat_map(|tensor| &mut tensor.external_data);
        for entry in entries.filter(|entry| entry.key.as_deref() == Some("location")) {
            let file = entry.value.clone().unwrap_or_default();
            if let Some(name) = names.get(&file) {
                entry.value = Some(name.clone());
                continue;
            }
            // Only a file beside it, whatever way to another one it names.
            let is_beside = !file.contains(['/', '\\', ':']) && file != "..";
            let bytes =
                is_beside.then(|| beside(&file)).flatten().ok_or_else(|| OnnxError::External { file: file.clone() })?;
            let name = format!("{}.data", names.len());
            options.external_data(&name, bytes);
            entry.value = Some(name.clone());
            names.insert(file, name);
        }
    }
    Ok(options)
}

/// Sets how many examples the input takes where the file leaves it open: so many, or any number.
fn set_batch(proto: &mut onnx::ModelProto, form: &Form, batch: Option<i64>) {
    let inputs = proto.graph.iter_mut().flat_map(|graph| &mut graph.input);
    let input = inputs.filter(|input| input.name.as_ref() == Some(&form.name));
    let tensors = input.filter_map(|input| input.r#type.as_mut()?.tensor_type.as_mut());
    if form.batch.is_none() && !form.is_single {
        for tensor in tensors {
            let sizes = form.axes.iter().map(|&size| onnx::Dimension { dim_value: Some(size as i64), dim_param: None });
            let examples = onnx::Dimension { dim_value: batch, dim_param: batch.is_none().then(|| "examples".into()) };
            tensor.shape = Some(onnx::TensorShapeProto { dim: std::iter::once(examples).chain(sizes).collect() });
        }
    }
}

/// An example to try a network with: numbers from 0 to 1, of the second up to a half, so that a scale that follows from a whole batch shows; whole ones of
/// 0 and 1.
fn example(form: &Form, seed: u64) -> Vec<f32> {
    let random = &mut stream(seed, "trial of a network", &[]);
    let number = |_| random.random::<f32>();
    let numbers = (0..form.axes.iter().product()).map(number);
    if form.numbers == Numbers::Float {
        numbers.map(|number| number / seed as f32).collect()
    } else {
        numbers.map(f32::round).collect()
    }
}

fn are_close(one: &[f32], two: &[f32]) -> bool {
    let largest = one.iter().fold(1e-6f32, |largest, number| largest.max(number.abs()));
    let is_close = |(one, two): (&f32, &f32)| (one - two).abs() <= ROUNDING * largest || one.to_bits() == two.to_bits();
    one.len() == two.len() && one.iter().zip(two).all(is_close)
}

fn refused(error: impl std::fmt::Display) -> OnnxError {
    OnnxError::Runtime { reason: error.to_string() }
}
