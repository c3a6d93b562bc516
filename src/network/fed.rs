//! What a network was fed in training, where that was not inputs from 0 to 1.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PerceptronError;
use crate::engine::MapShape;

/// How inputs from 0 to 1 become what a network was trained on: times `scale`, less `mean`, divided by `std`. Of coloured pictures each channel has a
/// mean and a deviation of its own; of all else the three are the same.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fed {
    /// 255 for pixels that stayed bytes.
    pub scale: f32,
    /// What is taken off then.
    pub mean: [f32; 3],
    /// What is divided by then.
    pub std: [f32; 3],
    /// Whether the channels of a picture come one behind the other, as PyTorch lays pictures out, and not those of a pixel side by side.
    pub planes: bool,
}

impl Fed {
    /// Inputs as they are.
    pub const AS_THEY_ARE: Self = Self { scale: 1.0, mean: [0.0; 3], std: [1.0; 3], planes: false };

    /// The same mean and deviation for all inputs.
    pub const fn normalised(mean: f32, std: f32) -> Self {
        Self { mean: [mean; 3], std: [std; 3], ..Self::AS_THEY_ARE }
    }

    /// The options of the command line that say so.
    pub fn options(&self) -> String {
        let list = |name: &str, [one, two, three]: [f32; 3]| {
            if one == two && two == three { format!("--{name} {one}") } else { format!("--{name} {one},{two},{three}") }
        };
        let said = [
            (self.scale != 1.0).then(|| format!("--scale {}", self.scale)),
            (self.mean != [0.0; 3]).then(|| list("mean", self.mean)),
            (self.std != [1.0; 3]).then(|| list("std", self.std)),
            self.planes.then(|| "--layout nchw".into()),
        ];
        said.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// Checks that examples can become that: pictures have so many channels, all else 1.
    ///
    /// # Errors
    ///
    /// A deviation that is not above 0, another number that is not finite, or a mean for each channel, or channels one behind the other, where there is but
    /// one.
    pub fn check(&self, channels: usize) -> Result<(), PerceptronError> {
        let Self { scale, mean, std, planes } = *self;
        let refused = |reason: &str| Err(PerceptronError::Fed { options: self.options(), reason: reason.into() });
        if !std.iter().chain([&scale]).all(|&number| number > 0.0 && number.is_finite()) {
            return refused("a scale and a deviation are above 0");
        }
        if mean.iter().any(|mean| !mean.is_finite()) {
            return refused("a mean is a number");
        }
        if channels != mean.len() && (mean != [mean[0]; 3] || std != [std[0]; 3]) {
            return refused("the data are no pictures of three channels, so give one mean and one deviation");
        }
        if channels == 1 && planes {
            return refused("the data are no pictures of several channels");
        }
        Ok(())
    }

    /// Changes examples one after the other, the channels of a pixel side by side, into what the network was fed.
    pub(crate) fn feed(&self, examples: &mut Vec<f32>, picture: Option<MapShape>) {
        let Self { scale, mean, std, planes } = *self;
        if (Self { planes: false, ..*self }) != Self::AS_THEY_ARE {
            for (place, number) in examples.iter_mut().enumerate() {
                *number = (*number * scale - mean[place % 3]) / std[place % 3];
            }
        }
        if let Some(picture) = picture.filter(|_| planes) {
            *examples = channel_by_channel(examples, picture);
        }
    }
}

/// Pictures whose channels come one behind the other, of those that have the channels of a pixel side by side.
pub(crate) fn channel_by_channel(pictures: &[f32], picture: MapShape) -> Vec<f32> {
    let mut out = Vec::with_capacity(pictures.len());
    for example in pictures.chunks_exact(picture.len()) {
        for channel in 0..picture.channels {
            out.extend(example.iter().skip(channel).step_by(picture.channels));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_become_those_that_a_network_was_trained_on() {
        let fed = |fed: Fed, picture| {
            let mut examples = vec![0.5; 6];
            fed.feed(&mut examples, picture);
            examples
        };
        assert_eq!(fed(Fed::AS_THEY_ARE, None), [0.5; 6]);
        assert_eq!(fed(Fed { scale: 255.0, ..Fed::AS_THEY_ARE }, None), [127.5; 6]);
        assert_eq!(fed(Fed::normalised(0.25, 0.5), None), [0.5; 6]);
        let colours = Fed { mean: [0.0, 0.25, 0.5], std: [1.0, 0.5, 0.25], ..Fed::AS_THEY_ARE };
        assert_eq!(fed(colours, None), [0.5, 0.5, 0.0, 0.5, 0.5, 0.0]);
        assert_eq!(colours.options(), "--mean 0,0.25,0.5 --std 1,0.5,0.25");
        let two_pixels = Some(MapShape { channels: 3, height: 1, width: 2 });
        let planes = Fed { planes: true, ..colours };
        assert_eq!(fed(planes, two_pixels), [0.5, 0.5, 0.5, 0.5, 0.0, 0.0]);
        assert_eq!(planes.options(), "--mean 0,0.25,0.5 --std 1,0.5,0.25 --layout nchw");

        let refused = |fed: Fed, channels| fed.check(channels).unwrap_err().to_string();
        assert!(colours.check(3).is_ok());
        assert!(refused(colours, 1).contains("no pictures of three channels"));
        assert!(refused(Fed { planes: true, ..Fed::AS_THEY_ARE }, 1).contains("no pictures of several channels"));
        assert!(
            refused(Fed::normalised(0.1, 0.0), 1).contains("--mean 0.1 --std 0: a scale and a deviation are above 0")
        );
        assert!(refused(Fed::normalised(f32::NAN, 1.0), 1).contains("a mean is a number"));
    }
}
