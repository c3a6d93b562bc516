//! What each column of a table is used as.

use std::collections::BTreeMap;

use super::cells::{category, is_missing, number, small};
use super::survey::{Column, Survey};
use super::{ColumnUse, Options, ReadError, Used, quoted};
use crate::dataset::{self, Kind};

/// Categories that a column may have.
const MOST_CATEGORIES: usize = 100;
/// Rows from which on a first column of whole numbers, each another, names the rows where no head says what it is.
const MANY_ROWS: usize = 50;
/// What a column that names the rows is called.
const ROW_NAMES: [&str; 12] =
    ["", "id", "index", "row", "rowid", "rownames", "rownumber", "unnamed0", "no", "nr", "number", "sampleid"];
/// What the category of cells without one is called.
const MISSING: &str = "missing";

/// The inputs that are made of a table's columns.
pub(super) struct Columns {
    pub label: usize,
    used: Vec<Input>,
    pub notes: Vec<ColumnUse>,
    decimal_comma: bool,
}

/// What is made of one column, and which are its inputs.
struct Input {
    column: usize,
    name: String,
    first: usize,
    made: Made,
}

enum Made {
    /// Scaled to 0...1 over the training examples; `fill` stands where it is missing, which a second input says.
    Number { least: f64, most: f64, fill: Option<Fill> },
    /// An input for each.
    Categories(BTreeMap<String, usize>),
}

#[derive(Default)]
struct Fill {
    numbers: Vec<f64>,
    median: f64,
}

impl Columns {
    /// Decides.
    pub fn of(
        file: &str,
        survey: &Survey,
        label: (usize, String),
        options: &Options,
        decimal_comma: bool,
    ) -> Result<Self, ReadError> {
        let mut columns = Self { label: label.0, used: Vec::new(), notes: Vec::new(), decimal_comma };
        for (at, column) in survey.columns.iter().enumerate() {
            let name = survey.name(at);
            let mut note = |used, how: String| columns.notes.push(ColumnUse { name: name.clone(), used, how });
            if at == label.0 {
                note(Used::Label, label.1.clone());
                continue;
            }
            if names_one(&options.leave_out, survey, at) {
                note(Used::Nothing, "as you said".into());
                continue;
            }
            if let Some(why) = useless(column, survey, at).filter(|_| !names_one(&options.keep, survey, at)) {
                note(Used::Nothing, why);
                continue;
            }
            let made = if column.is_numeric() {
                if let Some((line, cell)) = &column.first_text {
                    let reason = format!(
                        "line {line} has {} in column {}, where all others are numbers",
                        quoted(cell),
                        quoted(&name)
                    );
                    return Err(ReadError::new(file, reason, "mend that line, leave it out, or leave the column out"));
                }
                if column.missing > 0 && options.refuse_missing {
                    let reason = format!("line {} has no number in column {}", column.first_missing, quoted(&name));
                    return Err(ReadError::new(file, reason, "leave that line or the column out"));
                }
                let how = match column.missing {
                    0 => "scaled to 0…1 over the training examples".into(),
                    missing => format!(
                        "scaled to 0…1; {missing} missing, filled with the median, and one more input says where"
                    ),
                };
                note(Used::Number, how);
                let fill = (column.missing > 0).then(Fill::default);
                Made::Number { least: f64::INFINITY, most: f64::NEG_INFINITY, fill }
            } else {
                note(Used::Categories, String::new());
                Made::Categories(BTreeMap::new())
            };
            columns.used.push(Input { column: at, name, first: 0, made });
        }
        if columns.used.is_empty() {
            return Err(ReadError::new(
                file,
                "no column is left to learn from",
                "give columns of numbers or categories beside the labels",
            ));
        }
        Ok(columns)
    }

    /// Notes the categories of a row; of all rows before any is [measured](Self::measure).
    pub fn collect(&mut self, cells: &[&str]) {
        for input in &mut self.used {
            if let Made::Categories(categories) = &mut input.made {
                let cell = cells[input.column];
                let category = if is_missing(cell) { MISSING.into() } else { category(cell, self.decimal_comma) };
                categories.entry(category).or_insert(0);
            }
        }
    }

    /// Numbers the inputs, once all categories are known.
    pub fn number(&mut self) {
        let mut next = 0;
        for input in &mut self.used {
            input.first = next;
            next += match &mut input.made {
                Made::Number { fill, .. } => 1 + usize::from(fill.is_some()),
                Made::Categories(categories) => {
                    categories.values_mut().enumerate().for_each(|(place, number)| *number = place);
                    categories.len()
                }
            };
        }
        for note in self.notes.iter_mut().filter(|note| note.used == Used::Categories) {
            let of = self.used.iter().find(|input| input.name == note.name).map(|input| &input.made);
            if let Some(Made::Categories(categories)) = of {
                note.how = format!("one input for each of {} categories", categories.len());
            }
        }
    }

    /// Takes a training row's numbers into the range that they are scaled by.
    pub fn measure(&mut self, cells: &[&str]) {
        for input in &mut self.used {
            if let Made::Number { least, most, fill } = &mut input.made
                && let Some(number) = number(cells[input.column], self.decimal_comma)
            {
                *least = least.min(number);
                *most = most.max(number);
                if let Some(fill) = fill {
                    fill.numbers.push(number);
                }
            }
        }
    }

    /// Settles what missing numbers are filled with.
    pub fn settle(&mut self) {
        for input in &mut self.used {
            if let Made::Number { fill: Some(fill), .. } = &mut input.made {
                fill.numbers.sort_by(f64::total_cmp);
                fill.median = fill.numbers.get(fill.numbers.len() / 2).copied().unwrap_or_default();
                fill.numbers = Vec::new();
            }
        }
    }

    /// Writes a row's inputs into `out`, which is all 0.
    pub fn write(&self, cells: &[&str], out: &mut [f32]) {
        for Input { column, first, made, .. } in &self.used {
            let cell = cells[*column];
            match made {
                Made::Number { least, most, fill } => {
                    let found = number(cell, self.decimal_comma);
                    let median = fill.as_ref().map_or(*least, |fill| fill.median);
                    let range = most - least;
                    let scaled = if range > 0.0 { (found.unwrap_or(median) - least) / range } else { 0.0 };
                    out[*first] = scaled as f32;
                    if fill.is_some() && found.is_none() {
                        out[first + 1] = 1.0;
                    }
                }
                Made::Categories(categories) => {
                    let category = if is_missing(cell) { MISSING.into() } else { category(cell, self.decimal_comma) };
                    if let Some(place) = categories.get(&category) {
                        out[first + place] = 1.0;
                    }
                }
            }
        }
    }

    /// Writes a row's inputs from all its cells as bytes, where all are [pixels](Self::picture).
    pub fn copy_pixels(&self, row: &[u8], out: &mut [u8]) {
        self.used.iter().zip(out).for_each(|(input, byte)| *byte = row[input.column]);
    }

    /// Writes a row's inputs as they are, where all are [pixels](Self::picture).
    pub fn write_pixels(&self, cells: &[&str], out: &mut [u8]) {
        for (input, byte) in self.used.iter().zip(out) {
            let cell = cells[input.column];
            *byte = match small(cell) {
                Some(value) => value as u8,
                None => number(cell, self.decimal_comma).unwrap_or_default() as u8,
            };
        }
    }

    /// The columns as a data set names them.
    pub fn kind(&self) -> Kind {
        let columns = self.used.iter().flat_map(|input| {
            let of = |name: &str, categories| dataset::Column { name: name.into(), categories };
            match &input.made {
                Made::Number { fill: None, .. } => vec![of(&input.name, Vec::new())],
                Made::Number { fill: Some(_), .. } => {
                    vec![of(&input.name, Vec::new()), of(&format!("{} is missing", input.name), Vec::new())]
                }
                Made::Categories(categories) => vec![of(&input.name, categories.keys().cloned().collect())],
            }
        });
        Kind::Table { columns: columns.collect() }
    }

    /// The picture that a row is, where the columns are named as pixels and hold bytes: `pixel0` and on of a square, or `1x1` and on.
    pub fn picture(&self, survey: &Survey) -> Option<Kind> {
        let is_byte = |column: &Column| {
            column.is_whole && column.least >= 0.0 && column.most <= 255.0 && column.missing + column.texts == 0
        };
        if !self.used.iter().all(|input| is_byte(&survey.columns[input.column])) {
            return None;
        }
        let names: Vec<String> = self.used.iter().map(|input| input.name.to_lowercase()).collect();
        let count = names.len() as u32;
        let number_of = |name: &String| {
            let digits = name.strip_prefix("pixel").or_else(|| name.strip_prefix("px"))?;
            digits.trim_start_matches(['_', '.', ' ']).parse::<u32>().ok()
        };
        let numbers: Option<Vec<u32>> = names.iter().map(number_of).collect();
        if numbers.is_some_and(|numbers| numbers.windows(2).all(|pair| pair[0] + 1 == pair[1])) {
            let side = count.isqrt();
            return (side * side == count && side > 1).then(|| Kind::grey(side, side));
        }
        let (height, width) = names.last()?.split_once('x')?;
        let (height, width): (u32, u32) = (height.parse().ok()?, width.parse().ok()?);
        let is_named =
            |(at, name): (usize, &String)| *name == format!("{}x{}", at as u32 / width + 1, at as u32 % width + 1);
        (width > 0 && height.checked_mul(width) == Some(count) && names.iter().enumerate().all(is_named))
            .then(|| Kind::grey(height, width))
    }
}

/// Whether a column is among some that are said by name or number.
pub(super) fn names_one(said: &[String], survey: &Survey, at: usize) -> bool {
    said.iter().any(|name| name.trim().eq_ignore_ascii_case(&survey.name(at)) || name.trim().parse() == Ok(at + 1))
}

/// Why nothing can be learned from a column; none where it can.
fn useless(column: &Column, survey: &Survey, at: usize) -> Option<String> {
    if column.filled() == 0 {
        return Some("it is empty".into());
    }
    let name: String = survey
        .head
        .as_ref()
        .map(|head| head[at].chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect())
        .unwrap_or_default();
    let is_row_name = survey.head.is_some() && (ROW_NAMES.contains(&name.as_str()) || name.ends_with("id"));
    let is_whole = column.numbers > 0 && column.texts == 0 && column.is_whole && column.missing == 0;
    let numbers_rows = is_whole
        && column.is_unique
        && survey.rows > 2
        && (column.counts_up || is_row_name || (at == 0 && survey.head.is_none() && survey.rows >= MANY_ROWS));
    if numbers_rows {
        return Some("it numbers the rows".into());
    }
    if column.is_numeric() {
        // Beyond these, neighbouring integers are the same 32-bit float.
        let is_too_long = column.is_whole && column.most.abs().max(column.least.abs()) > 9e15;
        return is_too_long.then(|| "its numbers are too long to be told apart".into());
    }
    if is_row_name && column.is_unique {
        return Some("it names the rows".into());
    }
    match column.distinct() {
        Some(1) if column.missing == 0 => Some("it is the same in all rows".into()),
        Some(distinct) if distinct <= MOST_CATEGORIES && (2 * distinct <= column.filled() || distinct <= 3) => None,
        _ => Some("nearly every row has another text, or there are too many categories".into()),
    }
}
