//! The VGG kind.

use super::units::{Then, Unit};
use crate::engine::MapShape;

/// Blocks of 3 x 3 convolutions, with max pooling after every block; each block has twice the channels of the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vgg {
    /// Channels of the first block.
    pub channels: usize,
    /// How many blocks.
    pub blocks: usize,
    /// Convolutions of a block.
    pub convolutions: usize,
}

impl Vgg {
    /// Its units for such pictures.
    pub(super) fn units(&self, image: MapShape) -> Vec<Unit> {
        let mut taken = image;
        let mut units = Vec::new();
        for block in 0..self.blocks {
            for convolution in 1..=self.convolutions {
                let then = if convolution == self.convolutions { Then::Pooled } else { Then::Nothing };
                let unit = Unit { taken, outputs: self.channels << block, stride: 1, shortcut: None, then };
                taken = unit.passed();
                units.push(unit);
            }
        }
        units
    }

    /// What PyTorch calls its convolutions in an `nn.Sequential`, which numbers batch norm, ReLUs and pooling, too; and the batch norm of each.
    pub(super) fn names(&self, batch_norm: bool) -> Vec<[String; 2]> {
        let mut place = 0;
        let mut names = Vec::new();
        for _ in 0..self.blocks {
            for _ in 0..self.convolutions {
                names.push([place, place + 1].map(|place| format!("features.{place}")));
                place += if batch_norm { 3 } else { 2 };
            }
            place += 1;
        }
        names
    }

    /// What it calls so many hidden Dense layers and the output in another, and the batch norm of each.
    pub(super) fn dense_names(depth: usize, batch_norm: bool) -> Vec<[String; 2]> {
        let of_layer = |layer: usize| {
            let place = if batch_norm { 3 * layer } else { 2 * layer };
            [place, place + 1].map(|place| format!("classifier.{place}"))
        };
        (0..=depth).map(of_layer).collect()
    }

    /// The sizes of the network in a file.
    // Weights are read on the CPU backend.
    #[cfg(any(feature = "cpu", not(feature = "burn")))]
    pub(super) fn found(tensors: &safetensors::SafeTensors) -> Option<Self> {
        let outputs = |place: usize| {
            let kernel = tensors.tensor(&format!("features.{place}.weight")).ok()?;
            if let &[outputs, _, 3, 3] = kernel.shape() { Some(outputs) } else { None }
        };
        let of = |name: &str| name.strip_prefix("features.")?.split('.').next()?.parse().ok();
        let places: std::collections::BTreeSet<usize> = tensors.names().into_iter().filter_map(of).collect();
        let of_convolutions: Vec<usize> = places.into_iter().filter_map(outputs).collect();
        let channels = *of_convolutions.first()?;
        let convolutions = of_convolutions.iter().take_while(|&&outputs| outputs == channels).count();
        Some(Self { channels, blocks: of_convolutions.len() / convolutions, convolutions })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_block_has_twice_the_channels_on_a_quarter_of_the_places() {
        let image = MapShape { channels: 1, height: 28, width: 28 };
        let vgg = Vgg { channels: 4, blocks: 3, convolutions: 2 };
        let units = vgg.units(image);
        assert_eq!(units.iter().map(|unit| unit.taken.channels).collect::<Vec<_>>(), [1, 4, 4, 8, 8, 16]);
        assert_eq!(units.iter().map(|unit| unit.out().height).collect::<Vec<_>>(), [28, 28, 14, 14, 7, 7]);
        assert_eq!(units[5].passed(), MapShape { channels: 16, height: 3, width: 3 });
        let convolutions = |batch_norm| vgg.names(batch_norm).into_iter().map(|[name, _]| name).collect::<Vec<_>>();
        assert_eq!(convolutions(false), [0, 2, 5, 7, 10, 12].map(|place| format!("features.{place}")));
        assert_eq!(convolutions(true), [0, 3, 7, 10, 14, 17].map(|place| format!("features.{place}")));
    }
}
