//! The [`Engine`]: where tensors are stored and computed. The CPU engine is the same natively and in a browser; the GPU
//! engine is WebGPU in a browser and Vulkan, Metal or DX12 natively.

mod convolution;
mod dense;
mod exp;
#[cfg(feature = "gpu")]
mod gpu;
mod rows;
#[cfg(feature = "burn")]
mod tensors;
#[cfg(not(feature = "burn"))]
#[path = "plain_tensors.rs"]
mod tensors;
mod vectors;

pub use convolution::MapShape;
pub(crate) use convolution::{
    ABREAST, FilterGradient, Filters, Frame, Maps, Rectifier, TAPS, Unpool, add_every, average, pool,
    send_average_back, send_every_back,
};
#[cfg(feature = "gpu")]
pub(crate) use convolution::{Strides, convolve, filter_gradient};
pub use dense::product;
pub(crate) use dense::{Panels, ROWS, multiply, multiply_panel};
pub(crate) use exp::exp;
#[cfg(feature = "gpu")]
pub(crate) use gpu::memory;
#[cfg(feature = "gpu")]
pub use gpu::{Adapter, Limits};
pub(crate) use rows::{LANES, SparseRows, push_terms};
pub use tensors::{Device, Tensor};
pub(crate) use tensors::{column_sizes, host_numbers, is_host, numbers, tensor, with_numbers};
pub(crate) use vectors::{Kernel, vectorised};

use thiserror::Error;

/// A device, and a watch on it where it can fail behind a program's back.
#[derive(Debug, Clone)]
pub struct Engine {
    device: Device,
    #[cfg(feature = "gpu")]
    gpu: Option<std::sync::Arc<gpu::Gpu>>,
}

/// Why an engine is not available, or its results can no longer be trusted.
#[derive(Debug, Clone, Error, PartialEq)]
pub enum EngineError {
    /// There is no GPU that this program may use.
    #[error("no GPU is available ({reason}): use the CPU engine")]
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
        "a population needs a tensor of {needed} MB, but this GPU allows at most {allowed} MB: use fewer or smaller widths, or the CPU engine"
    )]
    TooLarge {
        /// Megabytes of the largest tensor.
        needed: u64,
        /// Megabytes of the largest tensor that the adapter takes.
        allowed: u64,
    },
    /// The same steps on the CPU came to other numbers.
    #[error("the GPU's results differ from the CPU's ({reason}): use the CPU engine")]
    Disagrees {
        /// Which numbers.
        reason: String,
    },
}

impl EngineError {
    /// Whether earlier results may be wrong, too.
    pub fn taints(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Disagrees { .. })
    }

    /// Whether it can occur during training, so that another engine may take over; the others are known before.
    pub fn comes_on_the_way(&self) -> bool {
        self.taints() || matches!(self, Self::Lost { .. })
    }
}

/// The kind of this processor, by which tensor programs choose vector instructions and so round; none where there is no choice. (burn-flex
/// multiplies by the crate gemm, which asks for the same.)
pub(crate) fn processor() -> Option<&'static str> {
    #[cfg(any(target_arch = "wasm32", not(feature = "burn")))]
    return None;
    #[cfg(all(target_arch = "x86_64", feature = "burn"))]
    return Some(match (std::arch::is_x86_feature_detected!("avx512f"), std::arch::is_x86_feature_detected!("fma")) {
        (true, _) => "x86_64 with AVX-512",
        (_, true) => "x86_64 with FMA",
        _ => "x86_64 without FMA",
    });
    #[cfg(all(not(any(target_arch = "wasm32", target_arch = "x86_64")), feature = "burn"))]
    return Some(std::env::consts::ARCH);
}

impl Engine {
    /// The CPU engine: kernels of our own and, for the networks that those are not made for, burn's flex backend.
    #[cfg(any(feature = "cpu", not(feature = "burn")))]
    pub fn cpu() -> Self {
        Self {
            #[cfg(feature = "cpu")]
            device: Device::flex(),
            #[cfg(not(feature = "burn"))]
            device: Device,
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
        match (self.is_host(), cfg!(feature = "burn"), cfg!(target_arch = "wasm32")) {
            (true, false, _) => "own kernels in WebAssembly",
            // The same program rounds differently on it.
            (true, true, true) => "burn-flex 0.22 in WebAssembly",
            (true, true, false) => "burn-flex 0.22",
            (false, ..) => "burn-wgpu 0.22",
        }
    }

    /// Whether it has memory of its own, in which a data set of this many bytes should be kept.
    #[cfg(feature = "gpu")]
    pub(crate) fn keeps(&self, bytes: u64) -> bool {
        self.gpu.as_ref().is_some_and(|gpu| gpu.keeps(bytes))
    }

    /// Checks that no command has failed so far.
    pub fn check(&self) -> Result<(), EngineError> {
        #[cfg(feature = "gpu")]
        if let Some(gpu) = &self.gpu {
            return gpu.check();
        }
        Ok(())
    }
}
