//! Lloyd's iterations of K-Means on 0/1 codes: each code to its nearest centre, each centre to the mean of its codes.
//!
//! Most codes stop moving long before the last one does. So each keeps an upper bound on the distance to its centre and a lower bound on
//! the distance to every other one (Hamerly 2010): while the first is below the second, no distance is computed. Centres are updated by
//! the codes that joined or left; these are sums of whole numbers, so nothing is rounded.

use super::half_table::{ByteCodes, HalfTable, VALUES, each_four};
use crate::code::CodeMatrix;
use crate::engine::{Kernel, vectorised};

/// scikit-learn's default.
pub(super) const MOST_ITERATIONS: usize = 300;
/// scikit-learn's default, relative to the mean variance of a bit.
pub(super) const TOLERANCE: f64 = 1e-4;
/// Clusters whose distances are summed side by side: most data sets here have ten.
const LANES: usize = 12;
/// By how much a distance may be wrong, rounded as it is.
const ROUNDED: f32 = 0.01;

/// Bytes that so many clusters take for each bit of their codes: a table of sums, centres before and after a step and those they
/// began at, members.
pub(super) fn bytes_a_bit(clusters: u64) -> u64 {
    let number = size_of::<f32>() as u64;
    let blocks = clusters.div_ceil(LANES as u64);
    blocks * LANES as u64 * number * (VALUES as u64 / 4 + 3) + 2 * clusters * number
}

/// Distinct codes with how often each occurs.
pub(super) struct Points<'a> {
    bits: usize,
    codes: ByteCodes,
    counts: &'a [i32],
}

/// Cluster centres.
#[derive(Clone)]
struct Centres {
    clusters: usize,
    /// A bit's share of ones in each cluster: [`LANES`] clusters after the other, bit by bit.
    shares: Vec<Vec<[f32; LANES]>>,
}

/// Clusters' members, counted.
#[derive(Clone)]
struct Members {
    /// `[clusters]`: how many.
    sizes: Vec<i32>,
    /// `[clusters, bits]`: how many of them have a bit on; whole bytes.
    on: Vec<i32>,
}

/// A clustering on its way.
struct State {
    centres: Centres,
    places: Places,
    members: Members,
}

/// Where the points are.
struct Places {
    /// Each point's cluster.
    of_point: Vec<usize>,
    /// How far its centre is at most, and every other one at least.
    bounds: Vec<[f32; 2]>,
}

impl<'a> Points<'a> {
    /// The rows `rows` of `codes`, each with its count.
    pub fn new(codes: &CodeMatrix, rows: &[usize], counts: &'a [i32]) -> Self {
        Self { bits: codes.bits(), codes: ByteCodes::new(codes, rows.iter().copied()), counts }
    }

    /// From centres on some points until nothing moves: each point's cluster, and the inertia.
    pub fn lloyd(&self, start: &[usize]) -> (Vec<usize>, f64) {
        let tolerance = TOLERANCE * self.mean_variance();
        let mut state = self.begin(start);
        for _ in 0..MOST_ITERATIONS {
            match self.iterate(&mut state) {
                Some(shift) if shift > tolerance => {}
                _ => break,
            }
        }
        let distances = self.distances(&state.centres, &mut state.places.of_point);
        (
            state.places.of_point,
            distances.iter().zip(self.counts).map(|(distance, &count)| distance * f64::from(count)).sum(),
        )
    }

    /// Before the first iteration, with centres on some points.
    fn begin(&self, start: &[usize]) -> State {
        let (points, clusters) = (self.counts.len(), start.len());
        let mut centres = Centres::new(clusters, self.bits);
        for (cluster, &point) in start.iter().enumerate() {
            self.on_bits(point).for_each(|bit| *centres.share(bit, cluster) = 1.0);
        }
        State {
            centres,
            places: Places { of_point: vec![usize::MAX; points], bounds: vec![[f32::INFINITY, 0.0]; points] },
            members: Members { sizes: vec![0; clusters], on: vec![0; clusters * 8 * self.codes.bytes] },
        }
    }

    /// Points to centres, centres to means: by how much these moved, squared; nothing where no point did.
    fn iterate(&self, State { centres, places, members }: &mut State) -> Option<f64> {
        let moved = self.assign(centres, places);
        if moved.is_empty() {
            return None;
        }
        for (point, from) in moved {
            if from < centres.clusters {
                self.count(members, point, from, -1);
            }
            self.count(members, point, places.of_point[point], 1);
        }
        let means = if members.sizes.contains(&0) {
            self.without_empty(members.clone(), &places.of_point, centres).means(self.bits)
        } else {
            members.means(self.bits)
        };
        let drifts = means.drifts(centres);
        places.drift(&drifts);
        *centres = means;
        Some(drifts.iter().map(|&drift| f64::from(drift).powi(2)).sum())
    }

    /// Every point that may have one to its nearer centre: which moved, and where they were.
    fn assign(&self, centres: &Centres, places: &mut Places) -> Vec<(usize, usize)> {
        vectorised(Assigning { codes: &self.codes, near: centres.near(self), places })
    }

    /// Every point's nearest centre, and the squared distance.
    fn distances(&self, centres: &Centres, of_point: &mut [usize]) -> Vec<f64> {
        vectorised(Measuring { codes: &self.codes, near: centres.near(self), of_point })
    }

    /// Takes in a point, or sends it away.
    fn count(&self, members: &mut Members, point: usize, cluster: usize, sign: i32) {
        let count = sign * self.counts[point];
        members.sizes[cluster] += count;
        let bytes = self.codes.bytes;
        let on = &mut members.on[cluster * 8 * bytes..][..8 * bytes];
        for (on, &byte) in on.chunks_exact_mut(8).zip(self.codes.row(point)) {
            on.iter_mut().enumerate().for_each(|(bit, on)| *on += count * i32::from(byte >> bit & 1));
        }
    }

    /// An empty cluster takes the code that is farthest from its own centre, with all its copies. (scikit-learn moves one row of it;
    /// its copies then follow with the next assignment.)
    fn without_empty(&self, mut members: Members, of_point: &[usize], centres: &Centres) -> Members {
        let mut of_point = of_point.to_vec();
        let distances = self.distances(centres, &mut of_point);
        let mut farthest: Vec<_> = (0..distances.len()).collect();
        farthest.sort_by(|&a, &b| distances[b].total_cmp(&distances[a]).then(a.cmp(&b)));
        let empty: Vec<_> = (0..centres.clusters).filter(|&cluster| members.sizes[cluster] == 0).collect();
        for (cluster, point) in empty.into_iter().zip(farthest) {
            self.count(&mut members, point, of_point[point], -1);
            self.count(&mut members, point, cluster, 1);
        }
        members
    }

    /// The variance of a bit, averaged over bits.
    fn mean_variance(&self) -> f64 {
        let mut all = Members { sizes: vec![0], on: vec![0; 8 * self.codes.bytes] };
        (0..self.counts.len()).for_each(|point| self.count(&mut all, point, 0, 1));
        let total = f64::from(all.sizes[0]);
        let shares = all.on.iter().take(self.bits).map(|&on| f64::from(on) / total);
        let variance: f64 = shares.map(|share| share * (1.0 - share)).sum();
        variance / self.bits.max(1) as f64
    }

    fn on_bits(&self, point: usize) -> impl Iterator<Item = usize> {
        let code = self.codes.row(point);
        (0..self.bits).filter(move |bit| code[bit / 8] >> (bit % 8) & 1 == 1)
    }
}

impl Members {
    fn means(&self, bits: usize) -> Centres {
        let mut centres = Centres::new(self.sizes.len(), bits);
        let whole = bits.next_multiple_of(8);
        for (cluster, &size) in self.sizes.iter().enumerate().filter(|&(_, &size)| size > 0) {
            for (bit, &on) in self.on[cluster * whole..][..bits].iter().enumerate() {
                *centres.share(bit, cluster) = (f64::from(on) / f64::from(size)) as f32;
            }
        }
        centres
    }
}

impl Centres {
    /// So many, with all bits off.
    fn new(clusters: usize, bits: usize) -> Self {
        Self { clusters, shares: vec![vec![[0.0; LANES]; bits]; clusters.div_ceil(LANES)] }
    }

    fn share(&mut self, bit: usize, cluster: usize) -> &mut f32 {
        &mut self.shares[cluster / LANES][bit][cluster % LANES]
    }

    /// How far each has come from where it was.
    fn drifts(&self, before: &Self) -> Vec<f32> {
        let blocks = self.shares.iter().zip(&before.shares).flat_map(|(block, before)| {
            let mut squares = [0.0_f32; LANES];
            for (now, before) in block.iter().zip(before) {
                each_four(&mut squares, now, before, |square, now, before| *square += (now - before) * (now - before));
            }
            squares.map(f32::sqrt)
        });
        blocks.take(self.clusters).collect()
    }

    /// Ready to be measured from.
    fn near(&self, points: &Points<'_>) -> Near {
        let blocks = self.shares.iter().enumerate().map(|(index, shares)| {
            // |x - c|^2 = |c|^2 + sum over x's bits of (1 - 2c). Lanes without a cluster are infinitely far.
            let mut squares = [0.0; LANES];
            for shares in shares {
                each_four(&mut squares, shares, shares, |square, share, _| *square += share * share);
            }
            squares.iter_mut().skip(self.clusters - index * LANES).for_each(|square| *square = f32::INFINITY);
            let mut table = HalfTable::new(points.codes.bytes);
            table.fill(points.bits, |bit| shares[bit].map(|share| 1.0 - 2.0 * share));
            (table, squares)
        });
        Near { blocks: blocks.collect() }
    }
}

impl Places {
    /// Centres have moved: what was known of distances is known that much less.
    fn drift(&mut self, drifts: &[f32]) {
        let most = drifts.iter().copied().fold(0.0, f32::max);
        for ([own, others], &cluster) in self.bounds.iter_mut().zip(&self.of_point) {
            *own += drifts[cluster];
            *others -= most;
        }
    }
}

/// Centres to measure from, [`LANES`] at a time: weights of bits, and squares of the centres.
struct Near {
    blocks: Vec<(HalfTable<f32, LANES>, [f32; LANES])>,
}

impl Near {
    /// The nearest centre, the first among equals, its squared distance, and that of the second nearest; found sooner where it is `guess`.
    #[inline(always)]
    fn nearest(&self, code: &[u8], guess: usize) -> (usize, f32, f32) {
        let (mut nearest, mut least, mut second) = (0, f32::INFINITY, f32::INFINITY);
        for (block, (table, squares)) in self.blocks.iter().enumerate() {
            let (place, first, next) = two_least(&table.products(code, *squares), guess.wrapping_sub(block * LANES));
            if first < least {
                (nearest, second, least) = (block * LANES + place, least.min(next), first);
            } else {
                second = second.min(first);
            }
        }
        (nearest, least.max(0.0), second.max(0.0))
    }
}

struct Assigning<'a> {
    codes: &'a ByteCodes,
    near: Near,
    places: &'a mut Places,
}

impl Kernel for Assigning<'_> {
    type Output = Vec<(usize, usize)>;

    #[inline(always)]
    fn call(self) -> Self::Output {
        let mut moved = Vec::new();
        let places = self.places.of_point.iter_mut().zip(&mut self.places.bounds);
        for (point, (cluster, bounds)) in places.enumerate() {
            if bounds[0] + ROUNDED < bounds[1] {
                continue;
            }
            let (nearest, own, other) = self.near.nearest(self.codes.row(point), *cluster);
            *bounds = [own.sqrt(), other.sqrt()];
            if nearest != *cluster {
                moved.push((point, std::mem::replace(cluster, nearest)));
            }
        }
        moved
    }
}

struct Measuring<'a> {
    codes: &'a ByteCodes,
    near: Near,
    of_point: &'a mut [usize],
}

impl Kernel for Measuring<'_> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn call(self) -> Vec<f64> {
        let mut distances = Vec::with_capacity(self.of_point.len());
        for (point, cluster) in self.of_point.iter_mut().enumerate() {
            let (nearest, distance, _) = self.near.nearest(self.codes.row(point), *cluster);
            *cluster = nearest;
            distances.push(f64::from(distance));
        }
        distances
    }
}

/// The first of the least of some numbers, the number, and the second least: four side by side and without a branch, since which cluster is the
/// nearest is no pattern that a processor could guess. Nor is it looked for where `guess` is the place.
#[inline(always)]
fn two_least(numbers: &[f32; LANES], guess: usize) -> (usize, f32, f32) {
    let fours = numbers.as_chunks::<4>().0;
    let (mut least, mut second) = ([f32::INFINITY; 4], [f32::INFINITY; 4]);
    for four in fours {
        second = lesser(&second, &larger(&least, four));
        least = lesser(&least, four);
    }
    // The two least of each lane, compared with those of the neighbouring lanes.
    for turned in [|[a, b, c, d]: [f32; 4]| [c, d, a, b], |[a, b, c, d]: [f32; 4]| [b, a, d, c]] {
        second = lesser(&lesser(&second, &turned(second)), &larger(&least, &turned(least)));
        least = lesser(&least, &turned(least));
    }
    let ([least, ..], [second, ..]) = (least, second);
    let place = match numbers.get(guess) {
        Some(&number) if number == least && least < second => guess,
        _ => numbers.iter().position(|&number| number == least).unwrap_or_default(),
    };
    (place, least, second)
}

#[inline(always)]
fn lesser(one: &[f32; 4], other: &[f32; 4]) -> [f32; 4] {
    let mut lesser = [0.0; 4];
    each_four(&mut lesser, one, other, |lesser, one, other| *lesser = if other < one { other } else { one });
    lesser
}

#[inline(always)]
fn larger(one: &[f32; 4], other: &[f32; 4]) -> [f32; 4] {
    let mut larger = [0.0; 4];
    each_four(&mut larger, one, other, |larger, one, other| *larger = if one < other { other } else { one });
    larger
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))] // proptest needs the machine's own randomness
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_the_bounds_leave_out_every_point_is_at_its_nearest_centre_and_every_centre_in_the_middle(
            codes in prop::collection::btree_set(0_u16..4096, 12..120), clusters in 2_usize..20, counts in prop::collection::vec(1_u8..4, 120),
        ) {
            let bytes: Vec<u8> = codes.iter().flat_map(|code| code.to_le_bytes()).collect();
            let matrix = CodeMatrix::from_bytes(&bytes, codes.len(), 12).unwrap();
            let counts: Vec<i32> = counts.into_iter().take(codes.len()).map(i32::from).collect();
            let rows: Vec<usize> = (0..codes.len()).collect();
            let points = Points::new(&matrix, &rows, &counts);
            let clusters = clusters.min(codes.len());
            let mut state = points.begin(&(0..clusters).collect::<Vec<_>>());
            let share = |centres: &Centres, bit: usize, cluster: usize| f64::from(centres.shares[cluster / LANES][bit][cluster % LANES]);
            let on = |point: usize, bit: usize| f64::from(u8::from(matrix.get(point, bit)));
            for _ in 0..30 {
                let before = state.centres.clone();
                let Some(_) = points.iterate(&mut state) else { break };
                let distance = |point, cluster| (0..12).map(|bit| (on(point, bit) - share(&before, bit, cluster)).powi(2)).sum::<f64>();
                let of_point = &state.places.of_point;
                for (point, &own) in of_point.iter().enumerate() {
                    let least = (0..clusters).map(|cluster| distance(point, cluster)).fold(f64::INFINITY, f64::min);
                    prop_assert!(distance(point, own) <= least + 1e-5, "point {point} is {} from its centre, {least} from another", distance(point, own));
                }
                for cluster in 0..clusters {
                    let members: Vec<_> = (0..of_point.len()).filter(|&point| of_point[point] == cluster).collect();
                    let size: f64 = members.iter().map(|&point| f64::from(counts[point])).sum();
                    // An empty cluster is lent one member of another.
                    if (0..clusters).all(|cluster| of_point.contains(&cluster)) {
                        for bit in 0..12 {
                            let mean = members.iter().map(|&point| f64::from(counts[point]) * on(point, bit)).sum::<f64>() / size;
                            prop_assert!((share(&state.centres, bit, cluster) - mean).abs() < 1e-6);
                        }
                    }
                }
            }
        }
    }
}
