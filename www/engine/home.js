// @ts-check
// Where everything lies that the engine fetches: it is told, and looks nowhere by itself, so that it works from any page.

import { OWN } from '../state/names.js';
import { scriptAddress } from './script-address.js';

/** @typedef {Pick<import('../pkg-reader/hash_phase.js').OwnRead, 'description' | 'values' | 'labels' | 'train' | 'digest' | 'samples' | 'epochs'> & { name: string }} OwnData examples that a reader brings, one after the other: bytes are pixels; the first `train` train, the others test; `name` is what the reader calls them */
/** @typedef {{ base: string, files?: Record<string, string>, own?: OwnData, fetched?: import('./fetch-dataset.js').Files }} DataHome data sets are `NAME/PART.gz` under `base`; `files` are those that lie elsewhere; `fetched` are those of the data set at hand, where they are here already */
/**
 * @typedef {{
 *   workers: { cpu: string, gpu: string, networks?: string },
 *   engines: string | import('./catalogue.js').Catalogue,
 *   data: DataHome,
 * }} Home addresses; `engines` is the catalogue, or where it is
 */

/**
 * Starts a worker, from whichever origin: browsers refuse a worker's script from another one, but not a script of our own
 * that imports it. So does a page in a sandbox, which is no origin's; there Chromium refuses it modules, but not their import.
 * @param {string} address
 */
export function startWorker(address) {
  if (new URL(address).origin === globalThis.origin) return new Worker(scriptAddress(address), { type: 'module' });
  const script = URL.createObjectURL(new Blob([`(${bootstrap})(${JSON.stringify(address)})`], { type: 'text/javascript' }));
  const worker = new Worker(scriptAddress(script));
  // Once anything was heard of it, it has been read.
  const read = () => URL.revokeObjectURL(script);
  worker.addEventListener('message', read, { once: true });
  worker.addEventListener('error', read, { once: true });
  return worker;
}

/**
 * The worker's own script: what it is told before the other one is there is told again then.
 * @param {string} address
 */
function bootstrap(address) {
  /** @type {any[]} */
  const early = [];
  const keep = (/** @type {Event} */ event) => early.push(/** @type {MessageEvent} */ (event).data);
  addEventListener('message', keep);
  import(/* @vite-ignore */ address).then(
    () => {
      removeEventListener('message', keep);
      for (const data of early) dispatchEvent(new MessageEvent('message', { data }));
    },
    // Thrown outside of any promise it is the worker's own error, which the page hears.
    (error) => setTimeout(() => { throw error; }),
  );
}

/**
 * What a worker is told of where data are: a reader's own only where they are what it trains on, since they are copied to it.
 * @param {DataHome} data
 * @param {string} dataset
 * @returns {DataHome}
 */
export const dataFor = ({ own, ...data }, dataset) => (own && dataset === OWN ? { ...data, own } : data);

/**
 * The home that a folder is: the built page's, say.
 * @param {string} folder its address
 * @param {Home['workers']} workers
 * @returns {Home}
 */
export const homeAt = (folder, workers) => ({ workers, engines: new URL('engines/index.json', folder).href, data: { base: new URL('data/', folder).href } });
