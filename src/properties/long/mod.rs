//! Codes that are longer than there are examples, as those of all ReLUs of a convolutional network.
//!
//! K-Means and logistic regression need nothing of codes but how far they are from each other: of 0/1 codes, Hamming distances are squared
//! Euclidean distances, and these determine all inner products of differences. Once they are counted, the cost of both does not grow with
//! the length of the codes.

mod distances;
mod lloyd;
mod pair;

pub(super) use super::columns::BLOCK;
pub(crate) use distances::are_worthwhile;
pub(super) use distances::{Distances, between, bytes, in_tables};
pub(super) use lloyd::Far;
pub(super) use pair::{FarDecision, Pair, ones};
