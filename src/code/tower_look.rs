//! Reads codes off convolutional networks on a GPU, whose networks are side by side there.

use std::ops::Range;

use burn::tensor::{TensorData, Transaction};

use super::look::{Firing, Kept};
use super::medians::median;
use super::packing::{WORD, pack, words};
use super::tensor_look::read_with_outcome;
use super::{CodeMatrix, Encoding, Medians};
use crate::dataset::Examples;
use crate::engine::tensor;
use crate::network::{CodeUnits, ConvNets, NetworkError, TowerPass, Towers, by_channel};

/// Examples that are looked at at a time, at most.
const ROWS: usize = 500;

/// Encodes the first `count` of `examples` by each of `networks`; `medians` are those of their channels.
pub(crate) async fn encode_on_device(
    networks: &ConvNets,
    examples: &Examples,
    count: usize,
    medians: &Medians,
) -> Result<Vec<Encoding>, NetworkError> {
    let blank = |bits| Encoding { codes: CodeMatrix::zeros(count, bits), accuracy: 0.0, finite: true };
    let bits = networks.networks.iter().map(|one| one.architecture.code_layers().iter().sum());
    let mut encodings: Vec<_> = bits.map(blank).collect();
    let code = networks.networks[0].architecture.code;
    let all = Towers::rows_at_a_time(networks, ROWS);
    for towers in Towers::of(networks, all) {
        let mut correct = vec![0; towers.len()];
        for start in (0..count).step_by(all) {
            let rows = start..count.min(start + all);
            let seen = look(&towers, networks, examples, rows.clone(), code).await?;
            for (place, index) in towers.members.clone().enumerate() {
                let Encoding { codes, finite, .. } = &mut encodings[index];
                let medians = medians.0.get(index).map_or(&[][..], |own| own);
                seen.write(place, towers.widths[place], medians, codes, start);
                *finite &= seen.finite[place];
                correct[place] += seen.correct[place];
            }
        }
        for (index, correct) in towers.members.zip(correct) {
            encodings[index].accuracy = correct as f64 / count as f64;
        }
    }
    Ok(encodings)
}

/// The medians over the first `count` of `train`.
pub(crate) async fn medians_on_device(
    networks: &ConvNets,
    train: &Examples,
    count: usize,
) -> Result<Medians, NetworkError> {
    let mut medians = vec![Vec::new(); networks.networks.len()];
    let code = networks.networks[0].architecture.code;
    if code != CodeUnits::Channels {
        return Ok(Medians(medians));
    }
    let all = Towers::rows_at_a_time(networks, ROWS);
    for towers in Towers::of(networks, all) {
        let channels = towers.units.iter().map(|unit| unit.outputs).sum();
        let mut counts = vec![vec![Vec::with_capacity(count); channels]; towers.len()];
        for start in (0..count).step_by(all) {
            let rows = start..count.min(start + all);
            let seen = look(&towers, networks, train, rows.clone(), code).await?;
            for (place, own) in counts.iter_mut().enumerate() {
                for row in 0..rows.len() {
                    own.iter_mut().zip(seen.counts_of(place, row)).for_each(|(all, count)| all.push(count));
                }
            }
        }
        for (index, own) in towers.members.zip(counts) {
            medians[index] = own.into_iter().map(median).collect();
        }
    }
    Ok(Medians(medians))
}

/// What was seen of some examples.
struct Seen {
    rows: usize,
    /// Of each layer of the code whose ReLUs have a bit each, in order.
    layers: Vec<(Firing, Units)>,
    /// Of each convolution whose channels have a bit each, at how many places they fire: `[networks, rows, channels]`.
    counts: Vec<(Vec<u32>, usize)>,
    /// Of each network, for how many examples its largest output is their label's.
    correct: Vec<usize>,
    finite: Vec<bool>,
}

/// The units of a layer that are a network's.
enum Units {
    /// So many.
    All(usize),
    /// As many as its Dense layers are wide.
    Width,
}

impl Seen {
    /// Writes the bits of the network at a place into the rows of `codes` from `row` on.
    fn write(&self, place: usize, width: usize, medians: &[u32], codes: &mut CodeMatrix, row: usize) {
        let mut bit = 0;
        if !self.counts.is_empty() {
            for own in 0..self.rows {
                codes.fire(
                    row + own,
                    bit,
                    self.counts_of(place, own).zip(medians).map(|(count, &median)| count > median),
                );
            }
            bit = medians.len();
        }
        for (firing, units) in &self.layers {
            let units = match units {
                Units::All(units) => *units,
                Units::Width => width,
            };
            firing.write(place, 0..units, codes, row, bit);
            bit += units;
        }
    }

    /// At how many places each channel of a network fires on an example, convolution by convolution.
    fn counts_of(&self, place: usize, row: usize) -> impl Iterator<Item = u32> {
        let of_layer = move |(counts, channels): &'_ (Vec<u32>, usize)| {
            counts[(place * self.rows + row) * channels..][..*channels].to_vec()
        };
        self.counts.iter().flat_map(of_layer)
    }
}

/// Looks at the `rows` of `examples`; what is read is what the code asks for, in one go.
async fn look(
    towers: &Towers,
    networks: &ConvNets,
    examples: &Examples,
    rows: Range<usize>,
    code: CodeUnits,
) -> Result<Seen, NetworkError> {
    let device = networks.device();
    let image = networks.networks[0].architecture.image;
    let mut values = Vec::new();
    examples.gather(rows.clone(), &mut values);
    let pictures = by_channel(tensor(values, [rows.len(), examples.inputs()], device), image.channels);
    let TowerPass { maps, dense, logits } = towers.evaluation_pass(pictures);

    let mut reading = Transaction::default();
    let mut channels = Vec::new();
    let mut layers = Vec::new();
    let firing =
        |units: usize| Firing { rows: rows.len(), stride: units.div_ceil(WORD), kept: Kept::Words(Vec::new()) };
    for maps in maps {
        let [networks, own, places, examples] = maps.dims();
        match code {
            CodeUnits::Dense => {}
            CodeUnits::Channels => {
                let counts = maps.greater_elem(0.0).int().sum_dim(2).reshape([networks, own, examples]);
                reading = reading.register(counts.swap_dims(1, 2));
                channels.push(own);
            }
            CodeUnits::All => {
                let of_example = maps.permute([0, 3, 1, 2]).reshape([networks, examples, own * places]);
                reading = reading.register(pack(of_example));
                layers.push((firing(own * places), Units::All(own * places)));
            }
        }
    }
    let skipped = if code == CodeUnits::Dense { dense.len().saturating_sub(1) } else { 0 };
    for own in dense.into_iter().skip(skipped) {
        let [_, widest, _] = own.dims();
        reading = reading.register(pack(own.swap_dims(1, 2)));
        layers.push((firing(widest), Units::Width));
    }
    let labels = &examples.labels()[rows.clone()];
    let (read, correct, finite) = read_with_outcome(reading, logits.swap_dims(1, 2), labels).await?;
    let (of_channels, of_layers) = read.split_at(channels.len());
    for ((firing, _), data) in layers.iter_mut().zip(of_layers) {
        firing.kept = Kept::Words(words(data));
    }
    let counts = |data: &TensorData| data.iter::<i64>().map(|count| count as u32).collect();
    Ok(Seen {
        rows: rows.len(),
        layers,
        counts: of_channels.iter().map(counts).zip(channels).collect(),
        correct,
        finite,
    })
}
