//! Reads a chart from the columns of an Apache Arrow file, as [`PhaseChart::write_columns`] writes them.

use std::io::Cursor;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt8Type, UInt16Type, UInt32Type};
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::FileReader;
use arrow_schema::DataType;

use super::columns::CHART;
use super::{Cell, ChartError, PhaseChart};
use crate::properties::Split;

/// With what such a file begins.
const MAGIC: &[u8] = b"ARROW1";

impl PhaseChart {
    /// Reads a chart, as JSON or as columns.
    ///
    /// # Errors
    ///
    /// A file that is no chart, or one that makes no sense.
    pub fn from_file(bytes: &[u8]) -> Result<Self, ChartError> {
        if bytes.starts_with(MAGIC) {
            return from_columns(bytes);
        }
        let text =
            std::str::from_utf8(bytes).map_err(|_| shape("file", "not text, and no columns: give a chart file"))?;
        Self::from_json(text)
    }
}

fn shape(path: &str, reason: &str) -> ChartError {
    ChartError::Shape { path: path.into(), reason: reason.into() }
}

fn from_columns(bytes: &[u8]) -> Result<PhaseChart, ChartError> {
    let broken = |error: arrow_schema::ArrowError| shape("file", &error.to_string());
    let reader = FileReader::try_new(Cursor::new(bytes), None).map_err(broken)?;
    let schema = reader.schema();
    let chart = schema.metadata().get(CHART).ok_or_else(|| {
        shape("file", "columns without the rest of a chart: give a file that `hash-phase columns` wrote")
    })?;
    let mut chart = PhaseChart::from_json(chart)?;
    for rows in reader {
        let rows = rows.map_err(broken)?;
        let columns = Columns(&rows);
        chart.cells.extend((0..rows.num_rows()).map(|row| columns.cell(row)).collect::<Result<Vec<_>, _>>()?);
    }
    chart.admit()?;
    Ok(chart)
}

/// The columns of some cells.
struct Columns<'a>(&'a RecordBatch);

impl Columns<'_> {
    fn cell(&self, row: usize) -> Result<Cell, ChartError> {
        let whole = |name: &str| self.whole(name, row)?.ok_or_else(|| shape(&at(name, row), "no number"));
        let share = |name: &str| self.share(name, row)?.ok_or_else(|| shape(&at(name, row), "no number"));
        let split = |name: &str| -> Result<Split, ChartError> {
            Ok(Split { train: share(&format!("{name}_train"))?, test: share(&format!("{name}_test"))? })
        };
        Ok(Cell {
            width: whole("width")?,
            epoch: whole("epoch")?,
            samples: whole("samples")?,
            seed: whole("seed")?,
            level: whole("level")?,
            stopped: self.whole("stopped", row)?,
            bits: whole("bits")?,
            redundancy: split("redundancy")?,
            redundancy_random: self.share("redundancy_random", row)?,
            accuracy: split("accuracy")?,
            kmeans: if self.share("kmeans_train", row)?.is_some() { Some(split("kmeans")?) } else { None },
            knn: self.share("knn", row)?,
            logistic: self.share("logistic", row)?,
        })
    }

    /// A whole number, if the column is there and has one.
    fn whole(&self, name: &str, row: usize) -> Result<Option<u32>, ChartError> {
        let Some(column) = self.0.column_by_name(name).filter(|column| column.is_valid(row)) else { return Ok(None) };
        Ok(Some(match column.data_type() {
            DataType::UInt8 => column.as_primitive::<UInt8Type>().value(row).into(),
            DataType::UInt16 => column.as_primitive::<UInt16Type>().value(row).into(),
            DataType::UInt32 => column.as_primitive::<UInt32Type>().value(row),
            _ => return Err(shape(name, "not unsigned whole numbers of at most 32 bits")),
        }))
    }

    fn share(&self, name: &str, row: usize) -> Result<Option<f64>, ChartError> {
        let Some(column) = self.0.column_by_name(name).filter(|column| column.is_valid(row)) else { return Ok(None) };
        let column = column.as_primitive_opt::<Float64Type>().ok_or_else(|| shape(name, "not numbers of 64 bits"))?;
        Ok(Some(column.value(row)))
    }
}

fn at(name: &str, row: usize) -> String {
    format!("{name}[{row}]")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test may panic
mod tests {
    use super::*;

    #[test]
    fn a_chart_comes_back_from_its_columns_to_the_last_bit_and_what_is_none_is_refused() {
        let mut chart = PhaseChart::from_json(include_str!("../../www/charts/mnist-random-inputs.json")).unwrap();
        chart.cells[3].knn = None;
        chart.cells[5].kmeans = None;
        let mut file = Vec::new();
        chart.clone().write_columns(&mut file).unwrap();
        assert_eq!(PhaseChart::from_file(&file).unwrap(), chart);
        assert_eq!(PhaseChart::from_file(chart.to_json().unwrap().as_bytes()).unwrap(), chart);
        assert!(PhaseChart::from_file(&file[..file.len() / 2]).is_err());
        assert!(PhaseChart::from_file(&[0xff, 0xfe, 0]).unwrap_err().to_string().contains("not text, and no columns"));
        // The axes say something else than the cells.
        let mut other = chart.clone();
        other.cells[0].width = 11;
        let mut file = Vec::new();
        other.write_columns(&mut file).unwrap();
        assert!(PhaseChart::from_file(&file).is_err());
    }
}
