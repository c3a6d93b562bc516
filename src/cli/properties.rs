//! `hash-phase properties`.

use std::path::PathBuf;

use clap::Args;
use hash_phase::code::{CodeError, CodeMatrix};
use hash_phase::properties::{EncodingProperties, Labelled, Measure, PropertiesError, accuracy, bytes};
use hash_phase::random::stream;
use hash_phase::sweep::{AskedOf, SEED, held};
use serde::Deserialize;
use serde_json::json;

use super::numpy::{self, Codes};
use super::output::print;
use super::{Failure, read_bytes, read_text};

/// Codes in a pair of files.
#[derive(Args)]
pub struct Arguments {
    /// Codes of NumPy (.npz): arrays `train` and `test` of 0 and 1, or packed by np.packbits(codes, axis=1, bitorder="little") with `bits` of
    /// them in each code, and labels `y_train` and `y_test`. Or a JSON file that describes the codes: {"bits", "train", "test", "classes", "labels": {"train", "test"}}; the codes themselves lie
    /// beside it under the ending .bits, `train` rows then `test` rows of ceil(bits / 8) bytes, lowest bit first
    codes: PathBuf,
    #[command(flatten)]
    measuring: Measuring,
}

/// How codes are measured.
#[derive(Args)]
pub(super) struct Measuring {
    /// K-NN: number of neighbours [default: 9]
    #[arg(long)]
    neighbours: Option<usize>,
    /// K-Means: number of starts, of which the best is kept [default: 10]
    #[arg(long)]
    starts: Option<usize>,
    /// Logistic regression: inverse strength of the L2 penalty (scikit-learn's C) [default: 1]
    #[arg(long)]
    c: Option<f64>,
    /// Seed of K-Means [default: 42]
    #[arg(long)]
    seed: Option<u64>,
    /// Also print the label that K-NN and logistic regression predict for each test example
    #[arg(long)]
    pub predictions: bool,
}

#[derive(Deserialize)]
struct Description {
    bits: usize,
    train: usize,
    test: usize,
    classes: usize,
    labels: Labels,
}

#[derive(Deserialize)]
struct Labels {
    train: Vec<u8>,
    test: Vec<u8>,
}

/// A label is a byte.
const MOST_CLASSES: usize = 256;

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let name = self.codes.display();
        let asked = self.measuring.asked()?;
        let codes = if numpy::is_archive(&self.codes) {
            numpy::read(&self.codes).map_err(|error| format!("{name}: {error}"))?
        } else {
            self.described()?
        };
        let Codes { train, test, labels: [train_labels, test_labels], classes } = codes;
        let train = Labelled { codes: &train, labels: &train_labels };
        let test = Labelled { codes: &test, labels: &test_labels };
        let paper = Measure::paper(classes);
        let measure = Measure {
            neighbours: asked.neighbours.unwrap_or(paper.neighbours),
            kmeans_starts: asked.kmeans_starts.unwrap_or(paper.kmeans_starts),
            logistic_c: asked.logistic_c.unwrap_or(paper.logistic_c),
            ..paper
        };
        let random = &mut stream(asked.seed.unwrap_or(SEED), "k-means", &[]);
        let properties =
            EncodingProperties::of(train, test, measure, random).map_err(|error| format!("{name}: {error}"))?;
        let answer = as_printed(&properties, test.labels, self.measuring.predictions);
        print(&serde_json::to_string_pretty(&answer)?)
    }

    /// Codes that a JSON file describes.
    fn described(&self) -> Result<Codes, Failure> {
        let name = self.codes.display();
        let text = read_text(&self.codes)?;
        let reader = &mut serde_json::Deserializer::from_str(&text);
        let description: Description = serde_path_to_error::deserialize(reader)
            .map_err(|error| format!("{name}: {error}: see `hash-phase properties --help` for what belongs there"))?;
        let Description { bits, train, test, classes, labels } = description;
        if classes > MOST_CLASSES {
            return Err(format!(
                "{name}: {classes} classes are more than {MOST_CLASSES}: labels are whole numbers below that"
            )
            .into());
        }
        // Checked against the bounds and each other before anything is allocated.
        held(bytes(train.saturating_add(test) as u64, test as u64, bits as u64, classes as u64))
            .map_err(|error| format!("{name}: {error}"))?;
        let bits_path = self.codes.with_extension("bits");
        let wanted = (train + test) * bits.div_ceil(8);
        match std::fs::metadata(&bits_path) {
            Ok(there) if there.len() != wanted as u64 => {
                let error = CodeError::Length { rows: train + test, bits, wanted, found: there.len() as usize };
                return Err(format!("{}: {error}", bits_path.display()).into());
            }
            _ => {}
        }
        for (set, codes, labels) in [("training", train, &labels.train), ("test", test, &labels.test)] {
            if codes != labels.len() {
                return Err(format!("{name}: {}", PropertiesError::Labels { set, codes, labels: labels.len() }).into());
            }
        }
        let file = read_bytes(&bits_path)?;
        let codes = CodeMatrix::from_bytes(&file, train + test, bits);
        let (train_codes, test_codes) =
            codes.map_err(|error| format!("{}: {error}", bits_path.display()))?.split_at(train);
        Ok(Codes { train: train_codes, test: test_codes, labels: [labels.train, labels.test], classes })
    }
}

impl Measuring {
    /// What is said of it, checked.
    pub fn asked(&self) -> Result<AskedOf, Failure> {
        let Self { neighbours, starts, c, seed, .. } = *self;
        if neighbours == Some(0) || starts == Some(0) || c.is_some_and(|c| !(c > 0.0 && c.is_finite())) {
            return Err(
                "--neighbours, --starts and --c must be above 0: leave them out to use the paper's values".into()
            );
        }
        Ok(AskedOf { neighbours, kmeans_starts: starts, logistic_c: c, seed, ..AskedOf::default() })
    }
}

/// The encoding properties, as they are printed.
pub(super) fn as_printed(properties: &EncodingProperties, labels: &[u8], predictions: bool) -> serde_json::Value {
    let mut answer = json!({
        "bits": properties.bits,
        "redundancy": properties.redundancy,
        "kmeans": {
            "train": properties.kmeans.train,
            "test": properties.kmeans.test,
            "inertia": properties.inertia,
        },
        "knn": accuracy(&properties.knn, labels),
        "logistic": accuracy(&properties.logistic, labels),
    });
    if predictions {
        answer["predictions"] = json!({ "knn": properties.knn, "logistic": properties.logistic });
    }
    answer
}
