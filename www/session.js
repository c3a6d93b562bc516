// @ts-check
// One training at a time: what the engine tells goes into the store.
import { choose } from './engine/choose.js';
import { train } from './engine/train.js';
import { hasMetric } from './metrics.js';
import { squareCount } from './plan-size.js';

/** @typedef {import('./store.js').State} State */
/** @typedef {import('./types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('./types.d.ts').Cell} Cell */

/**
 * @param {import('./store.js').Store} store
 * @param {Promise<State['adapter']>} adapterFound what the browser answers when it is asked for a GPU
 */
export function createSession(store, adapterFound) {
  /** Which run is on: what is said of an earlier one no longer counts. */
  let current = 0;
  /** @type {ReturnType<typeof train> | null} */
  let engine = null;
  /** Seconds trained before the last pause, and when training last went on. */
  let clock = { before: 0, since: 0 };
  const seconds = () => clock.before + (clock.since ? (performance.now() - clock.since) / 1000 : 0);
  /** @param {Partial<State['run']>} change */
  const setRun = (change) => store.set({ run: { ...store.get().run, ...change } });
  /** @param {string} name */
  const named = (name) => `${name}, ${engine?.workers === 1 ? '1 worker' : `${engine?.workers} workers`}`;

  /** @type {import('./engine/train.js').Listener} */
  const listener = {
    loading: (share, what) => setRun({ loaded: share, what }),
    chart(chart) {
      clock.since = performance.now();
      const { linked } = store.get();
      const view = linked ? { ...linked, ...fitting(chart, { ...store.get(), ...linked }) } : firstView(chart, store.get());
      store.set({ chart, reference: '', linked: null, ...view });
      setRun({ status: 'running' });
    },
    cell(cell, maker) {
      const { chart } = store.get();
      if (!chart) return;
      credit(chart, maker);
      insert(chart.cells, cell);
      setRun({ cells: chart.cells.length });
    },
    gap(gap, maker) {
      const { chart } = store.get();
      if (!chart) return;
      credit(chart, maker);
      insert((chart.gaps ??= []), gap);
      setRun({ gaps: chart.gaps.length });
    },
    progress: (fraction) => setRun({ fraction, seconds: seconds() }),
    fallback({ note, engine, discard }) {
      const { chart, run } = store.get();
      if (chart && run.status !== 'loading') {
        if (discard) Object.assign(chart, { cells: [], gaps: [] });
      }
      store.set({ notice: sentence(note) });
      setRun({ engine: named(engine), ...(discard ? { cells: 0, gaps: 0, fraction: 0 } : {}) });
    },
    done: () => finish('done'),
    failed({ message }) {
      finish('failed');
      store.set({ notice: sentence(message) });
    },
  };

  /** The listener of one run. @param {number} run @returns {import('./engine/train.js').Listener} */
  const listenerOf = (run) => {
    const told = Object.entries(listener).map(([name, tell]) => [name, (/** @type {any[]} */ ...said) => run === current && Reflect.apply(tell, listener, said)]);
    return Object.fromEntries(told);
  };

  /** @param {'done' | 'failed' | 'stopped'} status */
  function finish(status) {
    const spent = seconds();
    clock = { before: spent, since: 0 };
    const { chart, run } = store.get();
    // While the engine was still loading, the chart on show is another one.
    if (chart && run.status !== 'loading') chart.provenance.seconds = spent;
    setRun({ status, seconds: spent, ...(status === 'done' ? { fraction: 1 } : {}) });
  }

  return {
    /** @param {import('./types.d.ts').Plan} plan */
    async train(plan) {
      engine?.stop();
      engine = null;
      const run = ++current;
      clock = { before: 0, since: 0 };
      store.set({ notice: '', run: { status: 'loading', plan: JSON.stringify(plan), cells: 0, gaps: 0, total: squareCount(plan), fraction: 0, seconds: 0, engine: '', loaded: 1, what: '' } });
      const adapter = await adapterFound;
      const { engine: wish, catalogue } = store.get();
      if (run !== current || !catalogue?.cpu) return; // stopped meanwhile
      const choice = choose(wish, adapter ?? null, catalogue.gpu !== null);
      engine = train(plan, { engine: choice.engine, chosen: wish !== 'auto' }, { cpu: catalogue.cpu, gpu: catalogue.gpu }, listenerOf(run));
      setRun({ engine: named(choice.engine === 'gpu' ? `GPU (${adapter?.name ?? 'none'})` : 'CPU') });
    },
    pause() {
      engine?.pause();
      clock = { before: seconds(), since: 0 };
      setRun({ status: 'paused', seconds: seconds() });
    },
    resume() {
      clock.since = performance.now();
      engine?.resume();
      setRun({ status: 'running' });
    },
    stop() {
      engine?.stop();
      engine = null;
      current += 1;
      finish('stopped');
    },
  };
}

/** Errors begin small, since they may stand after a colon.
 * @param {string} text
 */
const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * A network worth a first look: of middling width, trained to the end on everything.
 * @param {PhaseChart} chart
 */
export function middlePin({ axes }) {
  const last = (/** @type {number[]} */ values) => values[values.length - 1];
  return { width: axes.width[Math.floor(axes.width.length / 2)], epoch: last(axes.epoch), samples: last(axes.samples), factor: 0 };
}

/**
 * What must change so that a chart is not looked at across an axis or by a number that it has not.
 * @param {PhaseChart} chart
 * @param {State} state
 * @returns {Partial<State>}
 */
export function fitting(chart, { x, y, metric }) {
  return {
    ...([x, y].includes('factor') && !chart.axes.factor ? { x: 'width', y: 'epoch' } : {}),
    ...(!hasMetric(chart, metric) ? { metric: 'redundancy-train' } : {}),
  };
}

/**
 * How a chart is looked at first: as the one before where it can be, but across its factor where it has one.
 * @param {PhaseChart} chart
 * @param {State} before
 * @returns {Partial<State>}
 */
export function firstView(chart, before) {
  const several = (chart.axes.factor?.values.length ?? 0) > 1;
  return { ...fitting(chart, before), ...(several ? { x: 'width', y: 'factor' } : {}), at: {}, pin: middlePin(chart) };
}

/**
 * Notes what made the network that comes next into a chart.
 * @param {PhaseChart} chart
 * @param {import('./engine/train.js').Maker} maker
 */
function credit({ cells, gaps, provenance }, maker) {
  const first = !cells.length && !gaps?.length;
  for (const part of /** @type {const} */ (['engine', 'backend'])) {
    const before = provenance[part].split(', then ');
    if (first) provenance[part] = maker[part];
    else if (before[before.length - 1] !== maker[part]) provenance[part] = [...before, maker[part]].join(', then ');
  }
}

/**
 * Adds a network at its place: by level, seed, samples, epoch, width, as the file format orders them.
 * @template {Pick<Cell, 'level' | 'seed' | 'samples' | 'epoch' | 'width'>} Network
 * @param {Network[]} networks
 * @param {Network} network
 */
function insert(networks, network) {
  const key = (/** @type {Network} */ { level = 0, seed, samples, epoch, width }) => [level, seed, samples, epoch, width];
  const before = (/** @type {Network} */ a, /** @type {Network} */ b) => {
    const [one, other] = [key(a), key(b)];
    const first = one.findIndex((value, index) => value !== other[index]);
    return first >= 0 && one[first] < other[first];
  };
  let end = networks.length;
  while (end > 0 && before(network, networks[end - 1])) end--;
  networks.splice(end, 0, network);
}
