//! `hash-phase properties`.

use std::path::PathBuf;

use clap::Args;
use hash_phase::code::CodeMatrix;
use hash_phase::properties::{EncodingProperties, Labelled, Measure, accuracy};
use hash_phase::random::stream;
use serde::Deserialize;
use serde_json::json;

use super::{Failure, read_bytes, read_text};

/// Codes in a pair of files.
#[derive(Args)]
pub struct Arguments {
    /// Describes the codes: {"bits", "train", "test", "classes", "labels": {"train", "test"}}; the codes themselves lie
    /// beside it under the ending .bits, `train` rows then `test` rows of ceil(bits / 8) bytes, lowest bit first
    codes: PathBuf,
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

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        if self.neighbours == 0 || self.starts == 0 || !(self.c > 0.0 && self.c.is_finite()) {
            return Err("--neighbours, --starts and --c must be above 0: leave them out for the paper's".into());
        }
        let name = self.codes.display();
        let text = read_text(&self.codes)?;
        let reader = &mut serde_json::Deserializer::from_str(&text);
        let description: Description = serde_path_to_error::deserialize(reader)
            .map_err(|error| format!("{name}: {error}: see `hash-phase properties --help` for what belongs there"))?;
        let bits_path = self.codes.with_extension("bits");
        let bytes = read_bytes(&bits_path)?;
        let Description { bits, train, test, classes, labels } = description;
        let both = train.checked_add(test).filter(|rows| rows.checked_mul(bits.div_ceil(8)).is_some());
        let both = both.ok_or_else(|| format!("{name}: 'train', 'test' and 'bits' are too large: check them"))?;
        let codes = CodeMatrix::from_bytes(&bytes, both, bits);
        let (train_codes, test_codes) =
            codes.map_err(|error| format!("{}: {error}", bits_path.display()))?.split_at(train);

        let properties = EncodingProperties::of(
            Labelled { codes: &train_codes, labels: &labels.train },
            Labelled { codes: &test_codes, labels: &labels.test },
            Measure { classes, neighbours: self.neighbours, kmeans_starts: self.starts, logistic_c: self.c },
            &mut stream(self.seed, "k-means", &[]),
        )
        .map_err(|error| format!("{name}: {error}"))?;
        let mut answer = json!({
            "bits": properties.bits,
            "redundancy": properties.redundancy,
            "kmeans": {
                "train": properties.kmeans.train,
                "test": properties.kmeans.test,
                "inertia": properties.inertia,
            },
            "knn": accuracy(&properties.knn, &labels.test),
            "logistic": accuracy(&properties.logistic, &labels.test),
        });
        if self.predictions {
            answer["predictions"] = json!({ "knn": properties.knn, "logistic": properties.logistic });
        }
        println!("{}", serde_json::to_string_pretty(&answer)?);
        Ok(())
    }
}
