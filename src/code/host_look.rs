//! Evaluates a population on the CPU by kernels of our own, for networks of Dense layers and ReLUs only.
//!
//! Like training, they run over nonzero values only, and each network is computed by itself: its codes are the same to the bit whichever
//! other networks are in the population.

use std::ops::Range;

use super::look::{Firing, Kept, Seen, are_finite, nonzero, right};
use crate::dataset::Examples;
use crate::engine::{SparseRows, host_numbers, push_terms};
use crate::network::{Layer, Member, Parameters, Population};

/// Looks at the `rows` of `examples`; nothing where the networks, or the examples, are not of the kind.
pub(super) fn host_look(networks: &Population, examples: &Examples, rows: Range<usize>) -> Option<Seen> {
    if !networks.is_plain_on_host() || !examples.suits_kernels() {
        return None;
    }
    let Parameters { hidden, output } = &networks.parameters;
    let layers: Vec<Weights> = hidden.iter().chain([output]).map(Weights::of).collect();
    let first = &layers[0];
    let units = nonzero(examples, rows.clone()).product(&first.kernel, first.columns, &first.bias);
    let labels = &examples.labels()[rows.clone()];
    let mut seen = Seen {
        layers: layers[..hidden.len()].iter().map(|layer| layer.firing(rows.len())).collect(),
        correct: Vec::with_capacity(networks.len()),
        finite: Vec::with_capacity(networks.len()),
        rows,
    };
    for member in networks.members() {
        let mut signal = Vec::new();
        for (index, layer) in layers.iter().enumerate().skip(1) {
            let outputs = if index == hidden.len() { networks.classes() } else { member.width };
            let fired = match index {
                1 => fired(units.chunks_exact(first.columns).map(|row| &row[member.start..][..member.width])),
                _ => fired(signal.chunks_exact(member.width)),
            };
            signal = layer.of_network(&fired, member, outputs);
            if let Some(Firing { rows, stride, kept: Kept::Outputs(kept) }) = seen.layers.get_mut(index) {
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
    Some(seen)
}

/// A layer's numbers as they lie in memory.
struct Weights {
    groups: usize,
    rows: usize,
    columns: usize,
    kernel: Vec<f32>,
    bias: Vec<f32>,
}

impl Weights {
    fn of(layer: &Layer) -> Self {
        let [groups, rows, columns] = layer.kernel.dims();
        let numbers = [&layer.kernel, &layer.bias].map(|tensor| host_numbers(tensor.clone()));
        let [kernel, bias] = numbers;
        Self { groups, rows, columns, kernel, bias }
    }

    /// Room for what its units say of so many examples.
    fn firing(&self, rows: usize) -> Firing {
        Firing { rows, stride: self.columns, kept: Kept::Outputs(vec![0.0; self.groups * rows * self.columns]) }
    }

    /// What comes to `outputs` units of a network for what its ReLUs before them let through, a row an example.
    fn of_network(&self, fired: &SparseRows, member: Member, outputs: usize) -> Vec<f32> {
        let kernel = &self.kernel[member.index * self.rows * self.columns..];
        fired.product(kernel, self.columns, &self.bias[member.index * self.columns..][..outputs])
    }
}

/// What ReLUs let through of what comes to them.
fn fired<'a>(units: impl Iterator<Item = &'a [f32]>) -> SparseRows {
    let mut fired = SparseRows::default();
    for row in units {
        let relus = row.iter().map(|&unit| if unit > 0.0 { unit } else { 0.0 });
        fired.push(|terms| push_terms(relus, terms));
    }
    fired
}
