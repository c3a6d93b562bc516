//! How a table is laid out as text: what separates its cells, where it begins, whether it has a head. All of that is found by looking.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::cells::number;
use super::progress::Progress;
use super::{ReadError, counted, quoted};

/// Records that are looked at.
const LOOKED_AT: usize = 100;
/// Lines in which so many records may be, cells with line breaks included.
const LINES: usize = 10 * LOOKED_AT;
/// Stands for blanks and tabs, of which a run separates once.
const BLANKS: u8 = b' ';
/// Lines before the head that may be a title.
const TITLE: usize = 5;
/// A cell of so many letters with a line break in it is the rest of a file behind a quote that is not closed.
const LONG: usize = 2_000;

/// A table as text, laid out.
pub(super) struct Layout<'a> {
    name: String,
    text: Cow<'a, str>,
    separator: u8,
    /// Lines before the text.
    before: u64,
    /// Records before the head.
    title: usize,
    /// Columns.
    pub width: usize,
    pub decimal_comma: bool,
    /// Whether the first column has no name in the head, as R writes it.
    row_names: bool,
    /// What was decided, in sentences.
    pub decided: Vec<String>,
    progress: &'a Progress<'a>,
}

impl<'a> Layout<'a> {
    /// Finds out.
    pub fn of(name: &str, text: Cow<'a, str>, progress: &'a Progress<'a>) -> Result<Self, ReadError> {
        let (text, before, said) = beginning(text);
        let mut best: Option<(u8, Looked)> = None;
        let candidates: &[u8] = match &said {
            Some(byte) => std::slice::from_ref(byte),
            None => &[b',', b';', b'\t', b'|', BLANKS],
        };
        for &separator in candidates {
            let looked = if separator == BLANKS {
                looked_at(&with_tabs(start(&text)), b'\t')
            } else {
                looked_at(&text, separator)
            };
            if let Some(looked) =
                looked.filter(|looked| best.as_ref().is_none_or(|(_, most)| looked.score > most.score))
            {
                best = Some((separator, looked));
            }
        }
        let Some((separator, looked)) = best else {
            let reason = "no table of two columns or more is found in it";
            let remedy =
                "give a row for each example, with cells separated by commas, semicolons, tabs, bars or blanks";
            return Err(ReadError::new(name, reason, remedy));
        };
        let Looked { width, title, row_names, decimal_comma, .. } = looked;
        let (text, separator) =
            if separator == BLANKS { (Cow::Owned(with_tabs(&text)), b'\t') } else { (text, separator) };
        let name = name.to_owned();
        let mut layout = Self {
            name,
            text,
            separator,
            before,
            title,
            width,
            decimal_comma,
            row_names,
            decided: Vec::new(),
            progress,
        };
        if layout.decimal_comma {
            layout.decided.push("numbers have decimal commas".into());
        }
        if layout.title > 0 {
            layout.decided.push(format!("a title of {} is left out", counted(layout.title, "line")));
        }
        Ok(layout)
    }

    /// Every record that has something in it, with its line, the head included if there is one.
    pub fn each(&self, mut take: impl FnMut(u64, &[&str]) -> Result<(), ReadError>) -> Result<(), ReadError> {
        let mut reader = reader(&self.text, self.separator);
        let mut record = StringRecord::new();
        let (mut number, mut before) = (0, 0);
        loop {
            let position = reader.position().byte();
            self.progress.add((position - before) as usize);
            before = position;
            let line = self.before + reader.position().line();
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(error) => return Err(ReadError::new(&self.name, error.to_string(), "mend that line")),
            }
            number += 1;
            let line = record.position().map_or(line, |position| self.before + position.line());
            if number <= self.title || record.iter().all(|cell| unquoted(cell).is_empty()) {
                continue;
            }
            let mut cells: Vec<&str> = record.iter().map(unquoted).collect();
            if let Some(long) = cells.iter().find(|cell| cell.len() > LONG && cell.contains('\n')) {
                let reason = format!("line {line} has a quote that is not closed ({})", quoted(long));
                return Err(ReadError::new(&self.name, reason, "close it, or remove it"));
            }
            if self.row_names && number == self.title + 1 {
                cells.insert(0, "");
            }
            while cells.len() > self.width && cells.last().is_some_and(|cell| cell.is_empty()) {
                cells.pop();
            }
            if cells.len() != self.width {
                let reason = format!("line {line} has {} columns, the others {}", cells.len(), self.width);
                return Err(ReadError::new(&self.name, reason, "give every line as many"));
            }
            take(line, &cells)?;
        }
    }
}

/// A cell without blanks around it, and without quotes that stood behind a blank.
fn unquoted(cell: &str) -> &str {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric();
    if cell.as_bytes().first().is_none_or(is_plain) && cell.as_bytes().last().is_none_or(is_plain) {
        return cell;
    }
    let cell = cell.trim();
    cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')).unwrap_or(cell)
}

/// The text from where the table begins; how many lines stand before it; the separator where a first line `sep=;` says it.
fn beginning(text: Cow<'_, str>) -> (Cow<'_, str>, u64, Option<u8>) {
    let (mut start, mut lines, mut said) = (0, 0, None);
    loop {
        let rest = &text[start..];
        let end = rest
            .find(['\n', '\r'])
            .map_or(rest.len(), |end| if rest[end..].starts_with("\r\n") { end + 2 } else { end + 1 });
        let line = rest[..end].trim();
        if rest.is_empty()
            || !(line.is_empty() || line.starts_with(['#', '%']) || line.to_lowercase().starts_with("sep="))
        {
            break;
        }
        // If the separator is a space or a tab, trimming has removed those at the ends of the line.
        if rest.to_lowercase().starts_with("sep=") {
            said = rest.as_bytes().get(4).copied().filter(u8::is_ascii);
        }
        start += end;
        lines += 1;
    }
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[start..]),
        Cow::Owned(text) => Cow::Owned(text[start..].to_owned()),
    };
    (text, lines, said)
}

/// Blanks and tabs outside quotes as one tab each run, those at a line's start and end left out.
fn with_tabs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_quoted = false;
    for line in text.split_inclusive(['\n', '\r']) {
        let mut gap = false;
        for letter in line.trim_matches([' ', '\t', '\n', '\r']).chars() {
            is_quoted ^= letter == '"';
            if !is_quoted && matches!(letter, ' ' | '\t') {
                gap = true;
            } else {
                if std::mem::take(&mut gap) {
                    out.push('\t');
                }
                out.push(letter);
            }
        }
        out.push('\n');
    }
    out
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .trim(Trim::None)
        .from_reader(text.as_bytes())
}

/// What a separator makes of the beginning of a text.
struct Looked {
    /// How well it suits.
    score: f64,
    /// Columns.
    width: usize,
    /// Records before the head.
    title: usize,
    row_names: bool,
    decimal_comma: bool,
}

/// The lines of a text that are looked at.
fn start(text: &str) -> &str {
    let length = text.split_inclusive(['\n', '\r']).take(LINES).map(str::len).sum();
    &text[..length]
}

/// Looks at the beginning of a text; nothing where a separator makes no columns of it.
fn looked_at(text: &str, separator: u8) -> Option<Looked> {
    let records: Vec<Vec<String>> = reader(text, separator)
        .into_records()
        .take(LOOKED_AT)
        .map_while(Result::ok)
        .map(|record| record.iter().map(|cell| unquoted(cell).to_owned()).collect::<Vec<_>>())
        .collect();
    // Trailing empty cells are dropped if all rows have them, or if they pad shorter rows.
    let width = |record: &[String]| record.len();
    let is_filled = |record: &&Vec<String>| record.iter().any(|cell| !cell.is_empty());
    let filled: Vec<&Vec<String>> = records.iter().filter(is_filled).collect();
    let mut counts = std::collections::BTreeMap::new();
    filled.iter().for_each(|record| *counts.entry(width(record)).or_insert(0_usize) += 1);
    let (&columns, &agree) = counts.iter().max_by_key(|&(_, &count)| count)?;
    if columns < 2 {
        return None;
    }
    let head = records
        .iter()
        .take(TITLE)
        .position(|record| width(record) == columns || width(record) + 1 == columns && columns > 2)?;
    let row_names = width(&records[head]) + 1 == columns;
    let is_number = |cell: &String, comma: bool| number(cell, comma).is_some();
    let cells = || filled.iter().skip(1).flat_map(|record| record.iter());
    let with_comma = |cell: &&String| cell.contains(',') && is_number(cell, true) && !is_number(cell, false);
    let decimal_comma = separator != b','
        && cells().filter(with_comma).count() > 0
        && !cells().any(|cell| cell.contains('.') && is_number(cell, false) && !is_number(cell, true));
    let all = cells().count().max(1) as f64;
    let numbers = cells().filter(|cell| is_number(cell, decimal_comma)).count() as f64 / all;
    let score = 4.0 * agree as f64 / filled.len() as f64 + numbers + 0.01 * columns.min(50) as f64 / 50.0;
    Some(Looked { score, width: columns, title: head, row_names, decimal_comma })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(text: &str) -> Result<Layout<'_>, ReadError> {
        Layout::of("a.csv", text.into(), Box::leak(Box::new(Progress::new(&|_| {}))))
    }

    fn rows(text: &str) -> Vec<Vec<String>> {
        let layout = laid_out(text).unwrap();
        let mut rows = Vec::new();
        let take = |_, cells: &[&str]| {
            rows.push(cells.iter().map(|&cell| cell.to_owned()).collect());
            Ok(())
        };
        layout.each(take).unwrap();
        rows
    }

    #[test]
    fn a_table_is_the_same_however_it_is_laid_out() {
        let plain = rows("a,b,c\n1,2,x\n3,4,y\n5,6,x\n");
        assert_eq!(plain[0], ["a", "b", "c"]);
        for text in [
            "a;b;c\n1;2;x\n3;4;y\n5;6;x\n",
            "a\tb\tc\r\n1\t2\tx\r\n3\t4\ty\r\n5\t6\tx",
            "a|b|c\n1|2|x\n3|4|y\n5|6|x\n",
            "a b  c\n1 2   x\n3  4 y\n5 \t6 x\n",
            "\"a\", \"b\", \"c\"\n1, 2, x\n3, 4, y\n5, 6, x\n",
            "sep=;\na;b;c\n1;2;x\n3;4;y\n5;6;x\n",
            "# made by hand\n# twice\na,b,c\n1,2,x\n3,4,y\n5,6,x\n",
            "My table\na,b,c\n1,2,x\n3,4,y\n5,6,x\n",
            "a,b,c\n\n1,2,x\n\n3,4,y\n,,\n5,6,x\n",
            "a,b,c\r1,2,x\r3,4,y\r5,6,x\r",
        ] {
            assert_eq!(rows(text), plain, "{text}");
        }
    }

    #[test]
    fn row_names_as_r_writes_them_are_a_column_without_a_name() {
        assert_eq!(
            rows("\"a\" \"b\"\n\"1\" 5 \"x y\"\n\"2\" 6 \"z\"\n"),
            [["", "a", "b"], ["1", "5", "x y"], ["2", "6", "z"]]
        );
    }

    #[test]
    fn a_comma_in_a_number_does_not_separate() {
        let layout = laid_out("5,0;3,5;1\n4,8;3,1;2\n4,8;3,2;1\n").unwrap();
        assert!(layout.decimal_comma && layout.width == 3);
    }

    #[test]
    fn a_line_of_other_columns_and_an_open_quote_are_named() {
        let failure = |text: &str| laid_out(text).unwrap().each(|_, _| Ok(())).unwrap_err().to_string();
        assert!(failure("a,b\n1,2\n3,4\n5,6,7\n8,9\n").contains("line 4 has 3 columns, the others 2"));
        let open = format!("a,b\n1,2\n3,\"4\n{}", "5,6\n".repeat(2_000));
        assert!(failure(&open).contains("a quote that is not closed"));
        assert!(laid_out("words\n").is_err());
    }
}
