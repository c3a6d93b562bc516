// @ts-check
// Bytes that somebody else sends, no more of them than are taken: a server need not say how many come, and a packed file unfolds.

/** @param {number} bytes */
const size = (bytes) => (bytes >= 1e9 ? `${bytes / 1e9} GB` : `${bytes / 1e6} MB`);

/**
 * Passes bytes on until there are too many, and then fails.
 * @param {number} most
 * @param {string} what begins the sentence
 * @returns {TransformStream<Uint8Array, Uint8Array>}
 */
export function limit(most, what) {
  let come = 0;
  return new TransformStream({
    transform(chunk, next) {
      come += chunk.length;
      if (come > most) throw new Error(`${what} has more than the ${size(most)} that are read`);
      next.enqueue(chunk);
    },
  });
}

/**
 * What is packed with gzip, unfolded; anything else as it is.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} most
 * @param {string} what
 */
export async function unpacked(bytes, most, what) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const unfolded = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).pipeThrough(limit(most, `${what}, unpacked,`));
  try {
    return new Uint8Array(await new Response(unfolded).arrayBuffer());
  } catch (error) {
    // A packed file holds a sum over its contents: what browsers say where it is wrong tells neither which nor what.
    if (!(error instanceof TypeError)) throw error;
    throw new Error(`${what} is cut off or changed (${error.message})`, { cause: error });
  }
}
