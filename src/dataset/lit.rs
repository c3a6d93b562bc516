//! The pixels that are lit, where most are dark.

/// Of the examples of a set, the inputs that are not 0: four fifths of MNIST's are.
#[derive(Debug)]
pub struct Lit {
    /// Where each example's begin in the two others; one more than there are examples.
    starts: Vec<usize>,
    /// Which inputs, rising.
    inputs: Vec<u16>,
    /// Their bytes.
    bytes: Vec<u8>,
}

/// What networks see of a byte (paper, protocol): looked up in less time than divided.
const SEEN: [f32; 256] = {
    let mut seen = [0.0; 256];
    let mut byte = 0;
    while byte < 256 {
        seen[byte] = byte as f32 / 255.0;
        byte += 1;
    }
    seen
};
/// Pixels that are looked at together.
const BLOCK: usize = 8;

impl Lit {
    /// Share of lit pixels up to which it pays to know them.
    const MOST: f64 = 0.5;

    /// The lit pixels of examples of so many inputs; nothing where too many are lit to make a difference.
    pub(super) fn of(bytes: &[u8], inputs: usize) -> Option<Self> {
        let lit = bytes.iter().filter(|&&byte| byte != 0).count();
        if inputs > usize::from(u16::MAX) || lit as f64 > Self::MOST * bytes.len() as f64 {
            return None;
        }
        let mut found = Self { starts: vec![0], inputs: Vec::with_capacity(lit), bytes: Vec::with_capacity(lit) };
        for example in bytes.chunks_exact(inputs) {
            let (blocks, rest) = example.as_chunks::<BLOCK>();
            // Most blocks are dark altogether.
            for (index, block) in blocks.iter().enumerate().filter(|(_, block)| **block != [0; BLOCK]) {
                found.push(index * BLOCK, block);
            }
            found.push(blocks.len() * BLOCK, rest);
            found.starts.push(found.inputs.len());
        }
        Some(found)
    }

    /// Adds the lit ones of some pixels, counted from `first`.
    fn push(&mut self, first: usize, pixels: &[u8]) {
        for (place, &byte) in pixels.iter().enumerate().filter(|&(_, &byte)| byte != 0) {
            self.inputs.push((first + place) as u16);
            self.bytes.push(byte);
        }
    }

    /// The lit pixels of one example: which, and what networks see there.
    pub fn example(&self, row: usize) -> impl Iterator<Item = (u32, f32)> {
        let range = self.starts[row]..self.starts[row + 1];
        let values = self.bytes[range.clone()].iter().map(|&byte| SEEN[usize::from(byte)]);
        self.inputs[range].iter().map(|&input| u32::from(input)).zip(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lit_pixels_are_those_that_are_not_dark() {
        let lit = Lit::of(&[0, 51, 0, 0, 0, 0, 255, 0, 102], 3).unwrap();
        let of = |row| lit.example(row).collect::<Vec<_>>();
        assert_eq!((of(0), of(1), of(2)), (vec![(1, 0.2)], vec![], vec![(0, 1.0), (2, 0.4)]));
    }

    #[test]
    fn none_is_missed_in_blocks_and_behind_them() {
        let bytes: Vec<u8> =
            (0..4 * 21).map(|at: u8| if at % 3 == 1 || (30..45).contains(&at) { at } else { 0 }).collect();
        let lit = Lit::of(&bytes, 21).unwrap();
        for (row, example) in bytes.chunks(21).enumerate() {
            let found: Vec<usize> = lit.example(row).map(|(input, _)| input as usize).collect();
            assert_eq!(found, (0..21).filter(|&input| example[input] != 0).collect::<Vec<_>>());
        }
    }

    #[test]
    fn where_most_are_lit_nothing_is_gained() {
        assert!(Lit::of(&[1, 1, 1, 0], 2).is_none());
    }
}
