//! Measures a network that is read from a file.

use schemars::JsonSchema;
use serde::Serialize;

use super::measured_as::MeasuredAs;
use super::opened::{ExamplePart, Opened};
use super::otherwise::{Otherwise, is_guessing};
use super::{CodeStudy, SweepError};
use crate::code::{ChannelActivity, ChannelSums, Encoding, Taken};
use crate::dataset::Dataset;
use crate::network::{CodeUnits, Fed, PerceptronError, StoredFile};
use crate::properties::{EncodingProperties, Labelled, Measure, Split, accuracy, euclidean};
use crate::random::stream;

/// Encoding properties of a network read from a file.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Elsewhere {
    /// Which of its ReLUs are the code.
    pub code: CodeUnits,
    /// Whether some are those of feature maps, so that a bit a channel may be the code.
    pub has_maps: bool,
    /// Bits of each layer of the code: ReLUs, or channels.
    pub widths: Vec<u32>,
    /// What these layers are called.
    pub names: Vec<String>,
    /// Training examples whose codes were measured: the first so many.
    pub samples: u32,
    /// Test examples.
    pub tests: u32,
    /// Whether it was measured like its cell in a chart, which a file written by this crate describes.
    pub as_cell: bool,
    /// Parts of the file that are no part of the code: layers that were not named, and, of an ONNX file, activations without on and off.
    pub left_out: Vec<String>,
    /// What examples became before the network saw them.
    pub fed: Fed,
    /// Whether the network is right no more often than by guessing: it was trained on inputs of another scale, say.
    pub is_guessing: bool,
    /// Inputs with which it would be right more often, where the call does not say what it was trained on.
    pub otherwise: Option<Otherwise>,
    /// Bits of the code that are not constant.
    pub bits: u32,
    /// Redundancy ratio of the codes.
    pub redundancy: Split,
    /// Accuracy of the network itself, if its outputs tell the classes apart.
    pub accuracy: Option<Split>,
    /// Accuracy of K-Means on the codes.
    pub kmeans: Split,
    /// Accuracy of K-NN on test codes.
    pub knn: f64,
    /// Accuracy of logistic regression on test codes.
    pub logistic: f64,
    /// Where the code is a bit a channel, of an ONNX file: accuracy of K-NN by Euclidean distance on the sums over each channel's places, each layer's
    /// divided by its range (protocol, ImageNet), on the test examples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel_sums_knn: Option<f64>,
}

/// Encoding properties of the code of one layer alone.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct OfLayer {
    /// The layer.
    pub name: String,
    /// Its bits: ReLUs, or channels.
    pub width: u32,
    /// Bits of the code that are not constant.
    pub bits: u32,
    /// Redundancy ratio of the codes.
    pub redundancy: Split,
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
    /// Which of its ReLUs are the code: all, if neither this nor the file says it.
    pub code: Option<CodeUnits>,
    /// What the network was trained on in the place of inputs from 0 to 1.
    pub fed: Option<Fed>,
    /// Number of training examples, from the first on.
    pub samples: Option<usize>,
    /// Number of test examples, from the first on; all if it is not given.
    pub tests: Option<usize>,
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
    /// Codes of the test examples, and their labels.
    pub test: (Encoding, Vec<u8>),
    /// What the codes came to.
    pub properties: EncodingProperties,
    /// Sums of the channels of training and test examples, where the code is a bit a channel, of an ONNX file.
    pub sums: Option<[ChannelSums; 2]>,
    way: Way,
}

/// How codes are measured, all or those of a layer.
#[derive(Debug)]
struct Way {
    measure: Measure,
    seed: u64,
    /// What tells its stream of K-Means from others of its seed.
    indices: Vec<u64>,
}

impl Way {
    fn properties(&self, [train, test]: [(&Encoding, &[u8]); 2]) -> Result<EncodingProperties, SweepError> {
        let train = Labelled { codes: &train.0.codes, labels: train.1 };
        let test = Labelled { codes: &test.0.codes, labels: test.1 };
        Ok(EncodingProperties::of(train, test, self.measure, &mut stream(self.seed, "k-means", &self.indices))?)
    }
}

impl Found {
    /// Measures the network in a `file` on `data`; `told` hears which share of the examples is encoded.
    ///
    /// # Errors
    ///
    /// A file that is no such network, or not of this data set; codes that would take more memory than is taken.
    pub fn measure(
        file: StoredFile<'_>,
        data: &Dataset,
        asked: AskedOf,
        told: &dyn Fn(f64),
    ) -> Result<Self, SweepError> {
        let opened = Opened::read(file, data, asked)?;
        let [samples, tests] = opened.counts();
        let share = |before: usize, of: usize| {
            move |share: f64| told((before as f64 + share * of as f64) / (samples + tests) as f64)
        };
        let train = opened.take(ExamplePart { test: false, rows: 0..samples }, &share(0, samples))?;
        let test = opened.take(ExamplePart { test: true, rows: 0..tests }, &share(samples, tests))?;
        Self::of(&opened, train, test)
    }

    /// Measures what was taken of all examples that an opened network is measured on.
    ///
    /// # Errors
    ///
    /// A network whose outputs overflow, or codes that cannot be measured.
    pub fn of(opened: &Opened, train: Taken, test: Taken) -> Result<Self, SweepError> {
        let (train, test, sums) = encodings(train, test);
        if !(train.finite && test.finite) {
            return Err(Box::new(PerceptronError::outputs()).into());
        }
        let Opened { network, data, cell, fed, .. } = opened;
        let (widths, names, [samples, tests]) = (network.widths(), network.names(), opened.counts());
        // Another code than the cell's has other layers.
        let as_cell = cell.as_ref().is_some_and(|cell| cell.code == network.code());
        let layer = cell.as_ref().filter(|_| as_cell).and_then(|cell| cell.layer);
        let (train, test) = (train.of_layer(layer, &widths), test.of_layer(layer, &widths));
        let of_code = |place: &usize| layer.is_none_or(|layer| *place + 1 == layer as usize);
        let places: Vec<usize> = (0..widths.len()).filter(of_code).collect();

        let (measure, seed) = opened.asked.of(cell.as_ref(), data.classes());
        let indices = cell.as_ref().map(|cell| cell.indices().to_vec()).unwrap_or_default();
        let (train_labels, test_labels) =
            (data.train().labels()[..samples].to_vec(), data.test().labels()[..tests].to_vec());
        let way = Way { measure, seed, indices };
        let properties = way.properties([(&train, &train_labels), (&test, &test_labels)])?;
        let has_scores = network.has_scores();
        let may_ask = opened.asked.fed.is_none() && cell.is_none() && has_scores;
        let numbers = Elsewhere {
            code: network.code(),
            has_maps: network.has_maps(),
            widths: places.iter().map(|&place| widths[place] as u32).collect(),
            names: places.iter().map(|&place| names[place].clone()).collect(),
            samples: samples as u32,
            tests: tests as u32,
            as_cell,
            left_out: network.left_out().to_vec(),
            fed: *fed,
            otherwise: may_ask.then(|| Otherwise::of(network, data)).flatten(),
            is_guessing: has_scores && is_guessing(train.accuracy, data.classes()),
            bits: properties.bits as u32,
            redundancy: properties.redundancy,
            accuracy: has_scores.then_some(Split { train: train.accuracy, test: test.accuracy }),
            kmeans: properties.kmeans,
            knn: accuracy(&properties.knn, &test_labels),
            logistic: accuracy(&properties.logistic, &test_labels),
            channel_sums_knn: sums.as_ref().map(|[train, test]| {
                let answers = euclidean::predict(train, &train_labels, test, measure.neighbours, measure.classes);
                accuracy(&answers, &test_labels)
            }),
        };
        let (train, test) = ((train, train_labels), (test, test_labels));
        Ok(Self { numbers, train, test, properties, sums, way })
    }

    /// What the code of one of its layers comes to alone, counted from 0; nothing where there are not so many.
    ///
    /// # Errors
    ///
    /// Codes that cannot be measured.
    pub fn of_layer(&self, place: usize) -> Result<Option<OfLayer>, SweepError> {
        let widths: Vec<usize> = self.numbers.widths.iter().map(|&width| width as usize).collect();
        let Some(name) = self.numbers.names.get(place) else { return Ok(None) };
        let layer = Some(place as u32 + 1);
        let [(train, train_labels), (test, test_labels)] = [&self.train, &self.test];
        let [train, test] = [train, test].map(|whole| whole.of_layer(layer, &widths));
        let properties = self.way.properties([(&train, train_labels), (&test, test_labels)])?;
        Ok(Some(OfLayer {
            name: name.clone(),
            width: widths[place] as u32,
            bits: properties.bits as u32,
            redundancy: properties.redundancy,
            kmeans: properties.kmeans,
            knn: accuracy(&properties.knn, test_labels),
            logistic: accuracy(&properties.logistic, test_labels),
        }))
    }
}

/// The codes; and the sums of channels, where those were taken.
fn encodings(train: Taken, test: Taken) -> (Encoding, Encoding, Option<[ChannelSums; 2]>) {
    match (train, test) {
        (Taken::Channels(train), Taken::Channels(test)) => {
            let medians = train.medians();
            let [codes, of_test] = [&train, &test].map(|activity| activity.encoding(&medians));
            (codes, of_test, Some(ChannelActivity::scaled_sums(&train, &test)))
        }
        (train, test) => (train.into_encoding(), test.into_encoding(), None),
    }
}

impl Found {
    /// The codes, example by example.
    pub fn study(&self) -> CodeStudy {
        let (encoding, labels) = &self.train;
        CodeStudy::of(
            Labelled { codes: &encoding.codes, labels },
            &self.test.1,
            &self.properties,
            self.way.measure.classes,
        )
    }
}

impl AskedOf {
    /// How to measure, and the seed of K-Means: what is asked, else what the file says of its cell, else the paper's.
    fn of(&self, cell: Option<&MeasuredAs>, classes: usize) -> (Measure, u64) {
        let paper = Measure::paper(classes);
        let own = cell.map_or(paper, |cell| Measure {
            neighbours: cell.neighbours as usize,
            kmeans_starts: cell.kmeans_starts as usize,
            kmeans_assignment: cell.kmeans_assignment,
            logistic_c: cell.logistic_c,
            penalised_intercept: cell.penalised_intercept,
            ..paper
        });
        let measure = Measure {
            neighbours: self.neighbours.unwrap_or(own.neighbours),
            kmeans_starts: self.kmeans_starts.unwrap_or(own.kmeans_starts),
            logistic_c: self.logistic_c.unwrap_or(own.logistic_c),
            ..own
        };
        (measure, self.seed.unwrap_or(cell.map_or(SEED, |cell| u64::from(cell.seed))))
    }
}
