//! K-Means, as scikit-learn runs it by default: greedy k-means++ starts, Lloyd's iterations, the best of several starts.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use super::assignment::best_assignment;
use super::columns::{BLOCK, Columns};
use super::compared::Compared;
use super::lloyd::{self, Points};
use super::long::Far;
use crate::code::CodeMatrix;
use crate::engine::{Kernel, vectorised};

/// A clustering.
#[derive(Debug, Clone, PartialEq)]
pub struct Clusters {
    /// Each example's cluster.
    pub of_example: Vec<usize>,
    /// Sum of squared distances to the examples' centres.
    pub inertia: f64,
}

/// Clusters codes into `clusters` clusters; of `starts` runs, the one with the lowest inertia.
pub fn fit(codes: &CodeMatrix, clusters: usize, starts: usize, random: &mut ChaCha8Rng) -> Clusters {
    fit_compared(&Compared::of(codes), clusters, starts, random)
}

/// The same, of codes that have been compared.
pub(super) fn fit_compared(codes: &Compared<'_>, clusters: usize, starts: usize, random: &mut ChaCha8Rng) -> Clusters {
    let (rows, counts) = (&codes.distinct.first_rows, &codes.counts);
    let clusters = clusters.min(counts.len());
    let (of_point, inertia) = match &codes.distances {
        Some(distances) => best(&Far::new(distances, counts, codes.codes.bits()), counts, clusters, starts, random),
        None => best(&ByBits::new(codes.codes, rows, counts), counts, clusters, starts, random),
    };
    Clusters { of_example: codes.distinct.number_of_row.iter().map(|&number| of_point[number]).collect(), inertia }
}

/// Each point's cluster and the inertia, of the best start.
fn best(
    points: &dyn Space,
    counts: &[i32],
    clusters: usize,
    starts: usize,
    random: &mut ChaCha8Rng,
) -> (Vec<usize>, f64) {
    (0..starts.max(1))
        .map(|_| points.lloyd(&start(points, counts, clusters, random)))
        .reduce(|best, next| if next.1 < best.1 { next } else { best })
        .unwrap_or_default()
}

/// Bytes that centres, their members and the tables of their distances take at most.
pub(super) fn bytes(bits: u64, clusters: u64) -> u64 {
    bits.saturating_mul(lloyd::bytes_a_bit(clusters))
}

/// The label after which each example's cluster is named: the most common one of its members, the lowest among equals; or, one to one,
/// that of the best assignment of clusters to labels.
pub fn named(clusters: &Clusters, labels: &[u8], classes: usize, one_to_one: bool) -> Vec<u8> {
    let count = clusters.of_example.iter().max().map_or(0, |last| last + 1);
    let mut members = vec![0_usize; count * classes];
    for (&cluster, &label) in clusters.of_example.iter().zip(labels) {
        members[cluster * classes + usize::from(label)] += 1;
    }
    let most =
        |counts: &[usize]| (1..classes).fold(0, |best, next| if counts[next] > counts[best] { next } else { best });
    let names =
        if one_to_one { best_assignment(&members, classes) } else { members.chunks_exact(classes).map(most).collect() };
    clusters.of_example.iter().map(|&cluster| names[cluster] as u8).collect()
}

/// Points with their distances from each other and from means.
pub(super) trait Space {
    /// Takes in the squared distances from `point` where they are less than those in `nearest`; the sum of these over all examples.
    fn nearer(&self, point: usize, nearest: &mut [u32]) -> f64;

    /// Lloyd's iterations from centres on some points until nothing moves: each point's cluster, and the inertia.
    fn lloyd(&self, start: &[usize]) -> (Vec<usize>, f64);
}

/// Greedy k-means++: each next centre is the best of `2 + ln k` candidates drawn by squared distance (scikit-learn).
fn start(points: &dyn Space, counts: &[i32], clusters: usize, random: &mut ChaCha8Rng) -> Vec<usize> {
    let candidates = 2 + (clusters as f64).ln() as usize;
    let counts: Vec<f64> = counts.iter().copied().map(f64::from).collect();
    let mut chosen = vec![draw(&counts, random)];
    let mut nearest = vec![u32::MAX; counts.len()];
    points.nearer(chosen[0], &mut nearest);
    let (mut nearer, mut best) = (nearest.clone(), nearest.clone());
    while chosen.len() < clusters {
        let weights: Vec<f64> =
            nearest.iter().zip(&counts).map(|(&distance, count)| f64::from(distance) * count).collect();
        let mut found = (f64::INFINITY, 0);
        for _ in 0..candidates {
            let candidate = draw(&weights, random);
            nearer.copy_from_slice(&nearest);
            let potential = points.nearer(candidate, &mut nearer);
            if potential < found.0 {
                found = (potential, candidate);
                std::mem::swap(&mut best, &mut nearer);
            }
        }
        chosen.push(found.1);
        std::mem::swap(&mut nearest, &mut best);
    }
    chosen
}

/// Distinct codes with how often each occurs, whose bits are looked up in tables.
struct ByBits<'a> {
    codes: &'a CodeMatrix,
    /// The distinct codes' rows.
    rows: &'a [usize],
    columns: Columns,
    points: Points<'a>,
    counts: &'a [i32],
}

impl<'a> ByBits<'a> {
    fn new(codes: &'a CodeMatrix, rows: &'a [usize], counts: &'a [i32]) -> Self {
        Self { codes, rows, columns: Columns::new(codes, rows), points: Points::new(codes, rows, counts), counts }
    }
}

impl Space for ByBits<'_> {
    fn nearer(&self, point: usize, nearest: &mut [u32]) -> f64 {
        let code = self.codes.row(self.rows[point]);
        vectorised(Nearer { columns: &self.columns, counts: self.counts, code, nearest })
    }

    fn lloyd(&self, start: &[usize]) -> (Vec<usize>, f64) {
        self.points.lloyd(start)
    }
}

struct Nearer<'a> {
    columns: &'a Columns,
    counts: &'a [i32],
    code: &'a [u64],
    nearest: &'a mut [u32],
}

impl Kernel for Nearer<'_> {
    type Output = f64;

    #[inline(always)]
    fn call(self) -> f64 {
        let mut potential = 0.0;
        let blocks = self.nearest.chunks_mut(BLOCK).zip(self.counts.chunks(BLOCK));
        for (index, (nearest, counts)) in blocks.enumerate() {
            // For bits, the squared distance is the Hamming distance.
            let distances = self.columns.distances::<u32>(self.code, index);
            for (nearest, distance) in nearest.iter_mut().zip(distances) {
                *nearest = distance.min(*nearest);
            }
            for (&nearest, count) in nearest.iter().zip(counts) {
                potential += f64::from(nearest) * f64::from(*count);
            }
        }
        potential
    }
}

/// An index drawn by weight; by count alone where all weigh nothing.
fn draw(weights: &[f64], random: &mut ChaCha8Rng) -> usize {
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return random.random_range(0..weights.len() as u32) as usize;
    }
    let mut left = random.random::<f64>() * total;
    let drawn = weights.iter().position(|weight| {
        left -= weight;
        left < 0.0
    });
    drawn.unwrap_or(weights.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::properties::accuracy;

    fn share(clusters: &Clusters, labels: &[u8], classes: usize) -> f64 {
        accuracy(&named(clusters, labels, classes, false), labels)
    }

    use crate::random::stream;

    #[test]
    fn clear_groups_are_found_and_named_after_their_majority() {
        // Two groups far apart; one example of the second carries the first's label.
        let codes = CodeMatrix::from_bytes(&[0, 1, 0, 0xff, 0xfe, 0xff], 6, 8).unwrap();
        for codes in [Compared::by_tables(&codes), Compared::by_distances(&codes)] {
            let clusters = fit_compared(&codes, 2, 3, &mut stream(1, "test", &[]));
            assert_eq!(share(&clusters, &[0, 0, 0, 1, 1, 0], 2), 5.0 / 6.0);
            assert!((clusters.inertia - 4.0 / 3.0).abs() < 1e-5, "{}", clusters.inertia);
        }
    }

    #[test]
    fn by_the_distances_between_codes_the_clusters_are_those_by_their_bits() {
        for (rows, bits, clusters, repeats) in [(300, 400, 10, 1), (40, 200, 5, 4), (60, 1_000, 25, 2)] {
            // Noise about a few codes, each row several times.
            let random = &mut stream(7, "codes", &[bits as u64]);
            let about: Vec<bool> = (0..8 * bits).map(|_| random.random()).collect();
            let mut codes = CodeMatrix::zeros(rows * repeats, bits);
            for (row, bit) in (0..rows).flat_map(|row| (0..bits).map(move |bit| (row, bit))) {
                if about[row % 8 * bits + bit] != (random.random::<f32>() < 0.3) {
                    (0..repeats).for_each(|copy| codes.set(copy * rows + row, bit));
                }
            }
            for seed in 0..5 {
                let cluster = |codes: &Compared<'_>| fit_compared(codes, clusters, 3, &mut stream(seed, "test", &[]));
                let (far, near) = (cluster(&Compared::by_distances(&codes)), cluster(&Compared::by_tables(&codes)));
                assert_eq!(far.of_example, near.of_example, "{rows} codes of {bits} bits, seed {seed}");
                assert!((far.inertia - near.inertia).abs() <= 1e-5 * near.inertia, "{far:?} {near:?}");
            }
        }
    }

    #[test]
    fn assigned_one_to_one_no_class_names_two_clusters() {
        let clusters = Clusters { of_example: vec![0, 0, 0, 1, 1, 1, 1], inertia: 0.0 };
        let labels = [0, 0, 1, 0, 0, 0, 1];
        assert_eq!(named(&clusters, &labels, 2, false), [0; 7]);
        assert_eq!(named(&clusters, &labels, 2, true), [1, 1, 1, 0, 0, 0, 0]);
    }

    #[test]
    fn fewer_distinct_codes_than_clusters_fit_perfectly() {
        let codes = CodeMatrix::from_bytes(&[3, 3, 5, 5], 4, 3).unwrap();
        for codes in [Compared::by_tables(&codes), Compared::by_distances(&codes)] {
            let clusters = fit_compared(&codes, 10, 2, &mut stream(1, "test", &[]));
            assert_eq!((clusters.inertia, share(&clusters, &[0, 0, 1, 1], 10)), (0.0, 1.0));
        }
    }

    #[test]
    fn codes_without_a_varying_bit_are_one_cluster() {
        let clusters = fit(&CodeMatrix::zeros(4, 0), 10, 2, &mut stream(1, "test", &[]));
        assert_eq!(share(&clusters, &[0, 0, 1, 2], 10), 0.5);
    }
}
