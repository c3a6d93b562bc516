//! K nearest neighbours of real numbers, by Euclidean distance.

use crate::code::ChannelSums;
use crate::engine::{Kernel, vectorised};

/// Numbers that are added up side by side, so that vectors hold them.
const LANES: usize = 16;

/// The label of each row of `test`, by majority vote of its `neighbours` nearest rows of `train`.
///
/// Nearest is by (distance, training index), a tied vote goes to the lowest label: scikit-learn's brute-force search with a stable sort. Fewer rows
/// than neighbours: all vote.
pub fn predict(train: &ChannelSums, labels: &[u8], test: &ChannelSums, neighbours: usize, classes: usize) -> Vec<u8> {
    let [train, test] = [train, test].map(padded);
    vectorised(Votes { train: &train, labels, test: &test, neighbours: neighbours.min(labels.len()), classes })
}

/// Rows as long as a multiple of [`LANES`], filled up with zeros, which add nothing to a distance.
fn padded(ChannelSums { numbers, channels }: &ChannelSums) -> Vec<Vec<[f32; LANES]>> {
    let row = |row: &[f32]| {
        let lanes = |part: &[f32]| std::array::from_fn(|lane| part.get(lane).copied().unwrap_or_default());
        row.chunks(LANES).map(lanes).collect()
    };
    numbers.chunks_exact((*channels).max(1)).map(row).collect()
}

struct Votes<'a> {
    train: &'a [Vec<[f32; LANES]>],
    labels: &'a [u8],
    test: &'a [Vec<[f32; LANES]>],
    neighbours: usize,
    classes: usize,
}

impl Kernel for Votes<'_> {
    type Output = Vec<u8>;

    #[inline(always)]
    fn call(self) -> Vec<u8> {
        let Self { train, labels, test, neighbours, classes } = self;
        let mut answers = Vec::with_capacity(test.len());
        // The nearest so far, the farthest of them last.
        let mut nearest: Vec<(f32, usize)> = Vec::with_capacity(neighbours + 1);
        for asking in test {
            nearest.clear();
            for (index, voter) in train.iter().enumerate() {
                let distance = between(asking, voter);
                if nearest.len() == neighbours && nearest.last().is_none_or(|&(farthest, _)| distance >= farthest) {
                    continue;
                }
                // Behind those as near: they came before it.
                let place = nearest.partition_point(|&(nearer, _)| nearer <= distance);
                nearest.insert(place, (distance, index));
                nearest.truncate(neighbours);
            }
            let mut votes = vec![0; classes];
            nearest.iter().for_each(|&(_, index)| votes[usize::from(labels[index])] += 1);
            let most = votes.iter().max().copied().unwrap_or_default();
            answers.push(votes.iter().position(|&own| own == most).unwrap_or_default() as u8);
        }
        answers
    }
}

/// The square of the distance.
#[inline(always)]
fn between(one: &[[f32; LANES]], other: &[[f32; LANES]]) -> f32 {
    let mut sums = [0.0; LANES];
    for (one, other) in one.iter().zip(other) {
        for lane in 0..LANES {
            let difference = one[lane] - other[lane];
            sums[lane] += difference * difference;
        }
    }
    sums.iter().sum()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))] // proptest needs the machine's own randomness
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_first_of_all_sorted_by_distance_and_place_vote(
            channels in 1_usize..40, train in prop::collection::vec((0_u8..4, 0_u8..3), 1..30),
            test in prop::collection::vec(0_u8..4, 1..10), neighbours in 1_usize..12,
        ) {
            // Few different numbers, so that many are as near.
            let sums = |numbers: &[u8]| ChannelSums {
                numbers: numbers.iter().flat_map(|&number| (0..channels).map(move |at| (number as usize * at % 3) as f32)).collect(),
                channels,
            };
            let (numbers, labels): (Vec<u8>, Vec<u8>) = train.into_iter().unzip();
            let (train, test) = (sums(&numbers), sums(&test));
            let rows = |sums: &ChannelSums| sums.numbers.chunks(channels).map(<[f32]>::to_vec).collect::<Vec<_>>();
            let answers: Vec<u8> = rows(&test).iter().map(|asking| {
                let distance = |row: &Vec<f32>| row.iter().zip(asking).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
                let mut order: Vec<(u32, usize)> = rows(&train).iter().map(|row| distance(row) as u32).zip(0..).collect();
                order.sort_unstable();
                let mut votes = [0; 3];
                order.iter().take(neighbours).for_each(|&(_, index)| votes[usize::from(labels[index])] += 1);
                (0..3).rev().max_by_key(|&label| votes[label as usize]).unwrap()
            }).collect();
            prop_assert_eq!(predict(&train, &labels, &test, neighbours, 3), answers);
        }
    }
}
