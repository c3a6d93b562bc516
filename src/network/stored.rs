//! A network of any kind that can be read from a file.

use super::{CodeUnits, ConvNets, Fed, Perceptron, PerceptronError};
use crate::engine::MapShape;

/// A network in evaluation mode, read from a safetensors file.
#[derive(Debug, Clone)]
pub enum Stored {
    /// Dense layers, batch norm and ReLUs from anywhere.
    Perceptron(Perceptron),
    /// A convolutional network that this crate wrote.
    Convolutional(Box<ConvNets>),
}

impl Stored {
    /// Reads a file for examples of so many `inputs` and `classes`; `image` is their form where they are pictures, and `layers` says in which order data
    /// pass the layers of a perceptron, where the file does not.
    ///
    /// # Errors
    ///
    /// A file that is no such network, or not of such examples.
    pub fn read(
        file: &[u8],
        layers: Option<&str>,
        image: Option<MapShape>,
        [inputs, classes]: [usize; 2],
    ) -> Result<Self, PerceptronError> {
        #[cfg(any(feature = "cpu", not(feature = "burn")))]
        if let Some(networks) = ConvNets::read(file, layers, image, classes)? {
            return Ok(Self::Convolutional(Box::new(networks)));
        }
        #[cfg(not(any(feature = "cpu", not(feature = "burn"))))]
        let _ = image;
        Perceptron::read(file, layers, inputs, classes).map(Self::Perceptron)
    }

    /// ReLUs of each layer.
    pub fn widths(&self) -> Vec<usize> {
        match self {
            Self::Perceptron(network) => network.widths().to_vec(),
            Self::Convolutional(networks) => networks.networks[0].architecture.code_layers(),
        }
    }

    /// The same network, for inputs from 0 to 1 in the place of those that it was [fed](Perceptron::fed).
    ///
    /// # Errors
    ///
    /// What a perceptron cannot have been fed, and any other than inputs from 0 to 1 where convolutions of this crate take these alone.
    pub fn fed(self, fed: &Fed, channels: usize) -> Result<Self, PerceptronError> {
        match self {
            Self::Perceptron(network) => network.fed(fed, channels).map(Self::Perceptron),
            Self::Convolutional(_) => Err(PerceptronError::Fed {
                options: fed.options(),
                reason: "networks that `sweep --weights` wrote take inputs from 0 to 1: leave these options out".into(),
            }),
        }
    }

    /// Modules of the file that are no part of it.
    pub fn left_out(&self) -> &[String] {
        if let Self::Perceptron(network) = self { network.left_out() } else { &[] }
    }

    /// Its place on the axis of model sizes, as far as its layers have one.
    pub(crate) fn axis_widths(&self) -> Vec<usize> {
        match self {
            Self::Perceptron(network) => network.widths().to_vec(),
            Self::Convolutional(networks) => vec![networks.networks[0].architecture.width()],
        }
    }

    /// The same network, of which those ReLUs are the code.
    pub(crate) fn with_code(mut self, code: CodeUnits) -> Self {
        if let Self::Convolutional(networks) = &mut self {
            networks.networks[0].architecture.code = code;
        }
        self
    }
}
