//! The GPU engine: an adapter, a device, and the detection of errors and loss.

use std::sync::{Arc, Mutex, PoisonError};

use burn::tensor::wgpu::WgpuSetup;
use burn::tensor::{Device, Int, Tensor};
use burn_wgpu::{CubeTensor, Wgpu, wgpu};
use serde::{Deserialize, Serialize};

use super::{Engine, EngineError};

/// Kernels are written for this much workgroup storage, which every WebGPU adapter has: all readers get the same ones,
/// and those are the ones that are tested.
const WORKGROUP_STORAGE: u32 = 16_384;
/// Kernels handed to the GPU in one go.
const TASKS: usize = 64;

/// Bytes of a data set that are kept on the GPU, at most: MNIST's training images as floats take 150 MB.
const MOST_KEPT: u64 = 256 << 20;

/// A GPU, described for the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adapter {
    /// The system's name for it; empty where a browser keeps it to itself.
    pub name: String,
    /// Emulated in software, slower than the CPU engine.
    pub software: bool,
}

/// How large tensors may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one tensor.
    pub tensor: u64,
}

/// What an [`Engine`] keeps of its GPU.
#[derive(Debug)]
pub(super) struct Gpu {
    adapter: Adapter,
    limits: Limits,
    /// The first thing that went wrong.
    failure: Failure,
    /// Kept to be destroyed in tests.
    device: wgpu::Device,
}

impl Gpu {
    pub fn keeps(&self, bytes: u64) -> bool {
        bytes <= self.limits.tensor.min(MOST_KEPT)
    }

    pub fn check(&self) -> Result<(), EngineError> {
        match &*self.failure.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error.clone()),
            None => Ok(()),
        }
    }
}

impl Engine {
    /// The best GPU of this machine, including one emulated in software (see [`Adapter::software`]).
    pub async fn gpu() -> Result<Self, EngineError> {
        let backends = wgpu::Backends::PRIMARY;
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
            backends,
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        });
        let no_adapter = |reason: String| EngineError::NoAdapter { reason };
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        };
        let adapter = instance.request_adapter(&options).await.map_err(|error| no_adapter(error.to_string()))?;
        let info = adapter.get_info();
        let limits = wgpu::Limits { max_compute_workgroup_storage_size: WORKGROUP_STORAGE, ..adapter.limits() };
        let descriptor = wgpu::DeviceDescriptor {
            required_features: adapter.features().difference(wgpu::Features::MAPPABLE_PRIMARY_BUFFERS),
            required_limits: limits.clone(),
            memory_hints: wgpu::MemoryHints::MemoryUsage,
            ..Default::default()
        };
        let (device, queue) =
            adapter.request_device(&descriptor).await.map_err(|error| no_adapter(error.to_string()))?;
        let setup = WgpuSetup { instance, adapter, device: device.clone(), queue, backend: info.backend };
        let burn = Device::wgpu_options().tasks_max(TASKS).setup(setup).init();
        let burn = burn.map_err(|error| no_adapter(error.to_string()))?;
        // Installed after burn's own handlers, which would abort the program.
        let failure = watch(&device);
        let adapter = Adapter { name: info.name, software: info.device_type == wgpu::DeviceType::Cpu };
        let limits = Limits { tensor: limits.max_storage_buffer_binding_size.min(limits.max_buffer_size) };
        Ok(Self { device: burn, gpu: Some(Arc::new(Gpu { adapter, limits, failure, device })) })
    }

    /// Which GPU; none on the CPU engine.
    pub fn adapter(&self) -> Option<&Adapter> {
        self.gpu.as_ref().map(|gpu| &gpu.adapter)
    }

    /// How large its tensors may be; none on the CPU engine, where memory alone sets a limit.
    pub fn limits(&self) -> Option<Limits> {
        self.gpu.as_ref().map(|gpu| gpu.limits)
    }

    /// Destroys the device, to test what happens when a driver is reset.
    pub fn lose(&self) {
        if let Some(gpu) = &self.gpu {
            // Natively a lost device is reported only at the next poll, after the first commands that it cannot run.
            note(&gpu.failure, EngineError::Lost { reason: "closed on purpose".into() });
            gpu.device.destroy();
        }
    }
}

/// Where the first failure is kept.
type Failure = Arc<Mutex<Option<EngineError>>>;

fn note(failure: &Failure, error: EngineError) {
    failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
}

/// Remembers the first refused command and the loss of the device: burn would stop the program at the one, and both are
/// told of behind the back of whoever waits for numbers.
fn watch(device: &wgpu::Device) -> Failure {
    let failure = Failure::default();
    let refused = Arc::clone(&failure);
    device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
        note(&refused, EngineError::Refused { reason: one_line(&error.to_string()) });
    }));
    let lost = Arc::clone(&failure);
    device.set_device_lost_callback(move |kind, message| {
        note(
            &lost,
            EngineError::Lost { reason: if message.is_empty() { format!("{kind:?}") } else { one_line(&message) } },
        );
    });
    failure
}

/// Messages of shader compilers draw arrows under what they quote.
fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The memory beneath a tensor on a GPU.
pub(crate) fn memory(tensor: Tensor<1>) -> CubeTensor {
    match tensor.try_into_primitive::<Wgpu>() {
        Ok(memory) => memory,
        Err(_) => unreachable!("tensors of the CPU are sent elsewhere"),
    }
}

/// The same of one of whole numbers.
pub(super) fn indices(tensor: Tensor<1, Int>) -> CubeTensor {
    match tensor.try_into_primitive::<Wgpu>() {
        Ok(memory) => memory,
        Err(_) => unreachable!("tensors of the CPU are sent elsewhere"),
    }
}
