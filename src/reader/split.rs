//! Which examples train and which test, and labels as numbers.

use rand::seq::SliceRandom;

use super::ReadError;
use crate::bounds::MOST_CLASSES;
use crate::dataset::{OwnValues, Sparse};
use crate::random::stream;

/// Four fifths of each class train.
const TRAIN: f64 = 0.8;

/// Labels as numbers, and what they are called.
pub(super) struct Classes {
    pub names: Vec<String>,
    pub labels: Vec<u8>,
    /// Whether spellings that differ in capitals alone were taken for one class.
    pub merged: bool,
}

impl Classes {
    /// Of labels as texts; numbers in their order, others by the alphabet. `Cat` and `cat` are one class, named as most write it.
    pub fn of(file: &str, labels: &[impl AsRef<str>]) -> Result<Self, ReadError> {
        let mut spellings = std::collections::BTreeMap::<String, std::collections::BTreeMap<&str, usize>>::new();
        for label in labels.iter().map(AsRef::as_ref) {
            *spellings.entry(label.to_lowercase()).or_default().entry(label).or_default() += 1;
        }
        let merged = spellings.values().any(|of_class| of_class.len() > 1);
        if spellings.len() > MOST_CLASSES {
            let reason = format!("there are {} classes, more than the limit of {MOST_CLASSES}", spellings.len());
            return Err(ReadError::new(file, reason, "use fewer, or another column of labels"));
        }
        let mut keys: Vec<&String> = spellings.keys().collect();
        keys.sort_by(|one, other| match (one.parse::<f64>(), other.parse::<f64>()) {
            (Ok(one), Ok(other)) => one.total_cmp(&other),
            _ => one.cmp(other),
        });
        if keys.len() < 2 {
            let only = labels.first().map_or("", AsRef::as_ref);
            return Err(ReadError::new(
                file,
                format!("all labels are {}", super::quoted(only)),
                "give examples of at least two classes",
            ));
        }
        let place: std::collections::HashMap<&str, u8> =
            keys.iter().enumerate().map(|(at, key)| (key.as_str(), at as u8)).collect();
        let number = |label: &str| place.get(label.to_lowercase().as_str()).copied().unwrap_or_default();
        let labels = labels.iter().map(|label| number(label.as_ref())).collect();
        let usual = |of_class: &std::collections::BTreeMap<&str, usize>| {
            of_class.iter().max_by_key(|&(_, &count)| count).map(|(&name, _)| name.to_owned()).unwrap_or_default()
        };
        let names = keys.iter().map(|&key| usual(&spellings[key])).collect();
        Ok(Self { names, labels, merged })
    }
}

/// The order in which examples are taken, those that train first; how many train; and whether they had to be shuffled. `given` is how many of
/// the first train, and that in words, where the user's data say it.
pub(super) fn dealt(
    file: &str,
    classes: &Classes,
    given: Option<(usize, String)>,
    decided: &mut Vec<String>,
) -> Result<(Vec<usize>, usize, bool), ReadError> {
    let Some((train, said)) = given else {
        decided.push("four fifths of each class train, the others test".into());
        let (rows, train) = split(file, classes)?;
        return Ok((rows, train, false));
    };
    hold_classes(file, classes, train)?;
    decided.push(said);
    let (rows, is_shuffled) = order(&classes.labels, train);
    Ok((rows, train, is_shuffled))
}

/// Four fifths of each class train, always the same ones; those that train come first.
fn split(file: &str, classes: &Classes) -> Result<(Vec<usize>, usize), ReadError> {
    let mut random = stream(0, "own data", &[]);
    let (mut train, mut test) = (Vec::new(), Vec::new());
    for (class, name) in classes.names.iter().enumerate() {
        let mut rows: Vec<usize> =
            (0..classes.labels.len()).filter(|&row| usize::from(classes.labels[row]) == class).collect();
        if rows.len() < 2 {
            let reason = format!("class {} has one example", super::quoted(name));
            return Err(ReadError::new(file, reason, "give at least two, one to train and one to test"));
        }
        rows.shuffle(&mut random);
        let count = ((TRAIN * rows.len() as f64).round() as usize).clamp(1, rows.len() - 1);
        test.extend_from_slice(&rows[count..]);
        train.extend_from_slice(&rows[..count]);
    }
    train.shuffle(&mut random);
    test.shuffle(&mut random);
    let count = train.len();
    train.append(&mut test);
    Ok((train, count))
}

/// The order of examples whose split is given, the first `train` to train: as they come, but where they are sorted by class, since the
/// first of them must stand for all.
fn order(labels: &[u8], train: usize) -> (Vec<usize>, bool) {
    let mut rows: Vec<usize> = (0..labels.len()).collect();
    let is_sorted = labels[..train].is_sorted() || labels[..train].is_sorted_by(|one, other| one >= other);
    if is_sorted {
        rows[..train].shuffle(&mut stream(0, "own data", &[]));
    }
    (rows, is_sorted)
}

/// Refuses classes that no training example has.
fn hold_classes(file: &str, classes: &Classes, train: usize) -> Result<(), ReadError> {
    let (training, testing) = classes.labels.split_at(train);
    if training.is_empty() || testing.is_empty() {
        let set = if training.is_empty() { "training" } else { "test" };
        return Err(ReadError::new(file, format!("there are no {set} examples"), "give some"));
    }
    match (0..classes.names.len()).find(|&class| !training.contains(&(class as u8))) {
        None => Ok(()),
        Some(class) => {
            let reason = format!("class {} has test examples only", super::quoted(&classes.names[class]));
            Err(ReadError::new(file, reason, "give training examples of it, or leave it out"))
        }
    }
}

/// The values of the rows named, in that order.
pub(super) fn values_of(values: &OwnValues, rows: &[usize], inputs: usize) -> OwnValues {
    match values {
        OwnValues::Bytes(pixels) => {
            let bytes: Vec<u8> =
                rows.iter().flat_map(|&row| pixels.read(row * inputs..(row + 1) * inputs).into_owned()).collect();
            OwnValues::Bytes(bytes.into())
        }
        OwnValues::Floats(numbers) => OwnValues::Floats(
            rows.iter().flat_map(|&row| numbers[row * inputs..(row + 1) * inputs].iter().copied()).collect(),
        ),
        OwnValues::Sparse(sparse) => OwnValues::Sparse(Sparse::of_rows(sparse, rows.iter().copied())),
    }
}
