//! What a file is, told by its first bytes; and which files of a folder are left out.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use image::ImageFormat;

use super::{File, ReadError, counted};
use crate::bounds::BOUNDS;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Idx,
    /// An array of NumPy's, or an archive of some.
    Npy,
    Picture(ImageFormat),
    /// Something that may be a table.
    Text,
    /// A picture of a kind that is not read, or none although its name says so.
    NoPicture,
    /// Not data, and what to do.
    Other(&'static str, &'static str),
}

/// The files that may hold data, and what was left out.
pub(super) struct Brought {
    pub files: Vec<(File, Content)>,
    hidden: usize,
}

/// Unpacks files and tells them apart; leaves out what systems put beside data.
pub(super) fn sorted(name: &str, files: Vec<File>) -> Result<Brought, ReadError> {
    let all = files.len();
    let mut left = BOUNDS.own_bytes;
    let mut brought = Brought { files: Vec::new(), hidden: 0 };
    for file in files.into_iter().filter(|file| !is_hidden(&file.path)) {
        let file = unpacked(file, left)?;
        left = left.saturating_sub(file.bytes.len() as u64);
        let content = content(&file.path, &file.bytes);
        brought.files.push((file, content));
    }
    brought.hidden = all - brought.files.len();
    if left == 0 {
        let most = BOUNDS.own_bytes / 1_000_000;
        return Err(ReadError::new(name, format!("more than {most} MB"), "use fewer or smaller files"));
    }
    brought.files.sort_by(|(one, _), (other, _)| one.path.cmp(&other.path));
    Ok(brought)
}

impl Brought {
    /// Why nothing that is left is data.
    pub fn refusal(&self, name: &str) -> ReadError {
        const READ: &str = "bring a table (.csv, .tsv), arrays (.npz, .npy), idx or svmlight files, or a folder of pictures for each class";
        let other = self.files.iter().find_map(|(file, content)| match content {
            Content::Other(what, remedy) => Some(ReadError::new(&file.path, *what, *remedy)),
            _ => None,
        });
        let no_picture = self.files.iter().any(|(_, content)| *content == Content::NoPicture);
        let unread = "none of the pictures can be read";
        other.unwrap_or_else(|| ReadError::new(name, if no_picture { unread } else { "there are no data in it" }, READ))
    }

    /// What was not used, in sentences.
    pub fn left_out(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        let pictures: Vec<&str> = self.names(|content| *content == Content::NoPicture);
        let others: Vec<&str> = self.names(|content| *content != Content::NoPicture);
        for (what, names) in [("unreadable picture", pictures), ("other file", others)] {
            if let Some(first) = names.first() {
                let more = if names.len() > 1 { " …" } else { "" };
                sentences.push(format!("left out: {} ({first}{more})", counted(names.len(), what)));
            }
        }
        if self.hidden > 0 {
            sentences.push(format!("left out: {}", counted(self.hidden, "hidden file")));
        }
        sentences
    }

    fn names(&self, wanted: impl Fn(&Content) -> bool) -> Vec<&str> {
        self.files.iter().filter(|(_, content)| wanted(content)).map(|(file, _)| file.path.as_str()).collect()
    }
}

/// What Finder, Explorer, Jupyter and archivers put beside data.
fn is_hidden(path: &str) -> bool {
    path.split(['/', '\\']).any(|part| {
        part.starts_with('.')
            || part == "__MACOSX"
            || part.eq_ignore_ascii_case("thumbs.db")
            || part.eq_ignore_ascii_case("desktop.ini")
    })
}

/// A gzipped file as what is in it, however often it was packed.
fn unpacked(mut file: File, left: u64) -> Result<File, ReadError> {
    const TIMES: usize = 3;
    for _ in 0..TIMES {
        if !file.bytes.starts_with(&[0x1f, 0x8b]) {
            break;
        }
        let mut bytes = Vec::new();
        let read = MultiGzDecoder::new(&file.bytes[..]).take(left + 1).read_to_end(&mut bytes);
        read.map_err(|error| {
            ReadError::new(&file.path, format!("it cannot be unpacked ({error})"), "download it again")
        })?;
        if bytes.len() as u64 > left {
            let most = BOUNDS.own_bytes / 1_000_000;
            return Err(ReadError::new(&file.path, format!("more than {most} MB unpacked"), "use a smaller file"));
        }
        file = File { path: file.path, bytes };
    }
    Ok(file)
}

/// The content of a file with that name.
fn content(path: &str, bytes: &[u8]) -> Content {
    if let [0, 0, 0x08 | 0x09 | 0x0b..=0x0e, 1..=4, ..] = bytes {
        return Content::Idx;
    }
    if bytes.starts_with(b"\x93NUMPY") {
        return Content::Npy;
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return archive(bytes);
    }
    if let Some(format) = picture(bytes) {
        return Content::Picture(format);
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(300)])
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_lowercase();
    let is_named_picture = [
        ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".heic", ".heif", ".avif", ".svg", ".pgm",
        ".ppm",
    ]
    .iter()
    .any(|ending| path.to_lowercase().ends_with(ending));
    if is_named_picture || start.starts_with("<svg") || bytes.get(4..8) == Some(b"ftyp") {
        return Content::NoPicture;
    }
    let known: [(&[u8], &str, &str); 8] = [
        (b"\x89HDF", "an HDF5 file", "save the arrays with np.savez"),
        (b"PAR1", "a Parquet file", "save the table as CSV"),
        (b"ARROW1", "an Arrow file", "save the table as CSV"),
        (b"\x80\x02", "a pickle of Python's, which can run programs", "save the arrays with np.savez"),
        (b"\x80\x03", "a pickle of Python's, which can run programs", "save the arrays with np.savez"),
        (b"\x80\x04", "a pickle of Python's, which can run programs", "save the arrays with np.savez"),
        (b"\x80\x05", "a pickle of Python's, which can run programs", "save the arrays with np.savez"),
        (b"%PDF", "a PDF", "save the table as CSV"),
    ];
    if let Some(&(_, what, remedy)) = known.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        return Content::Other(what, remedy);
    }
    match start.as_str() {
        "" => Content::Other("the file is empty", "choose another one"),
        html if html.starts_with("<!doctype html") || html.starts_with("<html") => {
            Content::Other("a web page, not data", "download the file itself")
        }
        lfs if lfs.starts_with("version https://git-lfs") => {
            Content::Other("a pointer to a file that is stored elsewhere (Git LFS)", "download the file itself")
        }
        json if json.starts_with('{') || json.starts_with("[{") || json.starts_with("[[") => {
            Content::Other("JSON, which says nothing of rows and columns", "save the table as CSV")
        }
        arff if arff.starts_with("@relation") => Content::Other("an ARFF file", "save the table as CSV"),
        xml if xml.starts_with("<?xml") => Content::Other("an XML file", "save the table as CSV"),
        _ if is_text(bytes) => Content::Text,
        _ => Content::Other("a file of a kind that is not read", "save a table as CSV, or arrays with np.savez"),
    }
}

/// What an archive holds, as the names of its entries tell.
fn archive(bytes: &[u8]) -> Content {
    let names: Vec<String> = zip::ZipArchive::new(std::io::Cursor::new(bytes))
        .map(|archive| archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect())
        .unwrap_or_default();
    if names.iter().any(|name| name.ends_with(".npy")) {
        return Content::Npy;
    }
    if names.iter().any(|name| name.starts_with("xl/")) || bytes.windows(3).take(2_000).any(|three| three == b"xl/") {
        return Content::Other("an Excel workbook", "save the sheet as CSV");
    }
    Content::Other("an archive", "unpack it, and bring the folder")
}

/// The kind of a picture that can be read. Two letters alone would take tables for pictures (BMI, P1).
fn picture(bytes: &[u8]) -> Option<ImageFormat> {
    let format = image::guess_format(bytes).ok()?;
    let is_sure = match format {
        ImageFormat::Bmp => bytes.get(6..10) == Some(&[0; 4]),
        ImageFormat::Pnm => bytes.get(2).is_some_and(|byte| byte.is_ascii_whitespace()),
        ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::WebP | ImageFormat::Tiff => true,
        _ => false,
    };
    is_sure.then_some(format)
}

/// Whether the first bytes are those of a text, in UTF-8, UTF-16 or an encoding of bytes.
fn is_text(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(1_000)];
    let is_odd = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c);
    super::text::is_utf16(bytes) || !start.iter().any(is_odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_by_its_content_and_not_by_its_name() {
        for (path, bytes, expected) in [
            ("a.csv", &b"BMI,age,label\n"[..], Content::Text),
            ("P1", b"P1,P2\n1,2\n", Content::Text),
            ("x", b"\0\0\x08\x03\0\0\0\x01", Content::Idx),
            ("x.csv", b"\x93NUMPY\x01\0", Content::Npy),
            ("a.jpg", b"", Content::NoPicture),
            ("a.jpg", b"\x89PNG\r\n\x1a\n....", Content::Picture(ImageFormat::Png)),
            ("a", "\u{feff}a,b\n".as_bytes(), Content::Text),
            ("a.txt", b"a\0,\0b\0", Content::Text),
        ] {
            assert_eq!(content(path, bytes), expected, "{path}");
        }
        for (bytes, words) in [
            (&b"<!DOCTYPE html><html>"[..], "web page"),
            (b"version https://git-lfs.github.com/spec/v1", "LFS"),
            (b"\x89HDF\r\n\x1a\n", "HDF5"),
            (b"[{\"a\": 1}]", "JSON"),
            (b"@relation x", "ARFF"),
            (b"", "empty"),
            (b"\x01\x02\x03\x00\x01", "not read"),
        ] {
            let Content::Other(what, _) = content("a.csv", bytes) else { panic!("{words}") };
            assert!(what.contains(words), "{what}");
        }
    }

    #[test]
    fn what_systems_put_beside_data_is_hidden() {
        for path in [".DS_Store", "a/.ipynb_checkpoints/b.png", "__MACOSX/a/._b.png", "a/Thumbs.db"] {
            assert!(is_hidden(path), "{path}");
        }
        assert!(!is_hidden("a.b/c.png"));
    }
}
