//! Idx files of every type, paired by their names.

use super::arrays::{Array, Items};
use super::folders::{Role, role};
use super::stack::{Set, own_of};
use super::{File, Own, ReadError, short};

/// Words of a name that say what is in a file, and not of which data set it is.
const WORDS: [&str; 18] = [
    "images",
    "image",
    "labels",
    "label",
    "train",
    "training",
    "test",
    "testing",
    "tests",
    "val",
    "valid",
    "validation",
    "idx",
    "ubyte",
    "byte",
    "t",
    "k",
    "gz",
];

/// Reads images and labels.
pub(super) fn read(name: &str, files: Vec<File>) -> Result<Own, ReadError> {
    let mut arrays = Vec::new();
    for file in files {
        arrays.push(array(file)?);
    }
    let sets: std::collections::BTreeSet<String> = arrays.iter().map(|array| set_name(&array.name)).collect();
    if sets.len() > 1 && arrays.len() > 2 {
        let names: Vec<&str> = sets.iter().map(String::as_str).collect();
        let reason = format!("there are files of several data sets: {}", names.join(", "));
        return Err(ReadError::new(name, reason, "bring the files of one"));
    }
    let (images, labels): (Vec<Array>, Vec<Array>) = arrays.into_iter().partition(|array| !array.may_be_labels());
    let pick = |arrays: &[Array], test: bool| {
        arrays
            .iter()
            .find(|array| matches!(role(&short(&array.name)), Some(Role::Test | Role::Validation)) == test)
            .cloned()
    };
    let pair = |test| pick(&images, test).zip(pick(&labels, test)).map(|(inputs, labels)| Set { inputs, labels });
    match (pair(false), pair(true)) {
        (Some(train), test) => own_of(name, train, test),
        (None, Some(only)) => own_of(name, only, None),
        (None, None) => {
            let found: Vec<String> = images.iter().chain(&labels).map(Array::named_shape).collect();
            let reason = format!("images and their labels are needed, and there is {}", found.join(", "));
            Err(ReadError::new(
                name,
                reason,
                "bring a file of images with its file of labels, which has one for each image",
            ))
        }
    }
}

/// What of a file's name says of which data set it is.
fn set_name(path: &str) -> String {
    let name = short(path).to_lowercase();
    let words = name.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    words.filter(|word| !WORDS.contains(word) && word.len() > 1).collect::<Vec<_>>().join("-")
}

/// A file's array; the caller knows it by its first bytes.
fn array(file: File) -> Result<Array, ReadError> {
    let File { path, bytes } = file;
    let refuse = |reason: String| Err(ReadError::new(&path, reason, "download it again"));
    let (kind, dimensions) = (bytes[2], usize::from(bytes[3]));
    let Some(header) = bytes.get(4..4 + 4 * dimensions) else { return refuse("it ends within its sizes".into()) };
    let shape: Vec<usize> = header.as_chunks::<4>().0.iter().map(|size| u32::from_be_bytes(*size) as usize).collect();
    if shape.contains(&0) {
        return refuse("no examples in it".into());
    }
    let each = match kind {
        0x08 | 0x09 => 1,
        0x0b => 2,
        0x0c | 0x0d => 4,
        _ => 8,
    };
    let wanted = shape.iter().fold(each, |product: usize, &size| product.saturating_mul(size));
    let data = &bytes[4 + 4 * dimensions..];
    if data.len() != wanted {
        return refuse(format!(
            "its header says {wanted} bytes of data, and it has {}: it is cut short or damaged",
            data.len()
        ));
    }
    fn numbers<const N: usize>(data: &[u8], number: fn([u8; N]) -> f64) -> Items {
        Items::Numbers(data.as_chunks::<N>().0.iter().map(|bytes| number(*bytes)).collect())
    }
    let items = match kind {
        0x08 => Items::Bytes(data.to_vec()),
        0x09 => numbers::<1>(data, |bytes| i8::from_be_bytes(bytes).into()),
        0x0b => numbers::<2>(data, |bytes| i16::from_be_bytes(bytes).into()),
        0x0c => numbers::<4>(data, |bytes| i32::from_be_bytes(bytes).into()),
        0x0d => numbers::<4>(data, |bytes| f32::from_be_bytes(bytes).into()),
        _ => numbers::<8>(data, f64::from_be_bytes),
    };
    Ok(Array { name: path, shape, items })
}
