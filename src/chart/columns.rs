//! A chart's squares as columns: an [Apache Arrow](https://arrow.apache.org) file, which the page and other programs open without
//! reading a million objects first.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, UInt8Array, UInt16Array, UInt32Array};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, Field, Schema};
use thiserror::Error;

use super::{Cell, PhaseChart};

/// Under which the file holds the chart without its cells, as JSON.
pub(super) const CHART: &str = "hash-phase/chart";

/// Columns that cannot be written.
#[derive(Debug, Error)]
#[error("the columns cannot be written ({0}): choose another output with -o")]
pub struct ColumnsError(#[from] ArrowError);

impl From<serde_json::Error> for ColumnsError {
    fn from(error: serde_json::Error) -> Self {
        Self(ArrowError::ExternalError(error.into()))
    }
}

impl PhaseChart {
    /// Writes an Arrow file with a row a cell, in the order of [`Self::cells`]. Whole numbers are of the narrowest unsigned type that
    /// holds them, shares are float64 to the last bit, what a cell has not is null, and a column that no cell has is left out. All
    /// else of the chart is in the schema's metadata.
    pub fn write_columns(mut self, to: impl Write) -> Result<(), ColumnsError> {
        let cells = std::mem::take(&mut self.cells);
        let columns: Vec<(&str, ArrayRef)> = whole_columns(&cells).into_iter().chain(share_columns(&cells)).collect();
        let fields: Vec<Field> = columns
            .iter()
            .map(|(name, column)| Field::new(*name, column.data_type().clone(), column.is_nullable()))
            .collect();
        let metadata: HashMap<_, _> = [(CHART.to_owned(), serde_json::to_string(&self)?)].into();
        let schema = Arc::new(Schema::new_with_metadata(fields, metadata));
        let rows = RecordBatch::try_new(schema.clone(), columns.into_iter().map(|(_, column)| column).collect())?;
        let mut file = FileWriter::try_new(to, &schema)?;
        file.write(&rows)?;
        Ok(file.finish()?)
    }
}

fn whole_columns(cells: &[Cell]) -> Vec<(&'static str, ArrayRef)> {
    let column = |of: fn(&Cell) -> Option<u32>| whole(cells.iter().map(of));
    let mut columns = vec![
        ("width", column(|cell| Some(cell.width))),
        ("epoch", column(|cell| Some(cell.epoch))),
        ("samples", column(|cell| Some(cell.samples))),
        ("seed", column(|cell| Some(cell.seed))),
        ("level", column(|cell| Some(cell.level))),
        ("bits", column(|cell| Some(cell.bits))),
    ];
    if cells.iter().any(|cell| cell.stopped.is_some()) {
        columns.push(("stopped", column(|cell| cell.stopped)));
    }
    columns
}

/// A number of a cell, if it has it.
type Share = fn(&Cell) -> Option<f64>;

fn share_columns(cells: &[Cell]) -> Vec<(&'static str, ArrayRef)> {
    let of: [(_, Share); 9] = [
        ("redundancy_train", |cell| Some(cell.redundancy.train)),
        ("redundancy_test", |cell| Some(cell.redundancy.test)),
        ("redundancy_random", |cell| cell.redundancy_random),
        ("accuracy_train", |cell| Some(cell.accuracy.train)),
        ("accuracy_test", |cell| Some(cell.accuracy.test)),
        ("kmeans_train", |cell| Some(cell.kmeans?.train)),
        ("kmeans_test", |cell| Some(cell.kmeans?.test)),
        ("knn", |cell| cell.knn),
        ("logistic", |cell| cell.logistic),
    ];
    let there = |of: Share| cells.iter().any(|cell| of(cell).is_some());
    let column = |of: Share| -> ArrayRef { Arc::new(cells.iter().map(of).collect::<Float64Array>()) };
    of.into_iter().filter(|&(_, of)| there(of)).map(|(name, of)| (name, column(of))).collect()
}

/// Numbers in the narrowest type for them.
fn whole(values: impl Iterator<Item = Option<u32>> + Clone) -> ArrayRef {
    let most = values.clone().flatten().max().unwrap_or_default();
    if u8::try_from(most).is_ok() {
        Arc::new(values.map(|value| value.map(|value| value as u8)).collect::<UInt8Array>())
    } else if u16::try_from(most).is_ok() {
        Arc::new(values.map(|value| value.map(|value| value as u16)).collect::<UInt16Array>())
    } else {
        Arc::new(values.collect::<UInt32Array>())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float64Type, UInt8Type, UInt16Type};
    use arrow_ipc::reader::FileReader;

    use super::*;

    #[test]
    fn every_number_of_every_cell_is_in_the_columns_to_the_last_bit() {
        let mut chart = PhaseChart::from_json(include_str!("../../www/charts/mnist-figure.json")).unwrap();
        chart.cells[3].knn = None;
        chart.cells[4].stopped = Some(2);
        let mut file = Vec::new();
        chart.clone().write_columns(&mut file).unwrap();

        let mut batches = FileReader::try_new(Cursor::new(file), None).unwrap();
        let schema = batches.schema();
        let rows = batches.next().unwrap().unwrap();
        assert!(batches.next().is_none());
        let whole = |name| rows.column_by_name(name).unwrap().as_primitive::<UInt8Type>();
        let shares = |name| rows.column_by_name(name).unwrap().as_primitive::<Float64Type>();
        let present =
            |name, row| Some(shares(name)).filter(|column| !column.is_null(row)).map(|column| column.value(row));
        for (row, cell) in chart.cells.iter().enumerate() {
            assert_eq!(u32::from(whole("width").value(row)), cell.width);
            assert_eq!(u32::from(whole("seed").value(row)), cell.seed);
            assert_eq!(present("knn", row), cell.knn);
            assert_eq!(present("kmeans_test", row), cell.kmeans.map(|split| split.test));
            assert_eq!(shares("redundancy_train").value(row), cell.redundancy.train);
            assert_eq!(
                Some(whole("stopped")).filter(|column| column.is_valid(row)).map(|column| u32::from(column.value(row))),
                cell.stopped
            );
        }
        assert_eq!(
            rows.column_by_name("samples").unwrap().as_primitive::<UInt16Type>().value(0),
            chart.cells[0].samples as u16
        );
        let cells = std::mem::take(&mut chart.cells);
        assert_eq!(rows.num_rows(), cells.len());
        assert_eq!(PhaseChart::from_json(&schema.metadata()[CHART]).unwrap(), chart);
        assert!(rows.column_by_name("redundancy_random").is_none());
    }
}
