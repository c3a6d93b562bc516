//! Where tensors live and are worked on: the [`Engine`]. The CPU engine is the same natively and in a browser; the GPU
//! engine is WebGPU in a browser and Vulkan, Metal or DX12 natively.

mod exp;
#[cfg(feature = "gpu")]
mod gpu;
mod rows;
mod vectors;

pub(crate) use exp::exp;
#[cfg(feature = "gpu")]
pub use gpu::{Adapter, Limits};
pub(crate) use rows::{LANES, SparseRows, Term, add_rows, push_terms};
pub(crate) use vectors::{Kernel, vectorised};

use burn::tensor::{Device, Tensor, TensorData};
use thiserror::Error;

/// A device, and a watch on it where it can fail behind a program's back.
#[derive(Debug, Clone)]
pub struct Engine {
    device: Device,
    #[cfg(feature = "gpu")]
    gpu: Option<std::sync::Arc<gpu::Gpu>>,
}

/// Why an engine cannot be had, or can be trusted no longer.
#[derive(Debug, Clone, Error, PartialEq)]
pub enum EngineError {
    /// There is no GPU that this program may use.
    #[error("no GPU can be used here ({reason}): use the CPU engine")]
    NoAdapter {
        /// The system's words.
        reason: String,
    },
    /// The GPU refused a kernel or a command: its numbers can be wrong from here on.
    #[error("the GPU refused a command ({reason}): use the CPU engine")]
    Refused {
        /// The system's words.
        reason: String,
    },
    /// The device is gone: a driver reset, a machine that slept.
    #[error("the GPU was lost ({reason}): train again, on the CPU engine if it happens again")]
    Lost {
        /// The system's words.
        reason: String,
    },
    /// The networks are too large for it.
    #[error(
        "one population takes a tensor of {needed} MB, but this GPU binds {allowed} MB at most: use fewer or smaller widths, or the CPU engine"
    )]
    TooLarge {
        /// Megabytes of the largest tensor.
        needed: u64,
        /// Megabytes of the largest tensor that the adapter takes.
        allowed: u64,
    },
    /// The same steps on the CPU came to other numbers.
    #[error("the GPU does not count as the CPU does ({reason}): use the CPU engine")]
    Disagrees {
        /// Which numbers.
        reason: String,
    },
}

impl EngineError {
    /// Whether what was done before it can be wrong too.
    pub fn taints(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Disagrees { .. })
    }

    /// Whether it comes while an engine is at work, so that another may take over; the others are known before.
    pub fn comes_on_the_way(&self) -> bool {
        self.taints() || matches!(self, Self::Lost { .. })
    }
}

impl Engine {
    /// The CPU engine: burn's flex backend.
    #[cfg(feature = "cpu")]
    pub fn cpu() -> Self {
        Self {
            device: Device::flex(),
            #[cfg(feature = "gpu")]
            gpu: None,
        }
    }

    /// Its device.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Whether its tensors are plain memory of this process.
    pub fn is_host(&self) -> bool {
        is_host(&self.device)
    }

    /// `cpu` or `gpu`, as it stands in a chart's provenance.
    pub fn name(&self) -> &'static str {
        if self.is_host() { "cpu" } else { "gpu" }
    }

    /// The framework beneath, as it stands in a chart's provenance.
    pub fn backend(&self) -> &'static str {
        match (self.is_host(), cfg!(target_arch = "wasm32")) {
            // The same program rounds otherwise there.
            (true, true) => "burn-flex 0.22 in WebAssembly",
            (true, false) => "burn-flex 0.22",
            (false, _) => "burn-wgpu 0.22",
        }
    }

    /// Whether it has memory of its own in which so many bytes are worth keeping.
    pub(crate) fn keeps(&self, bytes: u64) -> bool {
        #[cfg(feature = "gpu")]
        if let Some(gpu) = &self.gpu {
            return gpu.keeps(bytes);
        }
        let _ = bytes;
        false
    }

    /// Whether everything so far was done as it was asked for.
    pub fn check(&self) -> Result<(), EngineError> {
        #[cfg(feature = "gpu")]
        if let Some(gpu) = &self.gpu {
            return gpu.check();
        }
        Ok(())
    }
}

/// A host tensor's own memory; no copy is made of a tensor that nobody else holds. The CPU engine keeps `f32`, and its memory
/// can always be read: an empty list, which cannot come, would be caught by the shape.
pub(crate) fn host_numbers(tensor: Tensor<3>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap_or_default()
}

/// Lets a host tensor's own memory be read and changed; no copy is made of a tensor that nobody else holds.
pub(crate) fn with_numbers<T>(tensor: &mut Tensor<3>, work: impl FnOnce(&mut [f32]) -> T) -> T {
    let (device, shape) = (tensor.device(), tensor.dims());
    let mut numbers = host_numbers(std::mem::replace(tensor, Tensor::empty([0, 0, 0], &device)));
    let done = work(&mut numbers);
    *tensor = Tensor::from_data(TensorData::new(numbers, shape), &device);
    done
}

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
