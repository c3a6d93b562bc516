//! At how many places a channel fires on the median example.

use super::convolutional::{Pass, each_pass};
#[cfg(feature = "burn")]
use super::tower_look::medians_on_device;
use crate::dataset::Examples;
use crate::network::{CodeUnits, ConvNet, NetworkError, Networks, Stored};

/// Of each network, for each channel of each convolution in order, the median over training examples of the number of places at which it fires;
/// nothing of networks whose codes do not ask for it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Medians(pub(super) Vec<Vec<u32>>);

impl Medians {
    /// Over the first `count` of `train`.
    ///
    /// # Errors
    ///
    /// A network without kernels, or a device that does not give back what it computed.
    pub async fn of(networks: &Networks, train: &Examples, count: usize) -> Result<Self, NetworkError> {
        match networks {
            Networks::Dense(_) => Ok(Self::default()),
            #[cfg(feature = "burn")]
            Networks::Convolutional(own) if !networks.have_kernels() => medians_on_device(own, train, count).await,
            Networks::Convolutional(networks) => {
                networks.networks.iter().map(|one| of_network(one, train, count)).collect::<Result<_, _>>().map(Self)
            }
        }
    }
}

impl Stored {
    /// The medians of a network that was read from a file, over the first `count` of `train`.
    pub(crate) fn medians(&self, train: &Examples, count: usize) -> Result<Medians, NetworkError> {
        match self {
            Self::Perceptron(_) | Self::Onnx(_) => Ok(Medians::default()),
            Self::Convolutional(networks) => Ok(Medians(vec![of_network(&networks.networks[0], train, count)?])),
        }
    }
}

fn of_network(network: &ConvNet, train: &Examples, count: usize) -> Result<Vec<u32>, NetworkError> {
    if network.architecture.code != CodeUnits::Channels {
        return Ok(Vec::new());
    }
    let channels = network.convolutions.iter().map(|one| one.bias.len()).sum();
    let mut counts: Vec<Vec<u32>> = vec![Vec::with_capacity(count); channels];
    let mut first = 0;
    let all: Vec<usize> = (0..count).collect();
    each_pass(network, train, &all, true, &mut |pass| match pass {
        Pass::Maps { index, rows, numbers } => {
            if index == 0 {
                first = 0;
            }
            let outputs = network.convolutions[index].bias.len();
            for example in numbers.chunks_exact(numbers.len() / rows.len()) {
                for (own, map) in counts[first..].iter_mut().zip(example.chunks_exact(example.len() / outputs)) {
                    own.push(fires_at(map));
                }
            }
            first += outputs;
        }
        Pass::Features { .. } => {}
    })?;
    Ok(counts.into_iter().map(median).collect())
}

/// At how many places a map fires.
pub(super) fn fires_at(map: &[f32]) -> u32 {
    map.iter().map(|&number| u32::from(number > 0.0)).sum()
}

/// The lower one of an even number.
pub(super) fn median(mut counts: Vec<u32>) -> u32 {
    if counts.is_empty() {
        return 0;
    }
    let middle = (counts.len() - 1) / 2;
    *counts.select_nth_unstable(middle).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_has_at_most_half_of_the_numbers_above_it() {
        assert_eq!(median(vec![5, 1, 3]), 3);
        assert_eq!(median(vec![4, 1, 2, 3]), 2);
        assert_eq!(median(vec![7]), 7);
        assert_eq!(median(Vec::new()), 0);
        assert_eq!(fires_at(&[0.0, 0.1, -1.0, 2.0]), 2);
    }
}
