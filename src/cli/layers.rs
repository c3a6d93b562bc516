//! What each layer of a network comes to alone, as a table in a file: a row a layer.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, UInt32Array};
use arrow_ipc::writer::FileWriter;
use hash_phase::sweep::OfLayer;

use super::Failure;

/// What a path's ending asks for.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Format {
    Csv,
    Arrow,
}

impl Format {
    /// # Errors
    ///
    /// Another ending.
    pub fn of(path: &Path) -> Result<Self, Failure> {
        let is = |ending: &str| path.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending));
        match path {
            _ if is("csv") => Ok(Self::Csv),
            _ if is("arrow") => Ok(Self::Arrow),
            _ => Err(format!("--layers-to {}: give a name that ends in .csv or .arrow", path.display()).into()),
        }
    }
}

/// A number of a layer.
type Number = fn(&OfLayer) -> f64;

/// The columns of numbers.
const NUMBERS: [(&str, Number); 6] = [
    ("redundancy_train", |layer| layer.redundancy.train),
    ("redundancy_test", |layer| layer.redundancy.test),
    ("kmeans_train", |layer| layer.kmeans.train),
    ("kmeans_test", |layer| layer.kmeans.test),
    ("knn", |layer| layer.knn),
    ("logistic", |layer| layer.logistic),
];

/// Writes a table of `layers`, in their order.
pub(super) fn write(to: &Path, format: Format, layers: &[OfLayer]) -> Result<(), Failure> {
    match format {
        Format::Csv => write_csv(to, layers),
        Format::Arrow => write_arrow(to, layers),
    }
}

fn write_csv(to: &Path, layers: &[OfLayer]) -> Result<(), Failure> {
    let mut file = csv::Writer::from_path(to)?;
    file.write_record(["layer", "name", "width", "bits"].into_iter().chain(NUMBERS.map(|(name, _)| name)))?;
    for (place, layer) in (1..).zip(layers) {
        let whole: [String; 4] =
            [place.to_string(), layer.name.clone(), layer.width.to_string(), layer.bits.to_string()];
        file.write_record(whole.into_iter().chain(NUMBERS.map(|(_, of)| of(layer).to_string())))?;
    }
    Ok(file.flush()?)
}

fn write_arrow(to: &Path, layers: &[OfLayer]) -> Result<(), Failure> {
    let whole = |of: fn(&OfLayer) -> u32| -> ArrayRef { Arc::new(layers.iter().map(of).collect::<UInt32Array>()) };
    let names: StringArray = layers.iter().map(|layer| Some(layer.name.as_str())).collect();
    let first: [(&str, ArrayRef); 4] = [
        ("layer", Arc::new((1..=layers.len() as u32).collect::<UInt32Array>())),
        ("name", Arc::new(names)),
        ("width", whole(|layer| layer.width)),
        ("bits", whole(|layer| layer.bits)),
    ];
    let numbers =
        NUMBERS.map(|(name, of)| (name, Arc::new(layers.iter().map(of).collect::<Float64Array>()) as ArrayRef));
    let rows = RecordBatch::try_from_iter(first.into_iter().chain(numbers))?;
    let mut file = FileWriter::try_new(File::create(to)?, &rows.schema())?;
    file.write(&rows)?;
    Ok(file.finish()?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test may panic
mod tests {
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float64Type, UInt32Type};
    use arrow_ipc::reader::FileReader;
    use hash_phase::properties::Split;

    use super::*;

    fn layers() -> Vec<OfLayer> {
        let layer = |name: &str, width: u32| OfLayer {
            name: name.into(),
            width,
            bits: width - 1,
            redundancy: Split { train: 0.1, test: 0.2 },
            kmeans: Split { train: 0.3, test: 0.4 },
            knn: 1.0 / 3.0,
            logistic: 0.75,
        };
        vec![layer("conv, the first", 64), layer("dense", 10)]
    }

    #[test]
    fn a_table_has_a_row_a_layer_and_every_number_to_the_last_bit() {
        let folder = tempfile::tempdir().unwrap();
        let csv = folder.path().join("layers.csv");
        write(&csv, Format::of(&csv).unwrap(), &layers()).unwrap();
        let text = std::fs::read_to_string(&csv).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "layer,name,width,bits,redundancy_train,redundancy_test,kmeans_train,kmeans_test,knn,logistic",
                "1,\"conv, the first\",64,63,0.1,0.2,0.3,0.4,0.3333333333333333,0.75",
                "2,dense,10,9,0.1,0.2,0.3,0.4,0.3333333333333333,0.75",
            ]
        );
        let arrow = folder.path().join("layers.ARROW");
        write(&arrow, Format::of(&arrow).unwrap(), &layers()).unwrap();
        let rows = FileReader::try_new(File::open(&arrow).unwrap(), None).unwrap().next().unwrap().unwrap();
        let column = |name: &str| rows.column_by_name(name).unwrap().clone();
        assert_eq!(column("name").as_string::<i32>().value(0), "conv, the first");
        assert_eq!(column("bits").as_primitive::<UInt32Type>().values()[..], [63, 9]);
        assert_eq!(column("knn").as_primitive::<Float64Type>().value(1), 1.0 / 3.0);
        assert_eq!(rows.num_columns(), 10);
        assert!(Format::of(Path::new("layers.json")).is_err());
    }
}
