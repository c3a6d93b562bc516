//! Reads the user's own data, in the same way on the page and on the command line: tables, NumPy's arrays, idx files, svmlight files, and
//! pictures in folders.
//!
//! Bytes go in, and an [`Own`] comes out: a [`Description`], values, labels, which examples train, and a list of everything that was decided
//! on the way, so that it can be shown before anything trains. What a file is, is told by its content and not by its name.

mod arrays;
mod cells;
mod columns;
mod content;
mod folders;
mod idx;
mod labels;
mod layout;
mod numpy;
mod pictures;
mod progress;
mod split;
mod stack;
mod survey;
mod svmlight;
mod table;
mod text;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::bounds::BOUNDS;
use crate::dataset::{Dataset, DatasetError, Description, Kind, OwnValues};
use content::Content;
use progress::Progress;
use split::Classes;

/// A file that was brought, unpacked or not.
#[derive(Debug, Clone)]
pub struct File {
    /// Its path below the folder that was brought, or its name.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// What is said about the data beyond what the files show.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "ReadOptions")]
pub struct Options {
    /// The column of labels of a table, by name or by number from 1.
    pub label: Option<String>,
    /// Columns of a table that are not used.
    pub leave_out: Vec<String>,
    /// Columns of a table that are used although they seem to number or name the rows.
    pub keep: Vec<String>,
    /// Height, width and channels (1 or 3) of pictures.
    pub size: Option<[u32; 3]>,
    /// Refuses a table that lacks numbers; otherwise they are filled with the median, and an input more says where.
    pub refuse_missing: bool,
    /// Only the first so many training examples are used.
    pub train: Option<usize>,
}

/// The user's own data, read.
#[derive(Debug, Clone)]
pub struct Own {
    /// What they are.
    pub description: Description,
    /// The inputs of the examples that train and of those that test.
    pub values: OwnValues,
    /// Their labels.
    pub labels: Vec<u8>,
    /// How many of them train.
    pub train: usize,
    /// What was decided, in sentences.
    pub decided: Vec<String>,
    /// What became of each column of a table.
    pub columns: Vec<ColumnUse>,
}

/// What became of a column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ColumnUse {
    /// Its name, or its number where the table has no head.
    pub name: String,
    /// What it is used as.
    pub used: Used,
    /// Why, or how.
    pub how: String,
}

/// What a column of a table is used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Used {
    /// The labels.
    Label,
    /// A number.
    Number,
    /// One input for each category.
    Categories,
    /// Nothing.
    Nothing,
}

/// Files that cannot be read as data: which, why, and what to do.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{file}: {reason}: {remedy}")]
pub struct ReadError {
    file: String,
    reason: String,
    remedy: String,
}

impl ReadError {
    fn new(file: &str, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { file: file.into(), reason: reason.into(), remedy: remedy.into() }
    }
}

impl Own {
    /// Reads what was brought: one file, several, or those of a folder; `name` is what the user calls it.
    ///
    /// # Errors
    ///
    /// Files that are no data, data that do not say what to learn, and anything above the [bounds](crate::bounds).
    pub fn read(name: &str, files: Vec<File>, options: &Options) -> Result<Self, ReadError> {
        Self::read_told(name, files, options, &|_| {})
    }

    /// The same; of tables and pictures, which take long, the share that is done is told meanwhile.
    ///
    /// # Errors
    ///
    /// As [`Self::read`].
    pub fn read_told(name: &str, files: Vec<File>, options: &Options, told: &dyn Fn(f64)) -> Result<Self, ReadError> {
        let progress = &Progress::new(told);
        let mut brought = content::sorted(name, files)?;
        let of = |files: &mut Vec<(File, Content)>, wanted: fn(&Content) -> bool| -> Vec<File> {
            let (some, others): (Vec<_>, Vec<_>) =
                std::mem::take(files).into_iter().partition(|(_, content)| wanted(content));
            *files = others;
            some.into_iter().map(|(file, _)| file).collect()
        };
        let pictures = of(&mut brought.files, |content| matches!(content, Content::Picture(_)));
        let mut own = if !pictures.is_empty() {
            pictures::read(name, pictures, options, progress)?
        } else {
            let idx = of(&mut brought.files, |content| *content == Content::Idx);
            let arrays = of(&mut brought.files, |content| *content == Content::Npy);
            if !idx.is_empty() {
                idx::read(name, idx)?
            } else if !arrays.is_empty() {
                numpy::read(name, arrays)?
            } else {
                let texts = of(&mut brought.files, |content| *content == Content::Text);
                if texts.is_empty() {
                    return Err(brought.refusal(name));
                }
                if texts.iter().any(|file| svmlight::is_svmlight(&file.bytes)) {
                    svmlight::read(name, texts)?
                } else {
                    table::read(name, texts, options, progress)?
                }
            }
        };
        own.decided.extend(brought.left_out());
        own.description.name = Some(short(name));
        own.cut(name, options.train)?;
        own.check(name)?;
        Ok(own)
    }

    /// Of values that lie in the order of `rows`, of which the first `train` train.
    fn of(kind: Kind, classes: Classes, values: OwnValues, rows: &[usize], train: usize, decided: Vec<String>) -> Self {
        let labels = rows.iter().map(|&row| classes.labels[row]).collect();
        let description = Description { name: None, kind, classes: classes.names };
        Self { description, values, labels, train, decided, columns: Vec::new() }
    }

    /// Keeps the first `train` training examples alone, where that is asked for.
    fn cut(&mut self, name: &str, train: Option<usize>) -> Result<(), ReadError> {
        let Some(wanted) = train.filter(|&wanted| wanted != self.train) else { return Ok(()) };
        if wanted == 0 || wanted > self.train {
            let reason = format!("{wanted} training examples are asked for, and there are {}", self.train);
            return Err(ReadError::new(name, reason, format!("use 1 to {}", self.train)));
        }
        let rows: Vec<usize> = (0..wanted).chain(self.train..self.labels.len()).collect();
        self.values = split::values_of(&self.values, &rows, self.description.kind.inputs() as usize);
        self.labels = rows.iter().map(|&row| self.labels[row]).collect();
        self.decided.push(format!("the first {wanted} of {} training examples are used", self.train));
        self.train = wanted;
        Ok(())
    }

    fn check(&self, name: &str) -> Result<(), ReadError> {
        let inputs = self.description.kind.inputs();
        if inputs > BOUNDS.own_inputs {
            let reason = format!("an example has {inputs} inputs, more than the limit of {}", BOUNDS.own_inputs);
            return Err(ReadError::new(name, reason, "use fewer columns or smaller pictures"));
        }
        Ok(())
    }

    /// As a data set that networks can be trained on.
    ///
    /// # Errors
    ///
    /// Examples that cannot be learned, such as a class without training examples.
    pub fn dataset(self) -> Result<Dataset, DatasetError> {
        Dataset::own(self.values, self.labels, self.train)?.described(self.description)
    }
}

/// Refuses values that would take more memory than they may.
fn hold_values(name: &str, rows: usize, inputs: usize, bytes_each: usize) -> Result<(), ReadError> {
    let bytes =
        [rows, inputs, bytes_each].iter().fold(1, |product: u64, &factor| product.saturating_mul(factor as u64));
    if bytes <= BOUNDS.own_values {
        return Ok(());
    }
    let (most, found) = (BOUNDS.own_values / 1_000_000, bytes / 1_000_000);
    let reason = format!("{rows} examples of {inputs} inputs take {found} MB, more than the limit of {most} MB");
    Err(ReadError::new(name, reason, "use fewer examples or fewer inputs"))
}

/// So many of something.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The last part of a path.
fn short(path: &str) -> String {
    let parts = path.rsplit(['/', '\\']);
    parts.into_iter().find(|part| !part.is_empty()).unwrap_or(path).into()
}

/// A text as it is quoted in a sentence: cut where it is long.
fn quoted(text: &str) -> String {
    const SHOWN: usize = 40;
    let line: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(SHOWN).collect();
    if text.chars().count() > SHOWN { format!("“{line} …”") } else { format!("“{line}”") }
}

#[cfg(test)]
mod tests;
