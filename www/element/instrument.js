// @ts-check
// What an element shows: its parts, and what is drawn when.
import { curves, slices } from '../chart/curves.js';
import { h } from '../chart/elements.js';
import { inspector } from '../chart/inspector.js';
import { legend } from '../chart/legend.js';
import { title } from '../chart/look.js';
import { metrics } from '../chart/metrics.js';
import { provenance } from '../chart/provenance.js';
import { otherOf } from '../chart/subtract.js';
import { isWhole } from '../chart/summary.js';
import { table } from '../chart/table.js';
import { language } from '../chart/texts.js';
import { chartPlace } from './chart-place.js';
import { write } from './controls/form.js';
import { planControls } from './controls/plan.js';
import { keptControls } from './controls/kept.js';
import { progressView } from './controls/progress.js';
import { scaleControls } from './controls/scale.js';
import { takeControls } from './controls/take.js';
import { heldControls, hold, look, viewControls } from './controls/view.js';
import { facetPlace } from './facet-place.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {'none' | 'view' | 'train'} Controls */

/** What takes longer than so many milliseconds waits, while changes follow each other, until there was none for so many. */
const LONG = 20;
const PAUSE = 120;

/**
 * @param {ShadowRoot} root
 * @param {import('../state/store.js').Store<State>} store
 * @param {import('./session.js').Session} session
 * @param {import('./room.js').Room} room
 * @param {(id: string) => Promise<unknown>} showKept shows a run that is kept
 */
export function createInstrument(root, store, session, room, showKept) {
  const view = viewControls(store);
  const held = heldControls(store);
  const progress = progressView();
  const plan = planControls(store, session, () => room.home.data.own !== undefined);
  const take = takeControls(store, session, room);
  const kept = keptControls(store, session, room.runs, showKept);
  const place = chartPlace(store.get, (pin) => look(store, { pin }), (square) => (square ? small.mark(square.column, square.row) : small.leave()));
  const small = facetPlace(place.colour, (axis, value) => hold(store, axis, value));

  const scale = scaleControls(store, room);
  const legendPlace = h('div', { id: 'legend' }, legend(null, store.get().view));
  const heading = h('h2', { id: 'figure-title', className: 'figure-title', part: 'title' });
  const meaning = h('p', { id: 'meaning', className: 'hint' });
  const made = h('p', { id: 'provenance', className: 'hint', part: 'source' });
  const whose = h('p', { id: 'whose', className: 'hint', hidden: true });
  const notice = h('p', { id: 'notice', className: 'notice', role: 'alert', hidden: true });
  const form = h('div', { id: 'plan', role: 'group', 'aria-label': 'the plan' }, ...plan.fields);
  // Not submitted by the browser: a sandboxed frame does not allow that.
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement) plan.submit();
  });
  const numbers = h('details', { id: 'numbers' }, h('summary', {}, 'All numbers of this view as a table'), h('div', { id: 'table', tabIndex: 0, role: 'group', 'aria-label': 'table, which scrolls sideways' }));
  numbers.addEventListener('toggle', () => drawTable());
  const pinnedNumbers = h('div', { id: 'inspector' });
  const overTime = h('div', { id: 'curves' });
  const others = h('div', { id: 'slices' });

  const figure = h(
    'section',
    { id: 'figure', 'aria-labelledby': 'figure-title' },
    heading,
    whose,
    meaning,
    h('div', { id: 'view-controls', className: 'bar', part: 'controls' }, h('slot', { name: 'choose' }), ...view.elements),
    place.element,
    small.element,
    h('div', { id: 'held-axes', className: 'bar' }, ...held.elements),
    h('div', { className: 'bar' }, legendPlace, h('div', { id: 'thresholds', className: 'bar' }, ...view.thresholds)),
    scale.element,
    made,
  );
  const train = h('section', { id: 'train', 'aria-labelledby': 'train-title', part: 'train' }, h('h2', { id: 'train-title' }, 'Train your own'), kept.offer, ...plan.start, h('div', { id: 'progress' }, ...progress.elements), kept.unkept, notice, form, h('slot', { name: 'files' }), kept.list);
  const pinned = h('section', { id: 'pinned', 'aria-labelledby': 'pinned-title', part: 'pinned' }, h('h2', { id: 'pinned-title' }, 'Pinned network'), pinnedNumbers, overTime, others, h('slot', { name: 'pinned' }));
  const more = h('div', { id: 'more' }, take.element, numbers);
  const instrument = h('div', { className: 'instrument', part: 'instrument', hidden: true }, figure, train, pinned, more);
  // Shown until there is a chart, or if there is none.
  const fallback = h('slot', {});
  root.append(fallback, h('div', { className: 'frame', lang: language(), dir: 'ltr' }, instrument));

  /** What the drawings were drawn from, so that nothing is drawn twice. @type {{ chart: State['chart'], view: State['view'] | null, width: number }} */
  let drawn = { chart: null, view: null, width: 0 };
  let rest = 0;
  /** Milliseconds that all but the heatmap took the last time. */
  let restTook = 0;
  /** When chart or view changed last. */
  let changed = 0;
  let looks = true;

  /** @param {State} state */
  function show(state) {
    const { chart } = state;
    view.show(state);
    scale.show(state);
    held.show(state);
    plan.show(state);
    progress.show(state);
    take.show(state);
    kept.show(state);
    notice.hidden = !state.notice;
    write(notice, state.notice);
    if (chart || state.notice || !train.hidden) {
      fallback.hidden = true;
      instrument.hidden = false;
    }
    place.element.hidden = !chart && !state.coming;
    instrument.toggleAttribute('data-loading', !chart && state.coming !== '');
    for (const part of [pinned, more]) part.hidden = !looks || (!chart && !state.coming);
    const said = chart ? title(chart, state.view) : state.coming ? 'Loading …' : 'No chart yet';
    write(heading, said);
    const { origin } = state;
    const host = origin.kind === 'address' ? new URL(origin.address).host : '';
    const from = origin.kind === 'carried' ? 'the link that you followed' : host;
    whose.hidden = !from || host === new URL(room.home.page ?? document.baseURI).host;
    write(whose, from && `This chart and its words are from ${from}.`);
    write(meaning, `Colour: ${chart && otherOf(chart, state.view) ? `${metrics[state.view.metric].label}, less that of the same network of the other chart` : metrics[state.view.metric].means}.${chart && !isWhole(chart) && !otherOf(chart, state.view) ? ' Squares are missing, so only the under-expressive regime is known.' : ''}`);
    if (!chart || (chart === drawn.chart && state.view === drawn.view)) return;
    drawn = { chart, view: state.view, width: place.element.clientWidth };
    place.draw(chart, state.view);
    small.draw(chart, state.view);
    legendPlace.replaceChildren(legend(chart, state.view));
    made.replaceChildren(...provenance(chart));
    pinnedNumbers.replaceChildren(inspector(chart, state.view));
    // In a separate task, so that neither blocks the reader; if it is slow and changes follow quickly, only after the last one.
    clearTimeout(rest);
    const now = performance.now();
    rest = window.setTimeout(drawRest, restTook > LONG && now - changed < PAUSE ? PAUSE : 0);
    changed = now;
  }

  function drawRest() {
    const { chart, view } = store.get();
    if (!chart) return;
    if (pinned.hidden) return;
    const begun = performance.now();
    const drawing = curves(chart, view, overTime.clientWidth || 600);
    overTime.replaceChildren(...(drawing ? [drawing] : []));
    others.replaceChildren(...slices(chart, view, others.clientWidth || 600));
    drawTable();
    restTook = performance.now() - begun;
  }

  function drawTable() {
    const { chart, view } = store.get();
    if (numbers.open && chart) numbers.lastElementChild?.replaceChildren(table(chart, view));
  }

  const sizes = new ResizeObserver(() => {
    if (place.element.clientWidth === drawn.width) return;
    drawn = { ...drawn, chart: null };
    show(store.get());
  });
  sizes.observe(place.element);
  const ends = [store.subscribe(show)];
  /** Whether it looks what is kept. */
  let looksKept = false;
  return {
    /** @param {Controls} controls */
    control(controls) {
      looks = controls !== 'none';
      const trains = controls === 'train';
      instrument.className = `instrument with-${controls}`;
      for (const element of figure.querySelectorAll('#view-controls, #held-axes, #thresholds, #scale')) /** @type {HTMLElement} */ (element).hidden = !looks;
      train.hidden = !trains;
      if (trains && !looksKept) ends.push(kept.begin());
      looksKept ||= trains;
      // Without the panel, a failure is shown under the chart.
      if (trains) form.before(notice);
      else figure.append(notice);
      show(store.get());
    },
    unfold: plan.unfold,
    end() {
      sizes.disconnect();
      clearTimeout(rest);
      ends.forEach((end) => end());
    },
  };
}
