//! Where on a picture the ReLUs of a convolutional network fire.

use schemars::JsonSchema;
use serde::Serialize;

use super::convolutional::{Pass, each_pass};
use crate::dataset::Examples;
use crate::network::{Member, NetworkError, Networks};

/// Channels of a layer that are told, at most: as many as one looks at.
const TOLD: usize = 16;

/// The ReLUs behind one convolution, on one example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FiringMaps {
    /// Channels of the layer, each with a map.
    pub channels: u32,
    /// Rows of a map.
    pub height: u32,
    /// Columns of a map.
    pub width: u32,
    /// A 0 or 1 a ReLU: map by map, row by row, of the first 16 channels.
    pub maps: String,
}

/// For each of the examples `rows` the maps of every convolution of a network; nothing of a perceptron.
pub(crate) fn firing_maps(
    networks: &Networks,
    member: Member,
    examples: &Examples,
    rows: &[usize],
) -> Result<Vec<Vec<FiringMaps>>, NetworkError> {
    let Networks::Convolutional(networks) = networks else { return Ok(Vec::new()) };
    let network = &networks.networks[member.index];
    let mut found = vec![Vec::with_capacity(network.units.len()); rows.len()];
    each_pass(network, examples, rows, true, &mut |pass| {
        if let Pass::Maps { index, rows, numbers } = pass {
            let shape = network.units[index].out();
            let [channels, height, width] = [shape.channels, shape.height, shape.width].map(|size| size as u32);
            let told = shape.channels.min(TOLD) * shape.positions();
            for (own, numbers) in found[rows].iter_mut().zip(numbers.chunks_exact(shape.len())) {
                let fires = |&number: &f32| if number > 0.0 { '1' } else { '0' };
                own.push(FiringMaps { channels, height, width, maps: numbers[..told].iter().map(fires).collect() });
            }
        }
    })?;
    Ok(found)
}
