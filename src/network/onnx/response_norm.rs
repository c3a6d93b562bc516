//! Local response normalisation, as AlexNet and GoogLeNet have it, of operators that are run.

use std::collections::HashMap;

use rten_onnx::onnx::{GraphProto, NodeProto, TensorProto};

use super::OnnxError;
use super::graph::{attribute, name_of, numbers, operator};
use super::made::{floats, plain, whole};

/// Channels of which each may be summed with its neighbours.
const MOST_CHANNELS: i64 = 4_096;

/// Puts in the place of each LRN what it is: `x / (bias + alpha / size * sum)^beta`, the sum being of the squares of the `size` channels around. It is
/// a convolution with a band of ones.
///
/// # Errors
///
/// One whose channels are not those of a convolution before it.
pub(super) fn without_response_norm(graph: &mut GraphProto) -> Result<(), OnnxError> {
    if graph.node.iter().all(|node| operator(node) != "LRN") {
        return Ok(());
    }
    let tensors = || graph.initializer.iter().filter_map(|tensor| Some((tensor.name.as_deref()?, tensor)));
    let known: HashMap<&str, &TensorProto> = tensors().collect();
    let mut sizes: HashMap<&str, Vec<i64>> = tensors().map(|(name, tensor)| (name, tensor.dims.clone())).collect();
    for node in graph.node.iter().filter(|node| operator(node) == "ConstantOfShape") {
        let stated = node.input.first().and_then(|input| numbers(known.get(input.as_str())?));
        if let (Some(stated), Some(output)) = (stated, node.output.first()) {
            sizes.insert(output, stated.into_iter().map(|size| size as i64).collect());
        }
    }
    // Channels of a value: those of the convolution that it comes from, through nodes that leave them as they are.
    let mut channels: HashMap<String, i64> = HashMap::new();
    let (mut nodes, mut made) = (Vec::new(), Vec::new());
    for node in &graph.node {
        let own = match operator(node) {
            "Conv" => node.input.get(1).and_then(|weights| sizes.get(weights.as_str())?.first().copied()),
            "Concat" => node.input.iter().map(|input| channels.get(input).copied()).sum(),
            _ => node.input.first().and_then(|input| channels.get(input).copied()),
        };
        if operator(node) == "LRN" {
            let known = own.filter(|channels| (1..=MOST_CHANNELS).contains(channels)).ok_or_else(|| {
                OnnxError::Graph { reason: format!("the channels of node '{}' (LRN) are not known", name_of(node)) }
            })?;
            let (own_nodes, own_tensors) = instead(node, known);
            nodes.extend(own_nodes);
            made.extend(own_tensors);
        } else {
            nodes.push(node.clone());
        }
        if let Some(own) = own {
            channels.extend(node.output.iter().map(|output| (output.clone(), own)));
        }
    }
    graph.node = nodes;
    graph.initializer.extend(made);
    Ok(())
}

fn instead(node: &NodeProto, channels: i64) -> (Vec<NodeProto>, Vec<TensorProto>) {
    let float = |name: &str, usual: f32| attribute(node, name).and_then(|attribute| attribute.f).unwrap_or(usual);
    let (alpha, beta, bias) = (float("alpha", 1e-4), float("beta", 0.75), float("bias", 1.0));
    let size = attribute(node, "size").and_then(|attribute| attribute.i).unwrap_or(1).clamp(1, 2 * channels);
    let (input, output) =
        (node.input.first().map_or("", String::as_str), node.output.first().map_or("", String::as_str));
    let named = |part: &str| format!("{output}:{part}");
    // By the standard, from floor((size - 1) / 2) channels before to ceil((size - 1) / 2) behind.
    let band = (0..channels).flat_map(|to| {
        let around = to - (size - 1) / 2..=to + size / 2;
        (0..channels).map(move |from| if around.contains(&from) { alpha / size as f32 } else { 0.0 })
    });
    let tensors = vec![
        floats(&named("band"), vec![channels, channels, 1, 1], &band.collect::<Vec<_>>()),
        floats(&named("bias"), vec![channels], &vec![bias; channels as usize]),
        floats(&named("beta"), Vec::new(), &[beta]),
    ];
    let nodes = vec![
        plain("Mul", &[input, input], &named("squares")),
        NodeProto {
            attribute: vec![whole("kernel_shape", vec![1, 1])],
            ..plain("Conv", &[&named("squares"), &named("band"), &named("bias")], &named("sums"))
        },
        plain("Pow", &[&named("sums"), &named("beta")], &named("divisor")),
        plain("Div", &[input, &named("divisor")], output),
    ];
    (nodes, tensors)
}
