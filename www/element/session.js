// @ts-check
// One training at a time: what the engine tells goes into the state, and what is finished is kept beyond the page.
import { cpuModule } from '../engine/cpu-module.js';
import { grown } from '../chart/grow.js';
import { firstView, fitting } from '../chart/look.js';
import { OWN } from '../state/names.js';
import { squareCount } from '../state/plan-size.js';
import { startingRun } from './state.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {import('../engine/sweep.js').SweepEvent} SweepEvent */
/** @typedef {import('../types.d.ts').Plan} Plan */
/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../kept/runs.js').Keeper} Keeper */
/** @typedef {(name: 'ready' | 'cell' | 'progress' | 'done' | 'error', detail: object) => void} Tell */

/** Milliseconds between two charts while cells come in: each is drawn, and the page stays free for its reader. */
const DRAW_EVERY = 400;
/** Between two words about how far training is: more are not read, and each takes the page's layout from those who train. */
const TELL_EVERY = 100;

/**
 * @param {import('../state/store.js').Store<State>} store
 * @param {import('./room.js').Room} room
 * @param {Tell} tell
 */
export function createSession(store, room, tell) {
  /** Trainings begun. */
  let trainings = 0;
  /** What was asked for, counted: the last counts. */
  let asked = 0;
  /** @typedef {{ abort: AbortController, sweep: ReturnType<typeof import('../engine/sweep.js').sweep> | null, engine: string, keeper: Promise<Keeper> | null, begun: PhaseChart | null, id: string, key: number, endTurn: () => void, resuming: boolean }} Run `endTurn` ends its turn, which it has not while it is paused; `resuming`: it waits for one to go on; `id` is that of the run that keeps it, `key` tells it from other trainings; `begun`: its chart as it began, with what an earlier run has finished */
  /** The run that is on: what is said of an earlier one no longer counts. @type {Run | null} */
  let current = null;
  /** Networks that are finished and not yet in the chart on show. @type {import('../chart/grow.js').News[]} */
  let news = [];
  let drawing = 0;
  /** When they were put there last. */
  let drew = -Infinity;
  /** What is new about the run, and not yet told. @type {Partial<State['run']>} */
  let untold = {};
  let telling = 0;
  /** Seconds trained before the last pause, and when training last went on. */
  let clock = { before: 0, since: 0 };
  let workers = '';
  const seconds = () => clock.before + (clock.since ? (performance.now() - clock.since) / 1000 : 0);
  /** As it is to be told. */
  const run = () => ({ ...store.get().run, ...untold });
  /** Tells of it now, and of what was to be told soon. @param {Partial<State['run']>} change @param {Partial<State>} [beside] */
  function setRun(change, beside) {
    clearTimeout(telling);
    const told = { ...run(), ...change };
    [telling, untold] = [0, {}];
    store.set({ ...beside, run: told });
  }
  /** @param {Partial<State['run']>} change */
  function setRunSoon(change) {
    untold = { ...untold, ...change };
    telling ||= window.setTimeout(() => setRun({}), TELL_EVERY);
  }

  /** Puts what has come into the chart. */
  function flush() {
    clearTimeout(drawing);
    drawing = 0;
    const { chart } = store.get();
    if (!news.length || !chart) return;
    const come = news;
    news = [];
    drew = performance.now();
    store.set({ chart: grown(chart, come) });
  }

  /** @param {SweepEvent} event */
  function hear(event) {
    const { chart, linked, view } = store.get();
    switch (event.kind) {
      case 'engine':
        workers = event.workers === 1 ? '1 worker' : `${event.workers} workers`;
        return setRun({ engine: `${event.name}, ${workers}` });
      case 'loading':
        return setRun({ loaded: event.share, what: event.what });
      case 'chart':
        clock.since = performance.now();
        setRun(
          { status: 'running', cells: event.chart.cells.length, gaps: event.chart.gaps?.length ?? 0 },
          { chart: event.chart, origin: originOf(current), coming: '', linked: null, view: linked ? fitting(event.chart, linked) : firstView(event.chart, view) },
        );
        keepFrom(event.chart);
        return tell('ready', { chart: event.chart });
      case 'cell':
      case 'gap':
        news.push(event);
        // Stored at once, although drawn a little later: the page may be closed at any time.
        current?.keeper?.then((keeper) => keeper.add([event], seconds()));
        drawing ||= window.setTimeout(flush, Math.max(0, drew + DRAW_EVERY - performance.now()));
        if (event.kind === 'gap') return setRunSoon({ gaps: run().gaps + 1 });
        setRunSoon({ cells: run().cells + 1 });
        return tell('cell', { cell: event.cell });
      case 'progress':
        setRunSoon({ fraction: event.share, seconds: seconds() });
        return tell('progress', { share: event.share });
      case 'fallback':
        if (event.discard && chart && run().status !== 'loading') takeBack(chart);
        store.set({ notice: sentence(event.note) });
        return setRun({ engine: `${event.engine}, ${workers}` });
      case 'notice':
        return store.set({ notice: sentence(event.note) });
    }
  }

  /** Keeps the run that is on, if it is not one that was kept before. @param {PhaseChart} chart */
  function keepFrom(chart) {
    const mine = current;
    if (!mine) return;
    mine.begun = chart;
    if (!room.runs) return;
    const plan = JSON.parse(store.get().run.plan);
    mine.keeper ??= room.runs.begin({ name: `${plan.dataset}, ${plan.protocol.preset}`, plan, chart, engine: mine.engine, total: squareCount(plan), ...(plan.dataset === OWN ? { own: room.home.data.own?.digest } : {}) });
    mine.keeper.then(({ id }) => {
      mine.id = id;
      if (mine === current && store.get().origin.kind === 'training') store.set({ origin: originOf(mine) });
    });
  }

  /** @param {Run | null} run @returns {import('./state.js').Origin} */
  const originOf = (run) => ({ kind: 'training', id: run?.id ?? '', key: run?.key ?? 0 });

  /** What an engine counted that cannot be trusted; what an earlier run has finished stays. @param {PhaseChart} chart */
  function takeBack(chart) {
    news = [];
    const { cells = [], gaps = [] } = current?.begun ?? {};
    current?.keeper?.then((keeper) => keeper.clear());
    setRun({ cells: cells.length, gaps: gaps.length, fraction: 0 }, { chart: { ...chart, cells, gaps } });
  }

  /** @param {'done' | 'failed' | 'stopped'} status */
  function finish(status) {
    flush();
    const spent = seconds();
    current?.keeper?.then((keeper) => keeper.end(spent));
    const id = current?.id;
    current = null;
    clock = { before: spent, since: 0 };
    const { chart } = store.get();
    // While the engine was still loading, another chart was shown.
    const timed = chart && run().status !== 'loading' ? { chart: { ...chart, provenance: { ...chart.provenance, seconds: spent } } } : {};
    // From now on the run is stored; a run without results is not.
    const keeps = id && chart && (chart.cells.length || chart.gaps?.length) && store.get().origin.kind === 'training' && !room.runs?.unkept();
    setRun({ status, seconds: spent, ...(status === 'done' ? { fraction: 1 } : {}) }, { ...timed, ...(keeps ? { origin: { kind: 'kept', id } } : {}) });
  }

  function stop() {
    current?.abort.abort();
    if (current) finish('stopped');
  }

  return {
    /**
     * @param {Plan} plan
     * @param {{ chart: PhaseChart, engine: string, keeper: Keeper } | null} [earlier] a run of it that is gone on with
     */
    async train(plan, earlier = null) {
      stop();
      asked += 1;
      const abort = new AbortController();
      /** @type {Run} */
      const mine = (current = { abort, sweep: null, engine: '', keeper: earlier && Promise.resolve(earlier.keeper), begun: null, id: earlier?.keeper.id ?? '', key: ++trainings, endTurn: () => {}, resuming: false });
      const isOn = () => mine === current;
      clock = { before: earlier?.chart.provenance.seconds ?? 0, since: 0 };
      setRun({ ...startingRun(), status: 'loading', plan: JSON.stringify(plan), total: squareCount(plan) }, { notice: '' });
      mine.endTurn = await room.turn(() => isOn() && setRun({ what: 'another chart', loaded: 0 }));
      try {
        await room.look();
        // The training code is loaded on demand: most readers only look.
        const [adapter, catalogue, processors, { sweep }] = await Promise.all([room.adapter(), room.engines(), room.processors(), import('../engine/sweep.js')]);
        if (!isOn()) return;
        mine.engine = catalogue[cpuModule(plan)]?.module ?? '';
        if (earlier && earlier.engine !== mine.engine) throw new Error('this run was begun by another version of the engine, whose numbers may round otherwise: what it has finished stays as it is; press Train to begin anew');
        mine.sweep = sweep(plan, { home: room.home, catalogue, adapter, processors, engine: store.get().engine, signal: abort.signal, finished: earlier?.chart });
        for await (const event of mine.sweep) {
          if (!isOn()) return;
          hear(event);
        }
        if (!isOn()) return;
        finish('done');
        tell('done', { chart: store.get().chart });
      } catch (error) {
        if (!isOn()) return;
        finish('failed');
        store.set({ notice: sentence(/** @type {Error} */ (error).message) });
        tell('error', { error });
      } finally {
        mine.endTurn();
      }
    },
    /** Goes on with a run that is kept. @param {string} id */
    async goOn(id) {
      stop();
      const mine = ++asked;
      try {
        const { run, chart, keeper } = await /** @type {import('../kept/runs.js').Runs} */ (room.runs).goOn(id);
        await room.bringOwn(run.own).catch(async (error) => {
          await keeper.end(run.seconds);
          throw error;
        });
        // Another chart was requested while this one loaded.
        if (mine !== asked) return await keeper.end(run.seconds);
        await this.train(run.plan, { chart, engine: run.engine, keeper });
      } catch (error) {
        store.set({ notice: sentence(/** @type {Error} */ (error).message) });
      }
    },
    pause() {
      if (store.get().run.status !== 'running') return;
      current?.sweep?.pause();
      clock = { before: seconds(), since: 0 };
      flush();
      setRun({ status: 'paused', seconds: seconds() });
      // Other tabs may train in the meantime.
      current?.endTurn();
    },
    async resume() {
      const mine = current;
      if (!mine || mine.resuming || store.get().run.status !== 'paused') return;
      mine.resuming = true;
      mine.endTurn = await room.turn(() => store.set({ notice: 'It goes on when the other chart on this page has finished.' }));
      mine.resuming = false;
      if (mine !== current) return mine.endTurn();
      clock.since = performance.now();
      mine.sweep?.resume();
      setRun({ status: 'running' }, { notice: '' });
    },
    stop,
    flush,
    trainings: () => trainings,
  };
}

/** @typedef {ReturnType<typeof createSession>} Session */

/** Errors begin small, since they may stand after a colon.
 * @param {string} text
 */
const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);
