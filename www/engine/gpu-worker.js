// @ts-check
// The worker on the GPU: trains groups of populations and hands their codes on, to be measured by workers on the CPU.
import init, { Dataset, Engine, TrainingRun, compareFirstSteps, firstSteps, groups } from '../pkg-gpu/hash_phase.js';
import moduleAddress from '../pkg-gpu/hash_phase_bg.wasm?url';
import { loadDataset } from './load-dataset.js';
import { loadModule } from './load-module.js';
import { listen, serve } from './serve.js';

/** @typedef {import('./messages.d.ts').ToGpu} ToGpu */
/** @typedef {import('./messages.d.ts').FromGpu} FromGpu */

/**
 * @param {FromGpu} message
 * @param {Transferable[]} [handedOver]
 */
const tell = (message, handedOver = []) => globalThis.postMessage(message, { transfer: handedOver });

/** @type {import('../types.d.ts').Plan} */
let plan;
/** @type {Dataset} */
let dataset;
/** @type {Engine} */
let engine;

/** @param {ToGpu} message */
async function answer(message) {
  switch (message.type) {
    case 'load':
      return load(message.plan);
    case 'check':
      compareFirstSteps(message.steps, await firstSteps(plan, groups(plan, dataset, engine)[0], dataset, engine));
      return tell({ type: 'agreed' });
    case 'train':
      return train(message);
  }
}

/** @param {import('../types.d.ts').Plan} wanted */
async function load(wanted) {
  plan = wanted;
  await init({ module_or_path: loadModule(moduleAddress, (share) => tell({ type: 'loading', share })) });
  [engine, dataset] = await Promise.all([Engine.gpu(), loadDataset(Dataset, plan)]);
  tell({ type: 'ready', chart: dataset.emptyChart(plan, engine), groups: groups(plan, dataset, engine) });
}

/** @param {Extract<ToGpu, { type: 'train' }>} message */
async function train({ populations, epochs }) {
  const networks = new TrainingRun({ ...plan, axes: { ...plan.axes, epoch: epochs } }, populations, dataset, engine);
  for (let trained = await networks.next(); trained; trained = await networks.next()) {
    if (trained.kind === 'progress') tell({ type: 'progress', populations, progress: trained.progress });
    else
      for (const encoded of trained.encoded) {
        tell({ type: 'encoded', encoded }, [encoded.train.codes.words.buffer, encoded.test.codes.words.buffer]);
        await listen();
      }
    await listen();
  }
  networks.free();
  tell({ type: 'trained' });
}

serve(answer);
