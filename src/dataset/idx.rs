//! The idx format of MNIST and its kin: a magic number, big-endian sizes, bytes.

use thiserror::Error;

use super::Pixels;

/// What is wrong with an idx file.
#[derive(Debug, Error, PartialEq)]
pub enum IdxError {
    /// Another format, or still gzipped.
    #[error("not an idx file of the right kind with {wanted} dimensions (it starts with {start:02x?})")]
    Magic {
        /// Dimensions expected.
        wanted: u8,
        /// The file's first bytes.
        start: Vec<u8>,
    },
    /// The header promises other data than there is.
    #[error("the header says {wanted} bytes of data, the file has {found}: it is cut short or damaged")]
    Length {
        /// Bytes the header asks for.
        wanted: usize,
        /// Bytes there are.
        found: usize,
    },
    /// Nothing in it.
    #[error("no examples in it")]
    Empty,
}

/// Kinds of numbers, as a file's third byte says them.
const BYTES: u8 = 0x08;
pub(super) const INTEGERS: u8 = 0x0C;
pub(super) const FLOATS: u8 = 0x0D;

/// Bytes of the longest header that is read: the magic number and three sizes.
const HEADER: usize = 16;

/// Pixels per image, and the pixels of all images one after another.
pub fn read_images(file: &Pixels) -> Result<(usize, Pixels), IdxError> {
    let ([_, rows, columns], header) = read::<3>(&file.read(0..file.len().min(HEADER)), file.len())?;
    // The product of all three sizes has been checked against the file's length.
    Ok((rows * columns, file.part(header..file.len())))
}

/// One label per example.
pub fn read_labels(file: &[u8]) -> Result<&[u8], IdxError> {
    Ok(&file[read::<1>(file, file.len())?.1..])
}

/// The numbers of a list, 32 bits each, big-endian.
pub(super) fn read_numbers(file: &[u8], kind: u8) -> Result<impl Iterator<Item = [u8; 4]>, IdxError> {
    let (_, header) = of_kind::<1>(file, file.len(), kind, 4)?;
    Ok(file[header..].as_chunks().0.iter().copied())
}

fn read<const D: usize>(start: &[u8], len: usize) -> Result<([usize; D], usize), IdxError> {
    of_kind(start, len, BYTES, 1)
}

/// Sizes and the header's length of a file of `len` bytes, which begins with `start`, of numbers of that kind and of so many bytes each.
fn of_kind<const D: usize>(start: &[u8], len: usize, kind: u8, bytes: usize) -> Result<([usize; D], usize), IdxError> {
    // Magic: two zero bytes, the kind of numbers, the number of dimensions.
    let magic = || IdxError::Magic { wanted: D as u8, start: start.iter().take(4).copied().collect() };
    let header = start.get(..4 + 4 * D).ok_or_else(magic)?;
    if header[..4] != [0, 0, kind, D as u8] {
        return Err(magic());
    }
    let mut sizes = [0; D];
    for (size, bytes) in sizes.iter_mut().zip(header[4..].chunks_exact(4)) {
        *size = bytes.iter().fold(0, |number, &byte| number << 8 | usize::from(byte));
    }
    let found = len - header.len();
    if sizes.contains(&0) {
        return Err(IdxError::Empty);
    }
    // A header may announce more than fits into a machine word.
    let wanted = sizes.iter().fold(bytes, |product, &size| product.saturating_mul(size));
    if found != wanted { Err(IdxError::Length { wanted, found }) } else { Ok((sizes, header.len())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_truncated_file_says_how_much_is_missing() {
        let file = [0, 0, 8, 1, 0, 0, 0, 5, 1, 2, 3];
        assert_eq!(read_labels(&file), Err(IdxError::Length { wanted: 5, found: 3 }));
        assert!(matches!(read_labels(&file[..6]), Err(IdxError::Magic { .. })));
    }

    #[test]
    fn a_gzipped_file_is_not_taken_for_idx() {
        assert!(matches!(read_labels(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0]), Err(IdxError::Magic { .. })));
    }
}
