//! Measures a network that is read from a file.

use schemars::JsonSchema;
use serde::Serialize;

use super::SweepError;
use super::measured_as::{KEY, MeasuredAs};
use super::memory::held;
use super::otherwise::{Otherwise, is_guessing};
use crate::code::{Encoding, encode_stored};
use crate::dataset::{Dataset, Noise};
use crate::engine::MapShape;
use crate::network::{CodeUnits, Fed, Perceptron, PerceptronError, Stored};
use crate::properties::{self, EncodingProperties, Labelled, Measure, Split, accuracy};
use crate::random::stream;

/// Encoding properties of a network read from a file.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Elsewhere {
    /// ReLUs of each hidden layer.
    pub widths: Vec<u32>,
    /// Training examples whose codes were measured: the first so many.
    pub samples: u32,
    /// Whether it was measured like its cell in a chart, which a file written by this crate describes.
    pub as_cell: bool,
    /// Parts of the file that are no part of the network, since its layers were named without them.
    pub left_out: Vec<String>,
    /// Whether the network is right no more often than by guessing: it was trained on inputs of another scale, say.
    pub is_guessing: bool,
    /// Inputs with which it would be right more often, where the call does not say what it was trained on.
    pub otherwise: Option<Otherwise>,
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

/// How to measure; what is not given is taken from the file, if it says how its cell was measured, otherwise from the paper, on all
/// training examples.
#[derive(Debug, Clone, Copy, Default)]
pub struct AskedOf {
    /// What the network was trained on in the place of inputs from 0 to 1.
    pub fed: Option<Fed>,
    /// Number of training examples, from the first on.
    pub samples: Option<usize>,
    /// K-NN: number of neighbours.
    pub neighbours: Option<usize>,
    /// K-Means: number of starts, of which the best is kept.
    pub kmeans_starts: Option<usize>,
    /// Logistic regression: inverse strength of the penalty.
    pub logistic_c: Option<f64>,
    /// Seed of K-Means.
    pub seed: Option<u64>,
}

/// Default seed of K-Means.
pub const SEED: u64 = 42;

impl Measure {
    /// The paper's way (protocol), for a data set of so many classes.
    pub fn paper(classes: usize) -> Self {
        Self {
            classes,
            neighbours: 9,
            kmeans_starts: 10,
            kmeans_assignment: false,
            logistic_c: 1.0,
            penalised_intercept: false,
        }
    }
}

/// The numbers, and what they are made of.
#[derive(Debug)]
pub struct Found {
    /// The numbers.
    pub numbers: Elsewhere,
    /// Codes of the training examples, and their labels as the network saw them.
    pub train: (Encoding, Vec<u8>),
    /// Codes of the test examples.
    pub test: Encoding,
    /// What the codes came to.
    pub properties: EncodingProperties,
}

impl Found {
    /// Measures the network in a safetensors `file` on `data`; `layers` says in which order data pass its layers, where the file does not.
    ///
    /// # Errors
    ///
    /// A file that is no such network, or not of this data set; codes that would take more memory than is taken.
    pub fn measure(file: &[u8], layers: Option<&str>, data: &Dataset, asked: AskedOf) -> Result<Self, SweepError> {
        let image = MapShape::of(&data.description().kind);
        let mut network = Stored::read(file, layers, image, [data.inputs(), data.classes()]).map_err(Box::new)?;
        if let Some(fed) = asked.fed {
            network = network.fed(&fed, image.map_or(1, |image| image.channels)).map_err(Box::new)?;
        }
        let stated = Perceptron::metadata(file, KEY).map_err(Box::new)?;
        let cell = stated.as_deref().and_then(MeasuredAs::read).filter(|cell| cell.is_of(&network, data));
        let samples = asked.samples.or(cell.as_ref().map(|cell| cell.samples as usize)).unwrap_or(data.train().len());
        if samples == 0 || samples > data.train().len() {
            return Err(SweepError::Samples { samples, train: data.train().len() });
        }
        let layer = cell.as_ref().and_then(|cell| cell.layer);
        let network = network.with_code(cell.as_ref().map_or(CodeUnits::All, |cell| cell.code));
        let bits: usize = network.widths().iter().sum();
        held(properties::bytes(
            (samples + data.test().len()) as u64,
            data.test().len() as u64,
            bits as u64,
            data.classes() as u64,
        ))?;

        let noise = cell.as_ref().map(MeasuredAs::noise).unwrap_or_default();
        let noisy = if noise == Noise::default() { data } else { &data.with_noise(noise, samples) };
        let medians = network.medians(noisy.train(), samples)?;
        let train = encode_stored(&network, noisy.train(), samples, &medians)?;
        let test = encode_stored(&network, noisy.test(), noisy.test().len(), &medians)?;
        if !(train.finite && test.finite) {
            return Err(Box::new(PerceptronError::outputs()).into());
        }
        let of_layer = |whole: Encoding| whole.of_layer(layer, &network.widths());
        let (train, test) = (of_layer(train), of_layer(test));
        let train_labels = noisy.train().labels()[..samples].to_vec();

        let paper = Measure::paper(data.classes());
        let own = cell.as_ref().map_or(paper, |cell| Measure {
            neighbours: cell.neighbours as usize,
            kmeans_starts: cell.kmeans_starts as usize,
            kmeans_assignment: cell.kmeans_assignment,
            logistic_c: cell.logistic_c,
            penalised_intercept: cell.penalised_intercept,
            ..paper
        });
        let measure = Measure {
            neighbours: asked.neighbours.unwrap_or(own.neighbours),
            kmeans_starts: asked.kmeans_starts.unwrap_or(own.kmeans_starts),
            logistic_c: asked.logistic_c.unwrap_or(own.logistic_c),
            ..own
        };
        let seed = asked.seed.unwrap_or(cell.as_ref().map_or(SEED, |cell| u64::from(cell.seed)));
        let indices = cell.as_ref().map(MeasuredAs::indices);
        let test_labels = data.test().labels();
        let properties = EncodingProperties::of(
            Labelled { codes: &train.codes, labels: &train_labels },
            Labelled { codes: &test.codes, labels: test_labels },
            measure,
            &mut stream(seed, "k-means", indices.as_ref().map_or(&[], |indices| &indices[..])),
        )?;
        let numbers = Elsewhere {
            widths: network.widths().iter().map(|&width| width as u32).collect(),
            samples: samples as u32,
            as_cell: cell.is_some(),
            left_out: network.left_out().to_vec(),
            otherwise: match &network {
                Stored::Perceptron(network) if asked.fed.is_none() && cell.is_none() => Otherwise::of(network, data),
                _ => None,
            },
            is_guessing: is_guessing(train.accuracy, data.classes()),
            bits: properties.bits as u32,
            redundancy: properties.redundancy,
            accuracy: Split { train: train.accuracy, test: test.accuracy },
            kmeans: properties.kmeans,
            knn: accuracy(&properties.knn, test_labels),
            logistic: accuracy(&properties.logistic, test_labels),
        };
        Ok(Self { numbers, train: (train, train_labels), test, properties })
    }
}
