//! The pixels that are lit, where most are dark.

use super::pixels::{Pixels, seen};

/// The nonzero inputs of a set of examples; of MNIST's inputs, four fifths are zero. Only these are stored, in 3 bytes for each lit pixel
/// instead of 1 byte for every pixel.
#[derive(Debug)]
pub struct Lit {
    /// Inputs of an example.
    width: usize,
    /// Where each example's begin in the two others; one more than there are examples.
    starts: Vec<usize>,
    /// Which inputs, rising.
    inputs: Vec<u16>,
    /// Their bytes.
    bytes: Vec<u8>,
}

/// The input value of each byte: a look-up takes less time than a division.
const SEEN: [f32; 256] = {
    let mut table = [0.0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = seen(byte as u8);
        byte += 1;
    }
    table
};
/// Pixels that are tested together.
const BLOCK: usize = 8;

impl Lit {
    /// Share of lit pixels up to which storing them sparsely pays.
    const MOST: f64 = 0.5;

    /// The lit pixels of examples with so many inputs; none if too many are lit for this to pay.
    pub(super) fn of(pixels: &Pixels, width: usize) -> Option<Self> {
        let mut lit = 0;
        pixels.each(width, |piece| lit += piece.iter().filter(|&&byte| byte != 0).count());
        if width > usize::from(u16::MAX) || lit as f64 > Self::MOST * pixels.len() as f64 {
            return None;
        }
        let mut found =
            Self { width, starts: vec![0], inputs: Vec::with_capacity(lit), bytes: Vec::with_capacity(lit) };
        pixels.each(width, |piece| piece.chunks_exact(width).for_each(|example| found.push_example(example)));
        Some(found)
    }

    fn push_example(&mut self, example: &[u8]) {
        let (blocks, rest) = example.as_chunks::<BLOCK>();
        // Most blocks are all 0.
        for (index, block) in blocks.iter().enumerate().filter(|(_, block)| **block != [0; BLOCK]) {
            self.push(index * BLOCK, block);
        }
        self.push(blocks.len() * BLOCK, rest);
        self.starts.push(self.inputs.len());
    }

    /// Adds the lit ones of some pixels, counted from `first`.
    fn push(&mut self, first: usize, pixels: &[u8]) {
        for (place, &byte) in pixels.iter().enumerate().filter(|&(_, &byte)| byte != 0) {
            self.inputs.push((first + place) as u16);
            self.bytes.push(byte);
        }
    }

    /// The lit pixels of one example: indices and input values.
    pub fn example(&self, row: usize) -> impl Iterator<Item = (u32, f32)> {
        self.pixels(row).map(|(input, byte)| (u32::from(input), SEEN[usize::from(byte)]))
    }

    /// The same as they are kept.
    fn pixels(&self, row: usize) -> impl Iterator<Item = (u16, u8)> {
        let range = self.starts[row]..self.starts[row + 1];
        self.inputs[range.clone()].iter().copied().zip(self.bytes[range].iter().copied())
    }

    /// Writes out the first `examples` with their dark pixels.
    pub(super) fn each(&self, examples: usize, mut take: impl FnMut(&[u8])) {
        let mut whole = vec![0; self.width];
        for row in 0..examples {
            whole.fill(0);
            self.pixels(row).for_each(|(input, byte)| whole[usize::from(input)] = byte);
            take(&whole);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lit_pixels_are_those_that_are_not_dark() {
        let lit = Lit::of(&vec![0, 51, 0, 0, 0, 0, 255, 0, 102].into(), 3).unwrap();
        let of = |row| lit.example(row).collect::<Vec<_>>();
        assert_eq!((of(0), of(1), of(2)), (vec![(1, 0.2)], vec![], vec![(0, 1.0), (2, 0.4)]));
    }

    #[test]
    fn none_is_missed_in_blocks_and_behind_them() {
        let bytes: Vec<u8> =
            (0..4 * 21).map(|at: u8| if at % 3 == 1 || (30..45).contains(&at) { at } else { 0 }).collect();
        let lit = Lit::of(&bytes.clone().into(), 21).unwrap();
        let mut whole = Vec::new();
        lit.each(3, |example| whole.extend_from_slice(example));
        assert_eq!(whole, bytes[..3 * 21]);
        for (row, example) in bytes.chunks(21).enumerate() {
            let found: Vec<usize> = lit.example(row).map(|(input, _)| input as usize).collect();
            assert_eq!(found, (0..21).filter(|&input| example[input] != 0).collect::<Vec<_>>());
        }
    }

    #[test]
    fn where_most_are_lit_nothing_is_gained() {
        assert!(Lit::of(&vec![1, 1, 1, 0].into(), 2).is_none());
    }
}
