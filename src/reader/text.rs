//! Texts in the encodings that tables come in.

use std::borrow::Cow;

/// Bytes 0x80 to 0x9f of Windows-1252; the others are those of Unicode.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Whether bytes are UTF-16: by their mark, or since every other byte of what is mostly ASCII is 0.
pub(super) fn is_utf16(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(200)];
    let zeros = |first: usize| start.iter().skip(first).step_by(2).filter(|&&byte| byte == 0).count();
    bytes.starts_with(&[0xff, 0xfe])
        || bytes.starts_with(&[0xfe, 0xff])
        || (start.len() >= 4
            && start.len().is_multiple_of(2)
            && (zeros(1) * 3 > start.len()) != (zeros(0) * 3 > start.len()))
}

/// The text of a file, and a word on its encoding where it is not UTF-8.
pub(super) fn decoded(bytes: &[u8]) -> (Cow<'_, str>, Option<&'static str>) {
    if is_utf16(bytes) {
        let is_big = bytes.starts_with(&[0xfe, 0xff]) || (bytes[0] == 0 && !bytes.starts_with(&[0xff, 0xfe]));
        let unit = |pair: &[u8; 2]| if is_big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
        let units = bytes.as_chunks::<2>().0.iter().map(unit);
        let text: String = char::decode_utf16(units).map(|letter| letter.unwrap_or('\u{fffd}')).collect();
        return (text.trim_start_matches('\u{feff}').to_owned().into(), Some("read as UTF-16"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.trim_start_matches('\u{feff}').into(), None),
        Err(_) => {
            let letter = |&byte: &u8| match byte {
                0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
                byte => char::from(byte),
            };
            (bytes.iter().map(letter).collect::<String>().into(), Some("read as Windows-1252"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_excel_s_is_read_in_the_encoding_it_comes_in() {
        assert_eq!(decoded("\u{feff}grün".as_bytes()), ("grün".into(), None));
        assert_eq!(decoded(b"gr\xfcn \x80").0, "grün €");
        let utf16 = |bytes: fn(u16) -> [u8; 2], mark: &str| {
            format!("{mark}grün,b").encode_utf16().flat_map(bytes).collect::<Vec<u8>>()
        };
        assert_eq!(decoded(&utf16(u16::to_le_bytes, "\u{feff}")).0, "grün,b");
        assert_eq!(decoded(&utf16(u16::to_be_bytes, "\u{feff}")).0, "grün,b");
        assert_eq!(decoded(&utf16(u16::to_le_bytes, "")).0, "grün,b");
        assert!(!is_utf16(b"a,b\n"));
    }
}
