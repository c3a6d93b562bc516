//! Arrays of inputs and labels as data: pictures, or rows of numbers.

use super::arrays::{Array, Items};
use super::split::{Classes, dealt, values_of};
use super::{Own, ReadError, hold_values, short};
use crate::dataset::{Column, Kind, OwnValues};

/// Inputs and their labels.
pub(super) struct Set {
    pub inputs: Array,
    pub labels: Array,
}

impl Set {
    fn check(&self) -> Result<(), ReadError> {
        let (inputs, labels) = (&self.inputs, &self.labels);
        if inputs.rows() == labels.rows() {
            return Ok(());
        }
        let reason = format!("it has {} examples, {} has {} labels", inputs.rows(), short(&labels.name), labels.rows());
        Err(ReadError::new(&inputs.name, reason, "use two files of the same data"))
    }
}

/// Data of which the test examples are given, or not.
pub(super) fn own_of(name: &str, train: Set, test: Option<Set>) -> Result<Own, ReadError> {
    train.check()?;
    let count = train.inputs.rows();
    let mut labels = train.labels.labels()?;
    let mut inputs = train.inputs;
    if let Some(test) = &test {
        test.check()?;
        if test.inputs.shape[1..] != inputs.shape[1..] {
            let reason = format!(
                "examples of shape {}, those of {} {}",
                test.inputs.shape_text(),
                short(&inputs.name),
                inputs.shape_text()
            );
            return Err(ReadError::new(&test.inputs.name, reason, "use files of the same data"));
        }
        labels.extend(test.labels.labels()?);
        inputs = followed(inputs, &test.inputs)?;
    }
    let classes = Classes::of(name, &labels)?;
    let mut decided = Vec::new();
    let given = test.map(|_| (count, "training and test examples are those given".into()));
    let (rows, train, is_shuffled) = dealt(name, &classes, given, &mut decided)?;
    if is_shuffled {
        decided.push("the training examples were sorted by class, and are shuffled".into());
    }
    let (kind, turned) = kind_of(&inputs)?;
    let wide = kind.inputs() as usize;
    let is_bytes = matches!(inputs.items, Items::Bytes(_));
    hold_values(&inputs.name, inputs.rows(), wide, if is_bytes { 1 } else { size_of::<f32>() })?;
    let values = values(inputs, &kind, &rows[..train], turned, &mut decided)?;
    let is_as_it_is = rows.iter().enumerate().all(|(at, &row)| at == row);
    let values = if is_as_it_is { values } else { values_of(&values, &rows, wide) };
    Ok(Own::of(kind, classes, values, &rows, train, decided))
}

fn followed(one: Array, other: &Array) -> Result<Array, ReadError> {
    let Array { name, mut shape, items } = one;
    shape[0] += other.rows();
    let items = match (items, &other.items) {
        (Items::Bytes(mut bytes), Items::Bytes(more)) => {
            bytes.extend_from_slice(more);
            Items::Bytes(bytes)
        }
        (Items::Numbers(mut numbers), Items::Numbers(more)) => {
            numbers.extend_from_slice(more);
            Items::Numbers(numbers)
        }
        _ => {
            return Err(ReadError::new(
                &other.name,
                format!("its numbers are of another type than those of {name}"),
                "save both as one type",
            ));
        }
    };
    Ok(Array { name, shape, items })
}

/// What an example is, and whether its channels come first in the file.
fn kind_of(inputs: &Array) -> Result<(Kind, bool), ReadError> {
    let image = |height: usize, width: usize, channels: usize| Kind::Image {
        height: height as u32,
        width: width as u32,
        channels: channels as u32,
    };
    Ok(match inputs.shape[1..] {
        [height, width] => (image(height, width, 1), false),
        [height, width, channels @ (1 | 3)] => (image(height, width, channels), false),
        [channels @ (1 | 3), height, width] => (image(height, width, channels), true),
        [wide] => {
            let column = |number: usize| Column { name: number.to_string(), categories: Vec::new() };
            (Kind::Table { columns: (1..=wide).map(column).collect() }, false)
        }
        _ => {
            let reason = format!(
                "inputs of shape {} are neither rows of numbers nor pictures of 1 or 3 channels",
                inputs.shape_text()
            );
            return Err(ReadError::new(
                &inputs.name,
                reason,
                "give examples × numbers, or examples × height × width (× channels)",
            ));
        }
    })
}

/// Values between 0 and 1: pixels by their range, columns of a table each by that of its training examples.
fn values(
    inputs: Array,
    kind: &Kind,
    train: &[usize],
    turned: bool,
    decided: &mut Vec<String>,
) -> Result<OwnValues, ReadError> {
    let wide = inputs.wide();
    let Array { name, shape, items } = inputs;
    let is_image = matches!(kind, Kind::Image { .. });
    let numbers: Vec<f64> = match items {
        Items::Bytes(bytes) if is_image => {
            let bytes = if turned { channels_last(&bytes, &shape) } else { bytes };
            return Ok(OwnValues::Bytes(bytes.into()));
        }
        Items::Bytes(bytes) => bytes.into_iter().map(f64::from).collect(),
        Items::Numbers(numbers) if turned => channels_last(&numbers, &shape),
        Items::Numbers(numbers) => numbers,
        Items::Texts(_) => {
            return Err(ReadError::new(&name, "inputs that are texts", "give numbers, or a table as CSV"));
        }
    };
    if let Some(place) = numbers.iter().position(|number| !number.is_finite()) {
        let reason = format!("example {} has a number that is not finite", place / wide + 1);
        return Err(ReadError::new(&name, reason, "leave that example out, or fill it in"));
    }
    // The range of each column, read row by row in memory order.
    let mut ranges = vec![(f64::INFINITY, f64::NEG_INFINITY); wide];
    for &row in train {
        for (range, &number) in ranges.iter_mut().zip(&numbers[row * wide..(row + 1) * wide]) {
            *range = (range.0.min(number), range.1.max(number));
        }
    }
    if is_image {
        let of_all = |all: (f64, f64), one: &(f64, f64)| (all.0.min(one.0), all.1.max(one.1));
        // Already scaled for networks, or bytes stored as floating-point numbers.
        let range = match ranges.iter().fold((f64::INFINITY, f64::NEG_INFINITY), of_all) {
            (least, most) if least >= 0.0 && most <= 1.0 => (0.0, 1.0),
            (least, most) if least >= 0.0 && most <= 255.0 => (0.0, 255.0),
            other => other,
        };
        if range != (0.0, 1.0) {
            decided.push(format!("pixels from {} to {} become 0…1", range.0, range.1));
        }
        ranges.fill(range);
    } else {
        decided.push("each column is scaled to 0…1 over the training examples".into());
    }
    let scaled = |(place, &number): (usize, &f64)| {
        let (least, most) = ranges[place % wide];
        if most > least { ((number - least) / (most - least)) as f32 } else { 0.0 }
    };
    Ok(OwnValues::Floats(numbers.iter().enumerate().map(scaled).collect()))
}

/// Pictures whose channels come first, as if they came last.
fn channels_last<T: Copy>(items: &[T], shape: &[usize]) -> Vec<T> {
    let (channels, pixels) = (shape[1], shape[2] * shape[3]);
    let of_example = |example: usize| {
        (0..pixels)
            .flat_map(move |pixel| (0..channels).map(move |channel| (example * channels + channel) * pixels + pixel))
    };
    (0..shape[0]).flat_map(of_example).map(|place| items[place]).collect()
}
