//! Codes as NumPy keeps them: an `.npz` file of bits, packed or one by one, with the labels of their examples.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use hash_phase::code::{ChannelSums, CodeMatrix};
use hash_phase::properties::bytes;
use hash_phase::sweep::{Found, held};
use npyz::{AutoSerialize, DType, NpyFile, Order, TypeChar, WriterBuilder};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::Failure;

/// What labels are called.
const LABELS: [[&str; 2]; 3] =
    [["y_train", "y_test"], ["train_labels", "test_labels"], ["labels_train", "labels_test"]];

/// Training and test codes with the labels of their examples.
pub(super) struct Codes {
    pub train: CodeMatrix,
    pub test: CodeMatrix,
    pub labels: [Vec<u8>; 2],
    /// Labels are below this.
    pub classes: usize,
}

/// Whether a path is one of NumPy's archives, by its name.
pub(super) fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("npz"))
}

/// Writes codes as `train` and `test`, bytes of eight bits with the lowest first, `bits` of them in each code; `widths` and `names` tell the layers apart.
/// Sums of channels, where there are any, are `train_sums` and `test_sums`.
pub(super) fn write(to: &Path, Found { numbers, train, test, sums, .. }: &Found) -> Result<(), Failure> {
    let mut archive = ZipWriter::new(io::BufWriter::new(File::create(to)?));
    for (name, (encoding, _)) in [("train", train), ("test", test)] {
        let codes = &encoding.codes;
        let shape = [codes.rows() as u64, codes.bits().div_ceil(8) as u64];
        array(&mut archive, name, &shape, (0..codes.rows()).flat_map(|row| codes.bytes(row)))?;
    }
    for (name, (_, labels)) in LABELS[0].into_iter().zip([train, test]) {
        array(&mut archive, name, &[labels.len() as u64], labels.iter().copied())?;
    }
    for (name, ChannelSums { numbers, channels }) in ["train_sums", "test_sums"].into_iter().zip(sums.iter().flatten())
    {
        let shape = [(numbers.len() / channels) as u64, *channels as u64];
        array(&mut archive, name, &shape, numbers.iter().copied())?;
    }
    array(&mut archive, "bits", &[], [train.0.codes.bits() as i64])?;
    let layers = &[numbers.widths.len() as u64];
    array(&mut archive, "widths", layers, numbers.widths.iter().copied().map(i64::from))?;
    words(&mut archive, "names", &numbers.names)?;
    Ok(archive.finish()?.flush()?)
}

/// Words, as NumPy keeps them: all as long as the longest.
fn words(archive: &mut ZipWriter<impl Write + Seek>, name: &str, words: &[String]) -> Result<(), Failure> {
    let longest = words.iter().map(|word| word.chars().count()).max().unwrap_or(0).max(1);
    archive.start_file(format!("{name}.npy"), SimpleFileOptions::default())?;
    let kind = DType::Plain(format!("<U{longest}").parse()?);
    let options = npyz::WriteOptions::<String>::new().dtype(kind).shape(&[words.len() as u64]);
    let mut array = options.writer(archive).begin_nd()?;
    words.iter().try_for_each(|word| array.push(word))?;
    Ok(array.finish()?)
}

fn array<T: AutoSerialize>(
    archive: &mut ZipWriter<impl Write + Seek>,
    name: &str,
    shape: &[u64],
    items: impl IntoIterator<Item = T>,
) -> Result<(), Failure> {
    archive.start_file(format!("{name}.npy"), SimpleFileOptions::default())?;
    let mut array = npyz::WriteOptions::new().default_dtype().shape(shape).writer(archive).begin_nd()?;
    array.extend(items)?;
    Ok(array.finish()?)
}

/// Reads codes as [`write`] writes them, or as arrays `train` and `test` of a number for each bit, 0 or 1, without `bits`.
pub(super) fn read(path: &Path) -> Result<Codes, Failure> {
    read_archive(File::open(path).map_err(|error| error.to_string()).and_then(|file| {
        ZipArchive::new(io::BufReader::new(file)).map_err(|error| format!("{error}: save it again with np.savez"))
    })?)
}

fn read_archive(mut archive: ZipArchive<impl Read + Seek>) -> Result<Codes, Failure> {
    let names = archive.file_names().map(|name| Ok(name?.trim_end_matches(".npy").to_owned()));
    let there: Vec<String> = names.collect::<Result<_, Failure>>()?;
    let missing = |what: &str| format!("it has {}, but no {what}", there.join(", "));
    let has = |name: &str| there.iter().any(|there| there == name);
    for name in ["train", "test"] {
        if !has(name) {
            return Err(format!("{}: save the codes as `train` and `test`", missing(&format!("`{name}`"))).into());
        }
    }
    let [of_train, of_test] = *LABELS
        .iter()
        .find(|names| names.iter().all(|name| has(name)))
        .ok_or_else(|| format!("{}: save them as `y_train` and `y_test`", missing("labels")))?;
    let mut labels = |name| -> Result<Vec<u8>, Failure> {
        let mut entry = archive.by_name(&format!("{name}.npy"))?;
        let label = |number: f64| (number == number.trunc() && (0.0..256.0).contains(&number)).then_some(number as u8);
        numbers(name, NpyFile::new(&mut entry)?)?
            .map(|number| {
                let number = number?;
                Ok(label(number)
                    .ok_or_else(|| format!("{name} has a {number}: labels are whole numbers from 0 to 255"))?)
            })
            .collect()
    };
    let labels = [labels(of_train)?, labels(of_test)?];
    let bits = if has("bits") {
        let mut entry = archive.by_name("bits.npy")?;
        Some(numbers("bits", NpyFile::new(&mut entry)?)?.next().ok_or("`bits` is empty: give one number")?? as usize)
    } else {
        None
    };
    let mut shape = |name: &str| -> Result<[u64; 2], Failure> {
        let mut entry = archive.by_name(&format!("{name}.npy"))?;
        match *NpyFile::new(&mut entry)?.shape() {
            [rows, columns] => Ok([rows, columns]),
            ref other => Err(format!("{name} has {} axes: give a code in each row", other.len()).into()),
        }
    };
    let ([train, columns], [test, others]) = (shape("train")?, shape("test")?);
    if columns != others {
        return Err(format!(
            "codes of train have {columns} columns, those of test {others}: take them from one network"
        )
        .into());
    }
    let classes = labels.iter().flatten().max().map_or(0, |&most| usize::from(most) + 1);
    held(bytes(train.saturating_add(test), test, bits.map_or(columns, |bits| bits as u64), classes as u64))?;
    let mut codes = |name: &str| -> Result<CodeMatrix, Failure> {
        let mut entry = archive.by_name(&format!("{name}.npy"))?;
        let file = NpyFile::new(&mut entry)?;
        match bits {
            Some(bits) => packed(name, file, bits),
            None => plain(name, file),
        }
    };
    Ok(Codes { train: codes("train")?, test: codes("test")?, labels, classes })
}

/// Codes of eight bits a byte.
fn packed(name: &str, file: NpyFile<impl Read>, bits: usize) -> Result<CodeMatrix, Failure> {
    let [rows, columns] = sizes(&file);
    let is_bytes =
        matches!(file.dtype(), DType::Plain(kind) if kind.type_char() == TypeChar::Uint && kind.size_field() == 1);
    if !is_bytes || columns != bits.div_ceil(8) {
        let reason = format!("{bits} bits are packed into rows of {} bytes (uint8)", bits.div_ceil(8));
        return Err(
            format!("{name} does not suit `bits`: {reason}; leave `bits` out where each number is a bit").into()
        );
    }
    let bytes: Vec<u8> = file.into_vec()?;
    let padding = if bits.is_multiple_of(8) { 0 } else { u8::MAX << (bits % 8) };
    if bytes.chunks_exact(columns.max(1)).any(|code| code.last().is_some_and(|last| last & padding != 0)) {
        let reason = format!("{name} has bits on behind the {bits} of a code, so that they are packed highest first");
        return Err(format!("{reason}: pack them with np.packbits(codes, axis=1, bitorder=\"little\")").into());
    }
    CodeMatrix::from_bytes(&bytes, rows, bits).map_err(|error| format!("{name}: {error}").into())
}

/// Codes of a number for each bit.
fn plain(name: &str, file: NpyFile<impl Read>) -> Result<CodeMatrix, Failure> {
    let [rows, columns] = sizes(&file);
    if file.order() == Order::Fortran {
        return Err(format!("{name} lies column by column: save np.ascontiguousarray({name})").into());
    }
    let mut codes = CodeMatrix::zeros(rows, columns);
    for (place, number) in numbers(name, file)?.enumerate() {
        match number? {
            0.0 => {}
            1.0 => codes.set(place / columns, place % columns),
            other => {
                let packed = "packed ones need an array `bits` that says how many a code has";
                return Err(format!("{name} has a {other}, which is no bit: bits are 0 or 1, and {packed}").into());
            }
        }
    }
    Ok(codes)
}

fn sizes(file: &NpyFile<impl Read>) -> [usize; 2] {
    let size = |axis: usize| file.shape().get(axis).map_or(0, |&size| size as usize);
    [size(0), size(1)]
}

/// The numbers of an array, one after the other.
fn numbers<'a, R: Read + 'a>(
    name: &str,
    file: NpyFile<R>,
) -> Result<Box<dyn Iterator<Item = io::Result<f64>> + 'a>, Failure> {
    macro_rules! each {
        ($type:ty, $number:expr) => {
            Box::new(file.data::<$type>()?.map(|number| number.map($number)))
        };
    }
    let DType::Plain(kind) = file.dtype() else { return Err(format!("{name} is an array of records").into()) };
    Ok(match (kind.type_char(), kind.size_field()) {
        (TypeChar::Bool, _) => each!(bool, f64::from),
        (TypeChar::Int, 1) => each!(i8, f64::from),
        (TypeChar::Int, 2) => each!(i16, f64::from),
        (TypeChar::Int, 4) => each!(i32, f64::from),
        (TypeChar::Int, 8) => each!(i64, |number| number as f64),
        (TypeChar::Uint, 1) => each!(u8, f64::from),
        (TypeChar::Uint, 2) => each!(u16, f64::from),
        (TypeChar::Uint, 4) => each!(u32, f64::from),
        (TypeChar::Uint, 8) => each!(u64, |number| number as f64),
        (TypeChar::Float, 4) => each!(f32, f64::from),
        (TypeChar::Float, 8) => each!(f64, |number| number),
        (kind, size) => return Err(format!("{name} is an array of type {}{size}: save numbers", kind.to_str()).into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Arrays<'a> = &'a [(&'a str, &'a [u64], Vec<u8>)];

    fn archive(arrays: Arrays<'_>) -> ZipArchive<io::Cursor<Vec<u8>>> {
        let mut archive = ZipWriter::new(io::Cursor::new(Vec::new()));
        for (name, shape, items) in arrays {
            array(&mut archive, name, shape, items.iter().copied()).unwrap();
        }
        ZipArchive::new(archive.finish().unwrap()).unwrap()
    }

    fn refused(arrays: Arrays<'_>) -> String {
        read_archive(archive(arrays)).err().unwrap().to_string()
    }

    #[test]
    fn bits_are_read_packed_or_one_by_one() {
        let labels = [("y_train", &[2][..], vec![0, 1]), ("y_test", &[1][..], vec![1])];
        let plain =
            [&[("train", &[2, 3][..], vec![1, 0, 1, 0, 1, 0]), ("test", &[1, 3][..], vec![0, 0, 1])], &labels[..]]
                .concat();
        let packed = [
            &[
                ("train", &[2, 1][..], vec![0b101, 0b010]),
                ("test", &[1, 1][..], vec![0b100]),
                ("bits", &[][..], vec![3]),
            ],
            &labels[..],
        ]
        .concat();
        let (plain, packed) = (read_archive(archive(&plain)).unwrap(), read_archive(archive(&packed)).unwrap());
        assert_eq!((plain.train, plain.test), (packed.train, packed.test));
        assert_eq!(plain.labels, [vec![0, 1], vec![1]]);
    }

    #[test]
    fn what_cannot_be_codes_is_refused_with_what_to_save_instead() {
        let codes = |train: Vec<u8>| [("train", &[1, 1][..], train), ("test", &[1, 1][..], vec![1])];
        let labels = [("train_labels", &[1][..], vec![0]), ("test_labels", &[1][..], vec![0])];
        let bits = [("bits", &[][..], vec![3])];
        assert!(refused(&codes(vec![1])).contains("no labels: save them as `y_train` and `y_test`"));
        assert!(refused(&labels).contains("no `train`"));
        let unpacked = refused(&[&codes(vec![7])[..], &labels].concat());
        assert!(unpacked.contains("train has a 7, which is no bit") && unpacked.contains("`bits`"), "{unpacked}");
        let reversed = refused(&[&codes(vec![0b1010_0000])[..], &labels, &bits].concat());
        assert!(reversed.contains("packed highest first") && reversed.contains("little"), "{reversed}");
        let wide = [("train", &[1, 2][..], vec![1, 1]), ("test", &[1, 2][..], vec![1, 1])];
        assert!(refused(&[&wide[..], &labels, &bits].concat()).contains("rows of 1 bytes"));
    }
}
