//! Evaluates a population on the CPU by kernels of our own, for networks of Dense layers and rectifiers; batch norm's running statistics are
//! a factor and an offset for each unit.
//!
//! Like training, they run over nonzero values only where most inputs are 0, and each network is computed by itself: its codes are the same to
//! the bit whichever other networks are in the population.

use std::ops::Range;

use super::look::{Firing, Kept, Seen, are_finite, nonzero, right};
use crate::dataset::Examples;
use crate::engine::{Panels, Tensor, host_numbers};
use crate::network::{Layer, Member, NORM_EPSILON, Parameters, Population, rectified};

/// Looks at the `rows` of `examples`; nothing where the networks are not of the kind.
pub(super) fn host_look(networks: &Population, examples: &Examples, rows: Range<usize>) -> Option<Seen> {
    let negative_slope = networks.activation().negative_slope().filter(|_| networks.has_kernels())?;
    let layers = Weights::of_all(networks);
    let units = layers[0].of_examples(examples, rows.clone());
    let labels = &examples.labels()[rows.clone()];
    Some(look_on(networks, &layers, units, labels, rows, negative_slope))
}

/// What stands behind the convolutions of a network.
pub(super) struct Behind<'a> {
    head: &'a Population,
    layers: Vec<Weights>,
    negative_slope: f32,
}

impl<'a> Behind<'a> {
    /// The only network of `head`; nothing where it has no kernels.
    pub fn new(head: &'a Population) -> Option<Self> {
        let negative_slope = head.activation().negative_slope()?;
        Some(Self { head, layers: Weights::of_all(head), negative_slope })
    }

    /// Looks at the features of the examples `rows`.
    pub fn look(&self, features: &Panels, labels: &[u8], rows: Range<usize>) -> Seen {
        let Self { head, layers, negative_slope } = self;
        let units = features.product(&layers[0].kernel, layers[0].columns, &layers[0].bias);
        if let [_] = layers[..] {
            // Only the output layer.
            let correct = vec![right(&units, head.classes(), labels)];
            return Seen { layers: Vec::new(), correct, finite: vec![are_finite(&units)], rows };
        }
        look_on(head, layers, units, labels, rows, *negative_slope)
    }
}

/// From what comes to the `units` of all first layers on.
fn look_on(
    networks: &Population,
    layers: &[Weights],
    mut units: Vec<f32>,
    labels: &[u8],
    rows: Range<usize>,
    negative_slope: f32,
) -> Seen {
    let (first, hidden) = (&layers[0], layers.len() - 1);
    first.normalise(0, &mut units, first.columns);
    let mut seen = Seen {
        layers: layers[..hidden].iter().map(|layer| layer.firing(rows.len())).collect(),
        correct: Vec::with_capacity(networks.len()),
        finite: Vec::with_capacity(networks.len()),
        rows,
    };
    let mut panels = Panels::default();
    for member in networks.members() {
        let mut signal = Vec::new();
        let own = units.chunks_exact(first.columns).map(|row| &row[member.start..][..member.width]);
        own.for_each(|row| signal.extend_from_slice(row));
        for (index, layer) in layers.iter().enumerate().skip(1) {
            let outputs = if index == hidden { networks.classes() } else { member.width };
            signal.iter_mut().for_each(|unit| *unit = rectified(*unit, negative_slope));
            panels.take(member.width, signal.chunks_exact(member.width));
            signal = layer.of_network(&panels, member, outputs);
            if let Some(Firing { rows, stride, kept: Kept::Outputs(kept) }) = seen.layers.get_mut(index) {
                layer.normalise(member.index, &mut signal, outputs);
                let own = kept[member.index * *rows * *stride..].chunks_exact_mut(*stride);
                own.zip(signal.chunks_exact(outputs)).for_each(|(kept, row)| kept[..outputs].copy_from_slice(row));
            }
        }
        seen.correct.push(right(&signal, networks.classes(), labels));
        seen.finite.push(are_finite(&signal));
    }
    if let Some(Firing { kept, .. }) = seen.layers.first_mut() {
        *kept = Kept::Outputs(units);
    }
    seen
}

/// A layer's numbers as they lie in memory.
struct Weights {
    groups: usize,
    rows: usize,
    columns: usize,
    kernel: Vec<f32>,
    bias: Vec<f32>,
    norm: Option<Normal>,
}

/// What batch norm makes of each unit in evaluation mode: `factor` times it and `offset` added.
struct Normal {
    factor: Vec<f32>,
    offset: Vec<f32>,
}

impl Normal {
    /// From scale, shift, mean and variance.
    fn of([scale, shift, mean, variance]: [Vec<f32>; 4]) -> Self {
        let deviations = variance.iter().map(|variance| (variance + NORM_EPSILON as f32).sqrt());
        let factor: Vec<f32> = scale.iter().zip(deviations).map(|(scale, deviation)| scale / deviation).collect();
        let moved = mean.iter().zip(&factor).map(|(mean, factor)| mean * factor);
        Self { offset: shift.iter().zip(moved).map(|(shift, moved)| shift - moved).collect(), factor }
    }
}

impl Weights {
    /// Of the hidden layers and the output.
    fn of_all(networks: &Population) -> Vec<Self> {
        let Parameters { hidden, output } = &networks.parameters;
        let layer = |(index, layer)| Self::of(layer, networks.running.get(index));
        hidden.iter().chain([output]).enumerate().map(layer).collect()
    }

    fn of(layer: &Layer, running: Option<&[Tensor<3>; 2]>) -> Self {
        let [groups, rows, columns] = layer.kernel.dims();
        let numbers = |tensor: &Tensor<3>| host_numbers(tensor.clone());
        let norm = layer.norm.as_ref().zip(running);
        Self {
            groups,
            rows,
            columns,
            kernel: numbers(&layer.kernel),
            bias: numbers(&layer.bias),
            norm: norm
                .map(|([scale, shift], [mean, variance])| Normal::of([scale, shift, mean, variance].map(numbers))),
        }
    }

    /// Room for what its units say of so many examples.
    fn firing(&self, rows: usize) -> Firing {
        Firing { rows, stride: self.columns, kept: Kept::Outputs(vec![0.0; self.groups * rows * self.columns]) }
    }

    /// What comes to all its units for some examples, a row each.
    fn of_examples(&self, examples: &Examples, rows: Range<usize>) -> Vec<f32> {
        if examples.is_mostly_zero() {
            return nonzero(examples, rows).product(&self.kernel, self.columns, &self.bias);
        }
        let (mut values, mut panels) = (Vec::new(), Panels::default());
        examples.gather(rows, &mut values);
        panels.take(examples.inputs(), values.chunks_exact(examples.inputs()));
        panels.product(&self.kernel, self.columns, &self.bias)
    }

    /// What comes to `outputs` units of a network for what its units before them let through, a row an example.
    fn of_network(&self, fired: &Panels, member: Member, outputs: usize) -> Vec<f32> {
        let kernel = &self.kernel[member.index * self.rows * self.columns..];
        fired.product(kernel, self.columns, &self.bias[member.index * self.columns..][..outputs])
    }

    /// What batch norm makes of the units of a group, of which each row of `units` has the first ones.
    fn normalise(&self, group: usize, units: &mut [f32], each: usize) {
        let Some(Normal { factor, offset }) = &self.norm else { return };
        let (factor, offset) = (&factor[group * self.columns..][..each], &offset[group * self.columns..][..each]);
        for row in units.chunks_exact_mut(each) {
            row.iter_mut().zip(factor).zip(offset).for_each(|((unit, factor), offset)| *unit = *unit * factor + offset);
        }
    }
}
