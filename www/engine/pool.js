// @ts-check
// Workers that share out the populations of a plan. The engine never draws: it tells of what it finds.

/** @typedef {import('./messages.d.ts').FromWorker} FromWorker */
/** @typedef {import('../types.d.ts').Plan} Plan */
/** @typedef {import('../types.d.ts').Cell} Cell */
/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/**
 * @typedef {{
 *   chart: (chart: PhaseChart) => void,
 *   cell: (cell: Cell) => void,
 *   progress: (fraction: number) => void,
 *   done: () => void,
 *   failed: (error: { code: string, message: string }) => void,
 * }} Listener
 * `chart` is told of the chart without cells, `progress` of the share of all work that is done.
 */

/** Workers at most: each holds its own copy of the data set, up to about 150 MB for MNIST. */
const MOST_WORKERS = 8;

/**
 * How many workers this machine bears.
 * @param {number} populations
 */
export function workerCount(populations) {
  // Not in every browser; a phone that does not say is spared by its few processors.
  const memory = /** @type {{ deviceMemory?: number }} */ (navigator).deviceMemory ?? 4;
  return Math.max(1, Math.min(populations, navigator.hardwareConcurrency || 1, memory < 2 ? 1 : MOST_WORKERS));
}

const newWorker = () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });

/**
 * Trains a plan.
 * @param {Plan} plan
 * @param {Listener} listener
 */
export function train(plan, listener) {
  const count = workerCount(plan.axes.samples.length * plan.axes.seed.length);
  /** @type {import('../types.d.ts').PopulationPlan[]} */
  let populations = [];
  let next = 0;
  let finished = 0;
  /** Of each population: steps done, as a share, and cells. @type {{ trained: number, cells: number }[]} */
  let progress = [];
  let over = false;

  const workers = Array.from({ length: count }, newWorker);
  const end = () => {
    over = true;
    workers.forEach((worker) => worker.terminate());
  };

  /** @param {Worker} worker */
  const giveWork = (worker) => {
    const index = next++;
    if (index < populations.length) worker.postMessage({ type: 'run', index, population: populations[index] });
    else worker.terminate(); // its memory is of more use elsewhere
  };

  const told = () => {
    const cells = plan.axes.width.length * plan.axes.epoch.length;
    const share = progress.reduce((sum, one) => sum + (one.trained + one.cells / cells) / 2, 0);
    listener.progress(share / populations.length);
  };

  /**
   * @param {Worker} worker
   * @param {FromWorker} message
   */
  const hear = (worker, message) => {
    if (over) return;
    if (message.type === 'ready') {
      if (!populations.length) {
        populations = message.populations;
        progress = populations.map(() => ({ trained: 0, cells: 0 }));
        listener.chart(message.chart);
      }
      giveWork(worker);
    } else if (message.type === 'event') {
      const of = progress[message.index];
      if (message.event.kind === 'cell') {
        of.cells += 1;
        listener.cell(message.event.cell);
      } else {
        const { step, steps } = message.event.progress;
        of.trained = steps ? step / steps : 1;
      }
      told();
    } else if (message.type === 'finished') {
      finished += 1;
      if (finished === populations.length) {
        end();
        listener.done();
      } else giveWork(worker);
    } else if (message.type === 'failed') {
      end();
      listener.failed(message);
    }
  };

  for (const worker of workers) {
    worker.addEventListener('message', ({ data }) => hear(worker, data));
    worker.addEventListener('error', (event) => hear(worker, broken(event)));
    worker.postMessage({ type: 'load', plan });
  }

  /** @param {{ type: 'pause' | 'resume' }} message */
  const tellAll = (message) => workers.forEach((worker) => worker.postMessage(message));
  return {
    workers: count,
    pause: () => tellAll({ type: 'pause' }),
    resume: () => tellAll({ type: 'resume' }),
    stop: end,
  };
}

/**
 * Reads a chart file with the module's own reader, which says where and why it is none.
 * @param {string} text
 * @returns {Promise<PhaseChart>}
 */
export function readChart(text) {
  const worker = newWorker();
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => {
      const message = /** @type {FromWorker} */ (data);
      if (message.type === 'chart') resolve(message.chart);
      else if (message.type === 'failed') reject(Object.assign(new Error(message.message), { code: message.code }));
    });
    worker.addEventListener('error', (event) => reject(new Error(broken(event).message)));
    worker.postMessage({ type: 'read', text });
  }).finally(() => worker.terminate());
}

/**
 * A worker that could not even start, or stopped in the middle.
 * @param {ErrorEvent} event
 * @returns {Extract<FromWorker, { type: 'failed' }>}
 */
const broken = (event) => ({
  type: 'failed',
  code: 'engine/worker',
  message: `The engine stopped${event.message ? ` (${event.message})` : ''}: reload the page; a browser from 2023 or later is needed.`,
});
