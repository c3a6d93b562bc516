//! Svmlight files: a label and the inputs that are not 0, `3 1:0.5 17:1`, as LIBSVM's data sets and scikit-learn write them.

use super::folders::{Role, role};
use super::split::{Classes, dealt};
use super::{File, Own, ReadError, cells, hold_values, quoted, short, text};
use crate::bounds::BOUNDS;
use crate::dataset::{Kind, OwnValues, Sparse};

/// One example: its label, and the inputs that are not 0.
type Row = (String, Vec<(u32, f64)>);

/// Whether a file looks like one.
pub(super) fn is_svmlight(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(20_000)]);
    let lines: Vec<&str> = start.lines().map(content).filter(|line| !line.is_empty()).take(5).collect();
    let is_row = |line: &&str| {
        let mut words = line.split_ascii_whitespace();
        words.next().is_some_and(|label| !label.contains(':'))
            && words.clone().next().is_some()
            && words.all(|word| {
                word.split_once(':').is_some_and(|(place, _)| place == "qid" || place.parse::<u32>().is_ok())
            })
    };
    // The last line may be cut off.
    let whole = if bytes.len() > 20_000 { lines.len().saturating_sub(1) } else { lines.len() };
    whole > 0 && lines.iter().take(whole).all(is_row)
}

/// A line without a comment.
fn content(line: &str) -> &str {
    line.split('#').next().unwrap_or_default().trim()
}

/// Reads one file, or one that trains and one that tests.
pub(super) fn read(name: &str, files: Vec<File>) -> Result<Own, ReadError> {
    let is_test = |path: &str| role(&short(path)) == Some(Role::Test) || path.ends_with(".t");
    let (test, train): (Vec<&File>, Vec<&File>) =
        files.iter().filter(|file| is_svmlight(&file.bytes)).partition(|file| is_test(&file.path));
    let (train, test) = match (&train[..], &test[..]) {
        ([one], []) | ([], [one]) => (*one, None),
        ([train], [test]) => (*train, Some(*test)),
        _ => {
            return Err(ReadError::new(
                name,
                format!("there are {} svmlight files", files.len()),
                "bring one, or one more whose name says “test”",
            ));
        }
    };
    let mut rows = rows(train)?;
    let count = rows.len();
    if let Some(test) = test {
        rows.extend(self::rows(test)?);
    }
    let places = || rows.iter().flat_map(|(_, row)| row.iter().map(|&(place, _)| place));
    // Places count from 1, unless there is a 0.
    let first = u32::from(!places().any(|place| place == 0));
    let inputs = places().max().map_or(1, |most| (most - first) as usize + 1);
    if inputs as u64 > BOUNDS.own_inputs {
        let reason = format!("an example has {inputs} inputs, more than the limit of {}", BOUNDS.own_inputs);
        return Err(ReadError::new(name, reason, "keep the most frequent ones"));
    }
    hold_values(name, 1, places().count(), 2 * size_of::<f32>())?;
    let labels: Vec<&str> = rows.iter().map(|(label, _)| label.as_str()).collect();
    let classes = Classes::of(name, &labels)?;
    let mut decided = vec!["each input is divided by its largest size among the training examples".into()];
    let given = test.map(|_| (count, "training and test examples are those given".into()));
    let (order, count, _) = dealt(name, &classes, given, &mut decided)?;
    let mut largest = vec![0.0_f64; inputs];
    for &row in &order[..count] {
        for &(place, number) in &rows[row].1 {
            let largest = &mut largest[(place - first) as usize];
            *largest = largest.max(number.abs());
        }
    }
    let mut sparse = Sparse::new(inputs);
    for &row in &order {
        let scaled = rows[row].1.iter().map(|&(place, number)| {
            let place = place - first;
            let largest = largest[place as usize];
            (place, if largest > 0.0 { number / largest } else { number } as f32)
        });
        sparse.push(scaled);
    }
    let kind = Kind::Words { inputs: inputs as u32 };
    Ok(Own::of(kind, classes, OwnValues::Sparse(sparse), &order, count, decided))
}

fn rows(file: &File) -> Result<Vec<Row>, ReadError> {
    let (text, _) = text::decoded(&file.bytes);
    let mut rows = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = content(line);
        let mut words = line.split_ascii_whitespace();
        let Some(label) = words.next() else { continue };
        let refuse = |word: &str| {
            let reason = format!("line {} has {} where PLACE:NUMBER should be", number + 1, quoted(word));
            Err(ReadError::new(&file.path, reason, "mend that line, or leave it out"))
        };
        let mut row: Vec<(u32, f64)> = Vec::new();
        for word in words.filter(|word| !word.starts_with("qid:")) {
            let parsed = word.split_once(':').and_then(|(place, number)| {
                Some((place.parse::<u32>().ok()?, number.parse::<f64>().ok().filter(|number| number.is_finite())?))
            });
            match parsed {
                Some((place, number)) if row.last().is_none_or(|&(last, _)| last < place) => row.push((place, number)),
                _ => return refuse(word),
            }
        }
        rows.push((cells::category(label.trim_start_matches('+'), false), row));
    }
    Ok(rows)
}
