//! Data that a reader brings.

use std::sync::Arc;

use super::examples::{Examples, Values};
use super::{Dataset, DatasetError, Description, Pixels, Sparse};
use crate::bounds::{MOST_CLASSES, MOST_INPUTS};

/// Name of every such data set: its digest tells one from another.
pub const OWN: &str = "own";

/// The inputs of examples, example by example.
#[derive(Debug, Clone)]
pub enum OwnValues {
    /// Pixels, scaled to fractions like those of every data set.
    Bytes(Pixels),
    /// Numbers, used as they are.
    Floats(Vec<f32>),
    /// Numbers of which most are 0, used as they are.
    Sparse(Sparse),
}

impl Dataset {
    /// The user's own data set: the first `train` examples are for training, the others for testing. Classes are counted from the labels.
    ///
    /// # Errors
    ///
    /// Inconsistent sizes, numbers that are not finite, labels that leave a class empty or are all of one class, and anything above the
    /// [bounds](crate::bounds).
    pub fn own(values: OwnValues, labels: Vec<u8>, train: usize) -> Result<Self, DatasetError> {
        let refuse = |reason: String| Err(DatasetError::Own { reason });
        let examples = labels.len();
        let count = match &values {
            OwnValues::Bytes(bytes) => bytes.len(),
            OwnValues::Floats(floats) => floats.len(),
            OwnValues::Sparse(sparse) => sparse.rows().saturating_mul(sparse.inputs()),
        };
        if examples == 0 || count == 0 || count % examples != 0 {
            return refuse(format!(
                "{count} numbers cannot be divided evenly among {examples} labels: give every example the same number of inputs"
            ));
        }
        let inputs = count / examples;
        if inputs > MOST_INPUTS {
            return refuse(format!(
                "an example has {inputs} numbers, more than the limit of {MOST_INPUTS}: use smaller images or fewer columns"
            ));
        }
        if train == 0 || train >= examples {
            return refuse(format!(
                "{train} of {examples} examples would be used for training: keep at least one for training and one for testing"
            ));
        }
        let classes = labels.iter().copied().max().map_or(0, |label| usize::from(label) + 1);
        if classes > MOST_CLASSES {
            return refuse(format!("there are {classes} classes, more than the limit of {MOST_CLASSES}"));
        }
        let (training, testing) = labels.split_at(train);
        if let Some(missing) = (0..classes as u8).find(|label| !training.contains(label)) {
            return refuse(format!("class {missing} has no training examples: add some"));
        }
        if classes < 2 {
            return refuse("all labels are of one class: give examples of at least two".into());
        }
        let (first, rest) = match values {
            OwnValues::Bytes(pixels) => {
                let of = |range| Values::of_pixels(pixels.part(range), inputs);
                (of(0..train * inputs), of(train * inputs..count))
            }
            OwnValues::Floats(mut floats) => {
                if let Some(place) = floats.iter().position(|value| !value.is_finite()) {
                    let (row, column) = (place / inputs + 1, place % inputs + 1);
                    return refuse(format!("number {column} of example {row} is not finite: leave that example out"));
                }
                let rest = floats.split_off(train * inputs);
                (Values::of_floats(floats), Values::of_floats(rest))
            }
            OwnValues::Sparse(sparse) => {
                if let Some(row) = (0..examples).find(|&row| sparse.row(row).any(|(_, number)| !number.is_finite())) {
                    return refuse(format!("a number of example {} is not finite: leave that example out", row + 1));
                }
                let of = |rows| Values::Sparse(Arc::new(sparse.of_rows(rows)));
                (of(0..train), of(train..examples))
            }
        };
        Ok(Self {
            name: OWN.into(),
            description: Arc::new(Description::of_numbers(inputs, classes)),
            full: train,
            train: Examples::new(inputs, first, training.into()),
            test: Examples::new(inputs, rest, testing.into()),
        })
    }

    /// The same, with what a description in JSON says of its inputs and classes.
    ///
    /// # Errors
    ///
    /// No description, or one of other inputs or of fewer classes than there are labels.
    pub fn described_by(self, json: &str) -> Result<Self, DatasetError> {
        let refuse = |error: serde_json::Error| DatasetError::Own { reason: format!("the description: {error}") };
        self.described(serde_json::from_str(json).map_err(refuse)?)
    }

    /// The same, with what is known of its inputs and classes.
    ///
    /// # Errors
    ///
    /// A description of other inputs, or of fewer classes than there are labels.
    pub fn described(self, description: Description) -> Result<Self, DatasetError> {
        let (inputs, classes) = (description.kind.inputs(), description.classes.len());
        if inputs != self.inputs() as u64 || classes < self.classes() || classes > MOST_CLASSES {
            let reason = format!(
                "the description is of {inputs} inputs and {classes} classes, the data have {} and {}: describe these data",
                self.inputs(),
                self.classes()
            );
            return Err(DatasetError::Own { reason });
        }
        Ok(Self { description: Arc::new(description), ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_examples_train_and_test_and_pixels_become_fractions() {
        let data = Dataset::own(OwnValues::Bytes(vec![0, 255, 51, 0, 255, 255].into()), vec![0, 1, 1], 2).unwrap();
        assert_eq!((data.inputs(), data.classes(), data.full(), data.test().len()), (2, 2, 2, 1));
        let mut batch = Vec::new();
        data.train().gather([0, 1], &mut batch);
        assert_eq!(batch, [0.0, 1.0, 0.2, 0.0]);
        assert_eq!(Dataset::source("own"), Ok(super::super::Source::Own));
    }

    #[test]
    fn what_cannot_be_learned_is_refused_with_the_reason() {
        let refused = |values: &[f32], labels: &[u8], train| {
            Dataset::own(OwnValues::Floats(values.to_vec()), labels.to_vec(), train).unwrap_err().to_string()
        };
        assert!(refused(&[0.0; 5], &[0, 1], 1).contains("5 numbers"));
        assert!(refused(&[0.0; 4], &[0, 1], 2).contains("2 of 2 examples"));
        assert!(refused(&[0.0; 4], &[0, 0, 0, 0], 2).contains("one class"));
        assert!(refused(&[0.0; 4], &[0, 2, 0, 0], 2).contains("class 1"));
        assert!(refused(&[0.0, 1.0, f32::NAN, 1.0], &[0, 1], 1).contains("class 1"));
        assert!(refused(&[0.0, 1.0, f32::NAN, 1.0, 0.0, 0.0], &[0, 1, 0], 2).contains("number 1 of example 2"));
        assert!(refused(&vec![0.0; 2 * 160_001], &[0, 1], 1).contains("160001 numbers"));
    }
}
