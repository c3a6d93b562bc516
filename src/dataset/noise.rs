//! What the paper does to a data set to see what the codes make of it: labels shuffled, inputs replaced.

use std::collections::BTreeSet;
use std::sync::Arc;

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;

use super::examples::{Examples, Values};
use super::{Dataset, Sparse};
use crate::random::stream;

/// Noise that is applied to a data set before training. Like the data set, it is the same for every seed of a chart, and it does
/// not depend on how much of the data set is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Noise {
    /// Share of the training labels that are shuffled among themselves, in `[0, 1]`; at 1 all labels are random. It is a share
    /// of the examples that train, at every sample size (published code: `create_noise_samples` of the training samples),
    /// rounded to whole labels; some of them fall on one of their own class again.
    pub labels: f64,
    /// Whether the inputs, of training and test examples, are uniform noise instead.
    pub inputs: bool,
}

impl Dataset {
    /// As many uniform random inputs as there are test examples, each of label 0, which means nothing.
    pub fn random_inputs(&self) -> Examples {
        let mut random = self.test.clone();
        random.replace_inputs(2);
        random.labels.fill(0);
        random
    }

    /// The data set with noise, for networks that train on its first `samples` examples; the labels after those do not change.
    pub fn with_noise(&self, noise: Noise, samples: usize) -> Self {
        let mut noisy = self.clone();
        noisy.train.labels = self.train.labels_with(noise, samples);
        if noise.inputs {
            for (set, examples) in [&mut noisy.train, &mut noisy.test].into_iter().enumerate() {
                examples.replace_inputs(set as u64);
            }
        }
        noisy
    }
}

/// The numbers of each row at random other places: an example of words becomes as many random words, as often.
fn elsewhere(sparse: &Sparse, random: &mut ChaCha8Rng) -> Sparse {
    let mut moved = Sparse::new(sparse.inputs());
    for row in 0..sparse.rows() {
        let mut numbers: Vec<f32> = sparse.row(row).map(|(_, number)| number).collect();
        numbers.shuffle(random);
        let mut places = BTreeSet::new();
        while places.len() < numbers.len() {
            places.insert(random.random_range(0..sparse.inputs() as u32));
        }
        moved.push(places.into_iter().zip(numbers));
    }
    moved
}

/// Picks a fraction of the labels and shuffles them among their places (paper: label noise).
fn shuffle_share(labels: &mut [u8], share: f64) {
    let mut random = stream(0, "label noise", &[]);
    let mut places: Vec<usize> = (0..labels.len()).collect();
    places.shuffle(&mut random);
    places.truncate((share * labels.len() as f64).round() as usize);
    let mut dealt: Vec<u8> = places.iter().map(|&place| labels[place]).collect();
    dealt.shuffle(&mut random);
    for (place, label) in places.into_iter().zip(dealt) {
        labels[place] = label;
    }
}

impl Examples {
    /// The training labels with noise, for networks that train on the first `samples` examples.
    pub fn labels_with(&self, noise: Noise, samples: usize) -> Vec<u8> {
        let mut labels = self.labels.clone();
        let seen = samples.min(labels.len());
        if noise.labels == 0.0 {
            return labels;
        }
        shuffle_share(&mut labels[..seen], noise.labels);
        labels
    }

    fn replace_inputs(&mut self, set: u64) {
        let mut random = stream(0, "noise inputs", &[set]);
        let numbers = self.len() * self.inputs;
        self.values = match &self.values {
            Values::Floats(..) => Values::of_floats((0..numbers).map(|_| random.random()).collect()),
            Values::Sparse(sparse) => Values::Sparse(Arc::new(elsewhere(sparse, &mut random))),
            Values::Lit(_) | Values::Pixels(_) => {
                let pixels: Vec<u8> = (0..numbers).map(|_| random.random()).collect();
                Values::of_pixels(pixels.into(), self.inputs)
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Toy;

    fn noisy(labels: f64, inputs: bool) -> Dataset {
        Toy::Blobs.generate().with_noise(Noise { labels, inputs }, 1024)
    }

    fn changed(noisy: &Dataset) -> f64 {
        let clean = Toy::Blobs.generate();
        let pairs = clean.train().labels().iter().zip(noisy.train().labels());
        pairs.filter(|(clean, noisy)| clean != noisy).count() as f64 / clean.train().len() as f64
    }

    #[test]
    fn a_share_of_the_training_labels_is_shuffled_among_themselves_and_the_test_labels_are_left() {
        let clean = Toy::Blobs.generate();
        let noisy = noisy(0.4, false);
        // Some shuffled labels happen to be the original one.
        let expected = 0.4 * (1.0 - 1.0 / clean.classes() as f64);
        assert!((changed(&noisy) - expected).abs() < 0.05, "{} of {expected}", changed(&noisy));
        let sorted = |data: &Dataset| {
            let mut labels = data.train().labels().to_vec();
            labels.sort_unstable();
            labels
        };
        assert_eq!(sorted(&clean), sorted(&noisy));
        assert_eq!(clean.test().labels(), noisy.test().labels());
        assert_ne!(clean.digest(1024), noisy.digest(1024));
    }

    #[test]
    fn at_every_sample_size_the_share_is_that_of_the_examples_that_train_and_the_rest_is_left() {
        let clean = Toy::Blobs.generate();
        let noise = Noise { labels: 0.2, inputs: false };
        for samples in [10, 50, 300, 1024] {
            let noisy = clean.train().labels_with(noise, samples);
            let changed: Vec<_> = (0..noisy.len()).filter(|&row| noisy[row] != clean.train().labels()[row]).collect();
            assert!(changed.len() <= samples / 5, "{} of {samples}", changed.len());
            assert!(changed.iter().all(|&row| row < samples));
        }
        // The number of changed labels equals the number drawn if every new label differs.
        let mut distinct: Vec<u8> = (0..100).collect();
        shuffle_share(&mut distinct, 0.2);
        let moved = distinct.iter().enumerate().filter(|&(place, &label)| place != usize::from(label)).count();
        assert!((15..=20).contains(&moved), "{moved}");
    }

    #[test]
    fn random_inputs_are_none_of_the_test_inputs_and_as_many() {
        let data = Toy::Blobs.generate();
        let random = data.random_inputs();
        assert_eq!((random.len(), random.inputs()), (data.test().len(), data.inputs()));
        let [mut ours, mut theirs] = [Vec::new(), Vec::new()];
        random.gather(0..random.len(), &mut ours);
        noisy(0.0, true).test().gather(0..random.len(), &mut theirs);
        assert_ne!(ours, theirs);
    }

    #[test]
    fn no_noise_changes_nothing_and_the_same_noise_is_the_same_every_time() {
        assert_eq!(noisy(0.0, false).digest(1024), Toy::Blobs.generate().digest(1024));
        assert_eq!(noisy(0.7, true).digest(1024), noisy(0.7, true).digest(1024));
    }

    #[test]
    fn noise_inputs_are_uniform_and_labels_stay() {
        let (clean, noisy) = (Toy::Blobs.generate(), noisy(0.0, true));
        let mut values = Vec::new();
        noisy.train().gather(0..noisy.train().len(), &mut values);
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        assert!((mean - 0.5).abs() < 0.05 && values.iter().all(|value| (0.0..1.0).contains(value)), "mean {mean}");
        assert_eq!(clean.train().labels(), noisy.train().labels());
    }
}
