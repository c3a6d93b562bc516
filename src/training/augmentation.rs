//! Augmentation: in each step every picture is turned, shifted and mirrored at random, as Keras' `ImageDataGenerator` does it.

use rand::RngExt;

use super::Protocol;
use crate::engine::MapShape;
use crate::random::stream;

/// What moves the pictures of networks of one seed.
#[derive(Debug)]
pub(super) struct Augmentation {
    seed: u64,
    /// The most that a picture is turned, in radians.
    turn: f64,
    /// The most that it is shifted, as a share of its height and width.
    shift: f64,
    /// Whether every second one is mirrored.
    flip: bool,
    still: Vec<f32>,
}

/// How one picture is moved.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Motion {
    /// By which angle places are turned about the middle, in radians.
    angle: f64,
    /// By how many rows and columns they are shifted before.
    shift: [f64; 2],
    /// Whether the picture is mirrored after that, left to right.
    is_mirrored: bool,
}

/// The same bits on every machine: natively the standard library asks the system's, which differ in the last digit.
fn sin_cos(angle: f64) -> (f64, f64) {
    #[cfg(target_arch = "wasm32")]
    return angle.sin_cos();
    #[cfg(not(target_arch = "wasm32"))]
    libm::sincos(angle)
}

impl Augmentation {
    /// As `protocol` has it, for networks of a seed; none where it asks for none.
    pub fn new(protocol: &Protocol, seed: u64) -> Option<Self> {
        let Protocol { rotation, shift, flip, .. } = *protocol;
        let augmentation = Self { seed, turn: rotation.to_radians(), shift, flip, still: Vec::new() };
        protocol.augments().then_some(augmentation)
    }

    /// Moves the pictures of a step, counted from 0, one behind the other: row by row, the channels of a pixel side by side.
    pub fn apply(&mut self, step: usize, shape: MapShape, pictures: &mut [f32]) {
        let mut random = stream(self.seed, "augmentation", &[step as u64]);
        for picture in pictures.chunks_exact_mut(shape.len()) {
            let motion = self.draw(shape, || random.random());
            self.still.clear();
            self.still.extend_from_slice(picture);
            motion.apply(shape, &self.still, picture);
        }
    }

    /// A motion, from numbers in `[0, 1)`: always of four, so that what is asked for of one kind leaves the others as they are.
    fn draw(&self, shape: MapShape, mut uniform: impl FnMut() -> f64) -> Motion {
        let mut within = |most: f64| most * (2.0 * uniform() - 1.0);
        let angle = within(self.turn);
        let shift = [shape.height, shape.width].map(|size| within(self.shift) * size as f64);
        Motion { angle, shift, is_mirrored: uniform() < 0.5 && self.flip }
    }
}

impl Motion {
    /// Each pixel is read, between four others, from where it was; beyond the edge from the nearest.
    fn apply(self, shape: MapShape, still: &[f32], moved: &mut [f32]) {
        let MapShape { channels, height, width } = shape;
        let [last_row, last_column] = [height - 1, width - 1].map(|last| last as f64);
        let middle = [last_row / 2.0, last_column / 2.0];
        let (sin, cos) = sin_cos(self.angle);
        for (place, pixel) in moved.chunks_exact_mut(channels).enumerate() {
            let (row, column) = (place / width, place % width);
            let column = if self.is_mirrored { width - 1 - column } else { column };
            let down = row as f64 - middle[0] + self.shift[0];
            let right = column as f64 - middle[1] + self.shift[1];
            let from = (middle[0] + cos * down - sin * right).clamp(0.0, last_row);
            let beside = (middle[1] + sin * down + cos * right).clamp(0.0, last_column);
            let (top, left) = (from as usize, beside as usize);
            let (below, aside) = ((from - top as f64) as f32, (beside - left as f64) as f32);
            let row_of = |row: usize| &still[row.min(height - 1) * width * channels..][..width * channels];
            let (upper, lower) = (row_of(top), row_of(top + 1));
            let (left, right) = (left * channels, (left + 1).min(width - 1) * channels);
            for (channel, number) in pixel.iter_mut().enumerate() {
                let between = |row: &[f32]| (1.0 - aside) * row[left + channel] + aside * row[right + channel];
                *number = (1.0 - below) * between(upper) + below * between(lower);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test may panic
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::training::{Family, Preset};

    fn augmentation(seed: u64, [rotation, shift]: [f64; 2], flip: bool) -> Augmentation {
        let protocol = Preset::Figure.protocol().with_family(Family::VGG);
        Augmentation::new(&Protocol { rotation, shift, flip, ..protocol }, seed).unwrap()
    }

    #[test]
    fn pictures_are_moved_as_keras_moves_them() {
        #[derive(Deserialize)]
        struct Moved {
            angle: f64,
            shift: [f64; 2],
            mirrored: bool,
            picture: Vec<f32>,
        }
        #[derive(Deserialize)]
        struct Keras {
            shape: [usize; 3],
            still: Vec<f32>,
            moved: Vec<Moved>,
        }
        let Keras { shape: [height, width, channels], still, moved } =
            serde_json::from_str(include_str!("../../tests/fixtures/augmentation.json")).unwrap();
        for Moved { angle, shift, mirrored: is_mirrored, picture } in moved {
            let mut own = vec![0.0; still.len()];
            let motion = Motion { angle: f64::to_radians(angle), shift, is_mirrored };
            motion.apply(MapShape { channels, height, width }, &still, &mut own);
            for (own, keras) in own.iter().zip(picture) {
                assert!((own - keras).abs() < 1e-5, "{motion:?}: {own} {keras}");
            }
        }
    }

    #[test]
    fn motions_are_drawn_within_what_was_asked_for_and_anew_in_every_step() {
        let shape = MapShape { channels: 1, height: 20, width: 40 };
        let own = augmentation(1, [15.0, 0.1], true);
        let mut random = stream(1, "test", &[]);
        let motions: Vec<Motion> = (0..10_000).map(|_| own.draw(shape, || random.random())).collect();
        let widest = |of: &dyn Fn(&Motion) -> f64| motions.iter().map(|one| of(one).abs()).fold(0.0, f64::max);
        let seen = [widest(&|one| one.angle.to_degrees()), widest(&|one| one.shift[0]), widest(&|one| one.shift[1])];
        for (seen, most) in seen.into_iter().zip([15.0, 2.0, 4.0]) {
            assert!((0.99 * most..=most).contains(&seen), "{seen} of {most}");
        }
        let mirrored = motions.iter().filter(|one| one.is_mirrored).count();
        assert!((4_800..5_200).contains(&mirrored), "{mirrored}");

        let moved = |seed, step| {
            let mut pictures: Vec<f32> = (0..2 * shape.len()).map(|at| (at % shape.len()) as f32).collect();
            augmentation(seed, [15.0, 0.1], true).apply(step, shape, &mut pictures);
            pictures
        };
        let first = moved(1, 0);
        assert_eq!(first, moved(1, 0));
        assert!(first[..shape.len()] != first[shape.len()..], "every picture has a motion of its own");
        assert!(first != moved(1, 1) && first != moved(2, 0));
    }

    #[test]
    fn mirrored_alone_a_picture_is_the_same_or_its_mirror_image_to_the_bit() {
        let shape = MapShape { channels: 2, height: 1, width: 3 };
        let still = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let mut pictures = still.repeat(100);
        augmentation(1, [0.0, 0.0], true).apply(0, shape, &mut pictures);
        let mirror = [5.0, 6.0, 3.0, 4.0, 1.0, 2.0];
        let mirrored = pictures.chunks_exact(6).filter(|&one| one == mirror).count();
        assert_eq!(pictures.chunks_exact(6).filter(|&one| one == still).count(), 100 - mirrored);
        assert!((25..75).contains(&mirrored), "{mirrored}");
    }

    #[test]
    fn a_protocol_that_asks_for_none_moves_nothing() {
        assert!(Augmentation::new(&Preset::Figure.protocol(), 1).is_none());
    }
}
