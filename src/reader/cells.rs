//! The cells of a table.

/// Whether a cell says that its value is missing.
pub(super) fn is_missing(cell: &str) -> bool {
    matches!(cell, "" | "?" | "-" | ".")
        || ["na", "n/a", "nan", "null", "none", "nil", "#n/a", "missing"]
            .iter()
            .any(|word| cell.eq_ignore_ascii_case(word))
}

/// The number in a cell of up to three digits: most cells of large tables are such.
#[inline]
pub(super) fn small(cell: &str) -> Option<u16> {
    match *cell.as_bytes() {
        [ones @ b'0'..=b'9'] => Some((ones - b'0').into()),
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some((10 * (tens - b'0') + (ones - b'0')).into()),
        [hundreds @ b'0'..=b'9', tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
            Some(100 * u16::from(hundreds - b'0') + u16::from(10 * (tens - b'0') + (ones - b'0')))
        }
        _ => None,
    }
}

/// The number in a cell, as people and spreadsheets write it: `-1.5e3`, `12%`, `1,000.5`, and with a decimal comma `1.000,5`.
pub(super) fn number(cell: &str, decimal_comma: bool) -> Option<f64> {
    if (1..=9).contains(&cell.len()) && cell.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(cell.bytes().fold(0_u32, |number, byte| 10 * number + u32::from(byte - b'0')).into());
    }
    let (cell, percent) = cell.strip_suffix('%').map_or((cell, 1.0), |cell| (cell.trim_end(), 100.0));
    let first = cell.trim_start_matches(['-', '+']).bytes().next()?;
    if !(first.is_ascii_digit() || first == b'.' || (decimal_comma && first == b',')) {
        return None; // not "inf", nor "nan"
    }
    let (thousands, decimal) = if decimal_comma { ('.', ',') } else { (',', '.') };
    let parsed = if decimal_comma && cell.contains(',') || is_grouped(cell, thousands, decimal) {
        let plain: String = cell
            .chars()
            .filter(|&letter| letter != thousands)
            .map(|letter| if letter == decimal { '.' } else { letter })
            .collect();
        (!cell.contains(thousands) || is_grouped(cell, thousands, decimal)).then(|| plain.parse::<f64>().ok())?
    } else {
        cell.parse::<f64>().ok()
    };
    parsed.map(|number| number / percent).filter(|number| number.is_finite())
}

/// Whether digits before the decimal sign are grouped by threes: `1,000`.
fn is_grouped(cell: &str, thousands: char, decimal: char) -> bool {
    let whole = cell.trim_start_matches(['-', '+']).split(decimal).next().unwrap_or_default();
    let mut groups = whole.split(thousands);
    let first = groups.next().unwrap_or_default();
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let rest: Vec<&str> = groups.collect();
    !rest.is_empty()
        && (1..=3).contains(&first.len())
        && is_digits(first)
        && rest.iter().all(|group| group.len() == 3 && is_digits(group))
}

/// A cell as a category or a class: numbers that are equal are the same one.
pub(super) fn category(cell: &str, decimal_comma: bool) -> String {
    match number(cell, decimal_comma) {
        Some(number) if !cell.ends_with('%') && number.abs() < 1e15 => number.to_string(),
        _ => cell.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (cell, expected) in [
            ("0", 0.0),
            ("007", 7.0),
            ("-1.5e3", -1500.0),
            (".5", 0.5),
            ("+3", 3.0),
            ("12%", 0.12),
            ("1,000", 1000.0),
            ("-1,234,567.5", -1_234_567.5),
            ("1234567890", 1_234_567_890.0),
        ] {
            assert_eq!(number(cell, false), Some(expected), "{cell}");
        }
        for (cell, expected) in
            [("5,0", 5.0), ("-0,1", -0.1), ("1.000,5", 1000.5), ("1.5", 1.5), (",5", 0.5), ("3", 3.0)]
        {
            assert_eq!(number(cell, true), Some(expected), "{cell}");
        }
        for cell in ["", "inf", "nan", "1e400", "0x1f", "5,0", "2024-03-01", "1,00", "12a", "-", "%"] {
            assert_eq!(number(cell, false), None, "{cell}");
        }
    }

    #[test]
    fn small_numbers_are_read_as_all_others() {
        for value in 0..1_000 {
            let cell = value.to_string();
            assert_eq!(small(&cell).map(f64::from), number(&cell, false), "{cell}");
            assert_eq!(small(&format!("0{cell}")).map(f64::from), (value < 100).then_some(f64::from(value)));
        }
        for cell in ["", "-1", "1.", "12a", "1000", "x"] {
            assert_eq!(small(cell), None, "{cell}");
        }
    }

    #[test]
    fn equal_numbers_are_one_class() {
        assert_eq!(category("1.0", false), category("1", false));
        assert_eq!(category("Cat", false), "Cat");
    }
}
