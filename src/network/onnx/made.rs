//! Nodes and tensors that take the place of others.

use std::cell::RefCell;

use rten_onnx::onnx::{AttributeProto, AttributeType, DataType, NodeProto, TensorProto};

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
