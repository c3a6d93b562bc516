//! Pixels as they are kept: a byte each, image after image, in our own memory or in that of a page.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// Pixels that are read per call: a browser finishes a call in the unoptimized code it started with.
const PIECE: usize = 1 << 16;
/// Pixels up to which those of a page are copied, rather than asked for image by image.
#[cfg(target_arch = "wasm32")]
const FEW: usize = 1 << 22;

/// What networks see of a pixel (paper, protocol).
pub(super) const fn seen(pixel: u8) -> f32 {
    pixel as f32 / 255.0
}

/// Pixels of one or more files, one after the other. Parts of them are the same memory.
#[derive(Debug, Clone, Default)]
pub struct Pixels {
    files: Vec<File>,
    /// Pixels up to the end of each file.
    ends: Vec<usize>,
}

/// As much of a file as is asked for.
#[derive(Debug, Clone)]
struct File {
    bytes: Bytes,
    range: Range<usize>,
}

#[derive(Debug, Clone)]
enum Bytes {
    Ours(Arc<Vec<u8>>),
    /// In the memory of a page, which its workers can share.
    #[cfg(target_arch = "wasm32")]
    Page(js_sys::Uint8Array),
}

impl From<Vec<u8>> for Pixels {
    fn from(bytes: Vec<u8>) -> Self {
        let range = 0..bytes.len();
        Self::default().and(File { bytes: Bytes::Ours(Arc::new(bytes)), range })
    }
}

#[cfg(target_arch = "wasm32")]
impl From<js_sys::Uint8Array> for Pixels {
    fn from(bytes: js_sys::Uint8Array) -> Self {
        let range = 0..bytes.length() as usize;
        Self::default().and(File { bytes: Bytes::Page(bytes), range })
    }
}

impl Pixels {
    /// How many.
    pub fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn and(mut self, file: File) -> Self {
        self.ends.push(self.len() + file.range.len());
        self.files.push(file);
        self
    }

    /// These, and others after them.
    pub(super) fn followed_by(self, others: Self) -> Self {
        others.files.into_iter().fold(self, Self::and)
    }

    /// Those from one place to another.
    pub(super) fn part(&self, range: Range<usize>) -> Self {
        let mut start = 0;
        let mut part = Self::default();
        for (file, &end) in self.files.iter().zip(&self.ends) {
            let (from, to) = (range.start.max(start), range.end.min(end));
            if from < to {
                let first = file.range.start + from - start;
                part = part.and(File { bytes: file.bytes.clone(), range: first..first + to - from });
            }
            start = end;
        }
        part
    }

    /// The same, of a page's in memory of our own where they are few.
    pub(super) fn at_hand(self) -> Self {
        #[cfg(target_arch = "wasm32")]
        if self.len() <= FEW {
            return self.read(0..self.len()).into_owned().into();
        }
        self
    }

    /// Looks at those from one place to another.
    pub(crate) fn read(&self, range: Range<usize>) -> Cow<'_, [u8]> {
        let file = self.ends.partition_point(|&end| end <= range.start);
        let Some(&end) = self.ends.get(file) else { return Cow::Borrowed(&[]) };
        if range.end > end {
            return [self.read(range.start..end), self.read(end..range.end)].concat().into();
        }
        let File { bytes, range: all } = &self.files[file];
        let first = all.end - (end - range.start);
        let range = first..first + range.len();
        match bytes {
            Bytes::Ours(bytes) => Cow::Borrowed(&bytes[range]),
            #[cfg(target_arch = "wasm32")]
            Bytes::Page(bytes) => Cow::Owned(bytes.subarray(range.start as u32, range.end as u32).to_vec()),
        }
    }

    /// Hands on all of them in pieces, each of whole examples of so many inputs.
    pub(super) fn each(&self, inputs: usize, mut take: impl FnMut(&[u8])) {
        let piece = (PIECE / inputs).max(1) * inputs;
        for start in (0..self.len()).step_by(piece) {
            take(&self.read(start..self.len().min(start + piece)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Pixels {
        Pixels::from(vec![9, 1, 2]).part(1..3).followed_by(vec![3, 4, 5].into()).followed_by(vec![6].into())
    }

    #[test]
    fn what_lies_in_several_files_reads_as_one() {
        let pixels = files();
        assert_eq!((pixels.len(), Pixels::default().is_empty()), (6, true));
        for start in 0..6 {
            for end in start..6 {
                let expected: Vec<u8> = (start as u8 + 1..=end as u8).collect();
                assert_eq!(*pixels.read(start..end), expected);
                assert_eq!(*pixels.part(start..end).read(0..end - start), expected);
            }
        }
    }

    #[test]
    fn pieces_are_of_whole_examples_and_leave_none_out() {
        let inputs = PIECE / 2 - 1;
        let bytes: Vec<u8> = (0..5 * inputs).map(|at| at as u8).collect();
        let (mut pieces, mut all) = (Vec::new(), Vec::new());
        Pixels::from(bytes.clone()).each(inputs, |piece| {
            pieces.push(piece.len() / inputs);
            all.extend_from_slice(piece);
        });
        assert_eq!((pieces, all), (vec![2, 2, 1], bytes));
    }
}
