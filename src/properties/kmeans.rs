//! K-Means, as scikit-learn runs it by default: greedy k-means++ starts, Lloyd's iterations, the best of several starts.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use super::byte_table::{ByteCodes, ByteHistogram, ByteTable};
use crate::code::{CodeMatrix, Distinct};
use crate::engine::{Kernel, vectorised};

/// scikit-learn's default.
const MOST_ITERATIONS: usize = 300;
/// scikit-learn's default, relative to the mean variance of a bit.
const TOLERANCE: f64 = 1e-4;

/// Clusters whose distances are summed side by side: most data sets here have ten.
const LANES: usize = 16;

/// A clustering.
#[derive(Debug, Clone, PartialEq)]
pub struct Clusters {
    /// Each example's cluster.
    pub of_example: Vec<usize>,
    /// Sum of squared distances to the examples' centres.
    pub inertia: f64,
}

/// Clusters codes into `clusters` clusters: the one of least inertia out of `starts`.
pub fn fit(codes: &CodeMatrix, clusters: usize, starts: usize, random: &mut ChaCha8Rng) -> Clusters {
    let Distinct { first_rows, number_of_row } = codes.distinct();
    let mut counts = vec![0.0; first_rows.len()];
    number_of_row.iter().for_each(|&number| counts[number] += 1.0);
    let points = Points { bits: codes.bits(), codes: ByteCodes::new(codes, first_rows), counts };
    let clusters = clusters.min(points.counts.len());
    let best = (0..starts.max(1))
        .map(|_| points.lloyd(points.starting_centres(clusters, random)))
        .reduce(|best, next| if next.1 < best.1 { next } else { best });
    let (of_point, inertia) = best.unwrap_or_default();
    Clusters { of_example: number_of_row.into_iter().map(|number| of_point[number]).collect(), inertia }
}

/// The label after which each example's cluster is named: the most common one of its members, the lowest among equals.
pub fn named(clusters: &Clusters, labels: &[u8], classes: usize) -> Vec<u8> {
    let count = clusters.of_example.iter().max().map_or(0, |last| last + 1);
    let mut members = vec![0_usize; count * classes];
    for (&cluster, &label) in clusters.of_example.iter().zip(labels) {
        members[cluster * classes + usize::from(label)] += 1;
    }
    let most =
        |counts: &[usize]| (1..classes).fold(0, |best, next| if counts[next] > counts[best] { next } else { best });
    let names: Vec<u8> = members.chunks_exact(classes).map(|counts| most(counts) as u8).collect();
    clusters.of_example.iter().map(|&cluster| names[cluster]).collect()
}

/// Distinct codes with how often each occurs.
struct Points {
    bits: usize,
    codes: ByteCodes,
    counts: Vec<f64>,
}

/// Cluster centres, `[bits, clusters]`: a bit's share of ones in each cluster.
struct Centres {
    clusters: usize,
    shares: Vec<f32>,
}

impl Points {
    /// Greedy k-means++: each next centre is the best of `2 + ln k` candidates drawn by squared distance (scikit-learn).
    fn starting_centres(&self, clusters: usize, random: &mut ChaCha8Rng) -> Centres {
        let candidates = 2 + (clusters as f64).ln() as usize;
        let mut chosen = vec![draw(&self.counts, random)];
        let mut nearest = self.distances_to(chosen[0]);
        while chosen.len() < clusters {
            let weights: Vec<f64> =
                nearest.iter().zip(&self.counts).map(|(distance, count)| distance * count).collect();
            let best = (0..candidates)
                .map(|_| {
                    let candidate = draw(&weights, random);
                    let mut nearer = self.distances_to(candidate);
                    nearer.iter_mut().zip(&nearest).for_each(|(new, &old)| *new = new.min(old));
                    let potential: f64 =
                        nearer.iter().zip(&self.counts).map(|(distance, count)| distance * count).sum();
                    (potential, candidate, nearer)
                })
                .reduce(|best, next| if next.0 < best.0 { next } else { best });
            if let Some((_, candidate, nearer)) = best {
                chosen.push(candidate);
                nearest = nearer;
            }
        }
        let mut centres = Centres { clusters, shares: vec![0.0; self.bits * clusters] };
        for (cluster, &point) in chosen.iter().enumerate() {
            self.on_bits(point).for_each(|bit| centres.shares[bit * clusters + cluster] = 1.0);
        }
        centres
    }

    /// Lloyd's iterations until nothing moves: each point's cluster and the inertia.
    fn lloyd(&self, mut centres: Centres) -> (Vec<usize>, f64) {
        let tolerance = TOLERANCE * self.mean_variance();
        let mut table = ByteTable::new(self.codes.bytes, centres.clusters);
        let mut of_point = Vec::new();
        for _ in 0..MOST_ITERATIONS {
            let (assigned, distances) = self.assign(&centres, &mut table);
            if assigned == of_point {
                break;
            }
            of_point = assigned;
            let moved = self.centres_of(of_point.clone(), &distances, centres.clusters);
            let shift: f64 =
                moved.shares.iter().zip(&centres.shares).map(|(new, old)| f64::from(new - old).powi(2)).sum();
            centres = moved;
            if shift <= tolerance {
                break;
            }
        }
        let (of_point, distances) = self.assign(&centres, &mut table);
        let inertia = distances.iter().zip(&self.counts).map(|(distance, count)| distance * count).sum();
        (of_point, inertia)
    }

    /// Each point's nearest centre and its squared distance from there.
    fn assign(&self, centres: &Centres, table: &mut ByteTable<f32, LANES>) -> (Vec<usize>, Vec<f64>) {
        let clusters = centres.clusters;
        // |x - c|^2 = |c|^2 + sum over x's bits of (1 - 2c). Lanes without a cluster are infinitely far.
        let mut squares = vec![f32::INFINITY; clusters.next_multiple_of(LANES)];
        squares[..clusters].fill(0.0);
        for shares in centres.shares.chunks_exact(clusters) {
            squares.iter_mut().zip(shares).for_each(|(square, share)| *square += share * share);
        }
        let weights: Vec<f32> = centres.shares.iter().map(|share| 1.0 - 2.0 * share).collect();
        table.fill(self.bits, |bit| &weights[bit * clusters..][..clusters]);
        vectorised(Assigning { codes: &self.codes, points: self.counts.len(), table, squares: &squares })
    }

    /// The means of clusters; an empty one takes the point that is farthest from its own centre (scikit-learn).
    fn centres_of(&self, mut of_point: Vec<usize>, distances: &[f64], clusters: usize) -> Centres {
        let mut sizes = vec![0.0; clusters];
        of_point.iter().zip(&self.counts).for_each(|(&cluster, count)| sizes[cluster] += count);
        let empty: Vec<_> = (0..clusters).filter(|&cluster| sizes[cluster] == 0.0).collect();
        if !empty.is_empty() {
            let mut farthest: Vec<_> = (0..distances.len()).collect();
            farthest.sort_by(|&a, &b| distances[b].total_cmp(&distances[a]).then(a.cmp(&b)));
            for (cluster, point) in empty.into_iter().zip(farthest) {
                sizes[of_point[point]] -= self.counts[point];
                sizes[cluster] += self.counts[point];
                of_point[point] = cluster;
            }
        }
        let mut sums: Vec<_> = sizes.iter().map(|_| ByteHistogram::new(self.codes.bytes)).collect();
        for (point, &cluster) in of_point.iter().enumerate() {
            sums[cluster].add(self.codes.row(point), self.counts[point]);
        }
        let mut shares = vec![0.0_f32; self.bits * clusters];
        for (cluster, (sum, size)) in sums.iter().zip(sizes).enumerate() {
            for (bit, total) in sum.totals().into_iter().take(self.bits).enumerate() {
                shares[bit * clusters + cluster] = if size > 0.0 { (total / size) as f32 } else { 0.0 };
            }
        }
        Centres { clusters, shares }
    }

    /// The variance of a bit, averaged over bits.
    fn mean_variance(&self) -> f64 {
        let total: f64 = self.counts.iter().sum();
        let mut ones = vec![0.0; self.bits];
        for (point, count) in self.counts.iter().enumerate() {
            self.on_bits(point).for_each(|bit| ones[bit] += count);
        }
        let variance = ones.iter().map(|on| on / total * (1.0 - on / total)).sum::<f64>();
        variance / self.bits.max(1) as f64
    }

    fn distances_to(&self, point: usize) -> Vec<f64> {
        let code = self.codes.row(point);
        let distance = |other: &[u8]| code.iter().zip(other).map(|(a, b)| (a ^ b).count_ones()).sum::<u32>();
        (0..self.counts.len()).map(|other| f64::from(distance(self.codes.row(other)))).collect()
    }

    fn on_bits(&self, point: usize) -> impl Iterator<Item = usize> {
        let code = self.codes.row(point);
        (0..self.bits).filter(move |bit| code[bit / 8] >> (bit % 8) & 1 == 1)
    }
}

/// Every point to its nearest centre.
struct Assigning<'a> {
    codes: &'a ByteCodes,
    points: usize,
    table: &'a ByteTable<f32, LANES>,
    /// Of the centres.
    squares: &'a [f32],
}

impl Kernel for Assigning<'_> {
    type Output = (Vec<usize>, Vec<f64>);

    #[inline(always)]
    fn call(self) -> Self::Output {
        let mut found = (Vec::with_capacity(self.points), Vec::with_capacity(self.points));
        let mut distances = self.squares.to_vec();
        for point in 0..self.points {
            distances.copy_from_slice(self.squares);
            self.table.add_products(self.codes.row(point), &mut distances);
            let (nearest, distance) = first_least(&distances);
            found.0.push(nearest);
            found.1.push(f64::from(distance.max(0.0)));
        }
        found
    }
}

/// The first of the least of some numbers, whole blocks of [`LANES`].
#[inline(always)]
fn first_least(numbers: &[f32]) -> (usize, f32) {
    let mut least = [f32::INFINITY; LANES];
    for block in numbers.chunks_exact(LANES) {
        for (least, &number) in least.iter_mut().zip(block) {
            *least = if number < *least { number } else { *least };
        }
    }
    let least = least.into_iter().fold(f32::INFINITY, |least, number| if number < least { number } else { least });
    (numbers.iter().position(|&number| number == least).unwrap_or_default(), least)
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
        accuracy(&named(clusters, labels, classes), labels)
    }

    use crate::random::stream;

    #[test]
    fn clear_groups_are_found_and_named_after_their_majority() {
        // Two groups far apart; one example of the second carries the first's label.
        let codes = CodeMatrix::from_bytes(&[0, 1, 0, 0xff, 0xfe, 0xff], 6, 8).unwrap();
        let clusters = fit(&codes, 2, 3, &mut stream(1, "test", &[]));
        assert_eq!(share(&clusters, &[0, 0, 0, 1, 1, 0], 2), 5.0 / 6.0);
        assert!((clusters.inertia - 4.0 / 3.0).abs() < 1e-5, "{}", clusters.inertia);
    }

    #[test]
    fn fewer_distinct_codes_than_clusters_fit_perfectly() {
        let codes = CodeMatrix::from_bytes(&[3, 3, 5, 5], 4, 3).unwrap();
        let clusters = fit(&codes, 10, 2, &mut stream(1, "test", &[]));
        assert_eq!((clusters.inertia, share(&clusters, &[0, 0, 1, 1], 10)), (0.0, 1.0));
    }

    #[test]
    fn codes_without_a_varying_bit_are_one_cluster() {
        let clusters = fit(&CodeMatrix::zeros(4, 0), 10, 2, &mut stream(1, "test", &[]));
        assert_eq!(share(&clusters, &[0, 0, 1, 2], 10), 0.5);
    }
}
