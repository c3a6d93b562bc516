//! A network of any kind that can be read from a file.

use super::{CodeUnits, ConvNets, Fed, Onnx, Perceptron, PerceptronError};
use crate::engine::MapShape;

/// A file that a network is read from.
#[derive(Clone, Copy)]
pub struct StoredFile<'a> {
    /// What is in it: safetensors or ONNX.
    pub bytes: &'a [u8],
    /// Of a perceptron, in which order data pass its layers, where the file does not say it; of an ONNX file, which ReLUs are the code, if not all.
    pub layers: Option<&'a str>,
    /// The files beside an ONNX file, of which its weights may need some.
    pub beside: &'a dyn Fn(&str) -> Option<Vec<u8>>,
}

impl<'a> From<&'a [u8]> for StoredFile<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self { bytes, layers: None, beside: &|_| None }
    }
}

/// A network in evaluation mode, read from a file.
#[derive(Debug, Clone)]
pub enum Stored {
    /// Dense layers, batch norm and ReLUs from anywhere, in a safetensors file.
    Perceptron(Perceptron),
    /// A convolutional network that this crate wrote, in such a file.
    Convolutional(Box<ConvNets>),
    /// Any network in an ONNX file.
    Onnx(Box<Onnx>),
}

impl Stored {
    /// Reads a file for examples of so many `inputs` and `classes`; `image` is their form where they are pictures.
    ///
    /// # Errors
    ///
    /// A file that is no such network, or not of such examples.
    pub fn read(
        file: StoredFile<'_>,
        image: Option<MapShape>,
        [inputs, classes]: [usize; 2],
    ) -> Result<Self, PerceptronError> {
        let StoredFile { bytes, layers, beside } = file;
        if Onnx::is(bytes) {
            let network = Onnx::read(bytes, layers, image, [inputs, classes], beside)?;
            return Ok(Self::Onnx(Box::new(network)));
        }
        #[cfg(any(feature = "cpu", not(feature = "burn")))]
        if let Some(networks) = ConvNets::read(bytes, layers, image, classes)? {
            return Ok(Self::Convolutional(Box::new(networks)));
        }
        Perceptron::read(bytes, layers, inputs, classes).map(Self::Perceptron)
    }

    /// ReLUs of each layer.
    pub fn widths(&self) -> Vec<usize> {
        match self {
            Self::Perceptron(network) => network.widths().to_vec(),
            Self::Convolutional(networks) => networks.networks[0].architecture.code_layers(),
            Self::Onnx(network) => network.widths(),
        }
    }

    /// What its layers of ReLUs are called: by number where the file has no names for them.
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::Onnx(network) => network.names().to_vec(),
            _ => (1..=self.widths().len()).map(|layer| format!("layer {layer}")).collect(),
        }
    }

    /// What it is shown of such examples where nothing is said of it: inputs from 0 to 1, or pixels as bytes where it takes whole numbers.
    pub fn usually_fed(&self, image: Option<MapShape>) -> Fed {
        match self {
            Self::Onnx(network) if image.is_some() && network.takes_whole_numbers() => {
                Fed { scale: 255.0, ..Fed::AS_THEY_ARE }
            }
            _ => Fed::AS_THEY_ARE,
        }
    }

    /// Whether the order of a picture's channels is its own to say, and not the file's.
    pub(crate) fn may_take_planes(&self) -> bool {
        match self {
            Self::Perceptron(_) => true,
            Self::Convolutional(_) => false,
            Self::Onnx(network) => !network.takes_planes(),
        }
    }

    /// Whether it can have been fed that, pictures having so many channels.
    ///
    /// # Errors
    ///
    /// What no network [can](Fed::check), an order of channels where the file has its own, and any other than inputs from 0 to 1 where convolutions of this crate take these alone.
    pub fn check_fed(&self, fed: &Fed, channels: usize) -> Result<(), PerceptronError> {
        if matches!(self, Self::Convolutional(_)) {
            return Err(PerceptronError::Fed {
                options: fed.options(),
                reason: "networks that `sweep --weights` wrote take inputs from 0 to 1: leave these options out".into(),
            });
        }
        if fed.planes && !self.may_take_planes() {
            return Err(PerceptronError::Fed {
                options: fed.options(),
                reason: "the file itself says in which order its input has the channels: leave the layout out".into(),
            });
        }
        fed.check(channels)
    }

    /// Parts of the file that are no part of the code.
    pub fn left_out(&self) -> &[String] {
        match self {
            Self::Perceptron(network) => network.left_out(),
            Self::Convolutional(_) => &[],
            Self::Onnx(network) => network.left_out(),
        }
    }

    /// Whether its outputs tell the classes apart.
    pub fn has_scores(&self) -> bool {
        if let Self::Onnx(network) = self { network.has_scores() } else { true }
    }

    /// Whether some of its ReLUs are those of feature maps, which have channels.
    pub fn has_maps(&self) -> bool {
        match self {
            Self::Perceptron(_) => false,
            Self::Convolutional(_) => true,
            Self::Onnx(network) => {
                network.channels().iter().zip(network.relus()).any(|(own, &relus)| relus > own.count)
            }
        }
    }

    /// What its code is.
    pub fn code(&self) -> CodeUnits {
        match self {
            Self::Perceptron(_) => CodeUnits::All,
            Self::Convolutional(networks) => networks.networks[0].architecture.code,
            Self::Onnx(network) => network.code(),
        }
    }

    /// Its place on the axis of model sizes, as far as its layers have one.
    pub(crate) fn axis_widths(&self) -> Vec<usize> {
        match self {
            Self::Perceptron(network) => network.widths().to_vec(),
            Self::Convolutional(networks) => vec![networks.networks[0].architecture.width()],
            Self::Onnx(_) => Vec::new(),
        }
    }

    /// The same network, of which those ReLUs are the code.
    pub(crate) fn with_code(self, code: CodeUnits) -> Self {
        match self {
            Self::Perceptron(_) => self,
            Self::Convolutional(mut networks) => {
                networks.networks[0].architecture.code = code;
                Self::Convolutional(networks)
            }
            Self::Onnx(network) => Self::Onnx(Box::new(network.with_code(code))),
        }
    }
}
