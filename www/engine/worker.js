// @ts-check
// A worker on the CPU: one module, one data set, one population or one network's codes at a time.
import { firstKernel } from './first-kernel.js';
import { OWN } from '../state/names.js';
import { DataError } from './fetch-dataset.js';
import { loadDataset } from './load-dataset.js';
import { openModule } from './open-module.js';
import { trainingTime } from './pace.js';
import { pictures } from './pictures.js';
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
      hashPhase = await openModule(message.engine);
      engine = hashPhase.Engine.cpu();
      dataset = await loadDataset(hashPhase.Dataset, plan, message.data, (share) => tell({ type: 'loading', share }));
      return tell({ type: 'ready', parts: hashPhase.parts(plan, message.workers ?? 1), isSame: message.of ? isMadeAs(message.of) : false });
    case 'describe':
      return tell({ type: 'described', chart: message.finished === null ? dataset.emptyChart(plan, engine) : dataset.resumedChart(plan, engine, message.finished) });
    case 'run':
      return run(message);
    case 'measure':
      return tell({ type: 'measured', event: hashPhase.measure(plan, message.encoded, dataset), device: message.device });
    case 'first-steps':
      return tell({ type: 'first-steps', steps: await hashPhase.firstSteps(plan, message.populations, dataset, engine), device: message.device });
    case 'pace':
      return tell({ type: 'paced', seconds: await pace(message.populations) });
    case 'weights':
      return weights(message);
    case 'study':
      return study(message);
    case 'read':
      hashPhase = await openModule(message.engine);
      return tell({ type: 'chart', chart: hashPhase.readChart(message.text) });
  }
}

/**
 * Whether this module comes to a chart's numbers to the bit; other data than the chart's are refused. All of the data set is read for it, once.
 * @param {Pick<import('../types.d.ts').PhaseChart, 'dataset' | 'provenance'>} chart
 */
function isMadeAs({ dataset: { name, digest }, provenance: made }) {
  const here = dataset.emptyChart(plan, engine);
  if (here.dataset.digest !== digest) {
    const reason = name === OWN ? 'this chart is of other data of yours than those that are here now: choose them among those that are kept, or drop their files on the page again' : `the data set ${name} is not here as this chart’s networks saw it: no network of it can be trained anew`;
    throw Object.assign(new DataError(reason), { code: 'dataset/other' });
  }
  return made.crate === here.provenance.crate && made.backend === here.provenance.backend && made.engine === here.provenance.engine;
}

/**
 * Readies the networks of some widths.
 * @param {import('../types.d.ts').PopulationPlan} population
 * @param {number[]} width
 * @param {number[]} epoch
 */
const begin = (population, width, epoch) => new hashPhase.PopulationRun({ ...plan, axes: { ...plan.axes, epoch, width } }, population, dataset, engine);

/** The widths that must be trained with one, for it to come out the same: where it can be, it alone. @param {number} width */
const alone = (width) => (hashPhase.isSeparable(plan) ? [width] : plan.axes.width);

/** Seconds that one worker would train some populations, one after the other: those of one sample size and level take as long. @param {import('../types.d.ts').PopulationPlan[]} populations */
async function pace(populations) {
  /** @type {Map<string, number>} */
  const known = new Map();
  let all = 0;
  for (const population of populations) {
    const kind = `${population.samples} ${population.level}`;
    const seconds = known.get(kind) ?? (await trainingTime(hashPhase, plan, [population], dataset, engine));
    known.set(kind, seconds);
    all += seconds;
  }
  return all;
}

/** @param {Extract<ToWorker, { type: 'run' }>} message */
async function run({ population, widths, epochs }) {
  const networks = begin(population, widths, epochs);
  for (let event = await networks.next(); event; event = await networks.next()) {
    tell({ type: 'event', part: { population, widths }, event });
    await listen();
  }
  networks.free();
  tell({ type: 'finished' });
}

/** @param {Extract<ToWorker, { type: 'weights' }>} message */
async function weights({ width, epoch, population }) {
  const widths = alone(width);
  const networks = begin(population, widths, [epoch]);
  // The first network is measured where its codes were computed, like all others.
  for (let event = await networks.next(); event?.kind === 'progress'; event = await networks.next()) {
    tell({ type: 'event', part: { population, widths }, event });
    await listen();
  }
  tell({ type: 'weights', file: /** @type {Uint8Array<ArrayBuffer>} */ (await networks.weights(width)) });
  networks.free();
}

/** @param {Extract<ToWorker, { type: 'study' }>} message */
async function study({ width, epochs, population }) {
  const widths = alone(width);
  const networks = begin(population, widths, epochs);
  let left = epochs.length;
  while (left) {
    const event = await networks.next();
    const found = event?.kind === 'progress' ? await networks.study(width, population.level ?? 0, dataset) : undefined;
    if (found) {
      left -= 1;
      // Networks with other activations cannot be written to files.
      const isRelu = ['relu', undefined].includes(plan.protocol.activation) && plan.axes.factor?.name !== 'activation';
      const first = isRelu ? firstKernel(await networks.weights(width)) : null;
      const firing = found.firing.map(({ example }) => example);
      tell({ type: 'study', study: found, first, pictures: pictures(dataset, found.codes, { firing, isSeen: !seesNoise(population) }) });
    } else if (!event) break;
    else tell({ type: 'event', part: { population, widths }, event });
    await listen();
  }
  networks.free();
  tell({ type: 'finished' });
}

/** @param {import('../types.d.ts').PopulationPlan} population */
function seesNoise({ level = 0 }) {
  const { factor } = plan.axes;
  return factor?.name === 'noise_inputs' ? factor.values[level] === true : plan.protocol.noise_inputs === true;
}

serve(answer);
