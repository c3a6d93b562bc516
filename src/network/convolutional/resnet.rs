//! The ResNet kind, as He et al. (2016) have it for CIFAR-10.

use super::units::{Then, Unit};
use crate::engine::MapShape;

/// Stages of blocks.
const STAGES: usize = 3;

/// `6 blocks + 2` layers: a convolution, three stages of blocks of two convolutions with a shortcut around both, the mean of each map, and the
/// output. From a stage to the next maps are halved and channels doubled; there a shortcut takes every second place of every second row, and adds
/// nothing to the new channels, so that it has no weights (their option A; the paper's code has 1 x 1 convolutions there).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resnet {
    /// Channels of the first stage.
    pub channels: usize,
    /// Blocks of each stage.
    pub blocks: usize,
}

impl Resnet {
    /// Its units for such pictures.
    pub(super) fn units(&self, image: MapShape) -> Vec<Unit> {
        let first = Unit { taken: image, outputs: self.channels, stride: 1, shortcut: None, then: Then::Nothing };
        let mut units = vec![first];
        for block in 0..STAGES * self.blocks {
            let (around, stage) = (units.len() - 1, block / self.blocks);
            let (taken, outputs) = (units[around].out(), self.channels << stage);
            let stride = if stage > 0 && block % self.blocks == 0 { 2 } else { 1 };
            let upper = Unit { taken, outputs, stride, shortcut: None, then: Then::Nothing };
            units.extend([upper, Unit { taken: upper.out(), stride: 1, shortcut: Some(around), ..upper }]);
        }
        units.iter_mut().last().into_iter().for_each(|last| last.then = Then::Averaged);
        units
    }

    /// What torchvision calls its convolutions, and the batch norm of each.
    pub(super) fn names(&self) -> Vec<[String; 2]> {
        let mut names = vec![["conv1", "bn1"].map(String::from)];
        for block in 0..STAGES * self.blocks {
            let (stage, block) = (block / self.blocks + 1, block % self.blocks);
            names
                .extend([1, 2].map(|number| ["conv", "bn"].map(|part| format!("layer{stage}.{block}.{part}{number}"))));
        }
        names
    }

    /// What it calls the output, which has no batch norm.
    pub(super) fn dense_names() -> Vec<[String; 2]> {
        vec![["fc", "bn"].map(String::from)]
    }

    /// The sizes of the network in a file.
    // Weights are read on the CPU backend.
    #[cfg(any(feature = "cpu", not(feature = "burn")))]
    pub(super) fn found(tensors: &safetensors::SafeTensors) -> Option<Self> {
        let first = tensors.tensor("conv1.weight").ok()?;
        let is_there = |block: &usize| tensors.tensor(&format!("layer1.{block}.conv1.weight")).is_ok();
        let blocks = (0..).take_while(is_there).count();
        (blocks > 0).then(|| first.shape().first().map(|&channels| Self { channels, blocks })).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_blocks_a_stage_are_twenty_layers() {
        let image = MapShape { channels: 3, height: 32, width: 32 };
        let resnet = Resnet { channels: 16, blocks: 3 };
        let units = resnet.units(image);
        assert_eq!((units.len(), resnet.names().len()), (19, 19)); // and the output layer
        assert_eq!(units.iter().map(|unit| unit.out().len()).sum::<usize>(), 188_416);
        assert_eq!(units[18].passed(), MapShape { channels: 64, height: 1, width: 1 });
        let strides = |stride| units.iter().filter(|unit| unit.stride == stride).count();
        assert_eq!((strides(1), strides(2)), (17, 2));
        let shortcuts: Vec<usize> = units.iter().filter_map(|unit| unit.shortcut).collect();
        assert_eq!(shortcuts, [0, 2, 4, 6, 8, 10, 12, 14, 16]);
        assert_eq!(resnet.names()[7], ["layer2.0.conv1", "layer2.0.bn1"]);
        // Maps of an odd size keep their middle.
        let odd = resnet.units(MapShape { channels: 1, height: 9, width: 6 });
        assert_eq!(odd[18].out(), MapShape { channels: 64, height: 3, width: 2 });
    }
}
