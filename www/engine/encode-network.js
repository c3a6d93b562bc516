// @ts-check
import { presetPlan } from '../store.js';
import { broken, newWorker } from './crew.js';

/**
 * Measures a network that was trained elsewhere, on a data set of the page.
 * @param {Uint8Array} file a safetensors file
 * @param {string} dataset
 * @param {import('./catalogue.js').Module} engine
 * @param {(share: number) => void} loading
 * @returns {Promise<import('../types.d.ts').Elsewhere>}
 */
export function encodeNetwork(file, dataset, engine, loading) {
  const plan = presetPlan('figure', dataset);
  const worker = newWorker();
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => {
      const message = /** @type {import('./messages.d.ts').FromWorker} */ (data);
      if (message.type === 'loading') loading(message.share);
      else if (message.type === 'ready') worker.postMessage({ type: 'elsewhere', file });
      else if (message.type === 'elsewhere') resolve(message.numbers);
      else if (message.type === 'failed') reject(Object.assign(new Error(message.message), { code: message.code }));
    });
    worker.addEventListener('error', (event) => reject(new Error(broken(event).message)));
    worker.postMessage({ type: 'load', engine, plan });
  }).finally(() => worker.terminate());
}
