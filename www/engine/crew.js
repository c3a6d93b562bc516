// @ts-check
// Workers on the CPU that take jobs off one queue. One that dies is one worker: another takes its place, and its job is told of.
import { compiled } from './compiled.js';
import { startWorker } from './home.js';
import { forbiddenLately } from './policy.js';
import { RELEASE } from './release.js';

/** @typedef {import('./messages.d.ts').ToWorker} Job */
/** @typedef {import('./messages.d.ts').FromWorker} FromWorker */
/** @typedef {{ code: string, message: string }} Failure */
/** @typedef {{ job: Job, deaths: number }} Work a job, and how many workers have died of it */
/**
 * @typedef {{
 *   hear: (message: FromWorker) => void,
 *   died: (work: Work, failure: Failure) => void,
 * }} Listener `hear` is told what workers say, `failed` included where the worker lives on; `died` of a job whose worker has died, which
 * is counted
 */

/** Answers after which a worker is free again. */
const last = ['ready', 'described', 'finished', 'measured', 'first-steps', 'paced'];
/** After this a worker is of no more use: its module has stopped in the middle of something. */
export const DEAD = 'engine/worker';
/** Milliseconds between two looks at who is silent, and looks without a word after which a worker at work is given up: two minutes. Looks are
 * counted, and not time, since a machine may sleep and a tab in the background looks less often. */
export const LOOK_EVERY = 5_000;
export const SILENT = 24;
/** Of one that is still loading, which a slow network holds up: ten minutes. */
const SILENT_LOADING = 120;

/**
 * @param {number} count
 * @param {string} script the workers' address
 * @param {Promise<import('./home.js').DataHome>} data
 * @param {import('./catalogue.js').Module} engine
 * @param {import('../types.d.ts').Plan} plan
 * @param {number} sharers how many workers share the plan at most
 * @param {Listener} listener
 */
export function createCrew(count, script, data, engine, plan, sharers, { hear, died }) {
  /** @typedef {{ worker: Worker, ready: boolean, work: Work | null, silent: number, only: Job['type'] | null }} Member `only`: it is kept for jobs of that kind */
  /** @type {Work[]} */
  let queue = [];
  let paused = false;
  let over = false;
  /** Whether any worker was ever ready: what keeps the first one from starting will keep all others. */
  let begun = false;
  /** @type {Set<Member>} */
  const members = new Set();

  const giveWork = () => {
    for (const member of members) {
      if (paused || over || !queue.length) return;
      if (!member.ready || member.work) continue;
      const place = queue.findIndex(({ job }) => !member.only || job.type === member.only);
      if (place < 0) continue;
      [member.work] = queue.splice(place, 1);
      member.silent = 0;
      member.worker.postMessage(member.work.job);
    }
  };

  const opened = Promise.all([compiled(engine), data]);
  /** @param {Job['type'] | null} [only] */
  function start(only = null) {
    /** @type {Member} */
    const member = { worker: startWorker(script), ready: false, work: null, silent: 0, only };
    const { worker } = member;
    members.add(member);
    worker.addEventListener('message', ({ data }) => {
      if (over || !members.has(member)) return;
      member.silent = 0;
      if (data.type === 'failed' && data.code === DEAD) return bury(member, data);
      if (last.includes(data.type)) {
        begun = member.ready = true;
        member.work = null;
      }
      hear(data);
      giveWork();
    });
    worker.addEventListener('error', (event) => bury(member, member.ready ? { code: DEAD, message: event.message || 'it was ended' } : broken(event, script)));
    opened.then(
      ([engine, data]) => {
        if (over) return;
        worker.postMessage({ type: 'load', release: RELEASE, engine, plan, data, workers: sharers });
        if (paused) worker.postMessage({ type: 'pause' });
      },
      ({ code, message }) => over || hear({ type: 'failed', code, message }),
    );
  }

  /** @param {Member} member @param {Failure} failure */
  function bury(member, failure) {
    if (over || !members.delete(member)) return;
    member.worker.terminate();
    const { work, ready } = member;
    // A worker that fails to start is not tried again; the others go on without it.
    if (ready) start(member.only);
    else if (!begun || !members.size) return hear({ type: 'failed', ...failure });
    if (work) died({ ...work, deaths: work.deaths + 1 }, failure);
  }

  for (let worker = 0; worker < count; worker++) start();
  const watch = setInterval(() => {
    if (paused) return;
    for (const member of members) {
      const most = member.work ? SILENT : member.ready ? Infinity : SILENT_LOADING;
      if (++member.silent >= most) bury(member, { code: DEAD, message: `a worker was silent for ${(most * LOOK_EVERY) / 60_000} minutes` });
    }
  }, LOOK_EVERY);

  const tellAll = (/** @type {Job} */ message) => members.forEach(({ worker }) => worker.postMessage(message));
  return {
    size: () => members.size,
    /** Starts more workers until there are so many. @param {number} count */
    grow(count) {
      while (!over && members.size < count) start();
    },
    /**
     * @param {Job} job
     * @param {number} [deaths] of workers, that it has cost already
     */
    add(job, deaths = 0) {
      queue.push({ job, deaths });
      giveWork();
    },
    /** One more worker, for jobs of a kind that must not wait for the others'. @param {Job['type']} only */
    reserve(only) {
      if (!over) start(only);
    },
    /** Those that were kept for something take whatever comes. */
    free() {
      for (const member of members) member.only = null;
      giveWork();
    },
    /** @param {Job['type']} type jobs of which none shall be begun any more */
    drop(type) {
      queue = queue.filter(({ job }) => job.type !== type);
    },
    /** @param {Job['type']} type jobs that workers are at, which others do now: new workers take their place */
    abandon(type) {
      for (const member of [...members].filter(({ work }) => work?.job.type === type)) {
        members.delete(member);
        member.worker.terminate();
        start();
      }
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
      clearInterval(watch);
      members.forEach(({ worker }) => worker.terminate());
    },
  };
}

/**
 * A worker that could not even start, or stopped in the middle.
 * @param {ErrorEvent} event which has no message where the script never came
 * @param {string} address of its script
 * @returns {{ type: 'failed', code: string, message: string }}
 */
export const broken = ({ message }, address) => ({
  type: 'failed',
  code: DEAD,
  message: forbiddenLately(address)
    ? `The engine’s script ${address} cannot be loaded: ${forbiddenLately(address)}.`
    : message
    ? `The engine stopped (${message}): reload the page; a browser from 2023 or later is needed.`
    : navigator.onLine
      ? `The engine’s script ${address} cannot be loaded: check that nothing blocks it, and that this browser is from 2023 or later, and press Train again.`
      : 'This machine is offline, and the engine’s script was never fetched before: go online and press Train again.',
});
