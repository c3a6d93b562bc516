//! Where in the plane a network has which code: its linear regions, cut exactly.
//!
//! A window of the plane is a polygon. Each ReLU of the first layer cuts it along a line; each ReLU of a later layer cuts
//! what is left along a line of each piece, since the earlier layers are linear inside a piece (paper, section 3). The input of a
//! ReLU is evaluated at the corners only, once for all pieces that share a corner, so that neighbours agree on where they are cut:
//! the pieces always cover the window, without gaps or overlaps, whatever the rounding.

use std::collections::HashMap;

use super::CodeMatrix;
use crate::network::{Affine, PlainNetwork};

/// Of the largest value that a ReLU gets at any corner: what is smaller is 0, on the line.
const ON_THE_LINE: f64 = 1e-12;

/// A rectangle of the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Least first coordinate.
    pub left: f64,
    /// Least second coordinate.
    pub bottom: f64,
    /// Greatest first coordinate.
    pub right: f64,
    /// Greatest second coordinate.
    pub top: f64,
}

/// The linear regions of a network of two inputs within a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Regions {
    /// Every corner of a region, once.
    pub corners: Vec<[f64; 2]>,
    /// For each region its corners, counter-clockwise.
    pub outlines: Vec<Vec<u32>>,
    /// For each region its code.
    pub codes: CodeMatrix,
}

impl Regions {
    /// Cuts a window; nothing where the network has other than two inputs or the window no inside.
    pub fn of(network: &PlainNetwork, window: Window) -> Option<Self> {
        let Window { left, bottom, right, top } = window;
        let finite = [left, bottom, right, top].into_iter().all(f64::is_finite);
        if network.inputs() != 2 || !finite || left >= right || bottom >= top {
            return None;
        }
        let mut cutting = Cutting {
            corners: vec![[left, bottom], [right, bottom], [right, top], [left, top]],
            pieces: vec![Piece { outline: vec![0, 1, 2, 3], code: vec![0; network.bits().div_ceil(64)] }],
        };
        let mut bit = 0;
        for depth in 0..network.hidden().len() {
            let before = &network.hidden()[..depth];
            let layer = &network.hidden()[depth];
            // The layer's inputs at each corner.
            let mut signals: Vec<Vec<f64>> = cutting.corners.iter().map(|&corner| through(before, corner)).collect();
            for unit in 0..layer.units {
                cutting.by(layer, unit, bit, &mut signals, |corner| through(before, corner));
                bit += 1;
            }
        }
        let mut codes = CodeMatrix::zeros(cutting.pieces.len(), network.bits());
        for (row, piece) in cutting.pieces.iter().enumerate() {
            (0..network.bits()).filter(|&bit| piece.fires(bit)).for_each(|bit| codes.set(row, bit));
        }
        let outlines = cutting.pieces.into_iter().map(|piece| piece.outline).collect();
        Some(Self { corners: cutting.corners, outlines, codes })
    }
}

/// What layers make of a point, after their ReLUs.
fn through(layers: &[Affine], point: [f64; 2]) -> Vec<f64> {
    let fire = |signal: Vec<f64>, layer: &Affine| layer.of(&signal).into_iter().map(|unit| unit.max(0.0)).collect();
    layers.iter().fold(point.to_vec(), fire)
}

/// A window in pieces.
struct Cutting {
    corners: Vec<[f64; 2]>,
    pieces: Vec<Piece>,
}

#[derive(Clone)]
struct Piece {
    outline: Vec<u32>,
    code: Vec<u64>,
}

impl Piece {
    fn fires(&self, bit: usize) -> bool {
        self.code[bit / 64] >> (bit % 64) & 1 == 1
    }
}

impl Cutting {
    /// Cuts every piece along where a unit gets 0. `signals` is what comes to its layer at each corner, and `through` says it
    /// of new ones.
    fn by(
        &mut self,
        layer: &Affine,
        unit: usize,
        bit: usize,
        signals: &mut Vec<Vec<f64>>,
        through: impl Fn([f64; 2]) -> Vec<f64>,
    ) {
        let weights: Vec<f64> = layer.kernel.iter().skip(unit).step_by(layer.units).copied().map(f64::from).collect();
        let product = |signal: &[f64]| weights.iter().zip(signal).map(|(weight, input)| weight * input).sum::<f64>();
        let mut values: Vec<f64> = signals.iter().map(|signal| product(signal) + f64::from(layer.bias[unit])).collect();
        let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        values.iter_mut().filter(|value| value.abs() <= ON_THE_LINE * largest).for_each(|value| *value = 0.0);

        let mut met = HashMap::new();
        let mut cut = Vec::new();
        for piece in &mut self.pieces {
            let of_outline: Vec<f64> = piece.outline.iter().map(|&corner| values[corner as usize]).collect();
            let (above, below) =
                (of_outline.iter().any(|&value| value > 0.0), of_outline.iter().any(|&value| value < 0.0));
            if above && below {
                let mut meet = |one: u32, other: u32| {
                    *met.entry((one.min(other), one.max(other))).or_insert_with(|| {
                        let (from, to) = (one.min(other) as usize, one.max(other) as usize);
                        let share = values[from] / (values[from] - values[to]);
                        let along = |axis: usize| {
                            self.corners[from][axis] + share * (self.corners[to][axis] - self.corners[from][axis])
                        };
                        let corner = [along(0), along(1)];
                        self.corners.push(corner);
                        signals.push(through(corner));
                        values.push(0.0);
                        (self.corners.len() - 1) as u32
                    })
                };
                let mut off = Piece { outline: Vec::new(), code: piece.code.clone() };
                let mut on = Vec::new();
                for (place, &corner) in piece.outline.iter().enumerate() {
                    let after = (place + 1) % piece.outline.len();
                    let (next, value, following) = (piece.outline[after], of_outline[place], of_outline[after]);
                    if value >= 0.0 {
                        on.push(corner);
                    }
                    if value <= 0.0 {
                        off.outline.push(corner);
                    }
                    if value * following < 0.0 {
                        let corner = meet(corner, next);
                        on.push(corner);
                        off.outline.push(corner);
                    }
                }
                piece.outline = on;
                cut.push(off);
            }
            if above {
                piece.code[bit / 64] |= 1 << (bit % 64);
            }
        }
        self.pieces.extend(cut);
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))] // proptest needs the machine's own randomness
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    const WINDOW: Window = Window { left: -1.0, bottom: -1.5, right: 2.0, top: 1.0 };

    /// A network of two inputs, with weights from a list that goes around.
    fn network(widths: &[usize], weights: &[f32]) -> PlainNetwork {
        let mut next = weights.iter().copied().cycle();
        let mut inputs = 2;
        let layers = widths.iter().chain([&2]).map(|&units| {
            let kernel = (0..inputs * units).map(|_| next.next().unwrap_or_default()).collect();
            let bias = (0..units).map(|_| next.next().unwrap_or_default()).collect();
            let layer = Affine { inputs, units, kernel, bias };
            inputs = units;
            layer
        });
        PlainNetwork::new(layers.collect()).unwrap()
    }

    fn edges(regions: &Regions) -> usize {
        let edges: HashSet<_> = regions
            .outlines
            .iter()
            .flat_map(|outline| {
                let next = outline.iter().cycle().skip(1);
                outline.iter().zip(next).map(|(&one, &other)| (one.min(other), one.max(other)))
            })
            .collect();
        edges.len()
    }

    fn area(regions: &Regions, outline: &[u32]) -> f64 {
        let at = |place: usize| regions.corners[outline[place % outline.len()] as usize];
        (0..outline.len()).map(|place| at(place)[0] * at(place + 1)[1] - at(place + 1)[0] * at(place)[1]).sum::<f64>()
            / 2.0
    }

    /// Regions that lines cut a window into: one more for each line in it and for each of their crossings in it.
    fn by_counting(layer: &Affine) -> usize {
        let inside = |[x, y]: [f64; 2]| x > WINDOW.left && x < WINDOW.right && y > WINDOW.bottom && y < WINDOW.top;
        let line =
            |unit: usize| [layer.kernel[unit], layer.kernel[layer.units + unit], layer.bias[unit]].map(f64::from);
        let crosses = |&unit: &usize| {
            let [a, b, c] = line(unit);
            let corners = [
                [WINDOW.left, WINDOW.bottom],
                [WINDOW.right, WINDOW.bottom],
                [WINDOW.right, WINDOW.top],
                [WINDOW.left, WINDOW.top],
            ];
            let values = corners.map(|[x, y]| a * x + b * y + c);
            values.iter().any(|&value| value > 0.0) && values.iter().any(|&value| value < 0.0)
        };
        let lines: Vec<usize> = (0..layer.units).filter(crosses).collect();
        let crossings = lines.iter().enumerate().flat_map(|(place, &one)| {
            let lines = &lines;
            lines[..place].iter().filter(move |&&other| {
                let ([a, b, c], [d, e, f]) = (line(one), line(other));
                let determinant = a * e - b * d;
                inside([(b * f - c * e) / determinant, (c * d - a * f) / determinant])
            })
        });
        1 + lines.len() + crossings.count()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn regions_tile_the_window_as_euler_says_and_each_has_one_code(
            widths in prop::collection::vec(1_usize..20, 1..4),
            weights in prop::collection::vec(-1.0_f32..1.0, 211..212),
            towards in prop::collection::vec(0.05_f64..1.0, 61..62),
        ) {
            let network = network(&widths, &weights);
            let regions = Regions::of(&network, WINDOW).unwrap();
            let used: HashSet<u32> = regions.outlines.iter().flatten().copied().collect();
            prop_assert_eq!(used.len(), regions.corners.len(), "no corner is left over");
            // Euler's formula without the outer face: V - E + F = 1.
            prop_assert_eq!(regions.corners.len() + regions.outlines.len(), edges(&regions) + 1);
            let areas: Vec<f64> = regions.outlines.iter().map(|outline| area(&regions, outline)).collect();
            prop_assert!(areas.iter().all(|&area| area > 0.0));
            prop_assert!((areas.iter().sum::<f64>() - 7.5).abs() < 1e-9);
            for (row, outline) in regions.outlines.iter().enumerate() {
                if areas[row] < 1e-9 { continue } // too small for a point that is inside for sure
                // A point inside the region.
                let shares: Vec<f64> = (0..outline.len()).map(|place| towards[(row + place) % towards.len()]).collect();
                let along = |axis: usize| {
                    let sum = outline.iter().zip(&shares).map(|(&corner, share)| regions.corners[corner as usize][axis] * share);
                    sum.sum::<f64>() / shares.iter().sum::<f64>()
                };
                for (bit, value) in network.before_relus(&[along(0), along(1)]).into_iter().enumerate() {
                    prop_assert!(regions.codes.get(row, bit) == (value > 0.0) || value.abs() < 1e-9);
                }
            }
            let one_layer = Regions::of(&self::network(&widths[..1], &weights), WINDOW).unwrap();
            prop_assert_eq!(one_layer.outlines.len(), by_counting(&network.hidden()[0]));
            // The regions of one layer are convex, so no two have the same code.
            prop_assert_eq!(one_layer.codes.count_distinct(), one_layer.outlines.len());
        }
    }

    #[test]
    fn lines_through_one_corner_and_along_the_border_are_cut_alike() {
        // x, y, x + y and x - y all through the origin; one along the left border, one that never fires.
        let kernel = vec![1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, -1.0, 0.0, 0.0];
        let bias = vec![0.0, 0.0, 0.0, 0.0, 1.0, -1.0];
        let hidden = Affine { inputs: 2, units: 6, kernel, bias };
        let output = Affine { inputs: 6, units: 1, kernel: vec![1.0; 6], bias: vec![0.0] };
        let regions = Regions::of(&PlainNetwork::new(vec![hidden, output]).unwrap(), WINDOW).unwrap();
        assert_eq!(regions.outlines.len(), 8);
        assert_eq!(regions.corners.len() + regions.outlines.len(), edges(&regions) + 1);
    }

    #[test]
    fn what_is_not_in_the_plane_has_no_regions_here() {
        let layers = [(3, 2), (2, 1)];
        let layer =
            |(inputs, units)| Affine { inputs, units, kernel: vec![1.0; inputs * units], bias: vec![0.0; units] };
        let network = PlainNetwork::new(layers.map(layer).to_vec()).unwrap();
        assert_eq!(Regions::of(&network, WINDOW), None);
    }
}
