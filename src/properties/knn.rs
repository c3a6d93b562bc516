//! K nearest neighbours by Hamming distance.

use super::Labelled;
use crate::code::{CodeMatrix, Distinct};

/// The label of each test code by majority vote of its `neighbours` nearest training codes.
///
/// Nearest is by (Hamming distance, training index), votes are uniform, a tied vote goes to the lowest label. Fewer
/// training codes than neighbours: all vote. (scikit-learn breaks ties in distance arbitrarily; this rule is its
/// brute-force search with a stable sort.)
pub fn predict(train: Labelled<'_>, test: &CodeMatrix, neighbours: usize, classes: usize) -> Vec<u8> {
    let neighbours = neighbours.min(train.codes.rows());
    let voters = Voters::new(train, neighbours);
    let Distinct { first_rows, number_of_row } = test.distinct();
    let mut scratch = Scratch::new(voters.first_rows.len(), train.codes.bits(), classes);
    let predictions: Vec<u8> =
        first_rows.iter().map(|&row| scratch.vote(train, &voters, test.row(row), neighbours)).collect();
    number_of_row.into_iter().map(|number| predictions[number]).collect()
}

/// The distinct training codes, each with the training indices that can ever vote: its first `neighbours`.
struct Voters {
    first_rows: Vec<usize>,
    indices: Vec<Vec<usize>>,
}

impl Voters {
    fn new(train: Labelled<'_>, neighbours: usize) -> Self {
        let Distinct { first_rows, number_of_row } = train.codes.distinct();
        let mut indices = vec![Vec::new(); first_rows.len()];
        for (index, number) in number_of_row.into_iter().enumerate() {
            if indices[number].len() < neighbours {
                indices[number].push(index);
            }
        }
        Self { first_rows, indices }
    }
}

struct Scratch {
    /// Of each distinct training code.
    distances: Vec<u32>,
    /// Voters at each distance.
    counts: Vec<usize>,
    votes: Vec<usize>,
    tied: Vec<usize>,
}

impl Scratch {
    fn new(codes: usize, bits: usize, classes: usize) -> Self {
        Self { distances: vec![0; codes], counts: vec![0; bits + 1], votes: vec![0; classes], tied: Vec::new() }
    }

    fn vote(&mut self, train: Labelled<'_>, voters: &Voters, code: &[u64], neighbours: usize) -> u8 {
        self.counts.fill(0);
        for ((distance, &row), indices) in self.distances.iter_mut().zip(&voters.first_rows).zip(&voters.indices) {
            *distance = hamming(train.codes.row(row), code);
            self.counts[*distance as usize] += indices.len();
        }
        // All voters nearer than `limit` are in; those at it come in by training index while there is room.
        let (mut limit, mut nearer) = (0, 0);
        while nearer + self.counts[limit] < neighbours {
            nearer += self.counts[limit];
            limit += 1;
        }
        self.votes.fill(0);
        self.tied.clear();
        for (&distance, indices) in self.distances.iter().zip(&voters.indices) {
            match (distance as usize).cmp(&limit) {
                std::cmp::Ordering::Less => {
                    for &index in indices {
                        self.votes[usize::from(train.labels[index])] += 1;
                    }
                }
                std::cmp::Ordering::Equal => self.tied.extend(indices),
                std::cmp::Ordering::Greater => {}
            }
        }
        self.tied.sort_unstable();
        for &index in &self.tied[..neighbours - nearer] {
            self.votes[usize::from(train.labels[index])] += 1;
        }
        let most = self.votes.iter().max().copied().unwrap_or_default();
        self.votes.iter().position(|&votes| votes == most).unwrap_or_default() as u8
    }
}

/// Bits in which two codes differ.
#[inline]
pub(crate) fn hamming(a: &[u64], b: &[u64]) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))] // proptest needs the machine's own randomness
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The rule as it reads: sort by (distance, index), let the first vote.
    fn by_sorting(train: Labelled<'_>, test: &CodeMatrix, neighbours: usize, classes: usize) -> Vec<u8> {
        let nearest = |row: usize| {
            let mut order: Vec<_> = (0..train.codes.rows()).collect();
            order.sort_by_key(|&index| (hamming(train.codes.row(index), test.row(row)), index));
            let mut votes = vec![0; classes];
            order.iter().take(neighbours).for_each(|&index| votes[usize::from(train.labels[index])] += 1);
            (0..classes).rev().max_by_key(|&label| votes[label]).unwrap() as u8
        };
        (0..test.rows()).map(nearest).collect()
    }

    proptest! {
        #[test]
        fn any_codes_with_ties_duplicates_and_few_examples_vote_as_the_rule_says(
            bits in 1_usize..9, train in prop::collection::vec((any::<u8>(), 0_u8..3), 1..40),
            test in prop::collection::vec(any::<u8>(), 1..20), neighbours in 1_usize..12,
        ) {
            let (bytes, labels): (Vec<u8>, Vec<u8>) = train.into_iter().unzip();
            let codes = CodeMatrix::from_bytes(&bytes, bytes.len(), bits).unwrap();
            let test = CodeMatrix::from_bytes(&test, test.len(), bits).unwrap();
            let train = Labelled { codes: &codes, labels: &labels };
            prop_assert_eq!(predict(train, &test, neighbours, 3), by_sorting(train, &test, neighbours, 3));
        }
    }
}
