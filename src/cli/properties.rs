//! `hash-phase properties`.

use std::path::PathBuf;

use clap::Args;
use hash_phase::code::CodeMatrix;
use hash_phase::properties::{EncodingProperties, Labelled, Measure, accuracy};
use hash_phase::random::stream;
use serde::Deserialize;
use serde_json::json;

use super::output::print;
use super::{Failure, read_bytes, read_text};

/// Codes in a pair of files.
#[derive(Args)]
pub struct Arguments {
    /// Describes the codes: {"bits", "train", "test", "classes", "labels": {"train", "test"}}; the codes themselves lie
    /// beside it under the ending .bits, `train` rows then `test` rows of ceil(bits / 8) bytes, lowest bit first
    codes: PathBuf,
    #[command(flatten)]
    measuring: Measuring,
}

/// How codes are measured.
#[derive(Args)]
pub(super) struct Measuring {
    /// K-NN: neighbours that vote
    #[arg(long, default_value_t = 9)]
    neighbours: usize,
    /// K-Means: starts of which the best is kept
    #[arg(long, default_value_t = 10)]
    starts: usize,
    /// Logistic regression: inverse strength of the L2 penalty
    #[arg(long, default_value_t = 1.0)]
    c: f64,
    /// Seed of K-Means
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// Print each test example's label as K-NN and logistic regression predict it, too
    #[arg(long)]
    predictions: bool,
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
        let bits_path = self.codes.with_extension("bits");
        let bytes = read_bytes(&bits_path)?;
        let both = train.checked_add(test).filter(|rows| rows.checked_mul(bits.div_ceil(8)).is_some());
        let both = both.ok_or_else(|| format!("{name}: 'train', 'test' and 'bits' are too large: check them"))?;
        let codes = CodeMatrix::from_bytes(&bytes, both, bits);
        let (train_codes, test_codes) =
            codes.map_err(|error| format!("{}: {error}", bits_path.display()))?.split_at(train);

        let train = Labelled { codes: &train_codes, labels: &labels.train };
        let test = Labelled { codes: &test_codes, labels: &labels.test };
        let answer = self.measuring.answer(train, test, classes).map_err(|error| format!("{name}: {error}"))?;
        print(&serde_json::to_string_pretty(&answer)?)
    }
}

impl Measuring {
    /// The encoding properties, as they are printed.
    pub fn answer(
        &self,
        train: Labelled<'_>,
        test: Labelled<'_>,
        classes: usize,
    ) -> Result<serde_json::Value, Failure> {
        let Self { neighbours, starts, c, seed, .. } = *self;
        if neighbours == 0 || starts == 0 || !(c > 0.0 && c.is_finite()) {
            return Err("--neighbours, --starts and --c must be above 0: leave them out for the paper's".into());
        }
        let measure = Measure { classes, neighbours, kmeans_starts: starts, logistic_c: c };
        let properties = EncodingProperties::of(train, test, measure, &mut stream(seed, "k-means", &[]))?;
        let mut answer = json!({
            "bits": properties.bits,
            "redundancy": properties.redundancy,
            "kmeans": {
                "train": properties.kmeans.train,
                "test": properties.kmeans.test,
                "inertia": properties.inertia,
            },
            "knn": accuracy(&properties.knn, test.labels),
            "logistic": accuracy(&properties.logistic, test.labels),
        });
        if self.predictions {
            answer["predictions"] = json!({ "knn": properties.knn, "logistic": properties.logistic });
        }
        Ok(answer)
    }
}
