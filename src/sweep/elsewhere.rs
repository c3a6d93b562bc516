//! The numbers of a network that was trained elsewhere.

use schemars::JsonSchema;
use serde::Serialize;

use super::SweepError;
use super::encoded::measure_of;
use crate::code::encode_perceptron;
use crate::dataset::Dataset;
use crate::network::{Perceptron, PerceptronError};
use crate::properties::{EncodingProperties, Labelled, Split, accuracy};
use crate::random::stream;
use crate::training::Protocol;

/// Determinism and categorization of a network that was trained elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Elsewhere {
    /// ReLUs of each hidden layer.
    pub widths: Vec<u32>,
    /// Bits of the code that are not constant.
    pub bits: u32,
    /// Redundancy ratio of the codes.
    pub redundancy: Split,
    /// Accuracy of the network itself.
    pub accuracy: Split,
    /// Accuracy of K-Means on the codes.
    pub kmeans: Split,
    /// Accuracy of K-NN on test codes.
    pub knn: f64,
    /// Accuracy of logistic regression on test codes.
    pub logistic: f64,
}

impl Elsewhere {
    /// Measures the network in a safetensors `file`, whose metadata or numbers tell the order of its layers, on `data`, in the
    /// way of `protocol`.
    pub fn measure(file: &[u8], data: &Dataset, protocol: &Protocol) -> Result<Self, SweepError> {
        let network = Perceptron::read(file, None, data.inputs(), data.classes()).map_err(Box::new)?;
        let train = encode_perceptron(&network, data.train());
        let test = encode_perceptron(&network, data.test());
        if !(train.finite && test.finite) {
            return Err(Box::new(PerceptronError::outputs()).into());
        }
        let measure = measure_of(protocol, data.classes());
        let test_labels = data.test().labels();
        let properties = EncodingProperties::of(
            Labelled { codes: &train.codes, labels: data.train().labels() },
            Labelled { codes: &test.codes, labels: test_labels },
            measure,
            &mut stream(1, "k-means", &[]),
        )?;
        Ok(Self {
            widths: network.widths().iter().map(|&width| width as u32).collect(),
            bits: properties.bits as u32,
            redundancy: properties.redundancy,
            accuracy: Split { train: train.accuracy, test: test.accuracy },
            kmeans: properties.kmeans,
            knn: accuracy(&properties.knn, test_labels),
            logistic: accuracy(&properties.logistic, test_labels),
        })
    }
}
