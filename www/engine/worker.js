// @ts-check
// A worker on the CPU: one module, one data set, one population or one network's codes at a time.
import { loadDataset } from './load-dataset.js';
import { listen, serve } from './serve.js';

/** @typedef {import('./messages.d.ts').ToWorker} ToWorker */
/** @typedef {import('./messages.d.ts').FromWorker} FromWorker */

/** @param {FromWorker} message */
const tell = (message) => globalThis.postMessage(message);

/** The engine's module. @type {typeof import('../pkg/hash_phase.js')} */
let hashPhase;
/** @type {import('../types.d.ts').Plan} */
let plan;
/** @type {import('../pkg/hash_phase.js').Dataset} */
let dataset;
/** @type {import('../pkg/hash_phase.js').Engine} */
let engine;

/** @param {ToWorker} message */
async function answer(message) {
  switch (message.type) {
    case 'load':
      plan = message.plan;
      await open(message.engine);
      engine = hashPhase.Engine.cpu();
      dataset = await loadDataset(hashPhase.Dataset, plan, message.data, (share) => tell({ type: 'loading', share }));
      return tell({ type: 'ready', chart: dataset.emptyChart(plan, engine), populations: hashPhase.populations(plan) });
    case 'run':
      return run(message);
    case 'measure':
      return tell({ type: 'measured', event: hashPhase.measure(plan, message.encoded, dataset), device: message.device });
    case 'first-steps':
      return tell({ type: 'first-steps', steps: await hashPhase.firstSteps(plan, message.populations, dataset, engine) });
    case 'elsewhere':
      return tell({ type: 'elsewhere', numbers: await hashPhase.measureElsewhere(message.file, plan, dataset, engine) });
    case 'weights':
      return weights(message);
    case 'read':
      await open(message.engine);
      return tell({ type: 'chart', chart: hashPhase.readChart(message.text) });
  }
}

/** @param {import('./catalogue.js').Module} wanted */
async function open({ script, module }) {
  hashPhase = await import(/* @vite-ignore */ script);
  await hashPhase.default({ module_or_path: module });
}

/** @param {Extract<ToWorker, { type: 'run' }>} message */
async function run({ population, epochs }) {
  const networks = new hashPhase.PopulationRun({ ...plan, axes: { ...plan.axes, epoch: epochs } }, population, dataset, engine);
  for (let event = await networks.next(); event; event = await networks.next()) {
    tell({ type: 'event', population, event });
    await listen();
  }
  networks.free();
  tell({ type: 'finished' });
}

/** @param {Extract<ToWorker, { type: 'weights' }>} message */
async function weights({ width, epoch, population }) {
  const networks = new hashPhase.PopulationRun({ ...plan, axes: { ...plan.axes, epoch: [epoch] } }, population, dataset, engine);
  // The first that is measured stands, as all others do, where its codes were taken.
  for (let event = await networks.next(); event?.kind === 'progress'; event = await networks.next()) {
    tell({ type: 'event', population, event });
    await listen();
  }
  tell({ type: 'weights', file: /** @type {Uint8Array<ArrayBuffer>} */ (await networks.weights(width)) });
  networks.free();
}

serve(answer);
