//! What the channels of a network come to: at how many places each fires, and the sum over them, which the paper's published code takes
//! in the place of bits for networks that were trained on ImageNet.

use std::iter::repeat_n;

use serde::{Deserialize, Serialize};

use super::medians::median;
use super::{CodeMatrix, Encoding};
use crate::network::Channels;

/// What the channels come to on some examples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChannelActivity {
    /// How they lie, layer by layer.
    layers: Vec<ChannelLayer>,
    /// At how many places each fires: `[examples, channels]`.
    #[serde(with = "as_bytes")]
    fired: Vec<u32>,
    /// The sum over its places of what is above 0: `[examples, channels]`.
    #[serde(with = "as_bytes")]
    sums: Vec<f32>,
    /// Share of examples whose largest output is their label's.
    pub accuracy: f64,
    /// Whether all outputs are finite.
    pub finite: bool,
}

/// The channels of one layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct ChannelLayer {
    channels: Channels,
    /// Whether each is a map of several places.
    are_maps: bool,
}

impl ChannelActivity {
    /// Of networks with such layers, before any example is seen; `relus` are the numbers of each layer.
    pub(super) fn new(layers: &[Channels], relus: &[usize]) -> Self {
        let layer =
            |(&channels, &relus): (&Channels, &usize)| ChannelLayer { channels, are_maps: relus > channels.count };
        let layers = layers.iter().zip(relus).map(layer).collect();
        Self { layers, fired: Vec::new(), sums: Vec::new(), accuracy: 0.0, finite: true }
    }

    /// Takes in the numbers of an example, layer by layer.
    pub(super) fn add<'a>(&mut self, numbers: impl Iterator<Item = &'a [f32]>) {
        for (ChannelLayer { channels, .. }, numbers) in self.layers.iter().zip(numbers) {
            let mut fired = vec![0_u32; channels.count];
            let mut sums = vec![0_f64; channels.count];
            for (run, numbers) in numbers.chunks(channels.run).enumerate() {
                let channel = channels.of(run * channels.run);
                fired[channel] += numbers.iter().map(|&number| u32::from(number > 0.0)).sum::<u32>();
                sums[channel] += numbers.iter().map(|&number| f64::from(number.max(0.0))).sum::<f64>();
            }
            self.fired.extend(fired);
            self.sums.extend(sums.into_iter().map(|sum| sum as f32));
        }
    }

    /// That of these examples and then of others.
    pub(super) fn followed_by(mut self, others: Self) -> Self {
        let (own, more) = (self.examples() as f64, others.examples() as f64);
        self.accuracy = (own * self.accuracy + more * others.accuracy) / (own + more);
        self.finite &= others.finite;
        self.fired.extend(others.fired);
        self.sums.extend(others.sums);
        self
    }

    /// How many channels there are in all layers.
    fn channels(&self) -> usize {
        self.layers.iter().map(|layer| layer.channels.count).sum()
    }

    fn examples(&self) -> usize {
        self.sums.len() / self.channels().max(1)
    }

    /// For each channel, the median over the examples of the number of places at which it fires.
    pub fn medians(&self) -> Vec<u32> {
        let channels = self.channels();
        let of = |channel: usize| median(self.fired.iter().skip(channel).step_by(channels).copied().collect());
        (0..channels).map(of).collect()
    }

    /// A bit a channel: whether it fires at more places than the median says; of a channel that is a single ReLU, whether that fires.
    pub fn encoding(&self, medians: &[u32]) -> Encoding {
        let channels = self.channels();
        let each = self.layers.iter().flat_map(|layer| repeat_n(layer.are_maps, layer.channels.count));
        let least: Vec<u32> = each.zip(medians).map(|(is_map, &median)| if is_map { median } else { 0 }).collect();
        let mut codes = CodeMatrix::zeros(self.examples(), channels);
        for (row, fired) in self.fired.chunks_exact(channels.max(1)).enumerate() {
            codes.fire(row, 0, fired.iter().zip(&least).map(|(fired, least)| fired > least));
        }
        Encoding { codes, accuracy: self.accuracy, finite: self.finite }
    }

    /// The sums, each layer's divided by the range that those of `train` have in it: `[examples, channels]` of the one, then of the other. A layer
    /// that is the same for all training examples is 0.
    pub fn scaled_sums(train: &Self, test: &Self) -> [ChannelSums; 2] {
        let channels = train.channels();
        let mut factors = Vec::with_capacity(channels);
        for layer in &train.layers {
            let (first, count) = (factors.len(), layer.channels.count);
            let rows = train.sums.chunks_exact(channels.max(1));
            let own = rows.flat_map(|row| &row[first..first + count]);
            let range = own.fold([f32::MAX, f32::MIN], |[low, high], &sum| [low.min(sum), high.max(sum)]);
            let width = range[1] - range[0];
            factors.extend(repeat_n(if width > 0.0 { 1.0 / width } else { 0.0 }, count));
        }
        [train, test].map(|activity| {
            let numbers = activity.sums.iter().zip(factors.iter().cycle()).map(|(sum, factor)| sum * factor);
            ChannelSums { numbers: numbers.collect(), channels }
        })
    }
}

/// Sums of channels, each layer scaled.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelSums {
    /// `[examples, channels]`.
    pub numbers: Vec<f32>,
    /// How many there are.
    pub channels: usize,
}

/// Numbers of four bytes in one piece, so that a worker takes them at once.
mod as_bytes {
    use serde::{Deserialize, Deserializer, Serializer};
    use serde_bytes::ByteBuf;

    pub trait Four: Copy {
        fn to(self) -> [u8; 4];
        fn from(bytes: [u8; 4]) -> Self;
    }

    impl Four for u32 {
        fn to(self) -> [u8; 4] {
            self.to_le_bytes()
        }
        fn from(bytes: [u8; 4]) -> Self {
            Self::from_le_bytes(bytes)
        }
    }

    impl Four for f32 {
        fn to(self) -> [u8; 4] {
            self.to_le_bytes()
        }
        fn from(bytes: [u8; 4]) -> Self {
            Self::from_le_bytes(bytes)
        }
    }

    pub fn serialize<T: Four, S: Serializer>(numbers: &[T], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&numbers.iter().flat_map(|&number| number.to()).collect::<Vec<_>>())
    }

    pub fn deserialize<'de, T: Four, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        let bytes = ByteBuf::deserialize(deserializer)?;
        Ok(bytes.as_chunks().0.iter().map(|&bytes| T::from(bytes)).collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test may panic
mod tests {
    use super::*;

    /// Two channels of three places, side by side, and a flat layer of two ReLUs.
    const LAYERS: [Channels; 2] = [Channels { count: 2, run: 1 }, Channels { count: 2, run: 1 }];

    fn activity(examples: &[[&[f32]; 2]]) -> ChannelActivity {
        let mut activity = ChannelActivity::new(&LAYERS, &[6, 2]);
        examples.iter().for_each(|layers| activity.add(layers.iter().copied()));
        activity
    }

    #[test]
    fn a_map_is_on_where_it_fires_at_more_places_than_the_median_and_a_relu_where_it_fires() {
        let train = activity(&[
            [&[1.0, -1.0, 0.0, 2.0, 1.0, 0.0], &[0.0, 3.0]],
            [&[-1.0, 1.0, 0.0, 2.0, 0.0, 3.0], &[1.0, 3.0]],
            [&[2.0, 1.0, 1.0, 2.0, 1.0, 3.0], &[-1.0, 5.0]],
        ]);
        assert_eq!(train.medians(), [2, 3, 0, 1]);
        let bits = |row: usize| {
            let codes = train.encoding(&train.medians()).codes;
            (0..4).map(|bit| u8::from(codes.get(row, bit))).collect::<Vec<_>>()
        };
        assert_eq!([bits(0), bits(1), bits(2)], [[0, 0, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1]]);
        let test = activity(&[[&[9.0, 9.0, 9.0, 9.0, 9.0, 9.0], &[1.0, -1.0]]]);
        let [scaled, of_test] = ChannelActivity::scaled_sums(&train, &test);
        // The first layer's sums go from 0 to 6, the second's from 0 to 5.
        let sums = [[2.0, 2.0, 0.0, 3.0], [0.0, 6.0, 1.0, 3.0], [4.0, 6.0, 0.0, 5.0]];
        let expected: Vec<f32> = sums.iter().flat_map(|[a, b, c, d]| [a / 6.0, b / 6.0, c / 5.0, d / 5.0]).collect();
        for (own, expected) in scaled.numbers.iter().zip(&expected) {
            assert!((own - expected).abs() < 1e-6, "{:?}", scaled.numbers);
        }
        assert!((of_test.numbers[0] - 27.0 / 6.0).abs() < 1e-5, "a test example may be out of the range");
    }

    #[test]
    fn parts_of_the_examples_are_put_together_and_cross_to_a_worker_and_back() {
        let one = activity(&[[&[1.0, -1.0, 0.0, 2.0, 1.0, 0.0], &[0.0, 3.0]]]);
        let two = activity(&[[&[-1.0, 1.0, 0.0, 2.0, 0.0, 3.0], &[1.0, 3.0]]]);
        let both = activity(&[
            [&[1.0, -1.0, 0.0, 2.0, 1.0, 0.0], &[0.0, 3.0]],
            [&[-1.0, 1.0, 0.0, 2.0, 0.0, 3.0], &[1.0, 3.0]],
        ]);
        let crossed = serde_json::from_str(&serde_json::to_string(&two).unwrap()).unwrap();
        assert_eq!(one.followed_by(crossed), both);
    }
}
