//! Nodes and tensors that take the place of others.

use std::cell::RefCell;
use std::collections::HashMap;

use rten_onnx::onnx::{AttributeProto, AttributeType, DataType, GraphProto, NodeProto, TensorProto};

use super::graph::{attribute, operator};

/// A node without attributes.
pub(super) fn plain(operator: &str, inputs: &[&str], output: &str) -> NodeProto {
    NodeProto {
        op_type: Some(operator.into()),
        input: inputs.iter().map(|&input| input.into()).collect(),
        output: vec![output.into()],
        ..NodeProto::default()
    }
}

/// Numbers of another type.
pub(super) fn cast(from: &str, to: &str, kind: DataType) -> NodeProto {
    let kind = AttributeProto {
        name: Some("to".into()),
        i: Some(kind.0.into()),
        r#type: Some(AttributeType::INT),
        ..AttributeProto::default()
    };
    NodeProto { attribute: vec![kind], ..plain("Cast", &[from], to) }
}

/// An attribute of whole numbers.
pub(super) fn whole(name: &str, numbers: Vec<i64>) -> AttributeProto {
    AttributeProto {
        name: Some(name.into()),
        ints: numbers,
        r#type: Some(AttributeType::INTS),
        ..AttributeProto::default()
    }
}

/// The size of its filters, of each convolution that leaves it to its weights: the runtime asks for it.
pub(super) fn with_kernel_shapes(graph: &mut GraphProto) {
    let named = |tensor: &TensorProto| Some((tensor.name.clone()?, tensor.dims.get(2..)?.to_vec()));
    let sizes: HashMap<String, Vec<i64>> = graph.initializer.iter().filter_map(named).collect();
    for node in graph.node.iter_mut().filter(|node| matches!(operator(node), "Conv" | "ConvTranspose")) {
        let size = node.input.get(1).and_then(|weights| sizes.get(weights));
        if let Some(size) = size.filter(|_| attribute(node, "kernel_shape").is_none()) {
            let shape = whole("kernel_shape", size.clone());
            node.attribute.push(shape);
        }
    }
}

/// A tensor of floats.
pub(super) fn floats(name: &str, dims: Vec<i64>, numbers: &[f32]) -> TensorProto {
    TensorProto {
        name: Some(name.into()),
        dims,
        data_type: Some(DataType::FLOAT),
        raw_data: Some(RefCell::new(numbers.iter().flat_map(|number| number.to_le_bytes()).collect())),
        ..TensorProto::default()
    }
}
