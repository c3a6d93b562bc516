//! NumPy's arrays: `.npz` as Keras, MedMNIST and `np.savez` write them, and `.npy` files side by side.

use std::io::{Cursor, Read};

use npyz::{DType, NpyFile, Order, TypeChar, TypeStr};

use super::arrays::{Array, Items};
use super::folders::{Role, role};
use super::stack::{Set, own_of};
use super::{File, Own, ReadError, short};
use crate::bounds::BOUNDS;

/// Words that name inputs, and labels.
const INPUTS: [&str; 10] = ["x", "xs", "images", "image", "data", "inputs", "input", "features", "feature", "samples"];
const LABELS: [&str; 9] = ["y", "ys", "labels", "label", "target", "targets", "classes", "class", "digits"];

/// Reads the arrays of a file, or of several.
pub(super) fn read(name: &str, files: Vec<File>) -> Result<Own, ReadError> {
    let mut arrays = Vec::new();
    for file in files {
        if file.bytes.starts_with(b"PK") {
            arrays.extend(archive(&file)?);
        } else {
            arrays.push(array(&file.path, &file.bytes)?);
        }
    }
    let is_named = |array: &Array, words: &[&str]| {
        let name = short(&array.name).to_lowercase();
        let name = name.strip_suffix(".npy").unwrap_or(&name);
        name.split(|letter: char| !letter.is_alphabetic()).any(|word| words.contains(&word))
    };
    let named = |words: &[&str], wanted: Option<Role>| {
        arrays.iter().find(|array| is_named(array, words) && role(&short(&array.name)) == wanted)
    };
    let set = |wanted| {
        let (inputs, labels) = (named(&INPUTS, wanted)?, named(&LABELS, wanted)?);
        Some(Set { inputs: inputs.clone(), labels: labels.clone() })
    };
    let (train, validation, test) = (set(Some(Role::Train)), set(Some(Role::Validation)), set(Some(Role::Test)));
    let is_left_out = validation.is_some() && test.is_some();
    if let Some(train) = train {
        let mut own = own_of(name, train, test.or(validation))?;
        if is_left_out {
            own.decided.push("the validation examples are left out".into());
        }
        return Ok(own);
    }
    if let Some(all) = set(None).or(test) {
        return own_of(name, all, None);
    }
    // Unnamed arrays, as np.savez(file, x, y) writes them, are told apart by their shapes.
    if let [one, other] = &arrays[..]
        && one.rows() == other.rows()
        && one.may_be_labels() != other.may_be_labels()
    {
        let (inputs, labels) = if one.may_be_labels() { (other, one) } else { (one, other) };
        return own_of(name, Set { inputs: inputs.clone(), labels: labels.clone() }, None);
    }
    let found: Vec<String> = arrays.iter().map(Array::named_shape).collect();
    let reason = format!("it has {}, and it is not clear which are inputs and which labels", found.join(", "));
    Err(ReadError::new(name, reason, "name them x and y, or x_train, y_train, x_test and y_test"))
}

/// The arrays of an archive.
fn archive(file: &File) -> Result<Vec<Array>, ReadError> {
    let damaged = |error: &dyn std::fmt::Display| {
        ReadError::new(&file.path, format!("the archive cannot be read ({error})"), "save it again with np.savez")
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(&file.bytes)).map_err(|error| damaged(&error))?;
    let (mut arrays, mut left) = (Vec::new(), BOUNDS.own_bytes);
    for number in 0..archive.len() {
        let entry = archive.by_index(number).map_err(|error| damaged(&error))?;
        let name = entry.name().map_err(|error| damaged(&error))?.into_owned();
        let mut bytes = Vec::new();
        entry.take(left + 1).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
        left = left.checked_sub(bytes.len() as u64).ok_or_else(|| {
            let most = BOUNDS.own_bytes / 1_000_000;
            ReadError::new(&file.path, format!("more than {most} MB unpacked"), "use fewer examples")
        })?;
        if bytes.starts_with(b"\x93NUMPY") {
            arrays.push(array(&name, &bytes)?);
        }
    }
    Ok(arrays)
}

fn damaged(name: &str, error: std::io::Error) -> ReadError {
    ReadError::new(name, format!("the array cannot be read ({error})"), "save it again with np.savez")
}

/// One array.
fn array(name: &str, bytes: &[u8]) -> Result<Array, ReadError> {
    let file = NpyFile::new(bytes).map_err(|error| damaged(name, error))?;
    let DType::Plain(kind) = file.dtype() else {
        return Err(ReadError::new(name, "an array of records", "save one array of inputs and one of labels"));
    };
    let shape: Vec<usize> = file.shape().iter().map(|&size| size as usize).collect();
    let items = shape.iter().fold(1, |product: usize, &size| product.saturating_mul(size));
    let wanted = items.saturating_mul(kind.num_bytes().unwrap_or(1));
    if shape.is_empty() || items == 0 {
        return Err(ReadError::new(name, "an array without examples", "give an array with an example in each row"));
    }
    // The header may announce more than the file holds.
    if wanted > bytes.len() {
        return Err(ReadError::new(name, "the array is cut short", "save it again with np.savez"));
    }
    let is_by_columns = file.order() == Order::Fortran && shape.len() > 1;
    let items = read_items(name, file, &kind)?;
    let items = if is_by_columns { transposed(&shape, items) } else { items };
    Ok(Array { name: name.into(), shape, items })
}

fn read_items(name: &str, file: NpyFile<&[u8]>, kind: &TypeStr) -> Result<Items, ReadError> {
    let damaged = |error| damaged(name, error);
    macro_rules! numbers {
        ($type:ty, $number:expr) => {{
            let read: Vec<$type> = file.into_vec().map_err(damaged)?;
            Items::Numbers(read.into_iter().map($number).collect())
        }};
    }
    Ok(match (kind.type_char(), kind.size_field()) {
        (TypeChar::Uint, 1) => Items::Bytes(file.into_vec().map_err(damaged)?),
        (TypeChar::Bool, _) => {
            let read: Vec<bool> = file.into_vec().map_err(damaged)?;
            Items::Numbers(read.into_iter().map(f64::from).collect())
        }
        (TypeChar::Int, 1) => numbers!(i8, f64::from),
        (TypeChar::Int, 2) => numbers!(i16, f64::from),
        (TypeChar::Int, 4) => numbers!(i32, f64::from),
        (TypeChar::Int, 8) => numbers!(i64, |number| number as f64),
        (TypeChar::Uint, 2) => numbers!(u16, f64::from),
        (TypeChar::Uint, 4) => numbers!(u32, f64::from),
        (TypeChar::Uint, 8) => numbers!(u64, |number| number as f64),
        (TypeChar::Float, 2) => numbers!(half::f16, |number: half::f16| number.into()),
        (TypeChar::Float, 4) => numbers!(f32, f64::from),
        (TypeChar::Float, 8) => numbers!(f64, |number| number),
        (TypeChar::UnicodeStr, _) => Items::Texts(file.into_vec().map_err(damaged)?),
        (TypeChar::ByteStr, _) => {
            let read: Vec<Vec<u8>> = file.into_vec().map_err(damaged)?;
            Items::Texts(
                read.iter().map(|text| String::from_utf8_lossy(text).trim_end_matches('\0').to_owned()).collect(),
            )
        }
        (TypeChar::Object, _) => {
            let reason = "an array of Python objects, such as lists of different lengths";
            return Err(ReadError::new(name, reason, "save arrays of numbers"));
        }
        (other, size) => {
            return Err(ReadError::new(
                name,
                format!("an array of type {}{size}", other.to_str()),
                "save arrays of numbers",
            ));
        }
    })
}

/// Items whose first axis runs fastest, as if the last did.
fn transposed(shape: &[usize], items: Items) -> Items {
    let strides: Vec<usize> =
        shape.iter().scan(1, |stride, &size| Some(std::mem::replace(stride, *stride * size))).collect();
    let place = |mut number: usize| {
        shape.iter().zip(&strides).rev().fold(0, |place, (&size, &stride)| {
            let at = number % size;
            number /= size;
            place + at * stride
        })
    };
    let places = 0..items.len();
    match items {
        Items::Bytes(bytes) => Items::Bytes(places.map(|at| bytes[place(at)]).collect()),
        Items::Numbers(numbers) => Items::Numbers(places.map(|at| numbers[place(at)]).collect()),
        Items::Texts(texts) => Items::Texts(places.map(|at| texts[place(at)].clone()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_in_fortran_s_order_is_turned() {
        // [[1, 2, 3], [4, 5, 6]] by columns.
        let Items::Numbers(turned) = transposed(&[2, 3], Items::Numbers(vec![1.0, 4.0, 2.0, 5.0, 3.0, 6.0])) else {
            panic!()
        };
        assert_eq!(turned, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }
}
