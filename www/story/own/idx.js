// @ts-check
// Idx files, as MNIST comes in: bytes with their sizes before them, gzipped or not.

/** @typedef {{ sizes: number[], bytes: Uint8Array }} Idx */

/**
 * @param {Uint8Array} file unpacked
 * @param {string} name
 * @returns {Idx}
 */
export function readIdx(file, name) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 8 || view.getUint16(0) !== 0 || file[3] < 1 || file[3] > 4) throw new Error(`${name} is no idx file`);
  if (file[2] !== 8) throw new Error(`${name}: only idx files of bytes are read, this one has type ${file[2]}`);
  const start = 4 + 4 * file[3];
  if (file.length < start) throw new Error(`${name} ends within its sizes`);
  const sizes = Array.from({ length: file[3] }, (_, at) => view.getUint32(4 + 4 * at));
  const wanted = sizes.reduce((product, size) => product * size, 1);
  if (file.length - start !== wanted) throw new Error(`${name} says ${sizes.join(' × ')} and has ${file.length - start} bytes: fetch it again`);
  return { sizes, bytes: file.subarray(start) };
}

/** Whether a file is one by its name. @param {string} name */
export const isIdx = (name) => /(\bidx\d|ubyte|-images|-labels).*?(\.gz)?$/i.test(name) && !/\.(csv|tsv|json|safetensors|png|jpe?g)$/i.test(name);
