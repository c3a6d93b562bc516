// @ts-check
// What is on show has one owner: a chart only ever comes with its origin, and what was asked for before does not count any more.
import { firstView, fitting } from '../chart/look.js';
import { fetchChart } from './fetch-chart.js';
import { isBusy } from './state.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/fields.js').View} View */
/** @typedef {import('./state.js').State} State */
/** @typedef {import('./state.js').Origin} Origin */

/** Charts that nobody keeps, and are held to come back to. */
const HELD = 12;

/**
 * @param {import('../state/store.js').Store<State>} store
 * @param {import('./session.js').Session} session
 * @param {import('./room.js').Room} room
 * @param {{ base: () => string, shown: (chart: PhaseChart) => void, failed: (error: unknown) => void }} element where its addresses begin, and who is told
 */
export function createShowing(store, session, room, { base, shown, failed }) {
  const { home } = room;
  /** The chart that was asked for last, which counts, and how many trainings were begun before. */
  let asked = { trainings: 0 };
  /** Ends the fetching of one that does not count any more. */
  let fetching = new AbortController();
  /** Charts that nobody keeps but this page, by their key. @type {Map<number, { chart: PhaseChart, origin: Origin }>} */
  const held = new Map();

  /** Another chart is asked for. */
  function supersede() {
    fetching.abort();
    fetching = new AbortController();
    return (asked = { trainings: session.trainings() });
  }

  /**
   * Another chart comes: the training that is on is stopped, and where what it has finished is found is said.
   * @returns {string} as a sentence, nothing where none was on
   */
  function leaveTraining() {
    if (!isBusy(store.get().run)) return '';
    session.stop();
    const { origin, run: { cells, gaps, total, plan } } = store.get();
    if (!cells && !gaps) return '';
    const { dataset, protocol } = JSON.parse(plan);
    return `The training of ${dataset}, ${protocol.preset} was stopped for this chart, after ${cells + gaps} of ${total} squares: ${origin.kind === 'kept' ? 'they are kept, and “Go on” goes on with them' : '“Back” shows them as long as this page is open'}.`;
  }

  /**
   * @param {PhaseChart} chart
   * @param {Origin} origin
   * @param {{ request?: typeof asked, waits?: boolean, looks?: View | null }} [options]
   * @returns {boolean} whether it is what was asked for last
   */
  function show(chart, origin, { request = supersede(), waits = false, looks = null } = {}) {
    if (request !== asked) return false;
    // A training that started while the chart was loading goes on.
    const notice = request.trainings === session.trainings() ? leaveTraining() : store.get().notice;
    const { linked, view } = store.get();
    const wanted = looks ?? linked;
    store.set({ chart, origin, coming: '', notice, view: wanted ? fitting(chart, wanted) : firstView(chart, view), ...(waits ? {} : { linked: null }) });
    shown(chart);
    return true;
  }

  return {
    supersede,
    /** The chart of a training is on show: what was asked for before that was begun does not count any more. */
    trained() {
      if (asked.trainings < session.trainings()) supersede();
    },
    /** The chart of a training grows: it is held as it is now, to come back to. @param {State} state */
    hold({ chart, origin }) {
      if (!chart || (origin.kind !== 'given' && origin.kind !== 'training')) return;
      held.delete(origin.key);
      held.set(origin.key, { chart, origin });
      if (held.size > HELD) held.delete(/** @type {number} */ (held.keys().next().value));
    },
    /**
     * A chart from an address, or one of the reference charts by its name; one that cannot be had leaves the one before.
     * @param {string} source
     * @param {View | null} view how it is looked at, if not as before
     * @param {boolean} waits whether the view is of networks that have still to be trained, and waits for them
     * @returns {Promise<boolean>} whether it is on show
     */
    async open(source, view, waits) {
      const request = supersede();
      const isReference = Object.hasOwn(home.charts, source);
      store.set({ coming: source, linked: view });
      try {
        const address = isReference ? home.charts[source] : new URL(source, base()).href;
        const chart = await fetchChart(address, isReference, fetching.signal);
        return show(chart, isReference ? { kind: 'reference', name: source } : { kind: 'address', address }, { request, waits });
      } catch (error) {
        if (request !== asked) return false;
        const { message } = /** @type {Error} */ (error);
        store.set({ coming: '', notice: `The chart ${source} cannot be loaded (${message})${/: /.test(message) ? '' : `: ${isReference ? 'reload the page' : 'check its address'}`}. ${home.lack ?? 'Training works without it.'}` });
        failed(error);
        return false;
      }
    },
    /** A chart that was trained in this browser and is kept. @param {string} id @param {View | null} looks */
    async kept(id, looks) {
      const request = supersede();
      store.set({ coming: '' });
      if (!room.runs) return false;
      const { chart } = await room.runs.read(id);
      return show(chart, { kind: 'kept', id }, { request, looks });
    },
    /** What this page has shown before and nobody keeps. @param {number} key @param {View | null} looks @returns {boolean} whether it was there */
    held(key, looks) {
      const found = held.get(key);
      return found !== undefined && show(found.chart, found.origin, { looks });
    },
    /** A chart that is handed over. @param {PhaseChart} chart @param {string} name of its file */
    give: (chart, name) => show(chart, { kind: 'given', name, key: Date.now() + Math.random() }),
    /** A chart that a link carries. @param {string} text as `packChart` wrote it @param {View} looks */
    async carried(text, looks) {
      const request = supersede();
      const { unpackChart } = await import('../chart/take/carried.js');
      const chart = await unpackChart(text);
      return show(chart, { kind: 'carried', text }, { request, looks });
    },
    clear() {
      supersede();
      store.set({ chart: null, origin: { kind: 'nothing' }, coming: '', notice: leaveTraining() });
    },
  };
}
