//! What every tensor program takes of a batch, and what it keeps of its losses.

use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::dataset::Examples;
use crate::engine::tensor;
use crate::network::{NetworkError, read};

/// Examples sent to a device at a time, which bounds the memory it takes here.
#[cfg(feature = "gpu")]
const ROWS_AN_UPLOAD: usize = 4096;

/// The inputs of training examples, on their way to a device or there already.
#[derive(Default)]
pub(super) struct DeviceInputs {
    /// Of all of them, `[examples, inputs]`, where the device keeps them.
    kept: Option<Tensor<2>>,
}

impl DeviceInputs {
    /// Lets the device keep those of `train`.
    #[cfg(feature = "gpu")]
    pub fn keep(&mut self, train: &Examples, device: &Device) {
        let rows: Vec<usize> = (0..train.len()).collect();
        let upload = |rows: &[usize]| gathered(train, rows.iter().copied(), device);
        self.kept = Some(Tensor::cat(rows.chunks(ROWS_AN_UPLOAD).map(upload).collect(), 0));
    }

    /// Those of the examples `rows`, `[rows, inputs]`.
    pub fn of(&self, train: &Examples, rows: &[u32], device: &Device) -> Tensor<2> {
        match &self.kept {
            Some(kept) => {
                let rows: Vec<i32> = rows.iter().map(|&row| row as i32).collect();
                let count = rows.len();
                kept.clone().select(0, Tensor::<1, Int>::from_data(TensorData::new(rows, [count]), device))
            }
            None => gathered(train, rows.iter().map(|&row| row as usize), device),
        }
    }
}

/// Some examples' inputs, `[rows, inputs]`.
fn gathered(examples: &Examples, rows: impl Iterator<Item = usize>, device: &Device) -> Tensor<2> {
    let mut values = Vec::new();
    examples.gather(rows, &mut values);
    let shape = [values.len() / examples.inputs(), examples.inputs()];
    tensor(values, shape, device)
}

/// The one-hot targets of a step, `[cohorts, batch, classes]`.
pub(super) fn targets(train: &Examples, rows: &[u32], [cohorts, classes]: [usize; 2], device: &Device) -> Tensor<3> {
    let mut targets = vec![0.0_f32; rows.len() * classes];
    for (target, &row) in targets.chunks_exact_mut(classes).zip(rows) {
        target[usize::from(train.labels()[row as usize])] = 1.0;
    }
    tensor(targets, [cohorts, rows.len() / cohorts, classes], device)
}

/// With early stopping, each network's losses of the examples since they were last asked for.
#[derive(Default)]
pub(super) struct DeviceLosses {
    /// Added up.
    sums: Option<Tensor<1>>,
    examples: usize,
}

impl DeviceLosses {
    /// Adds those of a batch of so many examples, and what weight decay adds to them: Keras weighs batches by their examples.
    pub fn add(&mut self, losses: Tensor<1>, penalty: Option<Tensor<1>>, examples: usize) {
        let losses = match penalty {
            Some(penalty) => losses + penalty,
            None => losses,
        };
        let losses = losses.mul_scalar(examples as f64);
        self.examples += examples;
        self.sums = Some(match self.sums.take() {
            Some(sums) => sums + losses,
            None => losses,
        });
    }

    /// Each network's mean over the examples since the last call; nothing if there were none.
    pub async fn take(&mut self) -> Result<Vec<f32>, NetworkError> {
        let Self { sums, examples } = std::mem::take(self);
        match sums {
            Some(sums) => read(sums.div_scalar(examples as f64), "loss").await,
            None => Ok(Vec::new()),
        }
    }
}
