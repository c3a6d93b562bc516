// @ts-check
// Wires the store, the views and the engine together.
import * as Plot from '@observablehq/plot';
import { watchCatalogue, whyNot } from './engine/catalogue.js';
import { findAdapter } from './engine/choose.js';
import { encodeNetwork } from './engine/encode-network.js';
import { readChart } from './engine/read-chart.js';
import { metrics } from './metrics.js';
import { createSession, firstView, fitting, middlePin } from './session.js';
import { createStore, isBusy, ofLink, references, writeHash } from './store.js';
import { summarise } from './summary.js';
import { drawChart, placeOf, squares } from './views/chart.js';
import { heldControls, planControls, referenceControl, viewControls } from './views/controls.js';
import { drawCurves } from './views/curves.js';
import { paperFigures } from './views/figures.js';
import { h, place } from './views/elements.js';
import { elsewhereView } from './views/elsewhere.js';
import { inspector } from './views/inspector.js';
import { progressView } from './views/progress.js';
import { provenance } from './views/provenance.js';
import { table } from './views/table.js';

/** @typedef {import('./store.js').State} State */
/** @typedef {import('./types.d.ts').PhaseChart} PhaseChart */

/** Milliseconds between two drawings while cells come in: the page stays free for the reader. */
const REDRAW_EVERY = 400;

const store = createStore(location.hash);

// ---- views ----

const view = viewControls(store);
const held = heldControls(store);
const progress = progressView();
const adapterFound = findAdapter();
const session = createSession(store, adapterFound);
const plan = planControls(store, session);
place('view-controls').append(...view.elements);
place('thresholds').append(...view.thresholds);
place('held-axes').append(...held.elements);
place('progress').append(...progress.elements);
const form = place('plan');
form.append(...plan.elements);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  plan.submit();
});
place('files').append(...fileControls());
const reference = referenceControl(store, (name) => {
  openReference(name, (chart) => firstView(chart, store.get()));
});
place('view-controls').prepend(reference.element);

/** @type {{ chart: PhaseChart | null, cells: number, summaries: ReturnType<typeof summarise> }} */
let summarised = { chart: null, cells: -1, summaries: new Map() };

/** @param {State} state */
function summariesOf({ chart }) {
  if (chart && (summarised.chart !== chart || summarised.cells !== chart.cells.length))
    summarised = { chart, cells: chart.cells.length, summaries: summarise(chart) };
  return chart ? summarised.summaries : new Map();
}

/** @type {State['elsewhere']} */
let shownElsewhere = null;
/** What the drawings were drawn from, so that nothing is drawn twice. */
let drawn = '';
/** @type {PhaseChart | null} */
let drawnChart = null;
let drawnAt = -Infinity;
let waiting = 0;
let rest = 0;
/** @type {ReturnType<typeof drawChart>} */
let shownPlot = null;

/** Draws what has changed; the drawings themselves at most every REDRAW_EVERY while cells come in. */
function show() {
  const state = store.get();
  view.show(state);
  held.show(state);
  reference.show(state);
  plan.show(state);
  progress.show(state);
  if (shownElsewhere !== state.elsewhere) place('elsewhere').replaceChildren(...elsewhereView((shownElsewhere = state.elsewhere)));
  const notice = place('notice');
  notice.hidden = !state.notice;
  notice.textContent = state.notice;
  const { chart, metric, x, y, at, pin, redundancy, accuracy } = state;
  const width = place('chart').clientWidth;
  const seen = JSON.stringify([chart?.provenance, chart?.cells.length, chart?.gaps?.length, state.reference, metric, x, y, at, pin, redundancy, accuracy, width]);
  if (seen === drawn && chart === drawnChart) return;
  const wait = state.run.status === 'running' ? drawnAt + REDRAW_EVERY - performance.now() : 0;
  if (wait > 0) {
    if (!waiting) waiting = window.setTimeout(() => ((waiting = 0), show()), wait);
    return;
  }
  drawn = seen;
  drawnChart = chart;
  drawnAt = performance.now();
  draw(state);
}

/**
 * Draws in two tasks, so that neither keeps the reader waiting.
 * @param {State} state
 */
function draw(state) {
  const summaries = summariesOf(state);
  place('figure-title').textContent = state.chart ? `${state.chart.title}: ${metrics[state.metric].label}` : state.reference ? 'Loading …' : 'No chart yet';
  const plot = drawChart(state, summaries, place('chart').clientWidth);
  if (plot) place('chart').replaceChildren((shownPlot = plot));
  clearTimeout(rest);
  rest = window.setTimeout(() => drawRest(state, summaries));
}

/**
 * @param {State} state
 * @param {ReturnType<typeof summariesOf>} summaries
 */
function drawRest(state, summaries) {
  place('provenance').replaceChildren(...(state.chart ? provenance(state.chart) : []));
  place('inspector').replaceChildren(inspector(state, summaries));
  const curves = drawCurves(state, summaries, place('curves').clientWidth || 600);
  place('curves').replaceChildren(...(curves ? [curves] : []));
  const figures = /** @type {HTMLDetailsElement} */ (place('paper'));
  if (figures.open) place('paper-figures').replaceChildren(...paperFigures(state, summaries, place('paper-figures').clientWidth));
  if (/** @type {HTMLDetailsElement} */ (place('numbers')).open) place('table').replaceChildren(table(state, summaries));
}

place('legend').append(Plot.legend({ color: { type: 'linear', scheme: 'viridis', domain: [0, 1], label: 'from 0 to 1; grey: not trained yet' }, width: 280, style: { fontSize: '12px' } }));
for (const details of ['paper', 'numbers']) place(details).addEventListener('toggle', () => drawRest(store.get(), summariesOf(store.get())));
new ResizeObserver(() => show()).observe(place('chart'));

const chartPlace = place('chart');

// A press and a release on the same square pin its network. While cells come in, the drawing may be another one meanwhile, so
// that its own clicks would be lost.
/** @type {string} */
let pressed = '';
// Plot keeps the press for itself, so it is heard on its way there.
chartPlace.addEventListener('pointerdown', (event) => (pressed = JSON.stringify(squareAt(event))), { capture: true });
chartPlace.addEventListener('pointerup', (event) => {
  const pin = squareAt(event);
  if (pin && event.button === 0 && JSON.stringify(pin) === pressed) store.set({ pin });
});

/**
 * The place of the square under the pointer.
 * @param {PointerEvent} event
 */
function squareAt({ clientX, clientY }) {
  const state = store.get();
  const view = squares(state, summariesOf(state));
  const [x, y] = [shownPlot?.scale('x'), shownPlot?.scale('y')];
  const svg = chartPlace.querySelector('svg');
  if (!view || !x || !y || !svg) return null;
  const { left, top } = svg.getBoundingClientRect();
  const on = (/** @type {import('@observablehq/plot').Scale} */ scale, /** @type {number[]} */ values, /** @type {number} */ at) =>
    values.find((value) => at >= scale.apply(value) && at < scale.apply(value) + (scale.bandwidth ?? 0));
  const [column, row] = [on(x, view.columns, clientX - left), on(y, view.rows, clientY - top)];
  if (column === undefined || row === undefined) return null;
  return placeOf(state, view.others, column, row);
}

// The arrow keys move the pin over the chart.
chartPlace.tabIndex = 0;
chartPlace.setAttribute('role', 'group');
chartPlace.setAttribute('aria-label', 'Phase chart: arrow keys move the pinned network');
chartPlace.addEventListener('keydown', (event) => {
  const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  const state = store.get();
  const shown = squares(state, summariesOf(state));
  // With another key they are the browser's: back, say.
  if (!move || !shown || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { columns, rows, others } = shown;
  const step = (/** @type {number[]} */ values, /** @type {number | undefined} */ from, /** @type {number} */ by) =>
    values[Math.max(0, Math.min(values.length - 1, (from === undefined ? 0 : values.indexOf(from)) + by))];
  store.set({ pin: placeOf(state, others, step(columns, state.pin?.[state.x], move[0]), step(rows, state.pin?.[state.y], move[1])) });
});

// ---- files ----

function fileControls() {
  const download = h('button', { type: 'button', id: 'download' }, 'Download chart');
  download.addEventListener('click', () => {
    const { chart } = store.get();
    if (!chart) return;
    const address = URL.createObjectURL(new Blob([`${JSON.stringify(chart)}\n`], { type: 'application/json' }));
    h('a', { href: address, download: `${chart.dataset.name}-${chart.protocol.preset}.json` }).click();
    URL.revokeObjectURL(address);
  });
  const input = h('input', { type: 'file', id: 'load', accept: '.json,application/json,.safetensors' });
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    input.value = '';
    if (file) open(file);
  });
  return [download, h('label', { className: 'button' }, 'Load chart or network', input)];
}

document.addEventListener('dragover', (event) => event.preventDefault());
document.addEventListener('drop', (event) => {
  event.preventDefault();
  const file = event.dataTransfer?.files[0];
  if (file) open(file);
});

/** Files opened, and which of them counts: the last. */
let opened = 0;

/** @param {File} file */
async function open(file) {
  const mine = ++opened;
  const isLast = () => mine === opened;
  try {
    if (file.name.endsWith('.safetensors')) return await openNetwork(file, isLast);
    const chart = await readChart(await file.text(), cpuEngine());
    if (!isLast()) return;
    if (isBusy(store.get().run)) session.stop();
    store.set({ chart, reference: '', linked: null, ...firstView(chart, store.get()), notice: '' });
  } catch (error) {
    if (isLast()) store.set({ notice: `${file.name}: ${/** @type {Error} */ (error).message}` });
  }
}

/** The engine that reads files, which may not be there yet. */
function cpuEngine() {
  const { catalogue } = store.get();
  if (!catalogue?.cpu) throw new Error(whyNot(catalogue, 'cpu'));
  return catalogue.cpu;
}

/**
 * Measures a network that was trained elsewhere on the data set chosen in the form.
 * @param {File} file
 * @param {() => boolean} isLast whether no other file was opened since
 */
async function openNetwork(file, isLast) {
  const { name } = file;
  const { dataset } = store.get().plan;
  const set = (/** @type {Partial<NonNullable<State['elsewhere']>>} */ change) => isLast() && store.set({ elsewhere: { name, dataset, share: 1, numbers: null, ...change } });
  store.set({ notice: '' });
  set({});
  try {
    set({ numbers: await encodeNetwork(new Uint8Array(await file.arrayBuffer()), dataset, cpuEngine(), (share) => set({ share })) });
  } catch (error) {
    if (isLast()) store.set({ elsewhere: null });
    throw error;
  }
}

// ---- opening ----

store.subscribe(show);
store.subscribe((state) => {
  // A link to networks that have still to be trained stays until they are.
  if (state.linked) return;
  const hash = writeHash(state);
  if (hash !== location.hash.slice(1)) history.replaceState(null, '', hash ? `#${hash}` : location.pathname + location.search);
});
addEventListener('hashchange', () => follow(location.hash));
show();

/**
 * Shows a reference chart; one that cannot be had leaves the one before.
 * @param {string} name
 * @param {(chart: PhaseChart) => Partial<State>} view how it is looked at
 * @param {State['linked']} [linked] how the networks of a link are looked at once they are trained
 */
async function openReference(name, view, linked = null) {
  const before = store.get();
  if (isBusy(before.run)) session.stop();
  store.set({ reference: name, linked, notice: '' });
  const isLast = () => store.get().reference === name;
  try {
    const answer = await fetch(new URL(`./charts/${name}.json`, import.meta.url));
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    /** @type {PhaseChart} */
    const chart = await answer.json();
    if (isLast()) store.set({ chart, ...view(chart) });
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    const reference = before.chart ? before.reference : '';
    if (isLast()) store.set({ reference, notice: `The chart ${name} cannot be loaded (${message}): reload the page. Training works without it.` });
  }
}

/**
 * Does what a link says, at the beginning and when another one is typed.
 * @param {string} hash
 */
async function follow(hash) {
  const { reference, notice, ...view } = ofLink(hash);
  const { chart, reference: shown } = store.get();
  store.set({ ...view, notice });
  if (chart && reference === shown) return store.set({ ...fitting(chart, store.get()), pin: view.pin ?? middlePin(chart) });
  const { metric, x, y, at, pin } = view;
  const linked = reference ? null : { metric, x, y, at, pin };
  await openReference(reference || references[0].name, (chart) => ({ ...(hash ? fitting : firstView)(chart, store.get()), pin: (reference && pin) || middlePin(chart) }), linked);
  const own = reference ? '' : 'This link is of networks that were trained in a browser: press Train to train them in this one. Until then a reference chart is on show.';
  if (notice || own) store.set({ notice: [store.get().notice, notice, own].filter(Boolean).join(' ') });
}

// Without a link the whole chart, a network in its middle pinned.
await follow(location.hash);
watchCatalogue(document.baseURI, (catalogue) => store.set({ catalogue }));
store.set({ adapter: await adapterFound });
