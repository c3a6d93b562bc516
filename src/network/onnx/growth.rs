//! How large the values become that follow from the file's constants alone. They are computed as soon as a network is opened, so that a few
//! bytes could ask for more memory than there is: refused before.

use std::collections::HashMap;

use rten_onnx::onnx::NodeProto;

use super::OnnxError;
use super::graph::{Graph, MOST_NUMBERS, name_of, operator};

/// # Errors
///
/// A constant value of more numbers than are taken, or of a number that cannot be told.
pub(super) fn check(graph: &Graph) -> Result<(), OnnxError> {
    let mut sizes: HashMap<&str, u64> = HashMap::new();
    for node in graph.nodes().iter().filter(|node| operator(node) != "Constant") {
        let size = |value: &String| {
            let of_tensor =
                |tensor: &rten_onnx::onnx::TensorProto| tensor.dims.iter().map(|&size| size as u64).product();
            let known = sizes.get(value.as_str()).copied().or_else(|| graph.tensor(value).map(of_tensor));
            known.or_else(|| graph.numbers(value).map(|numbers| numbers.len() as u64))
        };
        let inputs: Option<Vec<u64>> = node.input.iter().filter(|name| !name.is_empty()).map(size).collect();
        let Some(inputs) = inputs else { continue }; // it depends on the examples
        let most = at_most(graph, node, &inputs);
        if most > MOST_NUMBERS {
            let found = if most == u64::MAX { "may come to any number of".into() } else { format!("comes to {most}") };
            return Err(OnnxError::Large {
                what: format!("node '{}' ({}) {found} numbers", name_of(node), operator(node)),
                most: MOST_NUMBERS,
            });
        }
        sizes.extend(node.output.iter().map(|output| (output.as_str(), most)));
    }
    Ok(())
}

/// The most numbers of any of its outputs.
fn at_most(graph: &Graph, node: &NodeProto, inputs: &[u64]) -> u64 {
    let sum = inputs.iter().fold(0u64, |sum, &size| sum.saturating_add(size));
    let product = || inputs.iter().fold(1u64, |product, &size| product.saturating_mul(size.max(1)));
    // The product of the numbers that an input holds, where the file says them.
    let stated = |place: usize| {
        let numbers = node.input.get(place).and_then(|name| graph.numbers(name));
        numbers.map_or(u64::MAX, |numbers| {
            numbers.iter().fold(1u64, |product, &size| product.saturating_mul(size.max(1.0) as u64))
        })
    };
    let first = inputs.first().copied().unwrap_or(0);
    match operator(node) {
        "ConstantOfShape" => stated(0),
        "Tile" | "Expand" => stated(1).saturating_mul(first.max(1)),
        "Range" => {
            let bound = |place: usize| node.input.get(place).and_then(|name| graph.numbers(name)?.first().copied());
            match (bound(0), bound(1), bound(2)) {
                (Some(start), Some(end), Some(step)) => ((end - start) / step).max(0.0) as u64,
                _ => u64::MAX,
            }
        }
        "Pad" | "Resize" | "Upsample" | "OneHot" | "ConvTranspose" | "Conv" | "Einsum" | "AveragePool" | "MaxPool" => {
            u64::MAX
        }
        "MatMul" | "Gemm" | "Gather" | "GatherND" => product(),
        "Add" | "Sub" | "Mul" | "Div" | "Pow" | "Mod" | "Min" | "Max" | "Mean" | "Sum" | "Where" | "Equal"
        | "Greater" | "GreaterOrEqual" | "Less" | "LessOrEqual" | "And" | "Or" | "PRelu" => {
            broadcast(graph, node).unwrap_or_else(product)
        }
        _ => sum,
    }
}

/// The numbers of tensors of the file beside each other, the shorter ones repeated.
fn broadcast(graph: &Graph, node: &NodeProto) -> Option<u64> {
    let shapes: Vec<&[i64]> =
        node.input.iter().map(|name| graph.tensor(name).map(|tensor| &tensor.dims[..])).collect::<Option<_>>()?;
    let rank = shapes.iter().map(|shape| shape.len()).max()?;
    // Shapes are aligned at their last axes.
    let at = |axis: usize| {
        shapes.iter().filter_map(|shape| shape.len().checked_sub(axis + 1).map(|place| shape[place])).max()
    };
    (0..rank).try_fold(1u64, |product, axis| product.checked_mul(at(axis)? as u64))
}
