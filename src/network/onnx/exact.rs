//! Products of whole numbers, of which the runtime's own saturate on some processors: they are made products of floats, which come to the same numbers
//! everywhere as long as sums stay below 2^24, and to the nearest float above.

use rten_onnx::onnx::{DataType, GraphProto, NodeProto};

use super::graph::operator;
use super::made::{cast, plain};

/// Puts products of floats in the place of ConvInteger and MatMulInteger.
pub(super) fn with_exact_products(graph: &mut GraphProto) {
    let nodes = std::mem::take(&mut graph.node);
    for node in nodes {
        let product = match operator(&node) {
            "ConvInteger" => "Conv",
            "MatMulInteger" => "MatMul",
            _ => {
                graph.node.push(node);
                continue;
            }
        };
        let output = node.output.first().cloned().unwrap_or_default();
        let factor = |place: usize| node.input.get(place).filter(|name| !name.is_empty());
        let mut factors: Vec<String> = Vec::new();
        for side in 0..2 {
            let mut centred: Option<String> = None;
            // A zero point is taken off each factor.
            for (part, place) in [("value", side), ("zero", side + 2)] {
                let Some(name) = factor(place) else { continue };
                let float = format!("{output}:{part}{side}");
                graph.node.push(cast(name, &float, DataType::FLOAT));
                centred = Some(match centred {
                    None => float,
                    Some(value) => {
                        let difference = format!("{output}:centred{side}");
                        graph.node.push(plain("Sub", &[&value, &float], &difference));
                        difference
                    }
                });
            }
            factors.extend(centred);
        }
        let float = format!("{output}:product");
        let factors: Vec<&str> = factors.iter().map(String::as_str).collect();
        graph.node.push(NodeProto { attribute: node.attribute, ..plain(product, &factors, &float) });
        graph.node.push(cast(&float, &output, DataType::INT32));
    }
}
