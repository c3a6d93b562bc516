// @ts-check
// The page's link: it says what the page shows, and the page shows what it says.
import { linkOf, readLink, saidWrongly } from '../state/link.js';

/** @typedef {import('../element/hash-phase-chart.js').HashPhaseChart} HashPhaseChart */

const OWN = 'This link is of networks that were trained in a browser: press Train to train them in this one. Until then a reference chart is on show.';

/**
 * @param {HashPhaseChart} chart
 * @param {string[]} references names of the charts, the first being shown where a link names none
 * @param {Window} window
 * @param {() => void} begin brings the element to life, once it knows what to show
 */
export function followLinks(chart, references, window, begin) {
  const { location, history } = window;
  /** Networks that were trained here, to come back to. @type {HashPhaseChart['chart']} */
  let own = null;
  /** Whether a link is still to be read, or of networks that have still to be trained: it stays until then. */
  let waits = true;
  /** The fields that changed last: changing them again is the same step. */
  let last = '';

  /** @param {boolean} [replace] whether it is no step of the reader's */
  function write(replace = false) {
    if (waits) return;
    const [before, now] = [location.hash.slice(1), linkOf(chart.settings, references)];
    if (now === before) return;
    const [one, other] = [before, now].map((text) => new URLSearchParams(text));
    const changed = [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name)).join();
    const address = now ? `#${now}` : location.pathname + location.search;
    if (replace || chart.isTraining || changed === last) history.replaceState(null, '', address);
    else history.pushState(null, '', address);
    last = replace ? '' : changed;
  }

  /** Does what a link says, at the beginning and when another one is typed or gone back to. */
  async function follow() {
    const { view, plan, engine, reference, src, problems } = readLink(location.hash, references);
    waits = true;
    chart.set({ plan, engine, notice: '' });
    const source = src || reference;
    const isOwn = !source && own !== null;
    let isKept = false;
    if (chart.chart && source === chart.settings.source) chart.view = view;
    else if (isOwn) {
      chart.chart = own;
      chart.view = view;
    } else if (source || !(isKept = await lastKept(view))) await chart.open(source || references[0], location.hash.length > 1 ? view : null, { waits: !source });
    waits = !source && !isOwn && !isKept;
    const said = [chart.notice, saidWrongly(problems), waits ? OWN : ''].filter(Boolean).join(' ');
    if (said) chart.set({ notice: said });
    write(true);
  }

  /** After a reload, networks that were trained here are those that were kept last. @param {import('../state/fields.js').View} view */
  async function lastKept(view) {
    const found = await chart.showKept().catch(() => false);
    if (found) chart.view = view;
    return found;
  }

  chart.addEventListener('ready', () => {
    if (chart.settings.source === '') waits = false;
  });
  chart.addEventListener('change', () => {
    if (chart.settings.source === '' && chart.chart) own = chart.chart;
    write();
  });
  chart.addEventListener('done', () => (own = chart.chart));
  begin();
  window.addEventListener('popstate', follow);
  // A link in the text leads to its chart, too.
  window.document.addEventListener('click', ({ target }) => target instanceof Element && target.closest('a[href^="#reference="]') && chart.scrollIntoView());
  follow();
}
