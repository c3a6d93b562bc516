// @ts-check
// Bytes that somebody else sends, no more of them than are taken: a server need not say how many come, and a packed file unfolds.

/** What is too much to be read. */
export class TooLarge extends Error {}

/** @param {number} bytes */
const size = (bytes) => (bytes >= 1e9 ? `${bytes / 1e9} GB` : `${bytes / 1e6} MB`);

/**
 * All that a stream brings, or the refusal of it as soon as it is too much.
 * @param {ReadableStream<Uint8Array>} stream
 * @param {number} most
 * @param {string} what begins the sentence
 * @param {() => void} [heard] told whenever some have come
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function bytesOf(stream, most, what, heard = () => {}) {
  /** @type {Uint8Array[]} */
  const chunks = [];
  let come = 0;
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    come += part.value.length;
    heard();
    if (come > most) {
      reader.cancel().catch(() => {}); // no longer needed
      throw new TooLarge(`${what} has more than the ${size(most)} that are read`);
    }
    chunks.push(part.value);
  }
  const bytes = new Uint8Array(come);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/**
 * What is packed with gzip, unfolded; anything else as it is.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} most
 * @param {string} what
 */
export async function unpacked(bytes, most, what) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await bytesOf(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')), most, `${what}, unpacked,`);
  } catch (error) {
    // A gzip file has a checksum; browsers' messages for a wrong one name neither the file nor the cause.
    if (error instanceof TooLarge) throw error;
    throw new Error(`${what} is cut off or changed (${/** @type {Error} */ (error).message})`, { cause: error });
  }
}
