//! Where the channels of a ReLU's values lie.

use serde::{Deserialize, Serialize};

use super::graph::{Graph, attribute, operator};
use super::runtime::Given;

/// How the values of a layer of ReLUs lie, for an example: channel by channel, or the channels of a place side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channels {
    /// How many there are.
    pub count: usize,
    /// Values that lie side by side of one channel.
    pub run: usize,
}

impl Channels {
    /// Along an axis of a value, the last if none is named; each number is a channel where examples are not the first axis.
    pub(super) fn along(axis: Option<usize>, given: &Given) -> Self {
        let axes = given.shape.get(1..).unwrap_or_default();
        let axis = axis.and_then(|axis| axis.checked_sub(1)).filter(|&axis| axis < axes.len());
        let axis = axis.unwrap_or(axes.len().saturating_sub(1));
        match axes.get(axis) {
            Some(&count) if axes.iter().product::<usize>() == given.numbers => {
                Self { count, run: axes[axis + 1..].iter().product() }
            }
            _ => Self { count: given.numbers, run: 1 },
        }
    }

    /// The channel of a value.
    #[inline]
    pub fn of(self, place: usize) -> usize {
        place / self.run % self.count
    }
}

/// The axis of a value's channels, the second behind what works on feature maps; nothing where none does, so that it is the last.
pub(super) fn axis(graph: &Graph, value: &str) -> Option<usize> {
    let mut turned = Vec::new();
    let mut node = graph.maker(value)?;
    // The graph has no cycles.
    while !is_of_maps(operator(node)) {
        if ANEW.contains(&operator(node)) {
            return None;
        }
        turned.extend(attribute(node, "perm").map(|order| &order.ints));
        node = node.input.iter().filter(|input| !graph.is_constant(input)).find_map(|input| graph.maker(input))?;
    }
    let axis_after = |axis: usize, order: &Vec<i64>| order.iter().position(|&from| usize::try_from(from) == Ok(axis));
    turned.into_iter().rev().try_fold(1, axis_after)
}

/// Whether its channels are the second axis, by the standard.
fn is_of_maps(operator: &str) -> bool {
    operator.starts_with("Conv") || MAPS.contains(&operator)
}

/// Operators on feature maps beside convolutions.
const MAPS: [&str; 5] = ["BatchNormalization", "InstanceNormalization", "MaxPool", "AveragePool", "GlobalAveragePool"];

/// Operators whose axes are no longer those of what they take.
const ANEW: [&str; 8] = ["MatMul", "Gemm", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Einsum", "Gather"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_lie_along_their_axis_and_where_there_is_none_each_value_is_one() {
        let along = |axis, shape: &[usize]| Channels::along(axis, &Given { shape: shape.to_vec(), numbers: 24 });
        assert_eq!(along(Some(1), &[5, 2, 3, 4]), Channels { count: 2, run: 12 });
        assert_eq!(along(Some(3), &[5, 3, 4, 2]), Channels { count: 2, run: 1 });
        assert_eq!(along(None, &[5, 8, 3]), Channels { count: 3, run: 1 });
        assert_eq!(along(None, &[5, 24]), Channels { count: 24, run: 1 });
        assert_eq!(along(Some(1), &[2, 3, 4]), Channels { count: 24, run: 1 }, "examples do not come first");
        let maps = along(Some(1), &[5, 2, 3, 4]);
        assert_eq!([0, 11, 12, 23].map(|place| maps.of(place)), [0, 0, 1, 1]);
        let beside = along(Some(3), &[5, 3, 4, 2]);
        assert_eq!([0, 1, 2, 23].map(|place| beside.of(place)), [0, 1, 0, 1]);
    }
}
