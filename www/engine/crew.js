// @ts-check
// Workers on the CPU that take jobs off one queue.
import { compiled } from './compiled.js';
import { startWorker } from './home.js';

/** @typedef {import('./messages.d.ts').ToWorker} Job */
/** @typedef {import('./messages.d.ts').FromWorker} FromWorker */

/** Answers after which a worker is free again. */
const last = ['ready', 'described', 'finished', 'measured', 'first-steps'];

/**
 * @param {number} count
 * @param {import('./home.js').Home} home
 * @param {import('./catalogue.js').Module} engine
 * @param {import('../types.d.ts').Plan} plan
 * @param {(message: FromWorker) => void} hear
 */
export function createCrew(count, home, engine, plan, hear) {
  /** @type {{ job: Job, handedOver: Transferable[] }[]} */
  let queue = [];
  /** @type {Worker[]} */
  const idle = [];
  let paused = false;
  let over = false;

  const giveWork = () => {
    while (!paused && !over && idle.length && queue.length) {
      const { job, handedOver } = /** @type {typeof queue[number]} */ (queue.shift());
      /** @type {Worker} */ (idle.pop()).postMessage(job, handedOver);
    }
  };

  const opened = compiled(engine);
  const workers = Array.from({ length: count }, () => {
    const worker = startWorker(home.workers.cpu);
    worker.addEventListener('message', ({ data }) => {
      if (over) return;
      if (last.includes(data.type)) idle.push(worker);
      hear(data);
      giveWork();
    });
    worker.addEventListener('error', (event) => over || hear(broken(event)));
    opened.then((engine) => over || worker.postMessage({ type: 'load', engine, plan, data: home.data }));
    return worker;
  });

  const tellAll = (/** @type {Job} */ message) => workers.forEach((worker) => worker.postMessage(message));
  return {
    size: count,
    /**
     * @param {Job} job
     * @param {Transferable[]} [handedOver]
     */
    add(job, handedOver = []) {
      queue.push({ job, handedOver });
      giveWork();
    },
    /** @param {Job['type']} type jobs of which none shall be begun any more */
    drop(type) {
      queue = queue.filter(({ job }) => job.type !== type);
    },
    pause() {
      paused = true;
      tellAll({ type: 'pause' });
    },
    resume() {
      paused = false;
      tellAll({ type: 'resume' });
      giveWork();
    },
    end() {
      over = true;
      workers.forEach((worker) => worker.terminate());
    },
  };
}

/**
 * A worker that could not even start, or stopped in the middle.
 * @param {ErrorEvent} event
 * @returns {{ type: 'failed', code: string, message: string }}
 */
export const broken = (event) => ({
  type: 'failed',
  code: 'engine/worker',
  message: `The engine stopped${event.message ? ` (${event.message})` : ''}: reload the page; a browser from 2023 or later is needed.`,
});
