//! One-vs-one votes: what the classifiers of all pairs of classes say of codes.

use std::array;

use super::half_table::{ByteCodes, HalfTable};
use super::long::{BLOCK, FarDecision, between, ones};
use crate::code::{CodeMatrix, Distinct};

/// Pairs whose decisions are made side by side.
pub(super) const SIDE_BY_SIDE: usize = 16;

/// A classifier of two classes.
pub(super) struct Decision {
    /// The places of their labels: above 0 speaks for the second.
    pub classes: [usize; 2],
    /// The weights of the bits, then the intercept.
    pub weights: Vec<f64>,
}

/// What the pairs say of each distinct test code.
pub(super) struct Ballot {
    bits: usize,
    codes: ByteCodes,
    /// Of each row, which code it has.
    number_of_row: Vec<usize>,
    labels: usize,
    /// `[codes, labels]`.
    votes: Vec<u16>,
    confidence: Vec<f64>,
}

impl Ballot {
    pub fn of(test: &CodeMatrix, labels: usize) -> Self {
        let Distinct { first_rows, number_of_row } = test.distinct();
        let all = first_rows.len() * labels;
        let codes = ByteCodes::new(test, first_rows);
        Self { bits: test.bits(), codes, number_of_row, labels, votes: vec![0; all], confidence: vec![0.0; all] }
    }

    /// Lets some pairs vote.
    pub fn count(&mut self, decisions: &[Decision]) {
        for pairs in decisions.chunks(SIDE_BY_SIDE) {
            let weights = |bit: usize| -> [f64; SIDE_BY_SIDE] {
                array::from_fn(|lane| pairs.get(lane).map_or(0.0, |pair| pair.weights[bit]))
            };
            let mut table = HalfTable::new(self.codes.bytes);
            table.fill(self.bits, weights);
            let intercepts = weights(self.bits);
            let ballots = self.votes.chunks_exact_mut(self.labels).zip(self.confidence.chunks_exact_mut(self.labels));
            for (code, (votes, confidence)) in ballots.enumerate() {
                let decisions = table.products(self.codes.row(code), intercepts);
                for (decision, pair) in decisions.into_iter().zip(pairs) {
                    // A decision above 0 votes for the second class.
                    let [first, second] = pair.classes;
                    votes[if decision > 0.0 { second } else { first }] += 1;
                    confidence[first] -= decision;
                    confidence[second] += decision;
                }
            }
        }
    }

    /// Lets `pairs` vote, by the distances from the training codes.
    pub fn count_far(&mut self, pairs: &[[usize; 2]], decisions: &[FarDecision], train: &ByteCodes) {
        let codes = self.votes.len() / self.labels;
        for start in (0..codes).step_by(BLOCK) {
            let abreast = start..codes.min(start + BLOCK);
            let distances = between(&self.codes, abreast.clone(), train, 0..train.rows());
            let on = array::from_fn(|lane| if start + lane < codes { ones(self.codes.row(start + lane)) } else { 0.0 });
            for (&[first, second], decision) in pairs.iter().zip(decisions) {
                for (code, said) in abreast.clone().zip(decision.of(&distances, &on)) {
                    let (votes, confidence) =
                        (&mut self.votes[code * self.labels..], &mut self.confidence[code * self.labels..]);
                    // A decision above 0 votes for the second class.
                    votes[if said > 0.0 { second } else { first }] += 1;
                    confidence[first] -= said;
                    confidence[second] += said;
                }
            }
        }
    }

    /// The label of each row.
    pub fn winners(self, labels: &[u8]) -> Vec<u8> {
        let ballots = self.votes.chunks_exact(self.labels).zip(self.confidence.chunks_exact(self.labels));
        let winner = |(votes, confidence): (&[u16], &[f64])| {
            // The confidence, squashed to below a third of a vote, only breaks ties.
            let score =
                |label: usize| f64::from(votes[label]) + confidence[label] / (3.0 * (confidence[label].abs() + 1.0));
            labels[(1..votes.len()).fold(0, |best, next| if score(next) > score(best) { next } else { best })]
        };
        let winners: Vec<u8> = ballots.map(winner).collect();
        self.number_of_row.into_iter().map(|number| winners[number]).collect()
    }
}
