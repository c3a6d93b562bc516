// @ts-check
// Trains a plan: on workers, a population each, or on the GPU, whose codes workers measure; where the reader left the choice, on the one
// that is timed to be the faster. The engine never draws: it tells of what it finds.
import { broken, createCrew, DEAD, LOOK_EVERY, SILENT } from './crew.js';
import { dataFor, startWorker } from './home.js';
import { createLedger } from './ledger.js';
import { RELEASE } from './release.js';
import { shareDataset } from './share-dataset.js';
import { populationCount } from '../state/plan-size.js';

/** @typedef {import('./messages.d.ts').FromWorker} FromWorker */
/** @typedef {import('./messages.d.ts').FromGpu} FromGpu */
/** @typedef {import('../types.d.ts').Plan} Plan */
/** @typedef {import('./catalogue.js').Module} Module */
/** @typedef {import('../types.d.ts').PopulationPlan} PopulationPlan */
/**
 * @typedef {{
 *   loading: (share: number, what: string) => void,
 *   chart: (chart: import('../types.d.ts').PhaseChart) => void,
 *   cell: (cell: import('../types.d.ts').Cell, maker: Maker) => void,
 *   gap: (gap: import('../types.d.ts').Gap, maker: Maker) => void,
 *   progress: (share: number) => void,
 *   engine: (engine: 'cpu' | 'gpu', workers: number) => void,
 *   fallback: (what: { note: string, engine: string, discard: boolean }) => void,
 *   notice: (note: string) => void,
 *   done: () => void,
 *   failed: (error: { code: string, message: string }) => void,
 * }} Listener
 * `loading` is told of the share of a large module or data set that is there, `chart` of the chart with what was finished before, `gap` of a
 * network without numbers, `progress` of the share of all work that is done, `engine` of what trains from now on and how many workers it has, `fallback` of another engine that takes over, and whether the
 * cells so far are void, `notice` of what costs no finished network, or decides which engine trains.
 */

/** @typedef {Pick<import('../types.d.ts').Provenance, 'engine' | 'backend'>} Maker what trained the network of a cell */

/** Networks that wait to be measured before the GPU waits for them, and before it goes on: bounds the memory. */
const MOST_WAITING = 64;
const FEW_WAITING = 16;
/** Devices that may be lost before the CPU takes over. */
const DEVICES = 2;
/** Seconds of training on the CPU that are not worth a look at the GPU: to fetch its engine and to compile its kernels takes about as long. Where there are more,
 * the CPU trains all the same, until the GPU is known to be faster: a trial that takes long, or never ends, holds nothing up. */
const SOON = 5;
/** Workers that may die of one population before it is given up. */
const DEATHS = 3;
/** After these the numbers so far cannot be trusted. */
const VOID = ['engine/refused', 'engine/disagrees'];
/** After these another device may do better. */
const LOST = ['engine/lost', 'engine/read', DEAD];
/** A reader who chose the GPU is told of these; one who left the choice gets the CPU. */
const UNFIT = ['engine/no-adapter', 'engine/too-large', 'engine/fetch'];

/** @param {PopulationPlan[]} populations that are trained together */
const levelOf = (populations) => populations[0]?.level ?? 0;
/** @param {number} seconds */
const about = (seconds) => (seconds < 100 ? `${Number(seconds.toPrecision(2))} s` : `${Math.round(seconds / 60)} min`);
/** @param {import('../types.d.ts').Progress} progress */
const done = ({ step, steps }) => (steps ? step / steps : 1);

/**
 * @param {Plan} plan
 * @param {{ engine: 'cpu' | 'gpu', chosen: boolean, finished: import('../types.d.ts').PhaseChart | null }} choice `chosen` by the reader; `finished` by
 *   an earlier run
 * @param {import('./home.js').Home} home
 * @param {{ cpu: Module, gpu: Module | null }} engines
 * @param {number} processors how many workers this machine bears
 * @param {Listener} listener
 */
export function train(plan, choice, home, engines, processors, listener) {
  const onGpu = choice.engine === 'gpu';
  const finished = choice.finished && JSON.stringify(choice.finished);
  const ledger = createLedger(plan, choice.finished);
  const data = shareDataset(plan, dataFor(home.data, plan.dataset), (share) => listener.loading(share, 'the data set'));
  const crew = createCrew(onGpu ? Math.max(1, processors - 1) : Math.min(populationCount(plan), processors), home.workers.cpu, data, engines.cpu, plan, processors, { hear: hearCrew, died });
  /** What the first worker says of the plan; none while all are loading. @type {import('../types.d.ts').Part[] | null} */
  let ready = null;
  /** What makes the CPU's cells, once a worker has described it; and what has come before that. @type {Maker | null} */
  let cpuMaker = null;
  /** @type {import('../types.d.ts').RunEvent[]} */
  let early = [];
  let cpuTrains = !onGpu;
  /** Groups of them that the GPU has still to train. @type {PopulationPlan[][]} */
  let groups = [];
  /** The one that it trains next, once its first steps agree. @type {{ populations: PopulationPlan[], epochs: number[] }} */
  let next = { populations: [], epochs: [] };
  /** The level whose first steps agree with the CPU's: others may have kernels of their own. @type {number | null} */
  let agreed = null;
  /** @type {Maker} */
  let gpuMaker = { engine: 'gpu', backend: '' };
  /** @type {Worker | null} */
  let gpu = null;
  let devices = 0;
  let waiting = 0;
  /** Seconds that the CPU would train, once it is timed: only where the reader has left the choice. @type {number | null} */
  let onCpu = null;
  let undecided = onGpu && !choice.chosen;
  /** By the reader, or since too much waits to be measured. */
  let paused = false;
  let full = false;
  let begun = false;
  /** Codes of earlier devices are void. */
  let firstSound = 1;
  /** Of each population, the networks that are given up, part by part. @type {Map<string, number>} */
  const givenUp = new Map();

  /** Looks at the GPU's worker without a word of it: one that is lost may never say so. */
  let silent = 0;
  const watch = setInterval(() => {
    if (gpu && !paused && !full && ++silent >= SILENT) hearGpu({ type: 'failed', code: DEAD, message: `The GPU was silent for ${(SILENT * LOOK_EVERY) / 60_000} minutes` });
  }, LOOK_EVERY);

  const end = () => {
    clearInterval(watch);
    crew.end();
    gpu?.terminate();
    gpu = null;
  };
  const told = () => {
    if (!begun) return;
    listener.progress(ledger.share());
    if (ledger.isDone()) {
      end();
      listener.done();
    }
  };
  /** @param {{ code: string, message: string }} error */
  const fail = (error) => {
    end();
    listener.failed(error);
  };
  /** @param {import('../types.d.ts').PhaseChart} chart */
  const begin = (chart) => {
    if (!begun) listener.chart(chart);
    begun = true;
  };
  /**
   * @param {import('../types.d.ts').RunEvent} event
   * @param {Maker} maker
   */
  const take = (event, maker) => {
    if (event.kind === 'cell' && ledger.measure(event.cell)) listener.cell(event.cell, maker);
    if (event.kind === 'gap' && ledger.measure(event.gap)) listener.gap(event.gap, maker);
    told();
  };
  /** All of a population's networks. @param {PopulationPlan} population */
  const whole = (population) => ({ population, widths: plan.axes.width });
  /** The populations that are not wholly encoded. */
  const left = () => {
    const populations = new Map(ready?.map(({ population }) => [JSON.stringify(population), population]));
    return [...populations.values()].filter((population) => ledger.epochsLeft(whole(population)).length);
  };
  /** Every part that is not wholly encoded, a worker each. */
  const trainOnCpu = () => {
    cpuTrains = true;
    if (!ready) return;
    const before = crew.size();
    crew.grow(Math.min(ready.length, processors));
    if (onGpu || crew.size() > before) listener.engine('cpu', crew.size());
    // One worker describes the chart while the others train.
    crew.add({ type: 'describe', finished });
    for (const part of ready) {
      const epochs = ledger.epochsLeft(part);
      if (epochs.length) crew.add({ type: 'run', ...part, epochs });
      else ledger.train(part, 1);
    }
  };

  /** @param {FromWorker} message */
  function hearCrew(message) {
    switch (message.type) {
      case 'loading':
        return ready || listener.loading(message.share, 'the data set');
      case 'ready':
        if (ready) return;
        ready = message.parts;
        if (cpuTrains) trainOnCpu();
        else if (undecided) crew.add({ type: 'pace', populations: left() });
        return;
      case 'paced':
        onCpu = message.seconds / processors;
        if (onCpu > SOON) {
          // The remaining populations are handed over if the GPU is faster.
          trainOnCpu();
          // The check of the GPU must not wait for the CPU's training.
          crew.reserve('first-steps');
          return startGpu();
        }
        return decide('cpu', `The CPU trains this plan within about ${about(Math.max(1, onCpu))}, sooner than the GPU’s engine could be fetched and readied.`);
      case 'described': {
        const maker = (cpuMaker = message.chart.provenance);
        begin(message.chart);
        early.forEach((event) => take(event, maker));
        early = [];
        return told();
      }
      case 'event': {
        const { event, part } = message;
        if (event.kind === 'progress') {
          ledger.train(part, done(event.progress));
          return told();
        }
        if (cpuMaker) return take(event, cpuMaker);
        early.push(event);
        return;
      }
      case 'measured':
        waiting -= 1;
        if (full && waiting <= FEW_WAITING) {
          full = false;
          if (!paused) gpu?.postMessage({ type: 'resume' });
        }
        return message.device >= firstSound ? take(message.event, gpuMaker) : undefined;
      case 'first-steps':
        // The first steps taken for a lost device are of no use, and its replacement may not be ready.
        return message.device === devices ? gpu?.postMessage({ type: 'check', populations: next.populations, steps: message.steps }) : undefined;
      case 'failed':
        return fail(message);
    }
  }

  /** What a dead worker was at is done again, by another; what kills every worker is given up, and the rest goes on.
   * @param {import('./crew.js').Work} work
   * @param {import('./crew.js').Failure} failure
   */
  function died({ job, deaths }, failure) {
    const left = job.type === 'run' ? ledger.epochsLeft(job) : [];
    if (job.type === 'run' && !left.length) return told();
    if (deaths < DEATHS) {
      listener.notice(`A worker died (${failure.message}). Another has taken its place; nothing that is finished is lost.`);
      return crew.add(job.type === 'run' ? { ...job, epochs: left } : job, deaths);
    }
    const tried = `${DEATHS} workers died of it, the last with: ${failure.message}`;
    if (job.type === 'measure') {
      const { population, width, epoch } = job.encoded;
      waiting -= 1;
      listener.notice(`The network of width ${width}, epoch ${epoch}, ${population.samples} examples, seed ${population.seed} is given up (${tried}).`);
      ledger.giveUp({ population, widths: [width] }, epoch);
    } else if (job.type === 'run') {
      const { samples, seed, level = 0 } = job.population;
      const whose = JSON.stringify(job.population);
      const count = (givenUp.get(whose) ?? 0) + ledger.giveUp(job);
      givenUp.set(whose, count);
      listener.notice(`The ${count} networks of ${samples} examples, seed ${seed}${plan.axes.factor ? `, level ${level}` : ''} are given up (${tried}): narrower layers may do. The rest is trained.`);
    } else return fail({ ...failure, message: `The engine stopped again and again (${failure.message}): reload the page, and train narrower layers or fewer examples.` });
    told();
  }

  function startGpu() {
    const worker = startWorker(home.workers.gpu);
    const hear = (/** @type {FromGpu} */ message) => {
      if (worker !== gpu) return;
      silent = 0;
      hearGpu(message);
    };
    worker.addEventListener('message', ({ data }) => hear(data));
    worker.addEventListener('error', (event) => hear(broken(event, home.workers.gpu)));
    gpu = worker;
    devices += 1;
    silent = 0;
    full = false;
    agreed = null;
    // If they fail to start, the crew has reported it.
    data.then((data) => {
      if (gpu !== worker) return;
      worker.postMessage({ type: 'load', release: RELEASE, engine: /** @type {Module} */ (engines.gpu), plan, data, finished });
      if (paused) worker.postMessage({ type: 'pause' });
    }, () => {});
  }

  /** The next group that is not wholly encoded: the first of a level only after its first steps were compared. */
  function trainOnGpu() {
    for (let group = groups.shift(); group; group = groups.shift()) {
      const populations = group.filter((population) => ledger.epochsLeft(whole(population)).length);
      const left = new Set(populations.flatMap((population) => ledger.epochsLeft(whole(population))));
      if (!left.size) continue;
      next = { populations, epochs: plan.axes.epoch.filter((epoch) => left.has(epoch)) };
      if (agreed === levelOf(populations)) return trainNext();
      return crew.add({ type: 'first-steps', populations, device: devices });
    }
    gpu?.terminate();
    gpu = null;
  }

  /**
   * The faster engine trains.
   * @param {'cpu' | 'gpu'} engine
   * @param {string} note
   */
  function decide(engine, note) {
    undecided = false;
    listener.notice(note);
    if (engine === 'gpu') {
      // Populations already begun are not worth finishing.
      crew.drop('run');
      crew.abandon('run');
      crew.free();
      cpuTrains = false;
      listener.engine('gpu', crew.size());
      return trainNext();
    }
    gpu?.terminate();
    gpu = null;
    crew.free();
    if (!cpuTrains) trainOnCpu();
  }

  function trainNext() {
    agreed = levelOf(next.populations);
    gpu?.postMessage({ type: 'train', ...next });
  }

  /** @param {FromGpu} message */
  function hearGpu(message) {
    switch (message.type) {
      case 'loading':
        return listener.loading(message.share, 'the GPU engine');
      case 'ready':
        groups = message.groups;
        gpuMaker = message.chart.provenance;
        begin(message.chart);
        return trainOnGpu();
      case 'agreed':
        return undecided ? gpu?.postMessage({ type: 'pace', populations: next.populations }) : trainNext();
      case 'paced': {
        // What is left: the CPU has kept training.
        const [here, there] = [(message.seconds * left().length) / next.populations.length, (onCpu ?? 0) * (1 - ledger.trained())];
        const faster = here < there ? 'gpu' : 'cpu';
        return decide(faster, `Timed on steps of this plan’s own networks, what is left to train takes the CPU about ${about(there)} and the GPU ${about(here)}: the ${faster.toUpperCase()} trains it.`);
      }
      case 'progress': {
        message.populations.forEach((population) => ledger.train(whole(population), done(message.progress)));
        return told();
      }
      case 'encoded': {
        const { encoded } = message;
        if (!ledger.encode({ ...encoded, ...encoded.population })) return;
        crew.add({ type: 'measure', encoded, device: devices });
        waiting += 1;
        if (waiting >= MOST_WAITING && !full) {
          full = true;
          gpu?.postMessage({ type: 'pause' });
        }
        return;
      }
      case 'trained':
        return trainOnGpu();
      case 'failed':
        return gpuFailed(message);
    }
  }

  /** @param {{ code: string, message: string }} error */
  function gpuFailed(error) {
    gpu?.terminate();
    gpu = null;
    crew.drop('first-steps');
    // The CPU is already training, so a GPU that fails its trial costs nothing.
    if (undecided && cpuTrains) return decide('cpu', `${error.message}. The CPU trains on.`);
    if (LOST.includes(error.code) && devices < DEVICES) {
      listener.fallback({ note: `${error.message}. A new device takes over; finished squares are kept.`, engine: 'GPU', discard: false });
      return startGpu();
    }
    const fit = !(UNFIT.includes(error.code) && choice.chosen);
    if (!error.code.startsWith('engine/') || !fit) return fail(error);
    const discard = VOID.includes(error.code);
    if (discard) {
      crew.drop('measure');
      ledger.forget();
      firstSound = devices + 1;
    }
    const kept = discard ? 'what it counted is thrown away' : 'finished squares are kept';
    listener.fallback({ note: `${error.message}. The CPU takes over; ${kept}.`, engine: 'CPU', discard });
    trainOnCpu();
  }

  if (onGpu && !undecided) startGpu();
  return {
    workers: crew.size(),
    pause() {
      paused = true;
      crew.pause();
      gpu?.postMessage({ type: 'pause' });
    },
    resume() {
      paused = false;
      crew.resume();
      if (!full) gpu?.postMessage({ type: 'resume' });
    },
    stop: end,
  };
}
