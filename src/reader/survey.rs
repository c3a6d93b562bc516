//! What the columns of a table hold, found in one pass over it.

use std::collections::HashSet;

use foldhash::fast::FixedState;

use super::ReadError;
use super::cells::{self, is_missing, number};
use super::layout::Layout;
use crate::bounds::BOUNDS;

/// Different values that are told apart; of more it is known that there are more.
pub(super) const TOLD_APART: usize = 256;
/// Values up to which it is known whether one comes twice.
const MOST_SEEN: usize = 200_000;
/// Share of a column's cells that are numbers from which on the others are slips, and not categories.
const NUMBERS: f64 = 0.9;

/// One column, so far.
#[derive(Debug, Default)]
pub(super) struct Column {
    pub numbers: usize,
    pub missing: usize,
    pub texts: usize,
    pub least: f64,
    pub most: f64,
    pub is_whole: bool,
    /// Whether each number is one more than the one before.
    pub counts_up: bool,
    last: Option<f64>,
    /// Which of the whole numbers from 0 to 255 occur: most cells of large tables are such.
    small: [u64; 4],
    /// The other values that occur; none where there are too many.
    values: Option<HashSet<Value, FixedState>>,
    /// Whether no value has come twice.
    pub is_unique: bool,
    /// All values, as long as none has.
    seen: HashSet<Value, FixedState>,
    /// The first cell that is no number, and its line.
    pub first_text: Option<(u64, String)>,
    pub first_missing: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Value {
    Number(u64),
    Text(String),
}

impl Value {
    /// 0 and -0 are the same.
    fn of(number: f64) -> Self {
        Self::Number((number + 0.0).to_bits())
    }
}

/// A whole number from 0 to 255 as such.
fn small(number: f64) -> Option<usize> {
    ((0.0..256.0).contains(&number) && number.fract() == 0.0).then_some(number as usize)
}

impl Column {
    fn new() -> Self {
        Self {
            least: f64::INFINITY,
            most: f64::NEG_INFINITY,
            is_whole: true,
            counts_up: true,
            is_unique: true,
            values: Some(HashSet::default()),
            ..Self::default()
        }
    }

    /// Takes a cell, which is known to be that `byte` or not.
    fn take(&mut self, line: u64, cell: &str, byte: Option<u8>, decimal_comma: bool) {
        // Once values have repeated and do not count up, a byte only has to be noted.
        if let Some(byte) = byte.filter(|_| !self.is_unique && !self.counts_up) {
            self.numbers += 1;
            self.widen(byte.into());
            self.small[usize::from(byte) / 64] |= 1 << (byte % 64);
            return;
        }
        let found = number(cell, decimal_comma);
        if found.is_none() && is_missing(cell) {
            if self.missing == 0 {
                self.first_missing = line;
            }
            self.missing += 1;
            self.counts_up = false;
            return;
        }
        let value = match found {
            Some(number) => {
                self.numbers += 1;
                self.widen(number);
                self.is_whole = self.is_whole && number.fract() == 0.0;
                self.counts_up = self.counts_up && self.last.is_none_or(|last| number == last + 1.0);
                self.last = Some(number);
                Value::of(number)
            }
            None => {
                if self.texts == 0 {
                    self.first_text = Some((line, cell.to_owned()));
                }
                self.texts += 1;
                self.counts_up = false;
                Value::Text(cell.to_lowercase())
            }
        };
        if self.is_unique {
            // Only whole numbers and texts can number or name the rows, and only the first `MOST_SEEN` are compared.
            let may_be = self.is_whole && self.seen.len() < MOST_SEEN;
            self.is_unique = may_be && self.seen.insert(value.clone());
            if !self.is_unique {
                self.seen = HashSet::default();
            }
        }
        if let Some(small) = found.and_then(small) {
            self.small[small / 64] |= 1 << (small % 64);
        } else if let Some(values) = &mut self.values {
            values.insert(value);
            if values.len() > TOLD_APART {
                self.values = None;
            }
        }
    }

    /// Takes a number into the range. (`f64::min` is a call in WebAssembly.)
    fn widen(&mut self, number: f64) {
        if number < self.least {
            self.least = number;
        }
        if number > self.most {
            self.most = number;
        }
    }

    /// Whether it is one of numbers, a few slips aside.
    pub fn is_numeric(&self) -> bool {
        self.numbers > 0 && self.numbers as f64 >= NUMBERS * (self.numbers + self.texts) as f64
    }

    /// How many different values it has; none where they are more than are told apart.
    pub fn distinct(&self) -> Option<usize> {
        let small: u32 = self.small.iter().map(|bits| bits.count_ones()).sum();
        self.values.as_ref().map(|values| values.len() + small as usize)
    }

    /// Cells with something in them.
    pub fn filled(&self) -> usize {
        self.numbers + self.texts
    }

    /// Whether a cell is one of its values.
    pub fn has(&self, cell: &str, decimal_comma: bool) -> bool {
        let found = number(cell, decimal_comma);
        if let Some(small) = found.and_then(small) {
            return self.small[small / 64] >> (small % 64) & 1 == 1;
        }
        let value = found.map_or_else(|| Value::Text(cell.to_lowercase()), Value::of);
        self.values.as_ref().is_some_and(|values| values.contains(&value))
    }
}

/// A table, looked through once.
pub(super) struct Survey {
    pub columns: Vec<Column>,
    /// The names of the columns, where there is a head.
    pub head: Option<Vec<String>>,
    pub rows: usize,
    /// All cells below a head, row by row, where each is a whole number from 0 to 255, as those of pictures are.
    pub bytes: Option<Vec<u8>>,
}

impl Survey {
    /// Looks through a table; `label` is how the column of labels is said to be called.
    pub fn of(layout: &Layout<'_>, label: Option<&str>) -> Result<Self, ReadError> {
        let mut columns: Vec<Column> = (0..layout.width).map(|_| Column::new()).collect();
        let (mut first, mut rows): (Option<Vec<String>>, usize) = (None, 0);
        let mut bytes = Some(Vec::new());
        layout.each(|line, cells| {
            match &first {
                None => first = Some(cells.iter().map(|&cell| cell.to_owned()).collect()),
                // A header that occurs again, as in concatenated tables.
                Some(head) if cells == head.as_slice() && is_named(head, label) => {}
                Some(_) => {
                    rows += 1;
                    for (column, cell) in columns.iter_mut().zip(cells) {
                        let byte = cells::small(cell).and_then(|number| u8::try_from(number).ok());
                        column.take(line, cell, byte, layout.decimal_comma);
                        match (&mut bytes, byte) {
                            (Some(bytes), Some(byte)) => bytes.push(byte),
                            _ => bytes = None,
                        }
                    }
                    bytes = bytes.take().filter(|bytes| bytes.len() as u64 <= BOUNDS.own_values);
                }
            }
            Ok(())
        })?;
        let first = first.unwrap_or_default();
        let mut survey = Self { columns, head: None, rows, bytes };
        if survey.is_head(&first, layout.decimal_comma, label) {
            survey.head = Some(first);
        } else {
            survey.rows += 1;
            survey.bytes = None;
            let of_first = survey.columns.iter_mut().zip(&first);
            of_first.for_each(|(column, cell)| column.take_first(cell, layout.decimal_comma));
        }
        Ok(survey)
    }

    /// Whether the first record names the columns.
    fn is_head(&self, first: &[String], decimal_comma: bool, label: Option<&str>) -> bool {
        if is_named(first, label) {
            return true;
        }
        let numbers: Vec<_> = first.iter().map(|cell| number(cell, decimal_comma)).collect();
        // pandas names columns that have no name 0, 1, 2 and so on.
        let counts_up = numbers.iter().enumerate().all(|(at, number)| *number == Some(at as f64));
        if counts_up && first.len() > 2 {
            return true;
        }
        let is_name = |(column, cell): (&Column, &String)| {
            !is_missing(cell) && number(cell, decimal_comma).is_none() && column.is_numeric()
        };
        if self.columns.iter().zip(first).any(is_name) {
            return true;
        }
        // In a table of texts, a header's cells occur nowhere else.
        let is_text = self.columns.iter().all(|column| !column.is_numeric());
        is_text
            && self.columns.iter().zip(first).all(|(column, cell)| {
                !cell.is_empty() && column.distinct().is_some() && !column.has(cell, decimal_comma)
            })
    }

    /// The name of a column, or its number from 1.
    pub fn name(&self, column: usize) -> String {
        match self.head.as_ref().and_then(|head| head.get(column)).filter(|name| !name.is_empty()) {
            Some(name) => name.split_whitespace().collect::<Vec<_>>().join(" "),
            None => (column + 1).to_string(),
        }
    }
}

impl Column {
    /// The first record is one like the others.
    fn take_first(&mut self, cell: &str, decimal_comma: bool) {
        let (counts_up, last) = (self.counts_up, self.last);
        let least = self.least;
        self.take(1, cell, None, decimal_comma);
        let follows = number(cell, decimal_comma).is_some_and(|number| number + 1.0 == least);
        (self.counts_up, self.last) = (counts_up && follows, last);
    }
}

/// Whether a record has a word in it that names a column of labels.
fn is_named(record: &[String], label: Option<&str>) -> bool {
    record.iter().any(|cell| {
        super::labels::is_sure_name(cell)
            || label.is_some_and(|label| label.eq_ignore_ascii_case(cell) && label.parse::<f64>().is_err())
    })
}
