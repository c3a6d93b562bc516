//! Runs hot loops with the widest vector instructions of the machine.

pub(crate) use pulp::NullaryFnOnce as Kernel;

/// Runs a hot loop compiled for the widest vectors of this machine, found when the program starts; in WebAssembly they are what
/// the module was compiled for. Its `call` and the functions that it calls must be inlined always, for only what stands in the
/// loop itself is compiled anew: a loop, not a large closure handed to `for_each`, which may be compiled apart and without vectors. Numbers come out the same to the bit: nothing is reordered, and no product is fused with a sum.
#[inline(always)]
pub(crate) fn vectorised<K: Kernel>(kernel: K) -> K::Output {
    pulp::Arch::new().dispatch(kernel)
}
