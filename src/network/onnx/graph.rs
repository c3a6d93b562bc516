//! The graph of an ONNX file, checked before anything is run: every node after those that it needs, every tensor as large as it says.

use std::collections::{HashMap, HashSet};

use rten_onnx::onnx::{
    AttributeProto, DataLocation, DataType, GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto,
};

use super::OnnxError;
use super::exact::with_exact_products;
use super::made::with_kernel_shapes;
use super::operators::is_run;
use super::response_norm::without_response_norm;
use super::wire;

/// Nodes that are taken: a hundred times those of a ResNet-50.
pub(super) const MOST_NODES: usize = 20_000;
/// Numbers of one value that are taken: 1 GB.
pub(super) const MOST_NUMBERS: u64 = 1 << 28;

/// A file's graph, with what is asked of it again and again.
pub(super) struct Graph {
    pub model: ModelProto,
    /// Of each value, the node that gives it.
    makers: HashMap<String, usize>,
    /// Of each value that the file contains, where: among the tensors, or a node that is a constant.
    constants: HashMap<String, Constant>,
}

#[derive(Clone, Copy)]
enum Constant {
    Tensor(usize),
    Node(usize),
}

impl Graph {
    pub fn read(file: &[u8]) -> Result<Self, OnnxError> {
        wire::check(file)?;
        let mut model = ModelProto::parse_buf(file).map_err(|error| OnnxError::Format { reason: error.to_string() })?;
        let graph = model.graph.as_mut().ok_or_else(|| OnnxError::Format { reason: "no graph is in it".into() })?;
        graph.initializer.iter().try_for_each(check_tensor)?;
        without_dropout(graph);
        with_exact_products(graph);
        without_response_norm(graph)?;
        with_kernel_shapes(graph);
        let (mut makers, mut constants) = (HashMap::new(), HashMap::new());
        for (place, tensor) in graph.initializer.iter().enumerate() {
            constants.insert(tensor.name.clone().unwrap_or_default(), Constant::Tensor(place));
        }
        let mut there: HashSet<&str> = constants.keys().map(String::as_str).collect();
        there.extend(graph.input.iter().filter_map(|input| input.name.as_deref()));
        for (place, node) in graph.node.iter().enumerate() {
            if let Some(missing) = node.input.iter().find(|name| !name.is_empty() && !there.contains(name.as_str())) {
                let reason = format!("node '{}' takes '{missing}', which no node before it gives", name_of(node));
                return Err(OnnxError::Graph { reason });
            }
            for output in node.output.iter().filter(|name| !name.is_empty()) {
                if !there.insert(output) {
                    return Err(OnnxError::Graph { reason: format!("'{output}' is given twice") });
                }
                makers.insert(output.clone(), place);
            }
        }
        for (name, &place) in makers.iter().filter(|&(_, &place)| operator(&graph.node[place]) == "Constant") {
            if let Some(tensor) = attribute(&graph.node[place], "value").and_then(|value| value.t.as_ref()) {
                check_tensor(tensor)?;
            }
            constants.insert(name.clone(), Constant::Node(place));
        }
        Ok(Self { model, makers, constants })
    }

    pub fn nodes(&self) -> &[NodeProto] {
        self.proto().map_or(&[], |graph| &graph.node)
    }

    pub fn proto(&self) -> Option<&GraphProto> {
        self.model.graph.as_ref()
    }

    /// Inputs that the file has no value for.
    pub fn inputs(&self) -> impl Iterator<Item = &ValueInfoProto> {
        let is_open = |input: &&ValueInfoProto| !self.is_constant(input.name.as_deref().unwrap_or_default());
        self.proto().into_iter().flat_map(|graph| &graph.input).filter(is_open)
    }

    /// Names of its outputs; in the place of scores that are laid out as a map from class to number, the scores.
    pub fn outputs(&self) -> Vec<String> {
        let outputs = self.proto().into_iter().flat_map(|graph| &graph.output);
        let plain = |name: &String| match self.maker(name) {
            Some(node) if operator(node) == "ZipMap" => node.input.first().cloned().unwrap_or_default(),
            _ => name.clone(),
        };
        outputs.filter_map(|output| output.name.as_ref()).map(plain).collect()
    }

    /// The node that gives a value.
    pub fn maker(&self, value: &str) -> Option<&NodeProto> {
        self.makers.get(value).map(|&place| &self.nodes()[place])
    }

    pub fn is_constant(&self, value: &str) -> bool {
        self.constants.contains_key(value)
    }

    /// A value that the file contains as a tensor.
    pub fn tensor(&self, value: &str) -> Option<&TensorProto> {
        match *self.constants.get(value)? {
            Constant::Tensor(place) => self.proto()?.initializer.get(place),
            Constant::Node(place) => attribute(&self.nodes()[place], "value")?.t.as_ref(),
        }
    }

    /// The numbers of a short value that the file contains.
    pub fn numbers(&self, value: &str) -> Option<Vec<f64>> {
        if let Some(tensor) = self.tensor(value) {
            return numbers(tensor);
        }
        let Constant::Node(place) = *self.constants.get(value)? else { return None };
        let node = &self.nodes()[place];
        let of = |name: &str| attribute(node, name);
        None.or_else(|| Some(vec![of("value_float")?.f?.into()]))
            .or_else(|| Some(vec![of("value_int")?.i? as f64]))
            .or_else(|| Some(of("value_floats")?.floats.iter().copied().map(f64::from).collect()))
            .or_else(|| Some(of("value_ints")?.ints.iter().map(|&int| int as f64).collect()))
    }

    /// Places of the nodes that some values need, in order.
    pub fn needed(&self, values: &[&str]) -> Vec<usize> {
        let mut wanted = vec![false; self.nodes().len()];
        let mut open: Vec<usize> = values.iter().filter_map(|&value| self.makers.get(value).copied()).collect();
        while let Some(place) = open.pop() {
            if !std::mem::replace(&mut wanted[place], true) {
                open.extend(self.nodes()[place].input.iter().filter_map(|input| self.makers.get(input).copied()));
            }
        }
        (0..wanted.len()).filter(|&place| wanted[place]).collect()
    }

    /// Whether all nodes that a value needs are of operators that are run.
    ///
    /// # Errors
    ///
    /// One that is not.
    pub fn check_operators(&self, value: &str) -> Result<(), OnnxError> {
        self.needed(&[value]).into_iter().try_for_each(|place| check_operator(&self.nodes()[place]))
    }

    /// A network that gives those values alone, of the nodes that they need.
    pub fn cut_to(mut self, values: &[&str]) -> ModelProto {
        let needed = self.needed(values);
        let wanted: HashSet<usize> = needed.into_iter().collect();
        if let Some(graph) = &mut self.model.graph {
            let mut place = 0..;
            graph.node.retain(|_| place.next().is_some_and(|place| wanted.contains(&place)));
            let used: HashSet<&String> = graph.node.iter().flat_map(|node| &node.input).collect();
            graph.initializer.retain(|tensor| tensor.name.as_ref().is_some_and(|name| used.contains(name)));
            graph.output = values
                .iter()
                .map(|&value| ValueInfoProto { name: Some(value.into()), ..ValueInfoProto::default() })
                .collect();
        }
        self.model
    }
}

/// Dropout hands its input on: training is over. Nodes after one take what it would have handed on.
fn without_dropout(graph: &mut GraphProto) {
    let mut instead: HashMap<String, String> = HashMap::new();
    let outputs: HashSet<String> = graph.output.iter().filter_map(|output| output.name.clone()).collect();
    for node in &mut graph.node {
        for input in &mut node.input {
            if let Some(before) = instead.get(input) {
                input.clone_from(before);
            }
        }
        if operator(node) == "Dropout"
            && let ([input, ..], [output, ..]) = (&node.input[..], &node.output[..])
        {
            instead.insert(output.clone(), input.clone());
        }
    }
    for node in graph.node.iter_mut().filter(|node| operator(node) == "Dropout") {
        // One that gives an output of the graph stays, as one that hands on.
        if node.output.first().is_some_and(|output| outputs.contains(output)) {
            node.op_type = Some("Identity".into());
            node.input.truncate(1);
            node.output.truncate(1);
            node.attribute.clear();
        }
    }
    graph.node.retain(|node| operator(node) != "Dropout");
}

fn check_operator(node: &NodeProto) -> Result<(), OnnxError> {
    let name = node.op_type.as_deref().unwrap_or_default();
    if is_standard(node.domain.as_deref()) && is_run(name) {
        return Ok(());
    }
    let operator = match node.domain.as_deref() {
        Some(domain) if !is_standard(Some(domain)) => format!("{domain}.{name}"),
        _ => name.into(),
    };
    let remedy = match name {
        "If" | "Loop" | "Scan" => "export the network without branches and loops",
        _ => "export the network with operators of the standard's own set alone",
    };
    Err(OnnxError::Operator { node: name_of(node).into(), operator, remedy })
}

fn check_tensor(tensor: &TensorProto) -> Result<(), OnnxError> {
    let name = tensor.name.as_deref().unwrap_or_default();
    let product = tensor.dims.iter().try_fold(1u64, |product, &size| product.checked_mul(size.try_into().ok()?));
    let Some(wanted) = product.filter(|&numbers| numbers <= MOST_NUMBERS) else {
        return Err(OnnxError::Large {
            what: format!("tensor '{name}' has the shape {:?}: numbers", tensor.dims),
            most: MOST_NUMBERS,
        });
    };
    let bytes = tensor.data_type.map_or(0, bytes_of);
    // Where a tensor of another type is needed, the runtime refuses it by its name.
    if tensor.data_location == Some(DataLocation::EXTERNAL) || bytes == 0 {
        return Ok(());
    }
    let found = tensor.raw_data.as_ref().map_or_else(
        || {
            let typed =
                [tensor.float_data.len(), tensor.int32_data.len(), tensor.int64_data.len(), tensor.double_data.len()];
            typed.iter().sum::<usize>() as u64
        },
        |raw| raw.borrow().len() as u64 / bytes,
    );
    if found == wanted {
        return Ok(());
    }
    Err(OnnxError::Graph {
        reason: format!("tensor '{name}' has the shape {:?} but holds {found} numbers", tensor.dims),
    })
}

/// Bytes of a number; 0 of types that are not read.
fn bytes_of(kind: DataType) -> u64 {
    match kind {
        DataType::INT8 | DataType::UINT8 | DataType::BOOL => 1,
        DataType::FLOAT16 | DataType::BFLOAT16 | DataType::INT16 | DataType::UINT16 => 2,
        DataType::FLOAT | DataType::INT32 | DataType::UINT32 => 4,
        DataType::DOUBLE | DataType::INT64 | DataType::UINT64 => 8,
        _ => 0,
    }
}

/// The numbers of a tensor of the types that sizes and bounds have.
pub(super) fn numbers(tensor: &TensorProto) -> Option<Vec<f64>> {
    fn each<const BYTES: usize>(bytes: &[u8], number: fn([u8; BYTES]) -> f64) -> Vec<f64> {
        bytes.as_chunks().0.iter().map(|&bytes| number(bytes)).collect()
    }
    let Some(raw) = &tensor.raw_data else {
        let floats = tensor.float_data.iter().copied().map(f64::from);
        let whole = tensor.int32_data.iter().copied().map(f64::from);
        let long = tensor.int64_data.iter().map(|&long| long as f64);
        return Some(floats.chain(whole).chain(long).chain(tensor.double_data.iter().copied()).collect());
    };
    let raw = raw.borrow();
    Some(match tensor.data_type? {
        DataType::FLOAT => each(&raw, |bytes| f32::from_le_bytes(bytes).into()),
        DataType::DOUBLE => each(&raw, f64::from_le_bytes),
        DataType::INT32 => each(&raw, |bytes| i32::from_le_bytes(bytes).into()),
        DataType::INT64 => each(&raw, |bytes| i64::from_le_bytes(bytes) as f64),
        _ => return None,
    })
}

fn is_standard(domain: Option<&str>) -> bool {
    matches!(domain.unwrap_or_default(), "" | "ai.onnx")
}

/// An operator's name.
pub(super) fn operator(node: &NodeProto) -> &str {
    node.op_type.as_deref().unwrap_or_default()
}

pub(super) fn attribute<'a>(node: &'a NodeProto, name: &str) -> Option<&'a AttributeProto> {
    node.attribute.iter().find(|attribute| attribute.name.as_deref() == Some(name))
}

/// What a node is called: its name, or that of what it gives.
pub(super) fn name_of(node: &NodeProto) -> &str {
    let own = node.name.as_deref().filter(|name| !name.is_empty());
    own.or(node.output.first().map(String::as_str)).unwrap_or("?")
}
