//! Which nodes of a graph are on or off.

use std::collections::{BTreeMap, HashSet};

use rten_onnx::onnx::NodeProto;

use super::OnnxError;
use super::graph::{Graph, attribute, name_of, operator};

/// A node that is on where a value of the graph is above 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relu {
    pub name: String,
    pub value: String,
}

/// Activations that have no on and off.
const SMOOTH: [&str; 11] =
    ["Tanh", "Sigmoid", "Gelu", "Elu", "Selu", "Celu", "Softplus", "HardSigmoid", "HardSwish", "Mish", "Swish"];

/// All of them, in the order of the graph. One that follows another does nothing and has no bits of its own, nor has one that is on whenever another
/// one is.
pub(super) fn of(graph: &Graph) -> Vec<Relu> {
    let follows = |node: &NodeProto| {
        let before = node.input.first().and_then(|input| graph.maker(input));
        before.is_some_and(|before| zeroes(graph, before))
    };
    let mut seen = HashSet::new();
    let nodes = graph.nodes().iter().filter(|node| !follows(node));
    let relu = |node| Some(Relu { name: name_of(node).into(), value: value_of(graph, node)?.into() });
    nodes.filter_map(relu).filter(|relu| seen.insert(relu.value.clone())).collect()
}

/// The value that is above 0 where the node is on.
fn value_of<'a>(graph: &Graph, node: &'a NodeProto) -> Option<&'a str> {
    match operator(node) {
        // Their slope below 0 may be 0, or below it.
        "LeakyRelu" | "PRelu" => node.input.first().map(String::as_str),
        _ if zeroes(graph, node) => node.output.first().map(String::as_str),
        _ => None,
    }
}

/// Whether what is not above 0 becomes 0.
fn zeroes(graph: &Graph, node: &NodeProto) -> bool {
    let is_zero = |value: &String| graph.numbers(value).is_some_and(|numbers| numbers == [0.0]);
    match operator(node) {
        "Relu" => true,
        // Since opset 11 its bounds are inputs.
        "Clip" => match attribute(node, "min") {
            Some(min) => min.f == Some(0.0),
            None => node.input.get(1).is_some_and(is_zero),
        },
        "Max" => node.input.len() == 2 && node.input.iter().any(is_zero),
        _ => false,
    }
}

/// What there is in the place of ReLUs, or beside them: activations that have no on and off, but for those that make the outputs.
pub(super) fn without_on_and_off(graph: &Graph) -> Vec<String> {
    let outputs = graph.outputs();
    let is_output = |node: &NodeProto| node.output.iter().any(|output| outputs.contains(output));
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for node in graph.nodes().iter().filter(|node| SMOOTH.contains(&operator(node)) && !is_output(node)) {
        *counts.entry(operator(node)).or_default() += 1;
    }
    counts.into_iter().map(|(name, count)| if count == 1 { name.into() } else { format!("{count} {name}") }).collect()
}

/// Those that `layers` names: all, or names, places from 1 on, and ranges of places, separated by commas.
///
/// # Errors
///
/// One that there is not.
pub(super) fn chosen(relus: Vec<Relu>, layers: Option<&str>) -> Result<Vec<Relu>, OnnxError> {
    let Some(layers) = layers.map(str::trim).filter(|layers| !layers.is_empty() && *layers != "all") else {
        return Ok(relus);
    };
    let refused = |reason: String| {
        let names: Vec<&str> = relus.iter().map(|relu| relu.name.as_str()).collect();
        OnnxError::Layers { layers: layers.into(), reason, count: relus.len(), names: listed(&names) }
    };
    let mut wanted = vec![false; relus.len()];
    for part in layers.split(',').map(str::trim) {
        if let Some(place) = relus.iter().position(|relu| relu.name == part) {
            wanted[place] = true;
            continue;
        }
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (Ok(first), Ok(last)) = (first.trim().parse::<usize>(), last.trim().parse::<usize>()) else {
            return Err(refused(format!("'{part}' is none of its ReLUs")));
        };
        if first == 0 || first > last || last > relus.len() {
            return Err(refused(format!("'{part}' is not within 1 to {}", relus.len())));
        }
        wanted[first - 1..last].fill(true);
    }
    Ok(relus.into_iter().zip(wanted).filter(|&(_, wanted)| wanted).map(|(relu, _)| relu).collect())
}

/// Some names, of which there may be hundreds.
fn listed(names: &[&str]) -> String {
    const MOST: usize = 12;
    let shown = names[..names.len().min(MOST)].join(", ");
    if names.len() > MOST { format!("{shown} and {} more", names.len() - MOST) } else { shown }
}
