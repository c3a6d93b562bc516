// @ts-check
import { broken, newWorker } from './crew.js';

/**
 * Reads a chart file with the module's own reader, which says where and why it is none.
 * @param {string} text
 * @param {import('./catalogue.js').Module} engine
 * @returns {Promise<import('../types.d.ts').PhaseChart>}
 */
export function readChart(text, engine) {
  const worker = newWorker();
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => {
      const message = /** @type {import('./messages.d.ts').FromWorker} */ (data);
      if (message.type === 'chart') resolve(message.chart);
      else if (message.type === 'failed') reject(Object.assign(new Error(message.message), { code: message.code }));
    });
    worker.addEventListener('error', (event) => reject(new Error(broken(event).message)));
    worker.postMessage({ type: 'read', engine, text });
  }).finally(() => worker.terminate());
}
