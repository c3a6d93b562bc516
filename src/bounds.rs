//! The limits of plans and files: one table for the page, the command line and every reader, checked before anything is allocated. The
//! memory of a plan is counted by [`Plan::population_bytes`](crate::sweep::Plan::population_bytes).

use serde::Serialize;

/// Inputs of an example of the user's own data: a colour picture of 230 x 230 (large networks take 224 x 224), or as many words.
pub const MOST_INPUTS: usize = 160_000;
/// Classes of the user's own data.
pub const MOST_CLASSES: usize = 100;

/// The most of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bounds {
    /// ReLUs per hidden layer.
    pub width: u64,
    /// Hidden layers.
    pub depth: u64,
    /// Channels of the first block of convolutions.
    pub channels: u64,
    /// Blocks of convolutions.
    pub blocks: u64,
    /// Convolutions of a block.
    pub convolutions: u64,
    /// Epochs.
    pub epoch: u64,
    /// Seeds.
    pub seeds: u64,
    /// Squares of a chart, seeds and levels counted.
    pub squares: u64,
    /// Examples per step.
    pub batch: u64,
    /// Neighbours that vote.
    pub neighbours: u64,
    /// Starts of K-Means.
    pub kmeans_starts: u64,
    /// Bytes that one population may take beside the data set: a WebAssembly module has 4 GiB for all, code and data set
    /// included. Its largest tensor is then far below the 2 GiB that one allocation may be there, since weights count twenty bytes each.
    pub bytes: u64,
    /// Bytes that the codes of a file, or of a network that comes as a file, may take while they are measured.
    pub codes_bytes: u64,
    /// Bytes of a file that the command line reads: a chart, codes, a network.
    pub file_bytes: u64,
    /// Bytes of a file of a data set, unpacked.
    pub data_bytes: u64,
    /// Bytes of a chart or a network that the page reads.
    pub page_bytes: u64,
    /// Bytes of all files of the user's own data together, packed as unpacked.
    pub own_bytes: u64,
    /// Bytes that the numbers of the user's own data take: one a pixel, four a number, eight a number that is not 0 among many that are.
    pub own_values: u64,
    /// Pixels of a picture of the user's own, before it is resized.
    pub own_pixels: u64,
    /// Inputs of an example of the user's own data.
    pub own_inputs: u64,
    /// Classes of the user's own data.
    pub own_classes: u64,
}

/// The table.
pub const BOUNDS: Bounds = Bounds {
    width: 16_384,
    depth: 100,
    channels: 512,
    blocks: 9,
    convolutions: 4,
    epoch: 100_000,
    seeds: 10_000,
    squares: 1_000_000,
    batch: 100_000,
    neighbours: 1_000,
    kmeans_starts: 1_000,
    bytes: 3_000_000_000,
    codes_bytes: 1_000_000_000,
    file_bytes: 2_000_000_000,
    data_bytes: 500_000_000,
    page_bytes: 100_000_000,
    own_bytes: 500_000_000,
    own_values: 400_000_000,
    own_pixels: 150_000_000,
    own_inputs: MOST_INPUTS as u64,
    own_classes: MOST_CLASSES as u64,
};
