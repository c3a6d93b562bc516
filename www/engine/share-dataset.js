// @ts-check
// A data set once for all workers of a page, where browsers let them share memory: in a page that its server isolates from others, by the
// headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy. Elsewhere each worker fetches its own; the numbers are the same.
import { OWN } from '../state/names.js';
import { fetchDataset } from './fetch-dataset.js';

/** @typedef {import('./home.js').DataHome} DataHome */

/**
 * @param {import('../types.d.ts').Plan} plan
 * @param {DataHome} home
 * @param {(share: number) => void} told of the share that is there, where there are many files
 * @returns {Promise<DataHome>} with the plan's data set in it, if it can be shared
 */
export async function shareDataset(plan, home, told) {
  // WebKitGTK isolates pages but has no shared memory.
  if (!globalThis.crossOriginIsolated || !('SharedArrayBuffer' in globalThis)) return home;
  if (plan.dataset === OWN) {
    const { own } = home;
    // Sparse data are small, so each worker has its own copy.
    return own && ArrayBuffer.isView(own.values) ? { ...home, own: { ...own, values: shared(own.values) } } : home;
  }
  const files = await fetchDataset(plan, home, told);
  if (!files) return home;
  // Rows of tables are copied for each worker, too.
  if ('rows' in files) return { ...home, fetched: files };
  return { ...home, fetched: { ...files, trainImages: files.trainImages.map(shared), testImages: shared(files.testImages) } };
}

/**
 * The same numbers in memory that workers share.
 * @template {Uint8Array | Float32Array} Numbers
 * @param {Numbers} numbers
 * @returns {Numbers}
 */
function shared(numbers) {
  const Numbers = /** @type {new (memory: SharedArrayBuffer) => Numbers} */ (numbers.constructor);
  const copy = new Numbers(new SharedArrayBuffer(numbers.byteLength));
  copy.set(numbers);
  return copy;
}
