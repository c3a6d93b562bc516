//! Numbers of which most are 0, such as counts of words: only the others are stored.

/// Rows of numbers most of which are 0 (compressed sparse rows): memory is that of the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Sparse {
    inputs: usize,
    /// Where each row begins in the two others; one more than there are rows.
    starts: Vec<usize>,
    /// Which inputs, in increasing order within a row.
    places: Vec<u32>,
    numbers: Vec<f32>,
}

impl Sparse {
    /// No rows yet, of so many inputs.
    pub fn new(inputs: usize) -> Self {
        Self { inputs, starts: vec![0], places: Vec::new(), numbers: Vec::new() }
    }

    /// From its parts, as [`Self::parts`] gives them; none where they do not fit together.
    pub fn from_parts(inputs: usize, starts: Vec<usize>, places: Vec<u32>, numbers: Vec<f32>) -> Option<Self> {
        let rising = |row: &[u32]| row.windows(2).all(|pair| pair[0] < pair[1]);
        let fits = starts.first() == Some(&0)
            && starts.last() == Some(&places.len())
            && places.len() == numbers.len()
            && starts.is_sorted()
            && starts.windows(2).all(|pair| {
                let row = &places[pair[0]..pair[1]];
                rising(row) && row.last().is_none_or(|&last| (last as usize) < inputs)
            });
        fits.then_some(Self { inputs, starts, places, numbers })
    }

    /// Where rows begin, which inputs are not 0, and their numbers.
    pub fn parts(&self) -> (&[usize], &[u32], &[f32]) {
        (&self.starts, &self.places, &self.numbers)
    }

    /// Adds a row from places, in increasing order, and their numbers.
    pub fn push(&mut self, row: impl IntoIterator<Item = (u32, f32)>) {
        for (place, number) in row.into_iter().filter(|&(_, number)| number != 0.0) {
            self.places.push(place);
            self.numbers.push(number);
        }
        self.starts.push(self.places.len());
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// Numbers of a row, zeros counted.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The numbers that are not 0.
    pub fn numbers(&self) -> &[f32] {
        &self.numbers
    }

    /// The numbers of a row that are not 0, with their places.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (u32, f32)> {
        let range = self.starts[row]..self.starts[row + 1];
        self.places[range.clone()].iter().copied().zip(self.numbers[range].iter().copied())
    }

    /// The rows named, in that order.
    pub fn of_rows(&self, rows: impl IntoIterator<Item = usize>) -> Self {
        let mut some = Self::new(self.inputs);
        rows.into_iter().for_each(|row| some.push(self.row(row)));
        some
    }

    /// Writes out the first `rows`: how many numbers each has, which, and the numbers.
    pub(super) fn each_byte(&self, rows: usize, mut take: impl FnMut(&[u8])) {
        take(b"sparse");
        for row in 0..rows {
            let range = self.starts[row]..self.starts[row + 1];
            take(&(range.len() as u32).to_le_bytes());
            for (place, number) in self.row(row) {
                take(&place.to_le_bytes());
                take(&number.to_le_bytes());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_zero_is_stored() {
        let mut sparse = Sparse::new(4);
        sparse.push([(0, 0.0), (1, 2.0), (3, -1.0)]);
        sparse.push([]);
        assert_eq!((sparse.rows(), sparse.parts().1.len()), (2, 2));
        assert_eq!(sparse.row(0).collect::<Vec<_>>(), [(1, 2.0), (3, -1.0)]);
        assert_eq!(sparse.of_rows([1, 0]).row(1).count(), 2);
    }

    #[test]
    fn parts_that_do_not_fit_are_none() {
        let of = |starts: &[usize], places: &[u32]| {
            Sparse::from_parts(3, starts.into(), places.into(), vec![1.0; places.len()]).is_some()
        };
        assert!(of(&[0, 2, 3], &[0, 2, 1]));
        for (starts, places) in
            [(&[0, 2][..], &[2, 0][..]), (&[0, 1], &[3]), (&[0, 2, 1], &[0, 1]), (&[1, 2], &[0, 1]), (&[], &[])]
        {
            assert!(!of(starts, places), "{starts:?} {places:?}");
        }
    }
}
