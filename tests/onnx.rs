//! Networks of many kinds in ONNX files: their codes are those that onnxruntime comes to, and what cannot be read is refused in a sentence that says why.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod networks;

use hash_phase::engine::MapShape;
use hash_phase::network::{Channels, Fed, Onnx, Stored};
use networks::{CLASSES, file, read};
use rten_onnx::onnx::{AttributeProto, AttributeType, DataType, ModelProto, NodeProto, TensorProto};

#[test]
fn every_bit_is_onnxruntimes() {
    networks::assert_every_bit_is_onnxruntimes();
}

#[test]
fn channels_fire_and_add_up_as_onnxruntimes_do() {
    networks::assert_channels_are_onnxruntimes();
    // Those of a word lie side by side.
    let words = read("transformer", 8, None).unwrap();
    assert_eq!(words.channels(), [Channels { count: 12, run: 1 }]);
}

#[test]
fn some_of_the_relus_are_the_code_if_they_are_named() {
    let all = read("resnet-20", 192, None).unwrap();
    assert_eq!(all.names().len(), 19);
    let names = |layers: &str| read("resnet-20", 192, Some(layers)).unwrap().names().to_vec();
    assert_eq!(names("1"), all.names()[..1]);
    assert_eq!(names("18-19, 2"), [&all.names()[1..2], &all.names()[17..]].concat());
    assert_eq!(names(&format!("{},3", all.names()[6])), [&all.names()[2..3], &all.names()[6..7]].concat());
    assert_eq!(names("all"), all.names());
    let refused = |layers: &str| read("resnet-20", 192, Some(layers)).unwrap_err().to_string();
    assert!(refused("softmax").contains("'softmax' is none of its ReLUs") && refused("softmax").contains("and 7 more"));
    assert!(refused("0-3").contains("'0-3' is not within 1 to 19"));
    assert!(refused("20").contains("'20' is not within 1 to 19"));
}

#[test]
fn an_order_of_channels_is_taken_only_where_the_file_has_none() {
    let picture = Some(MapShape { channels: 3, height: 8, width: 8 });
    let planes = Fed { planes: true, ..Fed::AS_THEY_ARE };
    let checked = |name: &str, picture, inputs| {
        let bytes = file(&format!("{name}.onnx")).unwrap();
        Stored::read(bytes[..].into(), picture, [inputs, CLASSES]).unwrap().check_fed(&planes, 3)
    };
    let refused = checked("vgg-fused", picture, 192).unwrap_err().to_string();
    assert!(refused.contains("--layout nchw: the file itself says in which order"), "{refused}");
    assert!(checked("perceptron", None, 64).is_ok());
}

fn proto(name: &str) -> ModelProto {
    ModelProto::parse_buf(&file(&format!("{name}.onnx")).unwrap()).unwrap()
}

/// Why a changed network is refused.
fn refused(name: &str, inputs: usize, change: impl FnOnce(&mut ModelProto)) -> String {
    let mut changed = proto(name);
    change(&mut changed);
    let file = changed.write_buf().unwrap();
    Onnx::read(&file, None, None, [inputs, CLASSES], &|_| None).unwrap_err().to_string()
}

fn node(operator: &str, inputs: &[&str], output: &str) -> NodeProto {
    NodeProto {
        op_type: Some(operator.into()),
        input: inputs.iter().map(|&input| input.into()).collect(),
        output: vec![output.into()],
        ..NodeProto::default()
    }
}

fn whole_numbers(name: &str, numbers: Vec<i64>) -> TensorProto {
    TensorProto {
        name: Some(name.into()),
        dims: vec![numbers.len() as i64],
        data_type: Some(DataType::INT64),
        int64_data: numbers,
        ..TensorProto::default()
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let graph = |model: &mut ModelProto, change: &dyn Fn(&mut rten_onnx::onnx::GraphProto)| {
        change(model.graph.as_mut().unwrap())
    };
    let lenet = file("lenet.onnx").unwrap();
    let cut = Onnx::read(&lenet[..lenet.len() / 2], None, None, [64, CLASSES], &|_| None).unwrap_err().to_string();
    assert!(cut.contains("cut off"), "{cut}");
    let operator = refused("lenet", 64, |model| graph(model, &|graph| graph.node[0].op_type = Some("Unique".into())));
    assert!(operator.contains("is Unique, an operator that is not run here"), "{operator}");
    let domain =
        refused("lenet", 64, |model| graph(model, &|graph| graph.node[0].domain = Some("com.microsoft".into())));
    assert!(domain.contains("com.microsoft.Conv"), "{domain}");
    let looped = refused("lenet", 64, |model| graph(model, &|graph| graph.node[0].op_type = Some("Loop".into())));
    assert!(looped.contains("without branches and loops"), "{looped}");
    let smooth = refused("perceptron", 64, |model| {
        graph(model, &|graph| {
            graph
                .node
                .iter_mut()
                .filter(|node| node.op_type.as_deref() == Some("Relu"))
                .for_each(|node| node.op_type = Some("Tanh".into()))
        });
    });
    assert!(smooth.contains("there is no ReLU in it, but 2 Tanh"), "{smooth}");
    let other_size = refused("lenet", 784, |_| ());
    assert!(other_size.contains("examples of 1 x 8 x 8 numbers, the data have 784 numbers an example"), "{other_size}");
    let beside = refused("external", 192, |_| ());
    assert!(beside.contains("'external.weights', which is not beside it"), "{beside}");
    let fractions = read("transformer", 8, None).unwrap().pass(vec![0.5; 8], 1).unwrap_err().to_string();
    assert!(fractions.contains("whole numbers") && fractions.contains("has a 0.5"), "{fractions}");
}

#[test]
fn a_few_bytes_do_not_ask_for_all_memory() {
    let begun = std::time::Instant::now();
    let graph = |change: &dyn Fn(&mut rten_onnx::onnx::GraphProto)| {
        refused("perceptron", 64, |model| change(model.graph.as_mut().unwrap()))
    };
    let huge = graph(&|graph| graph.initializer[0].dims = vec![1 << 20, 1 << 20]);
    assert!(huge.contains("[1048576, 1048576]: numbers, more than the limit"), "{huge}");
    let false_size = graph(&|graph| graph.initializer[0].dims = vec![3, 64]);
    assert!(false_size.contains("has the shape [3, 64] but holds 768 numbers"), "{false_size}");
    let cycle = graph(&|graph| graph.node[0].input[0] = graph.node[2].output[0].clone());
    assert!(cycle.contains("which no node before it gives"), "{cycle}");
    let twice = graph(&|graph| graph.node[1].output[0] = graph.node[0].output[0].clone());
    assert!(twice.contains("is given twice"), "{twice}");
    let filled = graph(&|graph| {
        graph.initializer.push(whole_numbers("size", vec![1 << 40]));
        graph.node.insert(0, node("ConstantOfShape", &["size"], "filled"));
    });
    assert!(filled.contains("(ConstantOfShape) comes to 1099511627776 numbers"), "{filled}");
    // Forty times twice as long.
    let doubled = |first: &str, axis: i64| {
        let first = first.to_owned();
        graph(&move |graph| {
            let mut last = first.clone();
            let nodes = std::mem::take(&mut graph.node);
            for at in 0..40 {
                let next = format!("doubled{at}");
                let axis = AttributeProto {
                    name: Some("axis".into()),
                    i: Some(axis),
                    r#type: Some(AttributeType::INT),
                    ..AttributeProto::default()
                };
                graph.node.push(NodeProto { attribute: vec![axis], ..node("Concat", &[&last, &last], &next) });
                last = next;
            }
            graph.node.push(node("Relu", &[&last], "long"));
            graph.node.extend(nodes);
        })
    };
    let constant = doubled("tensor1", 0);
    assert!(constant.contains("(Concat) comes to"), "{constant}");
    let of_examples = doubled("examples", 1);
    assert!(of_examples.contains("numbers an example, more than the limit"), "{of_examples}");
    let many = graph(&|graph| graph.node.extend((0..1_000_000).map(|at| node("Relu", &["examples"], &at.to_string()))));
    assert!(many.contains("the graph has 1000005 nodes, more than the limit of 20000"), "{many}");
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}
