// @ts-check
// A worker on the CPU: one module, one data set, one population or one network's codes at a time.
import init, { Dataset, Engine, PopulationRun, firstSteps, measure, measureElsewhere, populations, readChart } from '../pkg/hash_phase.js';
import { loadDataset } from './load-dataset.js';
import { listen, serve } from './serve.js';

/** @typedef {import('./messages.d.ts').ToWorker} ToWorker */
/** @typedef {import('./messages.d.ts').FromWorker} FromWorker */

/** @param {FromWorker} message */
const tell = (message) => globalThis.postMessage(message);

/** @type {import('../types.d.ts').Plan} */
let plan;
/** @type {Dataset} */
let dataset;
/** @type {Engine} */
let engine;

/** @param {ToWorker} message */
async function answer(message) {
  switch (message.type) {
    case 'load':
      plan = message.plan;
      await init();
      engine = Engine.cpu();
      dataset = await loadDataset(Dataset, plan, (share) => tell({ type: 'loading', share }));
      return tell({ type: 'ready', chart: dataset.emptyChart(plan, engine), populations: populations(plan) });
    case 'run':
      return run(message);
    case 'measure':
      return tell({ type: 'measured', cell: measure(plan, message.encoded, dataset), device: message.device });
    case 'first-steps':
      return tell({ type: 'first-steps', steps: await firstSteps(plan, message.populations, dataset, engine) });
    case 'elsewhere':
      return tell({ type: 'elsewhere', numbers: await measureElsewhere(message.file, plan, dataset, engine) });
    case 'read':
      await init();
      return tell({ type: 'chart', chart: readChart(message.text) });
  }
}

/** @param {Extract<ToWorker, { type: 'run' }>} message */
async function run({ population, epochs }) {
  const networks = new PopulationRun({ ...plan, axes: { ...plan.axes, epoch: epochs } }, population, dataset, engine);
  for (let event = await networks.next(); event; event = await networks.next()) {
    tell({ type: 'event', population, event });
    await listen();
  }
  networks.free();
  tell({ type: 'finished' });
}

serve(answer);
