//! Two-dimensional toys, seeded: what a network does to them can be seen.

use std::f64::consts::PI;

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use super::Dataset;
use crate::random::stream;

/// A fixed seed: a toy is the same data set for everyone and for every training seed.
const SEED: u64 = 2021;

/// A generated data set in the plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toy {
    /// Two interleaved half circles.
    Moons,
    /// A circle inside another.
    Circles,
    /// Two arms, one and a half turns each.
    Spirals,
    /// Opposite quadrants share a label.
    Xor,
    /// Four Gaussian clouds.
    Blobs,
}

impl Toy {
    /// Training examples: 16 batches of 64.
    pub const TRAIN: usize = 1024;
    /// Test examples.
    pub const TEST: usize = 512;

    /// The toy of that name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "moons" => Self::Moons,
            "circles" => Self::Circles,
            "spirals" => Self::Spirals,
            "xor" => Self::Xor,
            "blobs" => Self::Blobs,
            _ => return None,
        })
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Moons => "moons",
            Self::Circles => "circles",
            Self::Spirals => "spirals",
            Self::Xor => "xor",
            Self::Blobs => "blobs",
        }
    }

    /// How many classes it has.
    pub const fn classes(self) -> usize {
        if matches!(self, Self::Blobs) { 4 } else { 2 }
    }

    /// Draws the data set: 1,024 training and 512 test points, coordinates within about -2 to 2.
    pub fn generate(self) -> Dataset {
        let classes = self.classes();
        let draw = |purpose, count: usize| {
            let mut random = stream(SEED, purpose, &[self as u64]);
            let mut points = Vec::with_capacity(2 * count);
            let labels: Vec<u8> = (0..count).map(|index| (index % classes) as u8).collect();
            for &label in &labels {
                points.extend(self.point(label, &mut random).map(|coordinate| coordinate as f32));
            }
            (points, labels)
        };
        Dataset::of_toy(self, draw("toy train", Self::TRAIN), draw("toy test", Self::TEST))
    }

    /// A point of the class `label`.
    fn point(self, label: u8, random: &mut ChaCha8Rng) -> [f64; 2] {
        let along: f64 = random.random();
        let other = label == 1;
        let ([x, y], noise) = match self {
            Self::Moons => {
                let (sin, cos) = (PI * along).sin_cos();
                (if other { [0.5 - cos, 0.25 - sin] } else { [cos - 0.5, sin - 0.25] }, 0.1)
            }
            Self::Circles => {
                let (sin, cos) = (2.0 * PI * along).sin_cos();
                let radius = if other { 0.5 } else { 1.0 };
                ([radius * cos, radius * sin], 0.08)
            }
            Self::Spirals => {
                // The square root spreads the points evenly along the arm.
                let turn = 3.0 * PI * along.sqrt();
                let (sin, cos) = (turn + if other { PI } else { 0.0 }).sin_cos();
                let radius = 1.2 * turn / (3.0 * PI);
                ([radius * cos, radius * sin], 0.03)
            }
            Self::Xor => {
                let right: bool = random.random();
                let (x, y): (f64, f64) = (along, random.random());
                ([if right { x } else { -x }, if right == other { -y } else { y }], 0.05)
            }
            Self::Blobs => {
                let (sin, cos) = (PI / 2.0 * f64::from(label)).sin_cos();
                ([cos, sin], 0.35)
            }
        };
        let [dx, dy] = gaussian(random);
        [x + noise * dx, y + noise * dy]
    }
}

/// Two independent standard normal numbers (Box and Muller).
fn gaussian(random: &mut ChaCha8Rng) -> [f64; 2] {
    let (radius, angle): (f64, f64) = (1.0 - random.random::<f64>(), 2.0 * PI * random.random::<f64>());
    let radius = (-2.0 * radius.ln()).sqrt();
    [radius * angle.cos(), radius * angle.sin()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_toy_is_balanced_bounded_and_the_same_each_time() {
        for toy in [Toy::Moons, Toy::Circles, Toy::Spirals, Toy::Xor, Toy::Blobs] {
            let data = toy.generate();
            assert_eq!(data.digest(1024), toy.generate().digest(1024));
            let share = data.train().labels().iter().filter(|&&label| label == 0).count();
            assert_eq!(share, Toy::TRAIN / data.classes(), "{toy:?}");
            let mut points = Vec::new();
            data.train().gather(0..Toy::TRAIN, &mut points);
            assert!(points.iter().all(|point| point.abs() < 3.0), "{toy:?}");
        }
    }
}
