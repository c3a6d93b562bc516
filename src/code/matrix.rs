//! A matrix of codes, one bit per ReLU.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::hash_table::{Entry, HashTable};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// `rows` codes of `bits` bits, each packed into whole 64-bit words; bit `i` of a code is bit `i % 64` of word `i / 64`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeMatrix {
    bits: usize,
    rows: usize,
    /// As bytes where it is handed on, so that a worker takes it in one piece.
    #[serde(with = "bytes_of_words")]
    words: Vec<u64>,
}

/// Bytes that cannot be codes.
#[derive(Debug, Error, PartialEq)]
pub enum CodeError {
    /// The file's length does not fit its description.
    #[error(
        "{rows} codes of {bits} bits take {wanted} bytes, the file has {found}: check 'bits', 'train' and 'test' in the JSON file"
    )]
    Length {
        /// Codes promised.
        rows: usize,
        /// Bits per code.
        bits: usize,
        /// Bytes that takes.
        wanted: usize,
        /// Bytes there are.
        found: usize,
    },
}

impl CodeMatrix {
    /// `rows` codes of `bits` zeros.
    pub fn zeros(rows: usize, bits: usize) -> Self {
        Self { bits, rows, words: vec![0; rows * bits.div_ceil(64)] }
    }

    /// From rows of `ceil(bits / 8)` bytes, bit 0 of a row being the lowest bit of its first byte. Bits past `bits` are
    /// padding and ignored.
    pub fn from_bytes(bytes: &[u8], rows: usize, bits: usize) -> Result<Self, CodeError> {
        let row_bytes = bits.div_ceil(8);
        let wanted = rows.saturating_mul(row_bytes); // saturates: no file is that long
        if bytes.len() != wanted {
            return Err(CodeError::Length { rows, bits, wanted, found: bytes.len() });
        }
        let mut codes = Self::zeros(rows, bits);
        for row in 0..rows {
            for bit in 0..bits {
                if bytes[row * row_bytes + bit / 8] >> (bit % 8) & 1 == 1 {
                    codes.set(row, bit);
                }
            }
        }
        Ok(codes)
    }

    /// The first `rows` codes, and the others.
    pub fn split_at(mut self, rows: usize) -> (Self, Self) {
        let others = self.words.split_off(rows * self.bits.div_ceil(64));
        let others = Self { bits: self.bits, rows: self.rows - rows, words: others };
        self.rows = rows;
        (self, others)
    }

    /// Codes behind codes of as many bits.
    pub fn followed_by(mut self, others: Self) -> Self {
        self.words.extend(others.words);
        self.rows += others.rows;
        self
    }

    /// Bits per code.
    pub fn bits(&self) -> usize {
        self.bits
    }

    /// How many codes.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The words of one code.
    pub fn row(&self, row: usize) -> &[u64] {
        let words = self.bits.div_ceil(64);
        &self.words[row * words..][..words]
    }

    /// Whether a ReLU fires.
    pub fn get(&self, row: usize, bit: usize) -> bool {
        self.row(row)[bit / 64] >> (bit % 64) & 1 == 1
    }

    /// Sets a ReLU's bit.
    pub fn set(&mut self, row: usize, bit: usize) {
        let words = self.bits.div_ceil(64);
        self.words[row * words + bit / 64] |= 1 << (bit % 64);
    }

    /// Lets those of the ReLUs from `first` on fire that do.
    pub(super) fn fire(&mut self, row: usize, first: usize, fires: impl Iterator<Item = bool>) {
        let words = self.bits.div_ceil(64);
        let row = &mut self.words[row * words..][..words];
        // Bit by bit without a branch: which ReLUs fire is not predictable.
        let (mut bit, mut gathered) = (first, 0);
        for fires in fires {
            gathered |= u64::from(fires) << (bit % 64);
            bit += 1;
            if bit.is_multiple_of(64) {
                row[bit / 64 - 1] |= std::mem::take(&mut gathered);
            }
        }
        if !bit.is_multiple_of(64) {
            row[bit / 64] |= gathered;
        }
    }

    /// The bytes of one code, lowest bits first: `ceil(bits / 8)` of them.
    pub fn bytes(&self, row: usize) -> impl Iterator<Item = u8> {
        self.row(row).iter().flat_map(|word| word.to_le_bytes()).take(self.bits.div_ceil(8))
    }

    /// Both matrices without the bits that are constant over all their rows, which carry no information (paper, protocol).
    pub fn without_constant_bits(train: &Self, test: &Self) -> (Self, Self) {
        let words = train.bits.div_ceil(64);
        let (mut ever, mut always) = (vec![0; words], vec![u64::MAX; words]);
        for codes in [train, test] {
            for row in 0..codes.rows {
                for (word, (ever, always)) in codes.row(row).iter().zip(ever.iter_mut().zip(&mut always)) {
                    *ever |= word;
                    *always &= word;
                }
            }
        }
        let kept: Vec<usize> =
            (0..train.bits).filter(|bit| (ever[bit / 64] & !always[bit / 64]) >> (bit % 64) & 1 == 1).collect();
        (train.select(&kept), test.select(&kept))
    }

    /// Some of the bits alone.
    pub fn select(&self, kept: &[usize]) -> Self {
        if kept.iter().copied().eq(0..self.bits) {
            return self.clone();
        }
        let mut codes = Self::zeros(self.rows, kept.len());
        for row in 0..self.rows {
            codes.fire(row, 0, kept.iter().map(|&bit| self.get(row, bit)));
        }
        codes
    }

    /// Gives each row the number of its distinct code, counted in order of first appearance.
    pub fn distinct(&self) -> Distinct {
        let mut seen = Seen::new(self);
        let mut distinct = Distinct { first_rows: Vec::new(), number_of_row: Vec::with_capacity(self.rows) };
        for row in 0..self.rows {
            let number = match seen.before(row) {
                Some(first) => distinct.number_of_row[first],
                None => {
                    distinct.first_rows.push(row);
                    distinct.first_rows.len() - 1
                }
            };
            distinct.number_of_row.push(number);
        }
        distinct
    }

    /// How many distinct codes there are.
    pub fn count_distinct(&self) -> usize {
        let mut seen = Seen::new(self);
        (0..self.rows).filter(|&row| seen.before(row).is_none()).count()
    }
}

/// Codes that were seen, each by its first row: the table holds no code a second time, and is small.
struct Seen<'a> {
    codes: &'a CodeMatrix,
    rows: HashTable<usize>,
    state: FixedState,
}

impl<'a> Seen<'a> {
    fn new(codes: &'a CodeMatrix) -> Self {
        Self { codes, rows: HashTable::with_capacity(codes.rows), state: FixedState::default() }
    }

    /// The first row with the code of this one; none, if it is itself.
    fn before(&mut self, row: usize) -> Option<usize> {
        let Self { codes, rows, state } = self;
        let code = codes.row(row);
        let hash = |row: &usize| state.hash_one(codes.row(*row));
        match rows.entry(state.hash_one(code), |&other| codes.row(other) == code, hash) {
            Entry::Occupied(first) => Some(*first.get()),
            Entry::Vacant(place) => {
                place.insert(row);
                None
            }
        }
    }
}

mod bytes_of_words {
    use serde::{Deserializer, Serializer};
    use serde_bytes::ByteBuf;

    pub fn serialize<S: Serializer>(words: &[u64], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
        let bytes: ByteBuf = serde::Deserialize::deserialize(deserializer)?;
        let words =
            bytes.chunks_exact(8).map(|word| word.iter().rev().fold(0, |all, &byte| all << 8 | u64::from(byte)));
        Ok(words.collect())
    }
}

/// Which codes of a matrix are the same.
#[derive(Debug, Clone)]
pub struct Distinct {
    /// For each distinct code, the first row that has it.
    pub first_rows: Vec<usize>,
    /// For each row, the number of its code.
    pub number_of_row: Vec<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_go_in_and_come_out_lowest_bit_first() {
        let codes = CodeMatrix::from_bytes(&[0b101, 0b10, 0, 0b1], 2, 10).unwrap();
        assert_eq!((0..10).map(|bit| codes.get(0, bit) as u8).collect::<Vec<_>>(), [1, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(codes.bytes(0).collect::<Vec<_>>(), [0b101, 0b10]);
        assert!(codes.get(1, 8));
    }

    #[test]
    fn relus_fire_from_any_one_on_over_the_ends_of_words() {
        for (first, count) in [(0, 3), (0, 64), (60, 10), (63, 130), (5, 0), (130, 62)] {
            let fires = |bit: usize| bit >= first && bit < first + count && bit.wrapping_mul(2_654_435_761) & 64 == 0;
            let mut codes = CodeMatrix::zeros(2, 200);
            codes.set(1, first.saturating_sub(1));
            codes.fire(1, first, (first..first + count).map(fires));
            for bit in 0..200 {
                assert_eq!(
                    codes.get(1, bit),
                    fires(bit) || bit == first.saturating_sub(1),
                    "bit {bit} of {count} from {first}"
                );
            }
            assert!(codes.row(0).iter().all(|&word| word == 0));
        }
    }

    #[test]
    fn a_file_of_another_length_is_refused() {
        let refused = CodeMatrix::from_bytes(&[0; 3], 2, 10).unwrap_err();
        assert_eq!(refused, CodeError::Length { rows: 2, bits: 10, wanted: 4, found: 3 });
    }

    #[test]
    fn a_bit_is_constant_only_if_it_is_so_over_train_and_test_together() {
        // Bit 0: always on. Bit 1: varies in train. Bit 2: varies between train and test. Bit 3: always off.
        let train = CodeMatrix::from_bytes(&[0b0011, 0b0001], 2, 4).unwrap();
        let test = CodeMatrix::from_bytes(&[0b0101], 1, 4).unwrap();
        let (train, test) = CodeMatrix::without_constant_bits(&train, &test);
        assert_eq!((train.bits(), test.bits()), (2, 2));
        assert_eq!((train.get(0, 0), train.get(1, 0), test.get(0, 1)), (true, false, true));
    }

    #[test]
    fn equal_codes_share_a_number() {
        let codes = CodeMatrix::from_bytes(&[1, 2, 1, 0], 4, 3).unwrap();
        assert_eq!(codes.count_distinct(), 3);
        let distinct = codes.distinct();
        assert_eq!((distinct.first_rows, distinct.number_of_row), (vec![0, 1, 3], vec![0, 1, 0, 2]));
    }
}
