// @ts-check
// A worker: one module, one data set, one population at a time.
import init, { Dataset, PopulationRun, populations, readChart } from '../pkg/hash_phase.js';
import { loadDataset } from './load-dataset.js';

/** @typedef {import('./messages.d.ts').ToWorker} ToWorker */
/** @typedef {import('./messages.d.ts').FromWorker} FromWorker */

/** Milliseconds between two looks at what the page has said meanwhile. */
const LISTEN_EVERY = 50;

/** @param {FromWorker} message */
const tell = (message) => globalThis.postMessage(message);

/** @type {import('../types.d.ts').Plan} */
let plan;
/** @type {Dataset} */
let dataset;
let paused = false;
/** @type {() => void} */
let resume = () => {};

globalThis.addEventListener('message', async ({ data }) => {
  try {
    await answer(/** @type {ToWorker} */ (data));
  } catch (error) {
    const { code, message } = /** @type {Error & { code?: string }} */ (error);
    tell({ type: 'failed', code: code ?? 'engine', message: message ?? String(error) });
  }
});

/** @param {ToWorker} message */
async function answer(message) {
  if (message.type === 'load') await load(message.plan);
  else if (message.type === 'run') await run(message.index, message.population);
  else if (message.type === 'pause') paused = true;
  else if (message.type === 'resume') {
    paused = false;
    resume();
  } else if (message.type === 'read') {
    await init();
    tell({ type: 'chart', chart: readChart(message.text) });
  }
}

/** @param {import('../types.d.ts').Plan} wanted */
async function load(wanted) {
  plan = wanted;
  await init();
  dataset = await loadDataset(Dataset, plan.dataset);
  tell({ type: 'ready', chart: dataset.emptyChart(plan), populations: populations(plan) });
}

/**
 * @param {number} index
 * @param {import('../types.d.ts').PopulationPlan} population
 */
async function run(index, population) {
  const networks = new PopulationRun(plan, population, dataset);
  let listened = performance.now();
  for (;;) {
    const event = await networks.next();
    if (!event) break;
    tell({ type: 'event', index, event });
    if (performance.now() - listened > LISTEN_EVERY) {
      await macrotask(); // lets `pause` in
      listened = performance.now();
    }
    if (paused) await new Promise((go) => (resume = () => go(undefined)));
  }
  networks.free();
  tell({ type: 'finished', index });
}

const channel = new MessageChannel();
/** A turn of the event loop, without the delay that a timer has. */
const macrotask = () =>
  new Promise((go) => {
    channel.port1.onmessage = () => go(undefined);
    channel.port2.postMessage(null);
  });
