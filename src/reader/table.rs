//! A table, or one that trains and one that tests, as data.

use std::collections::HashMap;

use super::cells::category;
use super::columns::{Columns, names_one};
use super::folders::{Role, role};
use super::layout::Layout;
use super::progress::Progress;
use super::split::{Classes, dealt, values_of};
use super::survey::Survey;
use super::{File, Options, Own, ReadError, counted, hold_values, labels, quoted, short, text};
use crate::dataset::OwnValues;

/// How often a table is passed at most: to look through it, for labels and categories, for ranges, for numbers.
const PASSES: usize = 4;

/// A table, laid out and looked through.
struct Table<'a> {
    path: &'a str,
    layout: Layout<'a>,
    survey: Survey,
    said: Option<&'static str>,
}

impl<'a> Table<'a> {
    fn of(file: &'a File, label: Option<&str>, progress: &'a Progress<'a>) -> Result<Self, ReadError> {
        let (text, said) = text::decoded(&file.bytes);
        let layout = Layout::of(&file.path, text, progress)?;
        let survey = Survey::of(&layout, label)?;
        if survey.rows < 3 {
            let reason = format!("the table has {} of examples", counted(survey.rows, "row"));
            return Err(ReadError::new(&file.path, reason, "give a row for each example"));
        }
        Ok(Self { path: &file.path, layout, survey, said })
    }

    /// Every row that is an example, from 0.
    fn each(&self, mut take: impl FnMut(usize, &[&str])) -> Result<(), ReadError> {
        let mut row = 0;
        self.layout.each(|_, cells| {
            let is_head = self.survey.head.as_ref().is_some_and(|head| cells == head.as_slice());
            if !is_head {
                take(row, cells);
                row += 1;
            }
            Ok(())
        })
    }
}

/// Reads the tables among some texts.
pub(super) fn read(name: &str, files: Vec<File>, options: &Options, progress: &Progress<'_>) -> Result<Own, ReadError> {
    progress.begin(PASSES * files.iter().map(|file| file.bytes.len()).sum::<usize>());
    let said = options.label.as_deref();
    let mut tables = Vec::new();
    let (mut refused, mut decided) = (None, Vec::new());
    let alone = files.len() == 1;
    for file in &files {
        match Table::of(file, said, progress) {
            Ok(table) => tables.push(table),
            Err(error) if alone => return Err(error),
            Err(error) => {
                decided.push(format!("left out: {}", short(&file.path)));
                refused = Some(error);
            }
        }
    }
    let mut test = None;
    if tables.len() > 1 {
        let role_of = |table: &Table<'_>| role(&short(table.path)).or_else(|| role(table.path));
        let is = |table: &Table<'_>, wanted| role_of(table) == Some(wanted);
        let is_only = |table: &Table<'_>| {
            role_of(table).is_none() && tables.iter().filter(|other| role_of(other).is_none()).count() == 1
        };
        let training =
            tables.iter().position(|table| is(table, Role::Train)).or_else(|| tables.iter().position(is_only));
        let Some(first) = training else { return Err(which(name, &tables)) };
        let training = tables.remove(first);
        // A table with other columns may have no labels.
        let (mut others, odd): (Vec<_>, Vec<_>) = tables.into_iter().partition(|table| is_same(&training, table));
        decided.extend(odd.iter().map(|table| format!("left out: {}, which has other columns", short(table.path))));
        let second = others.iter().position(|table| is(table, Role::Test));
        let second = second.or_else(|| others.iter().position(|table| is(table, Role::Validation)));
        test = second.map(|second| others.remove(second));
        if !others.is_empty() {
            let all: Vec<_> = [Some(training), test].into_iter().flatten().chain(others).collect();
            return Err(which(name, &all));
        }
        tables = vec![training];
    }
    let Some(train) = tables.pop() else {
        let none = || ReadError::new(name, "there is no table in it", "give a table as text");
        return Err(refused.unwrap_or_else(none));
    };
    let mut own = learn(&train, test.as_ref(), options)?;
    own.decided.extend(decided);
    Ok(own)
}

fn which(name: &str, tables: &[Table<'_>]) -> ReadError {
    let names: Vec<String> = tables.iter().map(|table| short(table.path)).collect();
    let reason = format!(
        "there are {} tables, and it is not clear which train and which test: {}",
        names.len(),
        names.join(", ")
    );
    ReadError::new(name, reason, "bring one, or two named “train…” and “test…”")
}

/// Whether two tables have the same columns.
fn is_same(one: &Table<'_>, other: &Table<'_>) -> bool {
    one.layout.width == other.layout.width
        && (one.survey.head == other.survey.head || one.survey.head.is_none() || other.survey.head.is_none())
}

fn learn(train: &Table<'_>, test: Option<&Table<'_>>, options: &Options) -> Result<Own, ReadError> {
    let file = train.path;
    let label = labels::find(file, &train.survey, options.label.as_deref())?;
    let is_used = |at| !names_one(&options.leave_out, &train.survey, at);
    let spread = labels::spread(&train.survey, label.0, is_used, |take| train.each(|_, cells| take(cells)))?;
    if let Some(spread) = spread {
        let names: Vec<String> = spread.map(|at| quoted(&train.survey.name(at))).collect();
        let reason = format!("the columns {} are one label: in each row one of them is 1", names.join(", "));
        return Err(ReadError::new(file, reason, "give one column that names the class, or leave the others out"));
    }
    let comma = train.layout.decimal_comma;
    let mut columns = Columns::of(file, &train.survey, label, options, comma)?;
    let tables: Vec<&Table<'_>> = [Some(train), test].into_iter().flatten().collect();
    let rows = tables.iter().map(|table| table.survey.rows).sum();
    let picture =
        columns.picture(&train.survey).filter(|_| test.is_none_or(|test| columns.picture(&test.survey).is_some()));

    // First pass: labels and categories, and pixels as they are.
    let wide = picture.as_ref().map_or(0, |picture| picture.inputs() as usize);
    hold_values(file, rows, wide, 1)?;
    let mut pixels = vec![0; rows * wide];
    let mut places = pixels.chunks_exact_mut(wide.max(1));
    let mut known: HashMap<String, u32> = HashMap::new();
    let mut names: Vec<String> = Vec::new();
    let mut of_rows: Vec<u32> = Vec::new();
    let mut note = |table: usize, mut name: String| {
        // UCI's test file of Adult ends each label with a point.
        if table > 0 && !known.contains_key(&name) && known.contains_key(name.trim_end_matches('.')) {
            name = name.trim_end_matches('.').into();
        }
        let next = names.len() as u32;
        of_rows.push(*known.entry(name).or_insert_with_key(|name| {
            names.push(name.clone());
            next
        }));
    };
    for (number, table) in tables.iter().enumerate() {
        if let (Some(bytes), true) = (&table.survey.bytes, wide > 0) {
            for (row, place) in bytes.chunks_exact(table.layout.width).zip(&mut places) {
                note(number, row[columns.label].to_string());
                columns.copy_pixels(row, place);
            }
            continue;
        }
        table.each(|_, cells| {
            note(number, category(cells[columns.label], comma));
            columns.collect(cells);
            if let (Some(place), true) = (places.next(), wide > 0) {
                columns.write_pixels(cells, place);
            }
        })?;
    }
    columns.number();
    let texts: Vec<&str> = of_rows.iter().map(|&name| names[name as usize].as_str()).collect();
    let classes = Classes::of(file, &texts)?;
    let mut decided: Vec<String> =
        train.said.map(String::from).into_iter().chain(train.layout.decided.clone()).collect();
    let given =
        test.map(|test| (train.survey.rows, format!("{} trains, {} tests", short(train.path), short(test.path))));
    let (order, count, _) = dealt(file, &classes, given, &mut decided)?;
    if classes.merged {
        decided.push("labels that differ in capitals alone are one class".into());
    }
    let (kind, values) = match picture {
        Some(picture) => {
            decided.push("columns named as pixels are pictures, 0 to 255".into());
            let values = values_of(&OwnValues::Bytes(pixels.into()), &order, wide);
            (picture, values)
        }
        None => {
            let values = numbers(&tables, &mut columns, &order, count)?;
            (columns.kind(), OwnValues::Floats(values))
        }
    };
    Ok(Own { columns: columns.notes, ..Own::of(kind, classes, values, &order, count, decided) })
}

/// The inputs of all rows in an order, of which the first `count` train: numbers are scaled by the range of these alone.
fn numbers(tables: &[&Table<'_>], columns: &mut Columns, order: &[usize], count: usize) -> Result<Vec<f32>, ReadError> {
    let mut place = vec![0; order.len()];
    order.iter().enumerate().for_each(|(to, &from)| place[from] = to);
    let each = |take: &mut dyn FnMut(usize, &[&str])| {
        let mut before = 0;
        tables.iter().try_for_each(|table| {
            table.each(|row, cells| take(place[before + row], cells))?;
            before += table.survey.rows;
            Ok::<_, ReadError>(())
        })
    };
    let inputs = columns.kind().inputs() as usize;
    hold_values(tables[0].path, order.len(), inputs, size_of::<f32>())?;
    each(&mut |to, cells| {
        if to < count {
            columns.measure(cells);
        }
    })?;
    columns.settle();
    let mut numbers = vec![0.0; order.len() * inputs];
    each(&mut |to, cells| columns.write(cells, &mut numbers[to * inputs..(to + 1) * inputs]))?;
    Ok(numbers)
}
