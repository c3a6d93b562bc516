//! K nearest neighbours by Hamming distance.

use std::ops::Range;

use super::Labelled;
use super::columns::{BLOCK, Columns, Count};
use super::half_table::ByteCodes;
use super::long::between;
use crate::code::{CodeMatrix, Distinct};
use crate::engine::{Kernel, vectorised};

/// Test codes whose distances from all training codes are held at a time, where codes are too long to count them one by one.
const TOGETHER: usize = 256;

/// Bytes of the distances that are held at a time.
pub(super) fn bytes(train: u64, bits: u64) -> u64 {
    let is_counted_at_once = usize::try_from(bits).is_ok_and(Columns::suit);
    if is_counted_at_once { 0 } else { train.saturating_mul((TOGETHER * size_of::<u32>()) as u64) }
}

/// The label of each test code, by majority vote of its `neighbours` nearest training codes.
///
/// Nearest is by (Hamming distance, training index), votes are uniform, a tied vote goes to the lowest label. Fewer
/// training codes than neighbours: all vote. (scikit-learn breaks ties in distance arbitrarily; this rule is its
/// brute-force search with a stable sort.)
pub fn predict(train: Labelled<'_>, test: &CodeMatrix, neighbours: usize, classes: usize) -> Vec<u8> {
    let neighbours = neighbours.min(train.codes.rows());
    let Distinct { first_rows: voters, number_of_row } = train.codes.distinct();
    let electorate = Electorate::new(train.labels, &number_of_row, voters.len(), neighbours);
    let Distinct { first_rows: asking, number_of_row } = test.distinct();
    let mut ballot = Ballot::new(train.codes.bits(), classes);
    let answers = if Columns::suit(train.codes.bits()) {
        let voters = Columns::new(train.codes, &voters);
        vectorised(Election { ballot, electorate: &electorate, voters: &voters, test, asking: &asking })
    } else {
        let voters = ByteCodes::new(train.codes, voters);
        let codes = ByteCodes::new(test, asking.iter().copied());
        let mut answers = Vec::with_capacity(asking.len());
        for start in (0..asking.len()).step_by(TOGETHER) {
            let together = start..asking.len().min(start + TOGETHER);
            let blocks: Vec<_> =
                electorate.blocks().map(|block| between(&voters, block, &codes, together.clone())).collect();
            answers.extend((0..together.len()).map(|place| ballot.vote(&electorate, |block| blocks[block][place])));
        }
        answers
    };
    number_of_row.into_iter().map(|number| answers[number]).collect()
}

/// One test code after the other, with distances counted in bytes.
struct Election<'a> {
    ballot: Ballot,
    electorate: &'a Electorate<'a>,
    voters: &'a Columns,
    test: &'a CodeMatrix,
    asking: &'a [usize],
}

impl Kernel for Election<'_> {
    type Output = Vec<u8>;

    #[inline(always)]
    fn call(self) -> Vec<u8> {
        let Self { mut ballot, electorate, voters, test, asking } = self;
        let mut answers = Vec::with_capacity(asking.len());
        for &row in asking {
            answers.push(ballot.vote(electorate, |block| voters.distances::<u8>(test.row(row), block)));
        }
        answers
    }
}

/// Who may vote.
struct Electorate<'a> {
    labels: &'a [u8],
    /// Of each distinct training code, the training indices that can ever vote: its first `neighbours`.
    indices: Vec<Vec<usize>>,
    neighbours: usize,
}

impl<'a> Electorate<'a> {
    fn new(labels: &'a [u8], number_of_row: &[usize], codes: usize, neighbours: usize) -> Self {
        let mut indices = vec![Vec::new(); codes];
        for (index, &number) in number_of_row.iter().enumerate() {
            if indices[number].len() < neighbours {
                indices[number].push(index);
            }
        }
        Self { labels, indices, neighbours }
    }

    /// The distinct codes, [`BLOCK`] at a time.
    fn blocks(&self) -> impl Iterator<Item = Range<usize>> {
        (0..self.indices.len()).step_by(BLOCK).map(|start| start..self.indices.len().min(start + BLOCK))
    }
}

/// One test code's election.
struct Ballot {
    /// Voters at each distance, as far as they were counted.
    counts: Vec<usize>,
    /// Distinct training codes that were within the limit when they were met, with their distances.
    near: Vec<(u32, usize)>,
    votes: Vec<usize>,
    tied: Vec<usize>,
}

impl Ballot {
    fn new(bits: usize, classes: usize) -> Self {
        Self { counts: vec![0; bits + 1], near: Vec::new(), votes: vec![0; classes], tied: Vec::new() }
    }

    /// One pass over the codes, whose distances are given block by block: whoever is farther than the nearest ones so far never votes, and of
    /// most blocks that is true of all.
    #[inline(always)]
    fn vote<C: Count>(&mut self, electorate: &Electorate<'_>, distances: impl Fn(usize) -> [C; BLOCK]) -> u8 {
        let Electorate { labels, indices, neighbours } = electorate;
        self.counts.fill(0);
        self.near.clear();
        // `within` counts all voters at distances up to `limit`; without those at `limit` there would be too few.
        let (mut limit, mut within) = (self.counts.len() - 1, 0);
        for (block, numbers) in electorate.blocks().enumerate() {
            let distances = distances(block);
            let least = distances.iter().copied().fold(distances[0], C::min);
            if least.into() as usize > limit {
                continue;
            }
            for (distance, number) in distances.iter().map(|&distance| distance.into()).zip(numbers) {
                if distance as usize > limit {
                    continue;
                }
                let own = indices[number].len();
                self.near.push((distance, number));
                self.counts[distance as usize] += own;
                within += own;
                while within - self.counts[limit] >= *neighbours {
                    within -= self.counts[limit];
                    limit -= 1;
                }
            }
        }
        self.votes.fill(0);
        self.tied.clear();
        for &(distance, number) in &self.near {
            let indices = &indices[number];
            match (distance as usize).cmp(&limit) {
                std::cmp::Ordering::Less => {
                    indices.iter().for_each(|&index| self.votes[usize::from(labels[index])] += 1)
                }
                std::cmp::Ordering::Equal => self.tied.extend(indices),
                std::cmp::Ordering::Greater => {}
            }
        }
        // Those at the limit come in by training index while there is room.
        self.tied.sort_unstable();
        let nearer = within - self.counts[limit];
        for &index in &self.tied[..neighbours - nearer] {
            self.votes[usize::from(labels[index])] += 1;
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
