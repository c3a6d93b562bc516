//! Convolutions on a GPU by kernels of our own: a number of what comes out for each thread. As products of matrices they would need every place of
//! every map nine times, and tiles larger than networks with few channels can fill.

use burn::tensor::{Int, Tensor};
use cubecl::prelude::*;

use super::TAPS;
use crate::engine::gpu::{indices, memory};

/// Threads of a workgroup.
const WORKGROUP: u32 = 64;

/// How the weights of a filter lie: from a network, from an output and from an input to the next.
#[derive(Clone, Copy)]
pub(crate) struct Strides {
    pub network: usize,
    pub output: usize,
    pub input: usize,
}

/// Sums of maps `[networks, inputs, places, examples]`, or of the same for all networks, to `[networks, outputs, places, examples]`. For each tap and
/// each place that comes out `table` names the place that is seen, or one behind the last. `kernel` holds the weights, and `bias` that of every
/// output, if any.
pub(crate) fn convolve(
    maps: Tensor<4>,
    table: Tensor<1, Int>,
    (kernel, strides): (Tensor<3>, Strides),
    bias: Option<Tensor<3>>,
    [networks, outputs]: [usize; 2],
) -> Tensor<4> {
    let ([own, inputs, places_in, examples], [entries]) = (maps.dims(), table.dims());
    let shape = [networks, outputs, entries / TAPS, examples];
    let numbers = networks * outputs * entries / TAPS * examples;
    let out = Tensor::<1>::empty([numbers], &maps.device());
    let (maps, kernel) = (flat(maps), flat(kernel));
    let (client, with_bias) = (maps.client.clone(), bias.is_some());
    // Without a bias, a binding that the kernel does not read.
    let bias = bias.map_or_else(|| kernel.clone(), flat);
    convolve_kernel::launch(
        &client,
        grid(numbers),
        CubeDim::new_1d(WORKGROUP),
        maps.into_buffer_arg(),
        indices(table).into_buffer_arg(),
        kernel.into_buffer_arg(),
        bias.into_buffer_arg(),
        memory(out.clone()).into_buffer_arg(),
        inputs,
        outputs,
        places_in,
        entries / TAPS,
        examples,
        if own == networks { inputs * places_in * examples } else { 0 },
        strides.network,
        strides.output,
        strides.input,
        with_bias,
    );
    out.reshape(shape)
}

/// The gradient of filters, `[networks, outputs, inputs x taps]`, from what went in and the gradient of what came out, both laid out as above.
pub(crate) fn filter_gradient(maps: Tensor<4>, table: Tensor<1, Int>, slopes: Tensor<4>) -> Tensor<3> {
    let ([own, inputs, places_in, examples], [networks, outputs, places_out, _]) = (maps.dims(), slopes.dims());
    // One partial sum per example: a single thread for all examples would be too slow.
    let sums = networks * outputs * inputs * TAPS;
    let out = Tensor::<1>::empty([sums * examples], &maps.device());
    let (maps, slopes) = (flat(maps), flat(slopes));
    let client = maps.client.clone();
    gradient_kernel::launch(
        &client,
        grid(sums * examples),
        CubeDim::new_1d(WORKGROUP),
        maps.into_buffer_arg(),
        indices(table).into_buffer_arg(),
        slopes.into_buffer_arg(),
        memory(out.clone()).into_buffer_arg(),
        inputs,
        outputs,
        places_in,
        places_out,
        examples,
        if own == networks { inputs * places_in * examples } else { 0 },
    );
    out.reshape([sums, examples]).sum_dim(1).reshape([networks, outputs, inputs * TAPS])
}

fn grid(numbers: usize) -> CubeCount {
    let groups = (numbers as u32).div_ceil(WORKGROUP);
    // WebGPU guarantees 65,535 workgroups in each dimension of a dispatch.
    let rows = groups.div_ceil(1 << 15);
    CubeCount::Static(groups.div_ceil(rows), rows, 1)
}

/// The memory beneath a tensor, number by number.
fn flat<const D: usize>(tensor: Tensor<D>) -> burn_wgpu::CubeTensor {
    let count = tensor.shape().num_elements();
    memory(tensor.reshape([count]))
}

#[cube(launch)]
#[allow(clippy::too_many_arguments)] // a kernel takes numbers
fn convolve_kernel(
    maps: &[f32],
    table: &[i32],
    kernel: &[f32],
    bias: &[f32],
    out: &mut [f32],
    inputs: usize,
    outputs: usize,
    places_in: usize,
    places_out: usize,
    examples: usize,
    of_network: usize,
    weights_of_network: usize,
    weights_of_output: usize,
    weights_of_input: usize,
    #[comptime] with_bias: bool,
) {
    if ABSOLUTE_POS < out.len() {
        let example = ABSOLUTE_POS % examples;
        let place = ABSOLUTE_POS / examples % places_out;
        let map = ABSOLUTE_POS / examples / places_out;
        let output = map % outputs;
        let network = map / outputs;
        let first = network * of_network + example;
        let weights = network * weights_of_network + output * weights_of_output;
        let mut sum = 0.0_f32;
        if with_bias {
            sum = bias[map];
        }
        for input in 0..inputs {
            for tap in 0..TAPS {
                let seen = usize::cast_from(table[tap * places_out + place]);
                if seen < places_in {
                    let number = maps[first + (input * places_in + seen) * examples];
                    sum += kernel[weights + input * weights_of_input + tap] * number;
                }
            }
        }
        out[ABSOLUTE_POS] = sum;
    }
}

#[cube(launch)]
#[allow(clippy::too_many_arguments)] // a kernel takes numbers
fn gradient_kernel(
    maps: &[f32],
    table: &[i32],
    slopes: &[f32],
    out: &mut [f32],
    inputs: usize,
    outputs: usize,
    places_in: usize,
    places_out: usize,
    examples: usize,
    of_network: usize,
) {
    if ABSOLUTE_POS < out.len() {
        let example = ABSOLUTE_POS % examples;
        let tap = ABSOLUTE_POS / examples % TAPS;
        let input = ABSOLUTE_POS / examples / TAPS % inputs;
        let map = ABSOLUTE_POS / examples / TAPS / inputs;
        let network = map / outputs;
        let first = network * of_network + input * places_in * examples + example;
        let mut sum = 0.0_f32;
        for place in 0..places_out {
            let seen = usize::cast_from(table[tap * places_out + place]);
            if seen < places_in {
                sum += slopes[(map * places_out + place) * examples + example] * maps[first + seen * examples];
            }
        }
        out[ABSOLUTE_POS] = sum;
    }
}
