// @ts-check
// The page's link: it says what the page shows, and the page shows what it says. An entry of the browser's history has, beside its link,
// where its chart is from, so that Back, Forward and a reload come to the very chart, where it is still to be had.
import { identity } from '../element/state.js';
import { readLink, saidWrongly } from '../state/link.js';
import { OWN } from '../state/names.js';
import { readPlan } from '../state/plan-form.js';
import { formOf, samePlan } from '../state/plan-text.js';

/** @typedef {import('../element/hash-phase-chart.js').HashPhaseChart} HashPhaseChart */
/** @typedef {import('../element/state.js').Origin} Origin */
/** @typedef {ReturnType<typeof readLink>} Linked */

const UNTRAINED = 'This link is of networks that were trained in a browser: press Train to train them in this one. Until then a reference chart is on show.';
const UNKNOWN_DATA = 'This link is of a chart of somebody’s own data, which a link does not carry: ask for the chart’s file, and load it here. Until then a reference chart is on show.';
const gone = (/** @type {string} */ name) => `${name ? `The file ${name}` : 'The chart of this link'} was not kept when the page was left: load it again. Until then a reference chart is on show.`;

/**
 * @param {HashPhaseChart} chart
 * @param {string[]} references names of the charts, the first being shown where a link names none
 * @param {import('../kept/runs.js').Runs} runs
 * @param {Window} window
 * @param {() => void} begin brings the element to life, once it knows what to show
 */
export function followLinks(chart, references, runs, window, begin) {
  const { location, history } = window;
  /** Links followed, and whether the last one is still on its way: until it is there nothing is written. */
  let followed = 0;
  let waits = true;
  /** The fields that changed last: changing them again is the same step. */
  let last = '';

  /** @param {boolean} [replace] whether it is no step of the reader's */
  function write(replace = false) {
    if (waits) return;
    const { origin } = chart.settings;
    const [before, now] = [location.hash.slice(1), chart.words.fields];
    /** @type {Origin | undefined} */
    const there = history.state?.origin;
    const isOther = !there || identity(there) !== identity(origin);
    if (now === before && JSON.stringify(there) === JSON.stringify(origin)) return;
    const [one, other] = [before, now].map((text) => new URLSearchParams(text));
    const changed = [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name)).join();
    const address = now ? `#${now}` : location.pathname + location.search;
    // A training that has just been stored is still the same chart.
    const isNamed = there?.kind === 'training' && origin.kind === 'training' && there.key === origin.key;
    if (replace || isNamed || (!isOther && (now === before || chart.isTraining || changed === last))) history.replaceState({ origin }, '', address);
    else history.pushState({ origin }, '', address);
    last = replace ? '' : changed;
  }

  /** Does what a link says, at the beginning and when another one is typed or gone back to. */
  async function follow() {
    const mine = ++followed;
    waits = true;
    const linked = readLink(location.hash, references);
    /** @type {Origin | undefined} */
    const origin = history.state?.origin;
    chart.set({ plan: linked.plan, given: linked.given ?? null, engine: linked.engine, notice: '' });
    const missing = await bring(linked, origin, () => mine === followed);
    if (mine !== followed) return;
    waits = false;
    last = '';
    const said = [chart.notice, saidWrongly(linked.problems), missing].filter(Boolean).join(' ');
    if (said) chart.set({ notice: said });
    // The link of a chart that failed to load is kept until the reader does something else.
    if (!missing) write(true);
  }

  /**
   * Brings a link's chart.
   * @param {Linked} linked
   * @param {Origin | undefined} origin what the entry of the link showed; none where the link was typed, or came from elsewhere
   * @param {() => boolean} counts whether it is still the one that is followed
   * @returns {Promise<string>} why another chart is on show; nothing where none is
   */
  async function bring(linked, origin, counts) {
    const { view, src, reference, carried } = linked;
    const { origin: now } = chart.settings;
    if (chart.chart && origin && identity(origin) === identity(now)) {
      chart.view = view;
      return '';
    }
    if (carried) return unpacked(carried, view, counts);
    if (src || reference) return open(src || reference, view, src ? now.kind === 'address' && now.address === src : now.kind === 'reference' && now.name === reference);
    if ((origin?.kind === 'training' || origin?.kind === 'given') && chart.showHeld(origin.key, view)) return '';
    if ((origin?.kind === 'training' || origin?.kind === 'kept') && origin.id && (await keptAs(origin.id, view))) return '';
    if (!counts()) return '';
    if (origin?.kind === 'given') return instead(view, gone(origin.name));
    const plan = linked.given ?? readPlan(linked.plan).plan;
    // The same networks, trained in this browser: who asked for them makes no difference.
    const same = (await runs.list().catch(() => [])).find((run) => run.done === run.total && !run.busy && run.plan.dataset !== OWN && samePlan(run.plan, plan));
    if (!counts() || (same && (await keptAs(same.id, view)))) return '';
    return instead(view, plan.dataset === OWN ? UNKNOWN_DATA : UNTRAINED);
  }

  /** @param {string} source @param {import('../state/fields.js').View} view @param {boolean} isThere */
  async function open(source, view, isThere) {
    if (chart.chart && isThere) chart.view = view;
    else await chart.open(source, location.hash.length > 1 ? view : null);
    return '';
  }

  /** A chart that the link has in it; the form is filled with its plan. @param {string} text @param {import('../state/fields.js').View} view @param {() => boolean} counts */
  async function unpacked(text, view, counts) {
    try {
      const shown = await chart.showCarried(text, view);
      const plan = shown && chart.chart && formOf({ dataset: chart.chart.dataset.name, protocol: chart.chart.protocol, axes: chart.chart.axes });
      if (plan) chart.set({ plan });
      return '';
    } catch (error) {
      return counts() ? instead(view, `The chart in this link cannot be shown (${/** @type {Error} */ (error).message}). Until then a reference chart is on show.`) : '';
    }
  }

  /** @param {string} id @param {import('../state/fields.js').View} view */
  const keptAs = (id, view) => chart.showKept(id, view).catch(() => false);

  /** A reference chart in the place of one that cannot be had; the view waits for that one. @param {import('../state/fields.js').View} view @param {string} words */
  async function instead(view, words) {
    await chart.open(references[0], view, { waits: true });
    return words;
  }

  chart.addEventListener('change', () => write());
  begin();
  window.addEventListener('popstate', follow);
  // A link in the text opens its chart, too.
  window.document.addEventListener('click', ({ target }) => target instanceof Element && target.closest('a[href^="#reference="]') && chart.scrollIntoView());
  follow();
}
