// @ts-check
// The worker on the GPU: trains groups of populations and hands their codes on, to be measured by workers on the CPU.
import { loadDataset } from './load-dataset.js';
import { loadModule } from './load-module.js';
import { trainingTime } from './pace.js';
import { listen, serve } from './serve.js';

/** @typedef {import('./messages.d.ts').ToGpu} ToGpu */
/** @typedef {import('./messages.d.ts').FromGpu} FromGpu */

/**
 * @param {FromGpu} message
 * @param {Transferable[]} [handedOver]
 */
const tell = (message, handedOver = []) => globalThis.postMessage(message, { transfer: handedOver });

/** The engine's module. @type {typeof import('../pkg-gpu/hash_phase.js')} */
let hashPhase;
/** @type {import('../types.d.ts').Plan} */
let plan;
/** @type {import('../pkg-gpu/hash_phase.js').Dataset} */
let dataset;
/** @type {import('../pkg-gpu/hash_phase.js').Engine} */
let engine;

/** @param {ToGpu} message */
async function answer(message) {
  switch (message.type) {
    case 'load':
      return load(message);
    case 'check':
      hashPhase.compareFirstSteps(message.steps, await hashPhase.firstSteps(plan, message.populations, dataset, engine));
      return tell({ type: 'agreed' });
    case 'pace':
      return tell({ type: 'paced', seconds: await trainingTime(hashPhase, plan, message.populations, dataset, engine) });
    case 'train':
      return train(message);
  }
}

/** @param {Extract<ToGpu, { type: 'load' }>} message */
async function load(message) {
  plan = message.plan;
  hashPhase = await import(/* @vite-ignore */ message.engine.script);
  await hashPhase.default({ module_or_path: loadModule(message.engine, (share) => tell({ type: 'loading', share })) });
  [engine, dataset] = await Promise.all([hashPhase.Engine.gpu(), loadDataset(hashPhase.Dataset, plan, message.data)]);
  const chart = message.finished ? dataset.resumedChart(plan, engine, message.finished) : dataset.emptyChart(plan, engine);
  tell({ type: 'ready', chart, groups: hashPhase.groups(plan, dataset, engine) });
}

/** @param {Extract<ToGpu, { type: 'train' }>} message */
async function train({ populations, epochs }) {
  const networks = new hashPhase.TrainingRun({ ...plan, axes: { ...plan.axes, epoch: epochs } }, populations, dataset, engine);
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
