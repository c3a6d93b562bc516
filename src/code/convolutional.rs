//! Reads codes off a convolutional network, some examples at a time, by the kernels that train it.

use std::ops::Range;

use super::host_look::Behind;
use super::look::Seen;
use super::medians::fires_at;
use super::{CodeMatrix, Encoding};
use crate::dataset::Examples;
use crate::engine::{Filters, Maps, Panels, Rectifier, add_every, average, pool};
use crate::network::{CodeUnits, ConvNet, Convolution, NORM_EPSILON, NetworkError, Then, begins_shortcut};

/// Examples that are looked at at a time: as many as a batch, whose feature maps have their place in the processor's own cache.
const ROWS: usize = 64;

/// What comes of some examples on the way through a network, a row an example; `rows` are their places among those that are sent.
pub(super) enum Pass<'a> {
    /// What a convolution's ReLUs let through, map by map.
    Maps { index: usize, rows: Range<usize>, numbers: &'a [f32] },
    /// What comes to the Dense layers.
    Features { rows: Range<usize>, numbers: &'a [f32] },
}

/// Sends the `rows` of `examples` through the convolutions of a network; what a convolution lets through is handed on where maps are wanted.
pub(super) fn each_pass(
    network: &ConvNet,
    examples: &Examples,
    rows: &[usize],
    wants_maps: bool,
    take: &mut dyn FnMut(Pass),
) -> Result<(), NetworkError> {
    let (architecture, units) = (network.architecture, &network.units);
    let rectifier = Rectifier::new(architecture.dense.activation.negative_slope().ok_or(NetworkError::NoKernels)?);
    let filters: Vec<Filters> = network.convolutions.iter().map(evaluated).collect();
    let (mut pixels, mut numbers) = (Vec::new(), Vec::new());
    let [mut maps, mut whole, mut out] = [Maps::default(), Maps::default(), Maps::default()];
    // For each unit: whether a shortcut starts there.
    let mut kept: Vec<Maps> = units.iter().map(|_| Maps::default()).collect();
    for (group, own) in rows.chunks(ROWS).enumerate() {
        let rows = group * ROWS..group * ROWS + own.len();
        pixels.clear();
        examples.gather(own.iter().copied(), &mut pixels);
        maps.take_pixels(architecture.image, &pixels);
        for (index, (unit, filters)) in units.iter().zip(&filters).enumerate() {
            // In a block with a shortcut, the ReLU comes after the addition.
            let own = if unit.shortcut.is_some() { None } else { Some(rectifier) };
            filters.convolve_by(unit.stride, &maps, &mut whole, &mut out, rows.len(), own);
            if let Some(source) = unit.shortcut {
                add_every(&kept[source], &mut out);
                rectifier.let_through(&mut out);
            }
            if begins_shortcut(units, index) {
                kept[index].clone_from(&out);
            }
            if wants_maps {
                out.write_rows(rows.len(), &mut numbers);
                take(Pass::Maps { index, rows: rows.clone(), numbers: &numbers });
            }
            match unit.then {
                Then::Nothing => std::mem::swap(&mut maps, &mut out),
                Then::Pooled => pool(&out, &mut maps, rows.len()),
                Then::Averaged => average(&out, &mut maps, rows.len()),
            }
        }
        maps.write_rows(rows.len(), &mut numbers);
        take(Pass::Features { rows, numbers: &numbers });
    }
    Ok(())
}

/// Encodes the first `count` of `examples`; `medians` are those of the channels of this network, where its code asks for them.
pub(super) fn encode_convolutional(
    network: &ConvNet,
    examples: &Examples,
    count: usize,
    medians: &[u32],
) -> Result<Encoding, NetworkError> {
    let architecture = network.architecture;
    let (code, features, width) = (architecture.code, architecture.features().len(), architecture.dense.width);
    let behind = Behind::new(&network.head).ok_or(NetworkError::NoKernels)?;
    let bits = architecture.code_layers().iter().sum();
    let mut encoding = Encoding { codes: CodeMatrix::zeros(count, bits), accuracy: 0.0, finite: true };
    let (mut bit, mut channel, mut correct, mut panels) = (0, 0, 0, Panels::default());
    let all: Vec<usize> = (0..count).collect();
    each_pass(network, examples, &all, code != CodeUnits::Dense, &mut |pass| match pass {
        Pass::Maps { index, rows, numbers } => {
            let outputs = network.convolutions[index].bias.len();
            let medians = medians.get(channel..).unwrap_or_default();
            let each = numbers.len() / rows.len();
            for (row, fired) in rows.zip(numbers.chunks_exact(each)) {
                if code == CodeUnits::All {
                    encoding.codes.fire(row, bit, fired.iter().map(|&number| number > 0.0));
                } else {
                    let maps = fired.chunks_exact(each / outputs).zip(medians);
                    encoding.codes.fire(row, bit, maps.map(|(map, &median)| fires_at(map) > median));
                }
            }
            bit += if code == CodeUnits::All { each } else { outputs };
            channel += outputs;
        }
        Pass::Features { rows, numbers } => {
            panels.take(features, numbers.chunks_exact(features));
            let labels = &examples.labels()[rows.clone()];
            let Seen { layers, correct: right, finite, rows } = behind.look(&panels, labels, rows);
            let hidden = if code == CodeUnits::Dense { &layers[layers.len() - 1..] } else { &layers[..] };
            for firing in hidden {
                firing.write(0, 0..width, &mut encoding.codes, rows.start, bit);
                bit += width;
            }
            correct += right[0];
            encoding.finite &= finite[0];
            (bit, channel) = (0, 0);
        }
    })?;
    encoding.accuracy = correct as f64 / count as f64;
    Ok(encoding)
}

/// What a convolution computes in evaluation mode, where batch norm is a factor and an offset for each output.
fn evaluated(Convolution { kernel, bias, norm }: &Convolution) -> Filters {
    let mut filters = Filters::default();
    let Some([scale, shift, mean, variance]) = norm else {
        filters.take(kernel, bias);
        return filters;
    };
    let (mut kernel, mut bias) = (kernel.clone(), bias.clone());
    let of_output = kernel.len() / bias.len();
    for (output, own) in kernel.chunks_exact_mut(of_output).enumerate() {
        let factor = scale[output] / (variance[output] + NORM_EPSILON as f32).sqrt();
        own.iter_mut().for_each(|weight| *weight *= factor);
        bias[output] = (bias[output] - mean[output]) * factor + shift[output];
    }
    filters.take(&kernel, &bias);
    filters
}

#[cfg(all(test, feature = "cpu", not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)] // a test may panic
mod tests {
    use super::*;
    use crate::code::{Medians, encode};
    use crate::dataset::{Dataset, OwnValues};
    use crate::engine::{Engine, MapShape};
    use crate::network::{Activation, Body, ConvNets, Convolutional, Mlp, Networks, Vgg};

    const IMAGE: MapShape = MapShape { channels: 2, height: 9, width: 6 };
    const EXAMPLES: usize = 150;

    /// The codes of the training examples and of the test examples, of networks that differ in what is the code alone.
    fn encoded(code: CodeUnits) -> [Encoding; 2] {
        let values = (0..2 * EXAMPLES * IMAGE.len()).map(|at| (at as f32 * 0.37).sin() + (at as f32 * 0.011).cos());
        let data = Dataset::own(
            OwnValues::Floats(values.collect()),
            (0..2 * EXAMPLES).map(|row| (row % 3) as u8).collect(),
            EXAMPLES,
        )
        .unwrap();
        let dense = Mlp { depth: 2, width: 5, batch_norm: true, dropout: 0.0, activation: Activation::Relu };
        let body = Body::Vgg(Vgg { channels: 3, blocks: 2, convolutions: 2 });
        let network = Convolutional { image: IMAGE, body, dense, code };
        let networks: Networks = ConvNets::new(3, &[network], &[7], Engine::cpu().device()).unwrap().into();
        let medians = pollster::block_on(Medians::of(&networks, data.train(), EXAMPLES)).unwrap();
        [data.train(), data.test()]
            .map(|examples| pollster::block_on(encode(&networks, examples, &[EXAMPLES], &medians)).unwrap().remove(0))
    }

    #[test]
    fn the_dense_code_is_the_end_of_all_and_a_channel_fires_where_its_map_does_at_more_places_than_the_median() {
        let [all, dense, channels] = [CodeUnits::All, CodeUnits::Dense, CodeUnits::Channels].map(encoded);
        assert_eq!((dense[0].codes.bits(), channels[0].codes.bits()), (5, 3 + 3 + 6 + 6 + 10));
        // Positions of each map, map after map: 9 x 6, then 4 x 3.
        let maps: Vec<usize> = [[54; 6].as_slice(), &[12; 12]].concat();
        let starts: Vec<usize> = maps.iter().scan(0, |end, size| Some(std::mem::replace(end, *end + size))).collect();
        let count = |set: usize, row: usize, map: usize| {
            (starts[map]..starts[map] + maps[map]).filter(|&bit| all[set].codes.get(row, bit)).count()
        };
        let whole: usize = maps.iter().sum();
        let mut fired = 0;
        for map in 0..maps.len() {
            let mut counts: Vec<usize> = (0..EXAMPLES).map(|row| count(0, row, map)).collect();
            counts.sort_unstable();
            for (set, own) in channels.iter().enumerate() {
                for row in 0..EXAMPLES {
                    let fires = count(set, row, map) > counts[(EXAMPLES - 1) / 2];
                    assert_eq!(own.codes.get(row, map), fires, "set {set}, example {row}, map {map}");
                    fired += usize::from(fires);
                }
            }
        }
        assert!(fired > EXAMPLES, "{fired}");
        for set in 0..2 {
            for row in 0..EXAMPLES {
                let last: Vec<bool> = (0..5).map(|bit| all[set].codes.get(row, whole + 5 + bit)).collect();
                assert_eq!(last, (0..5).map(|bit| dense[set].codes.get(row, bit)).collect::<Vec<_>>());
                assert_eq!(last, (0..5).map(|bit| channels[set].codes.get(row, 18 + 5 + bit)).collect::<Vec<_>>());
            }
        }
    }
}
