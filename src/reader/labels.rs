//! Which column of a table holds the labels: said, named, or found by a rule that is stated.

use std::ops::Range;

use super::cells::number;
use super::survey::{Column, Survey};
use super::{ReadError, counted, quoted};
use crate::bounds::MOST_CLASSES;

/// What a column of labels is called, most often first.
const NAMES: [&str; 12] = [
    "label",
    "labels",
    "class",
    "classlabel",
    "target",
    "species",
    "speciesname",
    "variety",
    "outcome",
    "survived",
    "diagnosis",
    "ytrue",
];
/// What it may be called where no column has one of those names.
const WEAK_NAMES: [&str; 11] =
    ["category", "cluster", "quality", "kind", "type", "group", "result", "digit", "income", "churn", "y"];
const SAY: &str = "say which column holds the labels (--label NAME on the command line)";

/// A column's name without signs and capitals.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a cell can only be the name of a column of labels.
pub(super) fn is_sure_name(cell: &str) -> bool {
    NAMES[..6].contains(&plain(cell).as_str())
}

/// The column, and how it was found.
pub(super) fn find(file: &str, survey: &Survey, said: Option<&str>) -> Result<(usize, String), ReadError> {
    let width = survey.columns.len();
    if let Some(said) = said {
        let by_name =
            (0..width).find(|&column| survey.head.is_some() && survey.name(column).eq_ignore_ascii_case(said.trim()));
        let by_number =
            said.parse::<usize>().ok().filter(|number| (1..=width).contains(number)).map(|number| number - 1);
        let found = by_name.or(by_number).ok_or_else(|| {
            let names: Vec<String> = (0..width).take(20).map(|column| survey.name(column)).collect();
            ReadError::new(
                file,
                format!("there is no column {}", quoted(said)),
                format!("choose one of {}", names.join(", ")),
            )
        })?;
        may_be(file, survey, found)?;
        return Ok((found, "as you said".into()));
    }
    for names in [&NAMES[..], &WEAK_NAMES[..]] {
        let is_named = |&at: &usize| survey.head.is_some() && names.contains(&plain(&survey.name(at)).as_str());
        // Unless it is the last column, y is a coordinate.
        let named: Vec<usize> =
            (0..width).filter(is_named).filter(|&at| at + 1 == width || plain(&survey.name(at)) != "y").collect();
        match named[..] {
            [] => {}
            [one] => {
                may_be(file, survey, one)?;
                return Ok((one, "by its name".into()));
            }
            _ => return Err(several(file, survey, &named)),
        }
    }
    let is_class = |&at: &usize| suits(&survey.columns[at], survey.rows);
    // The only column of words among columns of numbers.
    let words: Vec<usize> =
        (0..width).filter(|&at| survey.columns[at].filled() > 0 && !survey.columns[at].is_numeric()).collect();
    if let [one] = words[..]
        && is_class(&one)
    {
        return Ok((one, "the only column of words".into()));
    }
    let last = (0..width).rev().find(|&at| survey.columns[at].filled() > 0).unwrap_or(width - 1);
    let ends: Vec<usize> = [0, last].into_iter().filter(is_class).collect();
    match ends[..] {
        [] => Err(may_be(file, survey, last)
            .err()
            .unwrap_or_else(|| ReadError::new(file, "no column of labels is found", SAY))),
        [one] => Ok((one, format!("the {} column: its values repeat", if one == 0 { "first" } else { "last" }))),
        _ => {
            let [first, other] = [0, last].map(|at| survey.columns[at].distinct().unwrap_or(usize::MAX));
            // Far fewer distinct values than the other column.
            if first >= 3 * other {
                Ok((last, "the last column: it has the fewest values".into()))
            } else if other >= 3 * first {
                Ok((0, "the first column: it has the fewest values".into()))
            } else if !survey.columns[last].is_numeric() {
                Ok((last, "the last column: it has words".into()))
            } else {
                Err(several(file, survey, &[0, last]))
            }
        }
    }
}

/// Columns beside that of the labels which, together with it, are one label spread over several columns: in every row one of them alone is 1.
/// Networks that were given the others would only read the label off them. `each` hands every row to what it is given.
pub(super) fn spread(
    survey: &Survey,
    label: usize,
    is_used: impl Fn(usize) -> bool,
    each: impl FnOnce(&mut dyn FnMut(&[&str])) -> Result<(), ReadError>,
) -> Result<Option<Range<usize>>, ReadError> {
    let is_bit = |&at: &usize| {
        let column = &survey.columns[at];
        column.is_whole && column.least == 0.0 && column.most == 1.0 && column.numbers == survey.rows
    };
    let beside = |columns: &mut dyn Iterator<Item = usize>| {
        columns.take(MOST_CLASSES).take_while(|at| is_bit(at) && is_used(*at)).last().unwrap_or(label)
    };
    let (first, last) = (beside(&mut (0..label).rev()), beside(&mut (label + 1..survey.columns.len())));
    if first == last || !is_bit(&label) {
        return Ok(None);
    }
    // Every range of these columns that contains the labels, while its values still qualify.
    let mut ranges: Vec<Range<usize>> = (first..=label)
        .flat_map(|from| (label..=last).map(move |to| from..to + 1))
        .filter(|one| one.len() > 1)
        .collect();
    each(&mut |cells| {
        let ones = |range: &Range<usize>| {
            cells[range.clone()].iter().filter(|&&cell| number(cell, false) == Some(1.0)).count()
        };
        ranges.retain(|range| ones(range) == 1);
    })?;
    Ok(ranges.pop())
}

fn several(file: &str, survey: &Survey, columns: &[usize]) -> ReadError {
    let names: Vec<String> = columns.iter().map(|&column| quoted(&survey.name(column))).collect();
    ReadError::new(file, format!("the columns {} may each be the labels", names.join(" and ")), SAY)
}

/// Whether a column's values can be classes: few, and each of several rows.
fn suits(column: &Column, rows: usize) -> bool {
    let few = |distinct: usize| (2..=MOST_CLASSES).contains(&distinct) && 3 * distinct <= rows;
    column.missing == 0 && column.distinct().is_some_and(few) && (!column.is_numeric() || column.is_whole)
}

/// Refuses a column whose values cannot be classes.
fn may_be(file: &str, survey: &Survey, column: usize) -> Result<(), ReadError> {
    let found = &survey.columns[column];
    let name = quoted(&survey.name(column));
    let refuse = |reason: String, remedy: &str| Err(ReadError::new(file, reason, remedy));
    if found.missing > 0 {
        return refuse(
            format!(
                "{} without a label in column {name}, the first in line {}",
                counted(found.missing, "row"),
                found.first_missing
            ),
            "give labels, or leave those rows out",
        );
    }
    let distinct = found.distinct().unwrap_or(usize::MAX);
    if found.is_numeric()
        && (!found.is_whole || distinct > MOST_CLASSES)
        && (distinct > 20 || 2 * distinct > survey.rows)
    {
        let many = if distinct == usize::MAX { "very many".into() } else { distinct.to_string() };
        return refuse(
            format!(
                "column {name} has {many} different numbers: it seems to be a quantity, and networks here learn classes"
            ),
            SAY,
        );
    }
    if distinct > MOST_CLASSES {
        return refuse(format!("column {name} has more than {MOST_CLASSES} different values"), SAY);
    }
    if distinct < 2 {
        return refuse(format!("all labels in column {name} are the same"), "give examples of at least two classes");
    }
    Ok(())
}
