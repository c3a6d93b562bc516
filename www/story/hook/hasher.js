// @ts-check
// A network's first layer as a hash: the code of an input, and who has codes like it. The numbers are the crate's; here they are only
// applied, so that a stroke is answered at once.

/** @typedef {{ kernel: Float32Array, bias: Float32Array }} Layer `kernel` is `[inputs, units]`, row by row */

/**
 * Which units fire.
 * @param {Layer} layer
 * @param {Float32Array} input
 * @returns {boolean[]}
 */
export function codeOf({ kernel, bias }, input) {
  const units = bias.length;
  const sums = Float64Array.from(bias);
  input.forEach((value, place) => {
    if (value) for (let unit = 0; unit < units; unit++) sums[unit] += value * kernel[place * units + unit];
  });
  return Array.from(sums, (sum) => sum > 0);
}

/**
 * A code as the crate packs it: lowest bit first.
 * @param {boolean[]} code
 */
export function packed(code) {
  const bytes = new Uint8Array(Math.ceil(code.length / 8));
  code.forEach((fires, bit) => fires && (bytes[bit >> 3] |= 1 << (bit & 7)));
  return bytes;
}

const ones = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/**
 * The examples of the nearest codes by Hamming distance, ties by their place, as K-NN takes them.
 * @param {Uint8Array} codes of all examples, one after the other
 * @param {Uint8Array} code
 * @param {number} count
 * @returns {{ example: number, distance: number }[]}
 */
export function nearest(codes, code, count) {
  const bytes = code.length;
  /** @type {{ example: number, distance: number }[]} */
  const best = [];
  for (let example = 0; example * bytes < codes.length; example++) {
    let distance = 0;
    for (let byte = 0; byte < bytes; byte++) distance += ones[codes[example * bytes + byte] ^ code[byte]];
    if (best.length === count && distance >= best[count - 1].distance) continue;
    let place = best.length;
    while (place > 0 && best[place - 1].distance > distance) place -= 1;
    best.splice(place, 0, { example, distance });
    best.length = Math.min(best.length, count);
  }
  return best;
}

/**
 * The label with the most votes, the lowest among equals.
 * @param {number[]} labels
 * @returns {{ label: number, votes: number }}
 */
export function vote(labels) {
  /** @type {Map<number, number>} */
  const votes = new Map();
  for (const label of labels) votes.set(label, (votes.get(label) ?? 0) + 1);
  const [[label, most]] = [...votes].sort(([one, first], [other, second]) => second - first || one - other);
  return { label, votes: most };
}
