// @ts-check
// Asks a worker of its own for one thing.
import { broken } from './crew.js';
import { dataFor, startWorker } from './home.js';
import { RELEASE } from './release.js';

/** @typedef {import('./messages.d.ts').FromWorker} FromWorker */
/** @typedef {import('./catalogue.js').Module} Module */
/** @typedef {import('./home.js').Home} Home */

/**
 * Reads a chart file with the module's own reader, which says where and why it is none.
 * @param {string} text
 * @param {Home} home
 * @param {Module} engine
 * @returns {Promise<import('../types.d.ts').PhaseChart>}
 */
export const readChart = (text, home, engine) => ask(home, { type: 'read', engine, text }, (message, _, resolve) => message.type === 'chart' && resolve(message.chart));

/**
 * The weights of one network of a chart, trained anew to an epoch as it was for its cell.
 * @param {Pick<import('../types.d.ts').PhaseChart, 'dataset' | 'provenance'>} chart
 * @param {import('../types.d.ts').Plan} plan
 * @param {{ width: number, epoch: number, population: import('../types.d.ts').PopulationPlan }} network
 * @param {Home} home
 * @param {Module} engine
 * @param {(share: number) => void} told of the share of the work that is done
 * @returns {Promise<{ file: Uint8Array<ArrayBuffer>, isSame: boolean }>} a safetensors file, and whether it is the chart's network to the bit
 */
export function trainWeights({ dataset, provenance }, plan, network, home, engine, told) {
  let isSame = false;
  return ask(home, { type: 'load', engine, plan, data: dataFor(home.data, plan.dataset), of: { dataset, provenance } }, (message, worker, resolve) => {
    if (message.type === 'ready') isSame = message.isSame;
    if (message.type === 'ready') worker.postMessage({ type: 'weights', ...network });
    else if (message.type === 'event' && message.event.kind === 'progress') told(message.event.progress.steps ? message.event.progress.step / message.event.progress.steps : 1);
    else if (message.type === 'weights') resolve({ file: message.file, isSame });
  });
}

/**
 * @template Answer
 * @param {Home} home
 * @param {object} first what the worker is told first
 * @param {(message: FromWorker, worker: Worker, resolve: (answer: Answer) => void) => void} hear
 * @returns {Promise<Answer>}
 */
function ask(home, first, hear) {
  const worker = startWorker(home.workers.cpu);
  return /** @type {Promise<Answer>} */ (
    new Promise((resolve, reject) => {
      worker.addEventListener('message', ({ data }) => {
        const message = /** @type {FromWorker} */ (data);
        if (message.type === 'failed') reject(Object.assign(new Error(message.message), { code: message.code }));
        else hear(message, worker, resolve);
      });
      worker.addEventListener('error', (event) => reject(new Error(broken(event, home.workers.cpu).message)));
      worker.postMessage({ ...first, release: RELEASE });
    })
  ).finally(() => worker.terminate());
}
