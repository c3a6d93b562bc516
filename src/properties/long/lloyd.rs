//! Lloyd's iterations of K-Means from distances alone.
//!
//! The squared distance of a point from the mean of a cluster is the mean of its squared distances from the members, less half the mean of
//! those between members. Both are sums of whole numbers, updated by the points that joined or left; nothing is rounded but the quotients.

use super::Distances;
use crate::properties::kmeans::Space;
use crate::properties::lloyd::{MOST_ITERATIONS, TOLERANCE};

/// Distinct codes, with how often each occurs, and the distances between them.
pub(in crate::properties) struct Far<'a> {
    distances: &'a Distances,
    counts: &'a [i32],
    bits: usize,
}

/// Clusters and their members.
#[derive(Clone)]
struct Clusters {
    /// Each point's cluster, if any.
    of_point: Vec<Option<usize>>,
    /// `[clusters]`: examples.
    sizes: Vec<u32>,
    /// `[clusters, points]`: each point's distances from all members, summed up.
    sums: Vec<Vec<u32>>,
}

impl<'a> Far<'a> {
    pub fn new(distances: &'a Distances, counts: &'a [i32], bits: usize) -> Self {
        Self { distances, counts, bits }
    }
}

impl Space for Far<'_> {
    fn nearer(&self, point: usize, nearest: &mut [u32]) -> f64 {
        let mut row = Vec::new();
        self.distances.from(point, &mut row);
        nearest.iter_mut().zip(row).for_each(|(nearest, distance)| *nearest = distance.min(*nearest));
        nearest.iter().zip(self.counts).map(|(&nearest, &count)| f64::from(nearest) * f64::from(count)).sum()
    }

    fn lloyd(&self, start: &[usize]) -> (Vec<usize>, f64) {
        let tolerance = TOLERANCE * self.variance() / self.bits.max(1) as f64;
        let mut clusters = Clusters::new(start.len(), self.distances.points());
        for (cluster, &point) in start.iter().enumerate() {
            self.place(&mut clusters, point, cluster);
        }
        let mut assigned = Vec::new();
        for _ in 0..MOST_ITERATIONS {
            let (nearest, distances) = self.nearest(&clusters);
            if nearest == assigned {
                break;
            }
            let before = clusters.of_point.clone();
            let spreads = self.spreads(&clusters);
            let sizes = clusters.sizes.clone();
            for (point, cluster) in filled(&nearest, &distances, start.len()).into_iter().enumerate() {
                self.place(&mut clusters, point, cluster);
            }
            assigned = nearest;
            if self.shift(&clusters, &before, &sizes, &spreads) <= tolerance {
                break;
            }
        }
        let (of_point, distances) = self.nearest(&clusters);
        let inertia = distances.iter().zip(self.counts).map(|(distance, &count)| distance * f64::from(count)).sum();
        (of_point, inertia)
    }
}

impl Far<'_> {
    /// Moves a point to another cluster, with all its copies.
    fn place(&self, clusters: &mut Clusters, point: usize, to: usize) {
        let from = clusters.of_point[point].replace(to);
        if from == Some(to) {
            return;
        }
        let count = self.counts[point] as u32;
        let mut row = Vec::new();
        self.distances.from(point, &mut row);
        if let Some(from) = from {
            clusters.sizes[from] -= count;
            clusters.sums[from].iter_mut().zip(&row).for_each(|(sum, distance)| *sum -= count * distance);
        }
        clusters.sizes[to] += count;
        clusters.sums[to].iter_mut().zip(&row).for_each(|(sum, distance)| *sum += count * distance);
    }

    /// Every point's nearest centre, the first among equals, and its squared distance from it.
    fn nearest(&self, clusters: &Clusters) -> (Vec<usize>, Vec<f64>) {
        let spreads = self.spreads(clusters);
        let points = self.distances.points();
        let (mut nearest, mut least) = (vec![0; points], vec![f64::INFINITY; points]);
        for (cluster, (sums, spread)) in clusters.sums.iter().zip(spreads).enumerate() {
            let size = f64::from(clusters.sizes[cluster]);
            for ((nearest, least), &sum) in nearest.iter_mut().zip(&mut least).zip(sums) {
                // For an empty cluster this is NaN, which is never less.
                let distance = f64::from(sum) / size - spread;
                if distance < *least {
                    (*nearest, *least) = (cluster, distance);
                }
            }
        }
        least.iter_mut().for_each(|least| *least = least.max(0.0));
        (nearest, least)
    }

    /// Half the mean distance between the members of each cluster: the mean of their squared distances from the centre.
    fn spreads(&self, clusters: &Clusters) -> Vec<f64> {
        let mut spreads = vec![0.0; clusters.sizes.len()];
        for (point, cluster) in clusters.of_point.iter().enumerate() {
            if let Some(cluster) = *cluster {
                spreads[cluster] += f64::from(self.counts[point]) * f64::from(clusters.sums[cluster][point]);
            }
        }
        spreads.iter_mut().zip(&clusters.sizes).for_each(|(spread, &size)| *spread /= 2.0 * f64::from(size).powi(2));
        spreads
    }

    /// The squared distances by which centres have moved, summed up: between two means it is the mean distance of their members less both
    /// spreads.
    fn shift(&self, now: &Clusters, before: &[Option<usize>], sizes: &[u32], spreads: &[f64]) -> f64 {
        let mut between = vec![0.0; sizes.len()];
        for (point, cluster) in before.iter().enumerate() {
            if let Some(cluster) = *cluster {
                between[cluster] += f64::from(self.counts[point]) * f64::from(now.sums[cluster][point]);
            }
        }
        let here = self.spreads(now);
        let moved = (0..sizes.len()).map(|cluster| {
            let pairs = f64::from(now.sizes[cluster]) * f64::from(sizes[cluster]);
            if pairs > 0.0 { between[cluster] / pairs - spreads[cluster] - here[cluster] } else { 0.0 }
        });
        moved.sum()
    }

    /// The mean squared distance of all examples from their mean.
    fn variance(&self) -> f64 {
        let mut row = Vec::new();
        let (mut sum, mut examples) = (0.0, 0.0);
        for (point, &count) in self.counts.iter().enumerate() {
            self.distances.from(point, &mut row);
            let own: u64 =
                row.iter().zip(self.counts).map(|(&distance, &count)| u64::from(distance) * count as u64).sum();
            sum += f64::from(count) * own as f64;
            examples += f64::from(count);
        }
        sum / (2.0 * examples * examples)
    }
}

impl Clusters {
    fn new(clusters: usize, points: usize) -> Self {
        Self { of_point: vec![None; points], sizes: vec![0; clusters], sums: vec![vec![0; points]; clusters] }
    }
}

/// The clusters of points, where each empty one takes the point that is farthest from its own centre, with all its copies.
fn filled(nearest: &[usize], distances: &[f64], clusters: usize) -> Vec<usize> {
    let mut filled = nearest.to_vec();
    let empty: Vec<usize> = (0..clusters).filter(|cluster| !nearest.contains(cluster)).collect();
    if !empty.is_empty() {
        let mut farthest: Vec<usize> = (0..nearest.len()).collect();
        farthest.sort_by(|&a, &b| distances[b].total_cmp(&distances[a]).then(a.cmp(&b)));
        empty.into_iter().zip(farthest).for_each(|(cluster, point)| filled[point] = cluster);
    }
    filled
}
