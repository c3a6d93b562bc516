//! Labelled examples, as bytes or as numbers.

use std::sync::{Arc, OnceLock};

use super::Lit;

/// Whether the CPU's own kernels, which run over what is not 0, are as fast as a library's where nothing is: measured on inputs of CIFAR-10's and
/// MNIST's sizes they are in a browser, and natively take a third to half longer.
pub(crate) const DENSE_SUITS_KERNELS: bool = cfg!(target_arch = "wasm32");
/// Inputs up to which it is no loss to look at every one of them, whether it is 0 or not.
const FEW_INPUTS: usize = 64;

/// Labelled examples: `len` vectors of `inputs` numbers.
#[derive(Debug, Clone)]
pub struct Examples {
    pub(super) inputs: usize,
    pub(super) values: Values,
    pub(super) labels: Vec<u8>,
    /// The pixels that are lit, once they were asked for; nothing where most are, or where there are none.
    pub(super) lit: OnceLock<Option<Arc<Lit>>>,
}

/// Shared, so that a data set with other labels costs little.
#[derive(Debug, Clone)]
pub(super) enum Values {
    /// Pixels, scaled by 1/255 when they are gathered (paper, protocol).
    Bytes(Arc<Vec<u8>>),
    Floats(Arc<Vec<f32>>),
}

impl Examples {
    pub(super) fn new(inputs: usize, values: Values, labels: Vec<u8>) -> Self {
        Self { inputs, values, labels, lit: OnceLock::new() }
    }

    /// How many examples.
    #[allow(clippy::len_without_is_empty)] // a data set is never empty
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Numbers an example.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// One label an example.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// The pixels that are lit, where most are dark: found once, and shared by all who ask.
    pub fn lit(&self) -> Option<Arc<Lit>> {
        let find = || match &self.values {
            Values::Bytes(bytes) => Lit::of(bytes, self.inputs).map(Arc::new),
            Values::Floats(_) => None,
        };
        self.lit.get_or_init(find).clone()
    }

    /// Whether the CPU's own kernels are the faster ones: where most inputs are 0, or there are few of them. Of others a library's products
    /// are natively, by fused multiplications and additions, which WebAssembly has not.
    pub fn suits_kernels(&self) -> bool {
        DENSE_SUITS_KERNELS || self.inputs <= FEW_INPUTS || self.lit().is_some()
    }

    /// Appends the numbers of one example that are not 0 to `out`: which, and what networks see there.
    pub fn nonzero(&self, row: usize, out: &mut Vec<(u32, f32)>) {
        if let Some(lit) = self.lit() {
            return out.extend(lit.example(row));
        }
        let range = row * self.inputs..(row + 1) * self.inputs;
        match &self.values {
            Values::Bytes(bytes) => {
                let numbers = bytes[range].iter().map(|&pixel| f32::from(pixel) / 255.0);
                out.extend((0..).zip(numbers).filter(|&(_, number)| number != 0.0));
            }
            Values::Floats(floats) => {
                out.extend((0..).zip(floats[range].iter().copied()).filter(|&(_, number)| number != 0.0));
            }
        }
    }

    /// Appends the examples `rows` to `out` as `f32`, one after the other: `[rows, inputs]`.
    pub fn gather(&self, rows: impl IntoIterator<Item = usize>, out: &mut Vec<f32>) {
        for row in rows {
            let range = row * self.inputs..(row + 1) * self.inputs;
            match &self.values {
                Values::Bytes(bytes) => out.extend(bytes[range].iter().map(|&pixel| f32::from(pixel) / 255.0)),
                Values::Floats(floats) => out.extend_from_slice(&floats[range]),
            }
        }
    }
}
