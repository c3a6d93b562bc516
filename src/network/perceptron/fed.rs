//! What a network was fed in training, where that was not inputs from 0 to 1.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Perceptron, PerceptronError, Step};

/// How inputs from 0 to 1 become what a network was trained on: times `scale`, less `mean`, divided by `std`. Of coloured pictures each channel has a
/// mean and a deviation of its own; of all else the three are the same.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Fed {
    /// 255 for pixels that stayed bytes.
    pub scale: f32,
    /// What is taken off then.
    pub mean: [f32; 3],
    /// What is divided by then.
    pub std: [f32; 3],
}

impl Fed {
    /// Inputs as they are.
    pub const AS_THEY_ARE: Self = Self { scale: 1.0, mean: [0.0; 3], std: [1.0; 3] };

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
        ];
        said.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

impl Perceptron {
    /// The same network, for inputs from 0 to 1 in the place of those that it was `fed`; pictures have so many channels, all else 1.
    ///
    /// # Errors
    ///
    /// A deviation that is not above 0, another number that is not finite, or a mean for each channel where there is but one.
    pub fn fed(mut self, fed: &Fed, channels: usize) -> Result<Self, PerceptronError> {
        let Fed { scale, mean, std } = *fed;
        let refused = |reason: &str| Err(PerceptronError::Fed { options: fed.options(), reason: reason.into() });
        if !std.iter().chain([&scale]).all(|&number| number > 0.0 && number.is_finite()) {
            return refused("a scale and a deviation are above 0");
        }
        if mean.iter().any(|mean| !mean.is_finite()) {
            return refused("a mean is a number");
        }
        if channels != mean.len() && (mean != [mean[0]; 3] || std != [std[0]; 3]) {
            return refused("the data are no pictures of three channels, so give one mean and one deviation");
        }
        if *fed != Fed::AS_THEY_ARE {
            let (factor, shift) =
                (0..self.inputs).map(|input| (scale / std[input % 3], -mean[input % 3] / std[input % 3])).unzip();
            self.steps.insert(0, Step::Norm { factor, shift });
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_become_those_that_a_network_was_trained_on() {
        let relu = || Perceptron { steps: vec![Step::Relu], widths: vec![6], left_out: Vec::new(), inputs: 6 };
        let through = |fed: Fed, channels| relu().fed(&fed, channels).map(|network| network.pass(vec![0.5; 6]).1);
        assert_eq!(through(Fed::AS_THEY_ARE, 1).unwrap(), [0.5; 6]);
        assert_eq!(through(Fed { scale: 255.0, ..Fed::AS_THEY_ARE }, 1).unwrap(), [127.5; 6]);
        assert_eq!(through(Fed::normalised(0.25, 0.5), 1).unwrap(), [0.5; 6]);
        let colours = Fed { scale: 1.0, mean: [0.0, 0.25, 0.5], std: [1.0, 0.5, 0.25] };
        assert_eq!(through(colours, 3).unwrap(), [0.5, 0.5, 0.0, 0.5, 0.5, 0.0]);
        assert_eq!(colours.options(), "--mean 0,0.25,0.5 --std 1,0.5,0.25");

        let refused = |fed, channels| through(fed, channels).unwrap_err().to_string();
        assert!(refused(colours, 1).contains("no pictures of three channels"));
        assert!(
            refused(Fed::normalised(0.1, 0.0), 1).contains("--mean 0.1 --std 0: a scale and a deviation are above 0")
        );
        assert!(refused(Fed::normalised(f32::NAN, 1.0), 1).contains("a mean is a number"));
    }
}
