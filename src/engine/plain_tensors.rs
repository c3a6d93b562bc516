//! A stand-in for tensors in a module built without a tensor framework: shapes and numbers, which the CPU's own kernels read and write.
//!
//! It offers the functions of `tensors.rs` that those kernels call, under the same names, so that populations are written once.

/// Where numbers lie: the memory of this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device;

/// Numbers, row by row.
#[derive(Debug, Clone)]
pub struct Tensor<const D: usize> {
    shape: [usize; D],
    numbers: Vec<f32>,
}

impl<const D: usize> Tensor<D> {
    /// Its shape.
    pub fn dims(&self) -> [usize; D] {
        self.shape
    }

    /// Nothing but zeros.
    pub fn zeros(shape: [usize; D], _: &Device) -> Self {
        Self { shape, numbers: vec![0.0; shape.iter().product()] }
    }

    /// As many zeros.
    pub fn zeros_like(&self) -> Self {
        Self::zeros(self.shape, &Device)
    }

    /// As many ones.
    pub fn ones_like(&self) -> Self {
        Self { shape: self.shape, numbers: vec![1.0; self.numbers.len()] }
    }
}

pub(crate) fn is_host(_: &Device) -> bool {
    true
}

pub(crate) fn tensor<const D: usize>(numbers: Vec<f32>, shape: [usize; D], _: &Device) -> Tensor<D> {
    Tensor { shape, numbers }
}

pub(crate) fn host_numbers(tensor: Tensor<3>) -> Vec<f32> {
    tensor.numbers
}

pub(crate) fn with_numbers<T>(of: &mut Tensor<3>, work: impl FnOnce(&mut [f32]) -> T) -> T {
    work(&mut of.numbers)
}

pub(crate) async fn numbers<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, String> {
    Ok(tensor.numbers)
}

pub(crate) fn column_sizes(tensor: &Tensor<3>) -> Tensor<3> {
    let [groups, rows, columns] = tensor.shape;
    let mut sums = vec![0.0; groups * columns];
    for (group, sums) in sums.chunks_exact_mut(columns).enumerate() {
        for row in tensor.numbers[group * rows * columns..][..rows * columns].chunks_exact(columns) {
            sums.iter_mut().zip(row).for_each(|(sum, number)| *sum += number.abs());
        }
    }
    Tensor { shape: [groups, 1, columns], numbers: sums }
}
