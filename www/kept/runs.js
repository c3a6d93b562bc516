// @ts-check
// Runs that outlive the page: the plan, and every network as it is finished. A tab that trains one has its lock, so that no other goes on
// with it or takes it away.
import { grown } from '../chart/grow.js';
import { memoryShelf, openShelf } from './shelf.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../chart/grow.js').News} News */
/**
 * @typedef {{
 *   id: string,
 *   name: string,
 *   plan: import('../types.d.ts').Plan,
 *   chart: PhaseChart,
 *   engine: string,
 *   done: number,
 *   total: number,
 *   begun: number,
 *   seconds: number,
 *   own?: string,
 * }} Run `chart` is the one that the run began with, its `plans` and the networks of an earlier run included; `engine` names the module that
 *   trains, whose numbers another one may round otherwise; `done` of `total` networks are finished; `begun` is in milliseconds since 1970; `own` is the digest of the reader's own data that it trains on
 */
/** @typedef {Run & { busy: boolean }} Listed `busy`: a tab is training it */
/**
 * @typedef {{
 *   id: string,
 *   add: (news: News[], seconds: number) => void,
 *   clear: () => void,
 *   end: (seconds: number) => Promise<void>,
 * }} Keeper `add` keeps what is finished; `clear` takes back what it has added; `end` ends the run, finished or not
 */

const lockOf = (/** @type {string} */ id) => `hash-phase/run/${id}`;
/** On which tabs tell each other that the list has changed. */
const CHANNEL = 'hash-phase/runs';

export function createRuns() {
  /** Why runs do not outlive the page, or not any more. */
  let unkept = '';
  const lost = (/** @type {unknown} */ error) => {
    unkept = reasonOf(error);
    heard();
  };
  /** Whether there is no storage at all, but this page's memory. */
  let homeless = false;
  /** Opened when it is first asked for. @type {Promise<import('./shelf.js').Shelf> | null} */
  let opened = null;
  const shelf = () =>
    (opened ??= openShelf(() => {
      // Deleted by the browser together with all site data, or by a later version of the page: it is opened again on the next access.
      opened = null;
      changed();
    }).catch((error) => {
      homeless = true;
      lost(error);
      return memoryShelf();
    }));
  /** @type {Set<() => void>} */
  const watchers = new Set();
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL);
  const heard = () => watchers.forEach((told) => told());
  channel?.addEventListener('message', heard);
  const changed = () => {
    heard();
    channel?.postMessage('');
  };

  /**
   * @param {Run} run
   * @param {() => Promise<void>} release its lock
   * @returns {Keeper}
   */
  function keeper(run, release) {
    let now = run;
    /** What could not be kept: tried again with the next. @type {News[]} */
    let owed = [];
    /** What this keeper has kept. @type {number[]} */
    const keys = [];
    /** One thing after the other, so that what comes while something is written is neither taken for written nor written twice. @type {Promise<unknown>} */
    let work = Promise.resolve();
    const next = (/** @type {() => Promise<unknown>} */ then) => (work = work.then(then).catch(lost));
    return {
      id: run.id,
      add(news, seconds) {
        next(async () => {
          now = { ...now, done: now.done + news.length, seconds };
          owed = [...owed, ...news];
          keys.push(await (await shelf()).keep(now, owed));
          owed = [];
          if (unkept && !homeless) {
            unkept = '';
            heard();
          }
        });
      },
      clear() {
        next(async () => {
          now = { ...now, done: run.done };
          owed = [];
          await (await shelf()).drop(now, keys.splice(0));
        });
      },
      async end(seconds) {
        await next(async () => {
          now = { ...now, seconds };
          const { put, keep, remove } = await shelf();
          // A run without cells is not listed.
          await (!now.done ? remove(run.id) : owed.length ? keep(now, owed) : put(now));
        });
        await release();
        changed();
      },
    };
  }

  /**
   * The lock of a run; nothing where another tab has it.
   * @param {string} id
   * @returns {Promise<(() => Promise<void>) | null>} what gives it back
   */
  const hold = (id) =>
    new Promise((held) => {
      // Without locks: a page without a secure context, or in a sandbox, where no other page sees its runs.
      if (!navigator.locks) return held(async () => {});
      /** @type {Promise<unknown>} */
      const given = navigator.locks
        // Releasing waits until the lock is free, since only then do others see it.
        .request(lockOf(id), { ifAvailable: true }, (lock) => (lock ? new Promise((release) => held(async () => void (release(undefined), await given))) : held(null)))
        .catch(() => held(async () => {}));
    });

  /** @param {string} id */
  async function find(id) {
    const run = (await (await shelf()).runs()).find((run) => run.id === id);
    if (!run) throw new Error('this run is not there any more: it was deleted in another tab');
    return run;
  }

  /** @param {string} id @returns {Promise<{ run: Run, chart: PhaseChart }>} with all that is finished */
  async function read(id) {
    const run = await find(id);
    const chart = grown(run.chart, await (await shelf()).news(id));
    return { run, chart: { ...chart, provenance: { ...chart.provenance, seconds: run.seconds } } };
  }

  return {
    /** Why what is finished is lost with this page; nothing where it is kept. */
    unkept: () => unkept,
    /** All that are kept, the last one first. @returns {Promise<Listed[]>} */
    async list() {
      const [runs, locks] = await Promise.all([shelf().then((shelf) => shelf.runs()), navigator.locks?.query().catch(() => null)]);
      const held = new Set(locks?.held?.map(({ name }) => name));
      return runs.map((run) => ({ ...run, busy: held.has(lockOf(run.id)) })).sort((one, other) => other.begun - one.begun);
    },
    read,
    /**
     * Keeps a run from now on.
     * @param {Omit<Run, 'id' | 'begun' | 'done' | 'seconds'>} begun
     * @returns {Promise<Keeper>}
     */
    async begin(begun) {
      const run = { ...begun, id: crypto.randomUUID?.() ?? String(Math.random()), begun: Date.now(), done: 0, seconds: 0 };
      const release = (await hold(run.id)) ?? (async () => {});
      await (await shelf()).put(run).catch(lost);
      changed();
      return keeper(run, release);
    },
    /**
     * Takes up a run again.
     * @param {string} id
     * @returns {Promise<{ run: Run, chart: PhaseChart, keeper: Keeper }>}
     */
    async goOn(id) {
      const release = await hold(id);
      if (!release) throw new Error('another tab is training this run: go on there, or stop it there first');
      try {
        const { run, chart } = await read(id);
        changed();
        return { run, chart, keeper: keeper(run, release) };
      } catch (error) {
        await release();
        throw error;
      }
    },
    /** @param {string} id @param {string} name */
    async rename(id, name) {
      await (await shelf()).rename(id, name);
      changed();
      // Naming a chart means keeping it, so the browser is asked not to evict it. It may refuse, or ask the reader.
      navigator.storage?.persist?.().catch(() => false);
    },
    /**
     * @param {string} id
     * @returns {Promise<() => Promise<void>>} what brings it back, as long as the page is open
     */
    async remove(id) {
      const release = await hold(id);
      if (!release) throw new Error('another tab is training this run: stop it there first');
      const [run, news] = await Promise.all([find(id), shelf().then((shelf) => shelf.news(id))]);
      await (await shelf()).remove(id);
      await release();
      changed();
      return async () => {
        await (await shelf()).keep(run, news);
        changed();
      };
    },
    /**
     * Tells whenever the list has changed, here or in another tab.
     * @param {() => void} told
     * @returns {() => void} ends it
     */
    watch(told) {
      watchers.add(told);
      return () => void watchers.delete(told);
    },
  };
}

/** @typedef {ReturnType<typeof createRuns>} Runs */

/** @param {unknown} error */
function reasonOf(error) {
  const { name, message } = /** @type {Error} */ (error);
  return name === 'QuotaExceededError' ? 'the browser’s storage for this page is full: delete charts that you do not need' : `the browser gives this page no storage (${message || name})`;
}
