//! A trained network as a file of weights, which [`Perceptron::read`](super::Perceptron::read) reads back.

use std::collections::BTreeMap;

use safetensors::tensor::{Dtype, TensorView, serialize};

use super::population::read;
use super::{Activation, Layer, Member, NetworkError, Population};
use crate::engine::Tensor;

/// A safetensors file whose metadata is sorted by key: the library's own order changes from run to run, and the same network must give the same file.
fn with_metadata(file: &[u8], metadata: &BTreeMap<&str, String>) -> serde_json::Result<Vec<u8>> {
    // Eight bytes hold the length of the header, which describes at least one tensor and is padded so that numbers are aligned to eight bytes.
    let (length, rest) = file.split_first_chunk().unwrap_or((&[0; 8], &[]));
    let (header, numbers) = rest.split_at(rest.len().min(u64::from_le_bytes(*length) as usize));
    let stated = serde_json::to_string(metadata)?;
    let mut header =
        [b"{\"__metadata__\":", stated.as_bytes(), b",", header.get(1..).unwrap_or_default().trim_ascii_end()].concat();
    header.resize(header.len().next_multiple_of(8), b' ');
    Ok([&(header.len() as u64).to_le_bytes()[..], &header, numbers].concat())
}

/// One tensor of a file: its name, its shape and its numbers, row by row.
pub(super) struct Named {
    name: String,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Named {
    pub fn new(name: String, shape: &[usize], numbers: &[f32]) -> Self {
        Self { name, shape: shape.to_vec(), bytes: numbers.iter().flat_map(|number| number.to_le_bytes()).collect() }
    }
}

/// A file of some tensors and what is stated beside them.
pub(super) fn written(tensors: &[Named], stated: &BTreeMap<&str, String>) -> Result<Vec<u8>, NetworkError> {
    let unwritten = |error: &dyn std::fmt::Display| NetworkError::Read { what: "weights", reason: error.to_string() };
    let mut views = Vec::new();
    for Named { name, shape, bytes } in tensors {
        let view = TensorView::new(Dtype::F32, shape.clone(), bytes).map_err(|error| unwritten(&error))?;
        views.push((name.as_str(), view));
    }
    let file = serialize(views, None).map_err(|error| unwritten(&error))?;
    with_metadata(&file, stated).map_err(|error| unwritten(&error))
}

impl Population {
    /// One network's weights as a safetensors file: tensors as Keras names and lays them (`dense_1.kernel` is `[inputs, units]`,
    /// `norm_1.gamma`), and `layers` in the metadata for the order in which data passes them, beside what `stated` says.
    ///
    /// # Errors
    ///
    /// A network of another activation than ReLU, which nothing here reads back; an engine that fails.
    pub async fn weights(&self, member: Member, stated: &[(&str, String)]) -> Result<Vec<u8>, NetworkError> {
        if self.activation() != Activation::Relu {
            return Err(NetworkError::NoFile(self.activation().name()));
        }
        let (mut tensors, mut order) = (Vec::new(), Vec::new());
        for (index, layer) in self.layers().enumerate() {
            let Layer { kernel, bias, norm } = layer;
            let (is_output, dense) = (index == self.depth(), format!("dense_{}", index + 1));
            let [inputs, units] = self.kernel_shape(member, index);
            tensors.push(self.tensor(format!("{dense}.kernel"), kernel, member, index, &[inputs, units]).await?);
            tensors.push(self.tensor(format!("{dense}.bias"), bias, member, index, &[units]).await?);
            order.push(dense);
            if let (Some([scale, shift]), Some([mean, variance])) = (norm, self.running.get(index)) {
                let name = format!("norm_{}", index + 1);
                for (part, tensor) in
                    [("gamma", scale), ("beta", shift), ("moving_mean", mean), ("moving_variance", variance)]
                {
                    tensors.push(self.tensor(format!("{name}.{part}"), tensor, member, index, &[units]).await?);
                }
                order.push(name);
            }
            if !is_output {
                order.push("relu".into());
            }
        }
        let layers = [("layers", order.join(","))].into_iter();
        written(&tensors, &layers.chain(stated.iter().cloned()).collect())
    }

    /// A network's part of a tensor of a layer.
    async fn tensor(
        &self,
        name: String,
        tensor: &Tensor<3>,
        member: Member,
        layer: usize,
        shape: &[usize],
    ) -> Result<Named, NetworkError> {
        let numbers = self.own(tensor, member, layer, shape).await?;
        Ok(Named::new(name, shape, &numbers))
    }

    /// The numbers of a network in a tensor of a layer, padding and other networks left out: `[rows, columns]`, or `[columns]` of
    /// a tensor of one row.
    pub(super) async fn own(
        &self,
        tensor: &Tensor<3>,
        member: Member,
        layer: usize,
        shape: &[usize],
    ) -> Result<Vec<f32>, NetworkError> {
        let [_, rows, columns] = tensor.dims();
        let (group, first) = member.place(layer);
        let (own_rows, own_columns) = match *shape {
            [rows, columns] => (rows, columns),
            _ => (1, shape.iter().product()),
        };
        let numbers = read(tensor.clone(), "weights").await?;
        let group = &numbers[group * rows * columns..][..rows * columns];
        Ok(group
            .chunks_exact(columns)
            .take(own_rows)
            .flat_map(|row| &row[first..first + own_columns])
            .copied()
            .collect())
    }
}
