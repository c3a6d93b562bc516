// @ts-check
// A worker that measures one network that was trained elsewhere.
import { loadDataset } from './load-dataset.js';
import { openModule } from './open-module.js';
import { listen, serve } from './serve.js';

/** @typedef {import('./messages.d.ts').ToNetwork} ToNetwork */
/** @typedef {import('./messages.d.ts').FromNetwork} FromNetwork */
/** @typedef {typeof import('../pkg-networks/hash_phase.js')} Networks */

/** @param {FromNetwork} message */
const tell = (message) => globalThis.postMessage(message);

/** @type {import('../pkg-networks/hash_phase.js').Network} */
let network;

/** @param {ToNetwork} message */
async function answer(message) {
  switch (message.type) {
    case 'measure':
      return measure(message);
    case 'layers':
      return layers();
  }
}

/** @param {Extract<ToNetwork, { type: 'measure' }>} message */
async function measure({ engine, plan, data, file, beside, layers, fed }) {
  const { Dataset, Network } = /** @type {Networks} */ (/** @type {unknown} */ (await openModule(engine)));
  // The data set's class is the engines' own.
  const dataset = await loadDataset(/** @type {any} */ (Dataset), plan, data, (share) => tell({ type: 'loading', share }));
  const told = (/** @type {number} */ share) => tell({ type: 'encoding', share });
  network = Network.measure(file, beside.map(({ name }) => name), beside.map(({ bytes }) => bytes), layers ?? undefined, fed ?? undefined, /** @type {any} */ (dataset), told);
  tell({ type: 'numbers', numbers: network.numbers() });
}

/** The numbers of each layer, one after the other. */
async function layers() {
  for (let place = 0; ; place += 1) {
    const numbers = network.ofLayer(place);
    if (!numbers) break;
    tell({ type: 'layer', numbers });
    await listen();
  }
  tell({ type: 'finished' });
}

serve(answer);
