//! Tensors, as the framework has them, and their numbers.

use burn::tensor::TensorData;
pub use burn::tensor::{Device, Tensor};

/// Whether a device's tensors are plain memory of this process.
pub(crate) fn is_host(device: &Device) -> bool {
    #[cfg(feature = "cpu")]
    return *device == Device::flex();
    #[cfg(not(feature = "cpu"))]
    {
        let _ = device;
        false
    }
}

/// Numbers as a tensor, row by row.
pub(crate) fn tensor<const D: usize>(numbers: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(numbers, shape), device)
}

/// A host tensor's own memory; no copy is made of a tensor that nobody else holds. The CPU engine keeps `f32`, and its memory
/// can always be read: an empty list, which cannot come, would be caught by the shape.
pub(crate) fn host_numbers(tensor: Tensor<3>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap_or_default()
}

/// Lets a host tensor's own memory be read and changed; no copy is made of a tensor that nobody else holds.
pub(crate) fn with_numbers<T>(of: &mut Tensor<3>, work: impl FnOnce(&mut [f32]) -> T) -> T {
    let (device, shape) = (of.device(), of.dims());
    let mut numbers = host_numbers(std::mem::replace(of, Tensor::empty([0, 0, 0], &device)));
    let done = work(&mut numbers);
    *of = tensor(numbers, shape, &device);
    done
}

/// A tensor's numbers, row by row, wherever it is; else the framework's words.
pub(crate) async fn numbers<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, String> {
    let data = tensor.into_data_async().await.map_err(|error| format!("{error:?}"))?;
    data.try_into_vec().map_err(|error| format!("{error:?}"))
}

/// Of each column the sum of what its numbers are without their signs, `[groups, 1, columns]`.
pub(crate) fn column_sizes(tensor: &Tensor<3>) -> Tensor<3> {
    tensor.clone().abs().sum_dim(1)
}
