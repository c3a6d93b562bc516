//! Tables and bags of words that are known by name: rows of which only the numbers that are not 0 are in files.

use super::idx::{FLOATS, INTEGERS, IdxError, read_numbers};
use super::{Dataset, DatasetError, Known, OwnValues, Sparse, read_labels};

/// The unpacked files of such a data set, made of the published ones by `scripts/tables.mjs` or `scripts/brought.py`; training rows first, then
/// those of the test set.
#[derive(Debug, Clone, Copy)]
pub struct RowFiles<'a> {
    /// A [`Description`](super::Description), as JSON.
    pub description: &'a [u8],
    /// Where each row begins in `places` and `numbers`, and where the last one ends; idx of 32-bit integers.
    pub starts: &'a [u8],
    /// Which inputs are not 0, rising within a row; idx of 32-bit integers.
    pub places: &'a [u8],
    /// What they are; idx of 32-bit floats.
    pub numbers: &'a [u8],
    /// The label of each row; idx of bytes.
    pub labels: &'a [u8],
}

impl RowFiles<'_> {
    /// Their names, without ending.
    pub const NAMES: [&'static str; 5] = ["description", "starts", "places", "numbers", "labels"];
}

impl Dataset {
    /// A known data set of rows.
    ///
    /// # Errors
    ///
    /// Files that are damaged, do not go together, or are of other rows, inputs or classes than the known ones.
    pub fn from_rows(known: &Known, files: RowFiles<'_>) -> Result<Self, DatasetError> {
        let refuse = |file: &str, reason: String| DatasetError::Rows { name: known.name, file: file.into(), reason };
        let of = |file: &'static str| move |reason: IdxError| refuse(file, reason.to_string());
        let description = str::from_utf8(files.description);
        let description = description.map_err(|error| refuse("description", error.to_string()))?;
        let starts = read_numbers(files.starts, INTEGERS).map_err(of("starts"))?;
        let starts = starts.map(|bytes| u32::from_be_bytes(bytes) as usize).collect();
        let places = read_numbers(files.places, INTEGERS).map_err(of("places"))?.map(u32::from_be_bytes);
        let numbers = read_numbers(files.numbers, FLOATS).map_err(of("numbers"))?.map(f32::from_be_bytes);
        let labels = read_labels(files.labels).map_err(of("labels"))?;
        let sparse = Sparse::from_parts(known.inputs as usize, starts, places.collect(), numbers.collect())
            .ok_or_else(|| refuse("starts", "not of these places and numbers".into()))?;
        let (rows, named, wanted) = (sparse.rows(), labels.len(), (known.train + known.test) as usize);
        if (rows, named) != (wanted, wanted) {
            return Err(refuse("starts", format!("{rows} rows and {named} labels, not {wanted}")));
        }
        let own = Self::own(OwnValues::Sparse(sparse), labels.into(), known.train as usize)
            .and_then(|own| own.described_by(description))
            .map_err(|error| refuse("description", error.to_string()))?;
        if own.classes() != known.classes.len() {
            return Err(refuse("description", format!("{} classes, not {}", own.classes(), known.classes.len())));
        }
        Ok(Self { name: known.name.into(), ..own })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Source;

    fn idx(kind: u8, numbers: &[[u8; 4]]) -> Vec<u8> {
        let mut file = vec![0, 0, kind, 1];
        file.extend((numbers.len() as u32).to_be_bytes());
        file.extend(numbers.concat());
        file
    }

    /// Two training rows and a test row, of three inputs: read as a data set of that size.
    fn read(starts: &[u32], places: &[u32], labels: &[u8]) -> Result<Dataset, DatasetError> {
        let known = Known { train: 2, test: 1, inputs: 3, ..Known::named("adult").unwrap().clone() };
        assert_eq!(known.source, Source::Rows);
        let integers =
            |numbers: &[u32]| idx(0x0C, &numbers.iter().map(|number| number.to_be_bytes()).collect::<Vec<_>>());
        let numbers = idx(0x0D, &vec![0.5_f32.to_be_bytes(); places.len()]);
        let labels = [&[0, 0, 8, 1], &(labels.len() as u32).to_be_bytes()[..], labels].concat();
        let (starts, places) = (integers(starts), integers(places));
        let description = br#"{"kind": "words", "inputs": 3, "classes": ["more", "less"]}"#;
        Dataset::from_rows(
            &known,
            RowFiles { description, starts: &starts, places: &places, numbers: &numbers, labels: &labels },
        )
    }

    #[test]
    fn training_rows_come_first_and_what_is_in_no_file_is_zero() {
        let data = read(&[0, 2, 3, 4], &[0, 2, 1, 0], &[1, 0, 1]).unwrap();
        assert_eq!((data.name(), data.train().labels(), data.test().labels()), ("adult", &[1, 0][..], &[1][..]));
        let mut batch = Vec::new();
        data.train().gather([0, 1], &mut batch);
        assert_eq!(batch, [0.5, 0.0, 0.5, 0.0, 0.5, 0.0]);
        assert_eq!(data.description().classes, ["more", "less"]);
    }

    #[test]
    fn files_that_do_not_go_together_are_refused_with_the_remedy() {
        let refused =
            |starts: &[u32], places: &[u32], labels: &[u8]| read(starts, places, labels).unwrap_err().to_string();
        let remedy = "run `npm run data -- adult`";
        for (starts, places, labels, reason) in [
            (&[0, 2, 3][..], &[0, 2, 1][..], &[1, 0][..], "2 rows"),
            (&[0, 2, 3, 4], &[0, 2, 1, 0], &[1, 0], "2 labels"),
            (&[0, 2, 3, 4], &[2, 0, 1, 0], &[1, 0, 1], "not of these places"),
            (&[0, 2, 3, 4], &[0, 3, 1, 0], &[1, 0, 1], "not of these places"),
        ] {
            let message = refused(starts, places, labels);
            assert!(message.contains(reason) && message.ends_with(remedy), "{message}");
        }
    }
}
