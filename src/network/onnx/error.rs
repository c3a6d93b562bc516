//! Why a network in an ONNX file cannot be taken.

use thiserror::Error;

/// The file is no network whose codes can be taken.
#[derive(Debug, Error, PartialEq)]
pub enum OnnxError {
    /// Not ONNX, or cut off.
    #[error("not an ONNX file, or cut off ({reason}): export the network again")]
    Format {
        /// The parser's words.
        reason: String,
    },
    /// A graph that cannot be run in order.
    #[error("the graph is broken: {reason}: export the network again")]
    Graph {
        /// What is wrong.
        reason: String,
    },
    /// More than is taken.
    #[error("{what}, more than the limit of {most}: use a smaller network")]
    Large {
        /// How many of what.
        what: String,
        /// The most.
        most: u64,
    },
    /// An operator that is not run.
    #[error("node '{node}' is {operator}, an operator that is not run here: {remedy}")]
    Operator {
        /// The node's name.
        node: String,
        /// The operator, with its domain if that is not the standard's own.
        operator: String,
        /// What to do.
        remedy: &'static str,
    },
    /// The runtime's refusal.
    #[error("the network cannot be run: {reason}: export it with another opset, or simplify it with onnxsim")]
    Runtime {
        /// Its words.
        reason: String,
    },
    /// A file beside it that is not there.
    #[error(
        "its weights lie in '{file}', which is not beside it: put both into one folder, or save the network into one file"
    )]
    External {
        /// The file.
        file: String,
    },
    /// Nothing that is on or off.
    #[error("there is no ReLU in it{instead}, and so no code: use a network with ReLUs")]
    NoRelus {
        /// What is there instead.
        instead: String,
    },
    /// Several inputs, or none.
    #[error("it has {found}: export it with one input, the examples")]
    Inputs {
        /// Its inputs.
        found: String,
    },
    /// Examples that do not suit its input.
    #[error("it takes {takes}, the data have {given}: choose the data set that it was trained on")]
    Form {
        /// What its input takes.
        takes: String,
        /// What an example is.
        given: String,
    },
    /// A number that its input cannot be.
    #[error(
        "it takes whole numbers, such as words by their places in a list, and an example has a {number}: choose the data set that it was trained on"
    )]
    Whole {
        /// An input.
        number: f32,
    },
    /// A choice of ReLUs that is not among them.
    #[error(
        "layers '{layers}': {reason}: name ReLUs, or their places from 1 to {count}, such as 1,3 or 2-4; they are {names}"
    )]
    Layers {
        /// As given.
        layers: String,
        /// What is wrong.
        reason: String,
        /// How many ReLUs there are.
        count: usize,
        /// Their names.
        names: String,
    },
}
