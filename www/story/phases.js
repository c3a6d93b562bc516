// @ts-check
// Around the chart: training played like a film, two networks side by side, and what stands behind a square.
import { h } from '../chart/elements.js';
import { axisLabel, axisText, hasMetric, metrics, number } from '../chart/metrics.js';
import { summaryAt } from '../chart/summary.js';
import { write } from '../element/controls/form.js';
import { retrained } from '../element/weights.js';
import { metricNames } from '../state/names.js';
import { createStudies } from './codes/study.js';

/** @typedef {import('../element/hash-phase-chart.js').HashPhaseChart} HashPhaseChart */
/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/fields.js').Place} Place */

/** Milliseconds that each epoch is shown. */
const FRAME = 800;

/**
 * A network in a line.
 * @param {PhaseChart} chart
 * @param {Place} pin
 */
const named = (chart, { width, epoch, samples, factor }) =>
  `width ${width}, epoch ${epoch}, ${samples.toLocaleString('en')} examples${chart.axes.factor ? `, ${axisLabel(chart, 'factor')} ${axisText(chart, 'factor', factor)}` : ''}`;

/**
 * Plays training: the chart over width and sample size, epoch by epoch.
 * @param {HashPhaseChart} chart
 * @param {HTMLElement} place
 */
export function playTraining(chart, place) {
  const button = h('button', { type: 'button', id: 'play' }, '▶ Play training');
  let timer = 0;
  /** What the film shows: a reader who looks elsewhere has left it. @type {{ chart: PhaseChart, view: import('../state/fields.js').View } | null} */
  let playing = null;
  function stop() {
    clearTimeout(timer);
    [timer, playing] = [0, null];
    write(button, '▶ Play training');
  }

  /** Whether a reader has chosen another chart, axis, place or network meanwhile; another colour leaves the film on. */
  function wasLeft() {
    const { chart: shown, view } = chart;
    return playing !== null && (playing.chart !== shown || /** @type {const} */ (['x', 'y', 'at', 'pin']).some((field) => JSON.stringify(view[field]) !== JSON.stringify(playing?.view[field])));
  }

  /** @param {number} at place of the epoch */
  function show(at) {
    const { chart: shown, view } = chart;
    if (!shown || !view.pin || wasLeft()) return stop();
    const { epoch: epochs, samples, factor } = shown.axes;
    const epoch = epochs[at];
    // The axis beside training time: sample sizes, a factor, or, if there is neither, only the pinned network moves.
    const y = samples.length > 1 ? 'samples' : (factor?.values.length ?? 0) > 1 ? 'factor' : 'epoch';
    // The following changes come from the animation itself.
    playing = null;
    chart.view = { ...view, x: 'width', y, at: { ...view.at, epoch }, pin: { ...view.pin, epoch } };
    playing = { chart: shown, view: chart.view };
    if (at + 1 >= epochs.length) stop();
    else timer = window.setTimeout(() => show(at + 1), FRAME);
  }

  button.addEventListener('click', () => {
    if (timer) return stop();
    write(button, '■ Stop');
    show(0);
  });
  // If the reader chooses something else in between, the animation does not take over again.
  chart.addEventListener('change', () => wasLeft() && stop());
  place.append(button);
}

/**
 * @param {HashPhaseChart} chart
 * @param {import('../element/room.js').Room} room
 * @param {HTMLElement} place in the chart's panel of the pinned network
 */
export function inside(chart, room, place) {
  const hold = h('button', { type: 'button', id: 'hold' }, 'Compare');
  const look = h('button', { type: 'button', id: 'look-inside' }, 'Look inside');
  const state = h('p', { className: 'hint', role: 'status' });
  const compared = h('div', { id: 'compared' });
  const views = h('div', { className: 'studied' });
  const bar = h('div', { className: 'bar' }, look, hold);
  place.replaceChildren(bar, compared, state, views);

  /** @type {{ chart: PhaseChart, pin: Place } | null} */
  let held = null;
  /** What the last study is of. */
  let which = '';

  const studies = createStudies(room, place, state, {
    studied: (_, draw) => views.replaceChildren(...draw()),
    finished: (isSame) => `${views.childElementCount ? 'Inside' : 'Training diverged: there are no codes inside'} ${which}: ${isSame ? 'the same network as in the chart' : 'a chart holds numbers only, so the network was trained again here; its last digits may differ'}.`,
  });

  bar.append(studies.pause);

  hold.addEventListener('click', () => {
    const { chart: shown, view } = chart;
    held = held || !shown || !view.pin ? null : { chart: shown, pin: view.pin };
    compare();
  });

  look.addEventListener('click', () => {
    const { chart: shown, view } = chart;
    if (!shown || !view.pin) return write(state, 'Click a square of the chart first.');
    const { pin } = view;
    const { plan, population } = retrained(shown, pin);
    which = `${named(shown, pin)}, seed ${population.seed}`;
    views.replaceChildren();
    studies.study({ plan, width: pin.width, epochs: [pin.epoch], population, of: { dataset: shown.dataset, provenance: shown.provenance } });
  });

  function compare() {
    write(hold, held ? 'End comparison' : 'Compare');
    const { chart: shown, view } = chart;
    if (!held || !shown || !view.pin) return compared.replaceChildren();
    const [one, other] = [summaryAt(held.chart, held.pin), summaryAt(shown, view.pin)];
    const rows = metricNames.filter((metric) => hasMetric(shown, metric)).map((metric) => {
      const [before, now] = [one, other].map((summary) => summary?.bands[metric]?.mean);
      const change = before === undefined || now === undefined ? '–' : `${now < before ? '−' : '+'}${Math.abs(now - before).toFixed(3)}`;
      return h('tr', {}, h('td', {}, metrics[metric].label), h('td', {}, number(before)), h('td', {}, number(now)), h('td', {}, change));
    });
    const head = h('tr', {}, h('th', { scope: 'col' }, ' '), ...['first', 'pinned', 'change'].map((name) => h('th', { scope: 'col' }, name)));
    const title = `First: ${named(held.chart, held.pin)}${held.chart.title === shown.title ? '' : ` (${held.chart.title})`}. Pinned: ${named(shown, view.pin)}.`;
    compared.replaceChildren(h('table', {}, h('caption', {}, title), h('thead', {}, head), h('tbody', {}, ...rows)));
  }
  for (const event of ['change', 'ready', 'done']) chart.addEventListener(event, compare);
}
