//! Labelled examples, as bytes or as numbers.

use std::sync::Arc;

use super::pixels::{Pixels, seen};
use super::{Lit, Sparse};

/// Labelled examples: `len` vectors of `inputs` numbers.
#[derive(Debug, Clone)]
pub struct Examples {
    pub(super) inputs: usize,
    pub(super) values: Values,
    pub(super) labels: Vec<u8>,
}

/// Shared, so that a data set with other labels costs little.
#[derive(Debug, Clone)]
pub(super) enum Values {
    /// Pixels of which most are dark: the lit ones.
    Lit(Arc<Lit>),
    /// Other pixels, scaled by 1/255 when they are gathered (paper, protocol).
    Pixels(Pixels),
    /// Numbers, and whether most of them are 0.
    Floats(Arc<Vec<f32>>, bool),
    /// Numbers of which most are 0: the others.
    Sparse(Arc<Sparse>),
}

/// Share of numbers that are not 0 up to which the kernels that leave zeros out are the faster ones.
const MOSTLY_ZERO: f64 = 0.5;

impl Values {
    /// Pixels of examples of so many inputs, as they take the least memory and time.
    pub(super) fn of_pixels(pixels: Pixels, inputs: usize) -> Self {
        match Lit::of(&pixels, inputs) {
            Some(lit) => Self::Lit(Arc::new(lit)),
            None => Self::Pixels(pixels.at_hand()),
        }
    }

    pub(super) fn of_floats(numbers: Vec<f32>) -> Self {
        let others = numbers.iter().filter(|&&number| number != 0.0).count();
        let mostly_zero = others as f64 <= MOSTLY_ZERO * numbers.len() as f64;
        Self::Floats(Arc::new(numbers), mostly_zero)
    }
}

impl Examples {
    pub(super) fn new(inputs: usize, values: Values, labels: Vec<u8>) -> Self {
        Self { inputs, values, labels }
    }

    /// How many examples.
    #[allow(clippy::len_without_is_empty)] // a data set is never empty
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Inputs per example.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// One label per example.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// The pixels that are lit, where most are dark.
    pub fn lit(&self) -> Option<&Lit> {
        if let Values::Lit(lit) = &self.values { Some(lit) } else { None }
    }

    /// Whether most inputs are 0, as counted and however they are stored: then products leave zeros out.
    pub fn is_mostly_zero(&self) -> bool {
        match self.values {
            Values::Lit(_) | Values::Sparse(_) | Values::Floats(_, true) => true,
            Values::Pixels(_) | Values::Floats(_, false) => false,
        }
    }

    /// Appends the numbers of one example that are not 0 to `out`: which, and what networks see there.
    pub fn nonzero(&self, row: usize, out: &mut Vec<(u32, f32)>) {
        let range = self.place(row);
        match &self.values {
            Values::Lit(lit) => out.extend(lit.example(row)),
            Values::Pixels(pixels) => {
                let numbers = pixels.read(range);
                out.extend((0..).zip(numbers.iter().map(|&pixel| seen(pixel))).filter(|&(_, number)| number != 0.0));
            }
            Values::Floats(floats, _) => {
                out.extend((0..).zip(floats[range].iter().copied()).filter(|&(_, number)| number != 0.0));
            }
            Values::Sparse(sparse) => out.extend(sparse.row(row)),
        }
    }

    /// Appends the examples `rows` to `out` as `f32`, one after the other: `[rows, inputs]`.
    pub fn gather(&self, rows: impl IntoIterator<Item = usize>, out: &mut Vec<f32>) {
        for row in rows {
            let range = self.place(row);
            match &self.values {
                Values::Lit(lit) => {
                    let start = out.len();
                    out.resize(start + self.inputs, 0.0);
                    lit.example(row).for_each(|(input, number)| out[start + input as usize] = number);
                }
                Values::Pixels(pixels) => out.extend(pixels.read(range).iter().map(|&pixel| seen(pixel))),
                Values::Floats(floats, _) => out.extend_from_slice(&floats[range]),
                Values::Sparse(sparse) => {
                    let start = out.len();
                    out.resize(start + self.inputs, 0.0);
                    sparse.row(row).for_each(|(input, number)| out[start + input as usize] = number);
                }
            }
        }
    }

    /// Hands on the first `examples` as the bytes that they came as, and then their labels.
    pub(super) fn each_byte(&self, examples: usize, mut take: impl FnMut(&[u8])) {
        let numbers = examples * self.inputs;
        match &self.values {
            Values::Lit(lit) => lit.each(examples, &mut take),
            Values::Pixels(pixels) => pixels.part(0..numbers).each(self.inputs, &mut take),
            Values::Floats(floats, _) => floats[..numbers].iter().for_each(|number| take(&number.to_le_bytes())),
            Values::Sparse(sparse) => sparse.each_byte(examples, &mut take),
        }
        take(&self.labels[..examples]);
    }

    /// Where the numbers of an example lie.
    fn place(&self, row: usize) -> std::ops::Range<usize> {
        row * self.inputs..(row + 1) * self.inputs
    }
}
