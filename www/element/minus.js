// @ts-check
// The chart that a view subtracts: fetched as soon as a view names it, and put beside its name.
import { isFetched } from '../chart/subtract.js';
import { fetchChart } from './fetch-chart.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */

/** Before the name of a run that is kept. */
export const KEPT = 'kept:';

/**
 * @param {import('../state/store.js').Store<State>} store
 * @param {import('./room.js').Room} room
 * @param {string} base address that others are relative to
 * @returns {() => void} ends it
 */
export function followMinus(store, room, base) {
  /** What is on its way. */
  let coming = '';
  let ended = new AbortController();

  /** @param {string} name @param {AbortSignal} signal @returns {Promise<PhaseChart>} */
  async function fetched(name, signal) {
    const { charts } = room.home;
    if (name.startsWith(KEPT)) {
      if (!room.runs) throw new Error('this page keeps no charts');
      return (await room.runs.read(name.slice(KEPT.length))).chart;
    }
    if (Object.hasOwn(charts, name)) return fetchChart(charts[name], true, signal);
    if (!/^https?:/.test(name)) throw new Error(`no chart has this name: give one of ${Object.keys(charts).join(', ')}, or an address`);
    return fetchChart(new URL(name, base).href, false, signal);
  }

  /** @param {State} state */
  async function follow({ view }) {
    const name = isFetched(view) && view.other?.name !== view.minus ? view.minus : '';
    if (name === coming) return;
    ended.abort();
    ended = new AbortController();
    const { signal } = ended;
    coming = name;
    if (!name) return;
    /** @param {Partial<State['view']>} change @param {Partial<State>} [more] */
    const set = (change, more) => {
      if (signal.aborted) return;
      store.set({ ...more, view: { ...store.get().view, ...change } });
    };
    try {
      set({ other: { name, chart: await fetched(name, signal) } });
    } catch (error) {
      set({ minus: '' }, { notice: `The chart ${name.replace(KEPT, '')} cannot be subtracted (${/** @type {Error} */ (error).message}).` });
    }
  }
  const leave = store.subscribe(follow);
  follow(store.get());
  return () => {
    leave();
    ended.abort();
  };
}
