//! Whether a file is well formed, before the library reads it, which trusts lengths and numbers to end where they should: Protocol Buffers, of
//! the messages of ONNX.

use super::OnnxError;
use super::graph::MOST_NODES;

/// Messages inside messages, at most: far more than a graph without branches has.
const MOST_DEPTH: usize = 12;
/// Bytes of a number of 64 bits, seven bits in each.
const MOST_BYTES: usize = 10;

#[derive(Clone, Copy, PartialEq)]
enum Message {
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    ValueInfo,
    Type,
    TensorType,
    Shape,
    /// One with plain fields alone.
    Plain,
}

enum Inside {
    Message(Message),
    Numbers,
    Bytes,
}

impl Message {
    /// What a field of it holds, by the numbers of the standard's `onnx.proto`.
    fn inside(self, field: u64) -> Inside {
        use Inside::{Bytes, Numbers};
        let message = match (self, field) {
            (Self::Model, 7) | (Self::Attribute, 6) => Self::Graph,
            (Self::Model, 8 | 14) | (Self::Tensor, 13) | (Self::Shape, 1) => Self::Plain,
            (Self::Graph, 1) => Self::Node,
            (Self::Graph, 5) | (Self::Attribute, 5) => Self::Tensor,
            (Self::Graph, 11..=13) => Self::ValueInfo,
            (Self::Node, 5) => Self::Attribute,
            (Self::ValueInfo, 2) => Self::Type,
            // A tensor's, or a sequence's, which holds a type again.
            (Self::Type, 1 | 4) => Self::TensorType,
            (Self::TensorType, 1) => Self::Type,
            (Self::TensorType, 2) => Self::Shape,
            (Self::Tensor, 1 | 5 | 7) | (Self::Attribute, 8) => return Numbers,
            _ => return Bytes,
        };
        Inside::Message(message)
    }
}

/// # Errors
///
/// A field that ends outside of its message, a number without an end, messages inside each other without one, more nodes than are taken.
pub(super) fn check(file: &[u8]) -> Result<(), OnnxError> {
    let mut nodes = 0;
    message(file, Message::Model, 0, &mut nodes)
        .ok_or_else(|| OnnxError::Format { reason: "a field has no end".into() })?;
    if nodes > MOST_NODES {
        return Err(OnnxError::Large { what: format!("the graph has {nodes} nodes"), most: MOST_NODES as u64 });
    }
    Ok(())
}

fn message(mut rest: &[u8], kind: Message, depth: usize, nodes: &mut usize) -> Option<()> {
    if depth > MOST_DEPTH {
        return None;
    }
    *nodes += usize::from(kind == Message::Node);
    while !rest.is_empty() {
        let tag = number(&mut rest)?;
        match tag & 7 {
            0 => drop(number(&mut rest)?),
            1 => drop(rest.split_off(..8)?),
            5 => drop(rest.split_off(..4)?),
            2 => {
                let length = usize::try_from(number(&mut rest)?).ok()?;
                let mut inner = rest.split_off(..length)?;
                match kind.inside(tag >> 3) {
                    Inside::Message(kind) => message(inner, kind, depth + 1, nodes)?,
                    Inside::Numbers => {
                        while !inner.is_empty() {
                            number(&mut inner)?;
                        }
                    }
                    Inside::Bytes => {}
                }
            }
            _ => return None,
        }
    }
    Some(())
}

/// Takes a number of up to 64 bits, the lowest seven first.
fn number(rest: &mut &[u8]) -> Option<u64> {
    let length = rest.iter().take(MOST_BYTES).position(|byte| byte & 0x80 == 0)? + 1;
    let bytes = rest.split_off(..length)?;
    let number = bytes.iter().rev().fold(0u64, |number, byte| number << 7 | u64::from(byte & 0x7f));
    (length < MOST_BYTES || bytes[length - 1] <= 1).then_some(number)
}
