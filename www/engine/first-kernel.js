// @ts-check
// The first layer's weights out of a file of weights, as this crate writes it.

/** @typedef {{ kernel: Float32Array<ArrayBuffer>, inputs: number, units: number }} FirstKernel `kernel` is `[inputs, units]`, row by row */

/**
 * @param {Uint8Array} file in the safetensors format
 * @returns {FirstKernel | null} nothing where its first layer is none that is looked at: of a network with convolutions
 */
export function firstKernel(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  const own = header['dense_1.kernel'];
  if (!own) return null;
  const { shape, data_offsets: [from, to] } = own;
  const kernel = new Float32Array(file.slice(8 + length + from, 8 + length + to).buffer);
  return { kernel, inputs: shape[0], units: shape[1] };
}
