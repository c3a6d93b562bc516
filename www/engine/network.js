// @ts-check
// Asks a worker of its own about one network that was trained elsewhere.
import { OWN } from '../state/names.js';
import { presetPlan } from '../state/presets.js';
import { compiled } from './compiled.js';
import { broken } from './crew.js';
import { dataFor, startWorker } from './home.js';
import { RELEASE } from './release.js';

/** @typedef {import('../types.d.ts').Elsewhere} Numbers */
/** @typedef {import('../types.d.ts').OfLayer} OfLayer */
/** @typedef {{ file: Uint8Array, beside?: { name: string, bytes: Uint8Array }[], layers?: string, fed?: import('../types.d.ts').Fed }} Asked a safetensors or ONNX file and files beside it; `layers` and `fed` where the file's own are not meant */

/**
 * @param {Asked} asked
 * @param {string} dataset
 * @param {import('./home.js').Home} home
 * @param {import('./catalogue.js').Module} module the reader of networks
 * @param {{ loading?: (share: number) => void, encoding?: (share: number) => void }} [told] of the share of the data set that is there, and of its codes that are taken
 */
export function openNetwork({ file, beside = [], layers, fed }, dataset, home, module, { loading = () => {}, encoding = () => {} } = {}) {
  const address = home.workers.networks;
  if (!address) throw new Error('this page was built without its reader of networks');
  const worker = startWorker(address);
  /** What is heard of what was asked last. @type {{ heard: (message: import('./messages.d.ts').FromNetwork) => void, failed: (error: Error) => void }} */
  let waiting = { heard: () => {}, failed: () => {} };
  worker.addEventListener('message', ({ data }) => {
    const message = /** @type {import('./messages.d.ts').FromNetwork} */ (data);
    if (message.type === 'failed') waiting.failed(Object.assign(new Error(message.message), { code: message.code }));
    else if (message.type === 'loading') loading(message.share);
    else if (message.type === 'encoding') encoding(message.share);
    else waiting.heard(message);
  });
  worker.addEventListener('error', (event) => waiting.failed(new Error(broken(event, address).message)));
  /** @param {import('./messages.d.ts').ToNetwork} message */
  const post = (message) => worker.postMessage({ ...message, release: RELEASE });
  const plan = presetPlan('figure', dataset);
  // The sizes of a preset may be more than a reader has brought.
  const { own } = home.data;
  const fitting = dataset === OWN && own ? { ...plan, axes: { ...plan.axes, samples: [own.train] } } : plan;
  return {
    /** What its code comes to. @returns {Promise<Numbers>} */
    numbers: () =>
      new Promise((resolve, failed) => {
        waiting = { failed, heard: (message) => message.type === 'numbers' && resolve(message.numbers) };
        compiled(module).then((engine) => post({ type: 'measure', engine, plan: fitting, data: dataFor(home.data, dataset), file, beside, layers: layers ?? null, fed: fed ?? null }));
      }),
    /** What the code of each layer comes to alone. @param {(numbers: OfLayer) => void} each @returns {Promise<void>} */
    layers: (each) =>
      new Promise((resolve, failed) => {
        waiting = { failed, heard: (message) => (message.type === 'layer' ? each(message.numbers) : message.type === 'finished' && resolve()) };
        post({ type: 'layers' });
      }),
    close: () => worker.terminate(),
  };
}

/**
 * What a network's code comes to.
 * @param {Asked} asked
 * @param {string} dataset
 * @param {import('./home.js').Home} home
 * @param {import('./catalogue.js').Module} module
 * @param {(share: number) => void} [loading]
 * @returns {Promise<Numbers>}
 */
export async function encodeNetwork(asked, dataset, home, module, loading) {
  const network = openNetwork(asked, dataset, home, module, { loading });
  return network.numbers().finally(network.close);
}
