// @ts-check
// A worker that measures one network that was trained elsewhere.
import { loadDataset } from './load-dataset.js';
import { openModule } from './open-module.js';
import { pictures } from './pictures.js';
import { listen, serve } from './serve.js';

/** @typedef {import('./messages.d.ts').ToNetwork} ToNetwork */
/** @typedef {import('./messages.d.ts').FromNetwork} FromNetwork */
/** @typedef {typeof import('../pkg-networks/hash_phase.js')} Networks */

/** @param {FromNetwork} message */
const tell = (message) => globalThis.postMessage(message);

/** @type {import('../pkg-networks/hash_phase.js').Network} */
let network;
/** @type {import('../pkg-networks/hash_phase.js').Dataset} */
let dataset;

/** @param {ToNetwork} message */
async function answer(message) {
  switch (message.type) {
    case 'open':
      return open(message);
    case 'take': {
      const { test, from, to } = message;
      return tell({ type: 'taken', taken: sound(() => network.take(test, from, to, (/** @type {number} */ share) => tell({ type: 'taking', share }))) });
    }
    case 'measure':
      return tell({ type: 'numbers', numbers: network.measure(message.train, message.test) });
    case 'layers':
      return layers();
    case 'study': {
      const study = network.study();
      return tell({ type: 'study', study, pictures: pictures(dataset, study) });
    }
  }
}

/** @param {Extract<ToNetwork, { type: 'open' }>} message */
async function open({ engine, plan, data, file, beside, layers, code, fed }) {
  const { Dataset, Network } = /** @type {Networks} */ (/** @type {unknown} */ (await openModule(engine)));
  // The data set's class is the engines' own.
  dataset = await loadDataset(/** @type {any} */ (Dataset), plan, data, (share) => tell({ type: 'loading', share }));
  network = sound(() => new Network(file, beside.map(({ name }) => name), beside.map(({ bytes }) => bytes), layers ?? undefined, code ?? undefined, fed ?? undefined, dataset));
  const [samples, tests] = network.counts();
  tell({ type: 'opened', samples, tests });
}

/**
 * The module ends where a node of the graph makes no sense, or takes more memory than there is.
 * @template T
 * @param {() => T} work
 */
function sound(work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    throw Object.assign(new Error('the network cannot be run here: a node of its graph makes no sense, or takes more memory than a browser gives; the command hash-phase encode says which'), { code: 'network/file' });
  }
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
