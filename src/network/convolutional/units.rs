//! What a convolutional network is made of, whatever its family: convolutions with what follows each of them, then Dense layers.

use super::resnet::Resnet;
use super::vgg::Vgg;
use crate::engine::MapShape;
use crate::network::{CodeUnits, Mlp};

/// A convolutional network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Convolutional {
    /// An example.
    pub image: MapShape,
    /// The family of its convolutions, with their sizes.
    pub body: Body,
    /// The layers behind: hidden ones, or at depth 0 the output alone. Batch norm and the activation are those of the convolutions, too; dropout
    /// is not.
    pub dense: Mlp,
    /// Which of its ReLUs are its code.
    pub code: CodeUnits,
}

/// The families of convolutions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// Blocks with max pooling between them.
    Vgg(Vgg),
    /// Blocks with shortcuts around them.
    Resnet(Resnet),
}

/// A 3 x 3 convolution with what follows it: batch norm where the network has it, what a shortcut adds, a ReLU, and what is done to its maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// What comes in.
    pub taken: MapShape,
    /// Maps that come out.
    pub outputs: usize,
    /// From a place of the filters to the next: 1 or 2.
    pub stride: usize,
    /// The unit before whose ReLUs' outputs are added to what comes to those of this one.
    pub shortcut: Option<usize>,
    /// What is done to what comes out.
    pub then: Then,
}

/// What is done to the maps that come out of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Nothing.
    Nothing,
    /// Max pooling over squares of 2 x 2.
    Pooled,
    /// The mean over all places.
    Averaged,
}

impl Unit {
    /// What its ReLUs let through.
    pub fn out(&self) -> MapShape {
        let shape = MapShape { channels: self.outputs, ..self.taken };
        if self.stride == 2 { shape.halved() } else { shape }
    }

    /// What comes to the next unit, or to the Dense layers.
    pub fn passed(&self) -> MapShape {
        match self.then {
            Then::Nothing => self.out(),
            Then::Pooled => self.out().pooled(),
            Then::Averaged => MapShape { height: 1, width: 1, ..self.out() },
        }
    }
}

/// Whether a shortcut begins at the unit of that index.
pub(crate) fn begins_shortcut(units: &[Unit], index: usize) -> bool {
    units.iter().any(|later| later.shortcut == Some(index))
}

impl Body {
    /// Its units for such pictures, in order: at least one.
    pub fn units(&self, image: MapShape) -> Vec<Unit> {
        match self {
            Self::Vgg(vgg) => vgg.units(image),
            Self::Resnet(resnet) => resnet.units(image),
        }
    }
}

impl Convolutional {
    /// Its units, in order.
    pub fn units(&self) -> Vec<Unit> {
        self.body.units(self.image)
    }

    /// What comes to the Dense layers.
    pub fn features(&self) -> MapShape {
        self.units().last().map_or(self.image, Unit::passed)
    }

    /// Its place on the axis of model sizes.
    pub fn width(&self) -> usize {
        match self.body {
            Body::Vgg(_) => self.dense.width,
            Body::Resnet(resnet) => resnet.channels,
        }
    }

    /// ReLUs of each layer of its code.
    pub fn code_layers(&self) -> Vec<usize> {
        let of_unit = |unit: &Unit| match self.code {
            CodeUnits::Dense => None,
            CodeUnits::Channels => Some(unit.outputs),
            CodeUnits::All => Some(unit.out().len()),
        };
        let dense = self.dense.code_layers();
        let skipped = if self.code == CodeUnits::Dense { dense.len().saturating_sub(1) } else { 0 };
        self.units().iter().filter_map(of_unit).chain(dense.into_iter().skip(skipped)).collect()
    }
}
