//! `--dataset`: a known data set by its name, or the user's own by the path of a file or a folder.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use hash_phase::bounds::BOUNDS;
use hash_phase::dataset::{Dataset, Known};
use hash_phase::reader::{File, Options, Own, Used};

use super::{Failure, read_bytes, tell};

/// Where known data sets are, and how the user's own is read.
#[derive(Args)]
pub(super) struct Data {
    /// Folder of the known data sets
    #[arg(long, env = "HASH_PHASE_DATA", default_value = "www/public/data")]
    data: PathBuf,
    #[command(flatten)]
    reading: Reading,
}

/// What is said of the user's own data.
#[derive(Args)]
struct Reading {
    /// Own table: the column of labels, by name or by number from 1
    #[arg(long)]
    label: Option<String>,
    /// Own table: columns that are not used, by name or number
    #[arg(long, value_delimiter = ',')]
    leave_out: Vec<String>,
    /// Own table: columns that are used although they seem to number or name the rows
    #[arg(long, value_delimiter = ',')]
    keep: Vec<String>,
    /// Own table: refuse missing numbers instead of filling them with the median
    #[arg(long)]
    refuse_missing: bool,
    /// Own pictures: HEIGHTxWIDTH for grey, HEIGHTxWIDTHx3 for colour, for example 32x32x3 [default: as they are if all are of one small
    /// size, else 28x28]
    #[arg(long, value_parser = size)]
    size: Option<Size>,
    /// Own data: use only the first TRAIN training examples
    #[arg(long)]
    train: Option<usize>,
}

#[derive(Clone, Copy)]
struct Size([u32; 3]);

fn size(text: &str) -> Result<Size, String> {
    let sides: Option<Vec<u32>> = text.split('x').map(|side| side.parse().ok()).collect();
    match sides.as_deref() {
        Some(&[height, width]) if height.min(width) > 0 => Ok(Size([height, width, 1])),
        Some(&[height, width, channels @ (1 | 3)]) if height.min(width) > 0 => Ok(Size([height, width, channels])),
        _ => Err("write HEIGHTxWIDTH, or HEIGHTxWIDTHx3 for colour".into()),
    }
}

/// Whether a data set is the user's own, and no known one.
pub(super) fn is_own(dataset: &str) -> bool {
    Known::named(dataset).is_none()
}

impl Data {
    /// Loads the data set of that name or path; of the user's own it says what was decided.
    pub fn load(&self, dataset: &str) -> Result<Dataset, Failure> {
        if !is_own(dataset) {
            return Ok(Dataset::load(dataset, &self.data)?);
        }
        let path = Path::new(dataset);
        if !path.exists() {
            let known = Dataset::NAMES.join(", ");
            return Err(
                format!("unknown data set '{dataset}': choose one of {known}, or give a file or a folder").into()
            );
        }
        let Reading { label, leave_out, keep, refuse_missing, size, train } = &self.reading;
        let options = Options {
            label: label.clone(),
            leave_out: leave_out.clone(),
            keep: keep.clone(),
            size: size.map(|Size(size)| size),
            refuse_missing: *refuse_missing,
            train: *train,
        };
        let own = Own::read(dataset, files(path)?, &options)?;
        said(&own).iter().for_each(|line| tell(line));
        Ok(own.dataset().map_err(|error| format!("{dataset}: {error}"))?)
    }
}

/// A file, or all files of a folder, each by its path below what was given.
fn files(path: &Path) -> Result<Vec<File>, Failure> {
    let mut files = Vec::new();
    let mut left = BOUNDS.own_bytes;
    let mut open = vec![(path.to_owned(), path.file_name().map(PathBuf::from).unwrap_or_default())];
    while let Some((path, name)) = open.pop() {
        let failed = |error: std::io::Error| format!("{}: {error}: check the path", path.display());
        if path.is_dir() {
            for entry in fs::read_dir(&path).map_err(failed)? {
                let entry = entry.map_err(failed)?;
                open.push((entry.path(), name.join(entry.file_name())));
            }
            continue;
        }
        let bytes = read_bytes(&path)?;
        left = left.checked_sub(bytes.len() as u64).ok_or_else(|| {
            let most = BOUNDS.own_bytes / 1_000_000;
            format!("{}: there are more than {most} MB of files: use fewer or smaller ones", path.display())
        })?;
        files.push(File { path: name.to_string_lossy().into_owned(), bytes });
    }
    Ok(files)
}

/// What was decided about the user's own data, a line each.
fn said(own: &Own) -> Vec<String> {
    const NAMED: usize = 8;
    const COLUMNS: usize = 40;
    let names: Vec<&str> = own.description.classes.iter().take(NAMED).map(String::as_str).collect();
    let more = if own.description.classes.len() > NAMED { ", …" } else { "" };
    let mut lines = vec![format!(
        "{}: {} training and {} test examples, inputs: {}, {} classes: {}{more}",
        own.description.name.as_deref().unwrap_or_default(),
        own.train,
        own.labels.len() - own.train,
        own.description.kind.inputs(),
        own.description.classes.len(),
        names.join(", ")
    )];
    let used = |used: Used| match used {
        Used::Label => "labels",
        Used::Number => "number",
        Used::Categories => "categories",
        Used::Nothing => "not used",
    };
    let columns = own.columns.iter().take(COLUMNS);
    lines.extend(columns.map(|column| format!("  {}: {} ({})", column.name, used(column.used), column.how)));
    if own.columns.len() > COLUMNS {
        lines.push(format!("  and {} more columns", own.columns.len() - COLUMNS));
    }
    lines.extend(own.decided.iter().map(|decision| format!("  {decision}")));
    lines
}
