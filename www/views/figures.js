// @ts-check
// The paper's figures: metrics over width, time and sample size with a band over seeds, the published values as rings.
import * as Plot from '@observablehq/plot';
import { axisLabel, axisText, axisValues, metrics } from '../metrics.js';
import { publishedPoints, withheld } from '../published.js';
import { held } from './chart.js';
import { drawing, h } from './elements.js';

/** @typedef {import('../store.js').State} State */
/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../summary.js').Summary} Summary */
/** @typedef {import('../metrics.js').Axis} Axis */
/** @typedef {import('../metrics.js').Metric} Metric */
/** @typedef {{ x: number, curve: string, mean: number, low: number, high: number, published?: number }} Point */

/** Widths of the figures over time and sample size, where a chart has them (paper). @type {Record<string, number[]>} */
const paperWidths = { mnist: [40, 50, 60], cifar10: [10, 20, 50] };

/** What each figure shows: redundancy, then accuracy. @type {Record<'width' | 'epoch' | 'samples', Metric[][]>} */
const panels = {
  width: [['redundancy-train', 'redundancy-test'], ['kmeans', 'knn', 'logistic']],
  epoch: [['redundancy-train'], ['knn']],
  samples: [['redundancy-test'], ['knn']],
};

/**
 * @param {State} state
 * @param {Map<string, Summary>} summaries
 * @param {number} width in pixels, of the place for all of them
 * @returns {HTMLElement[]}
 */
export function paperFigures(state, summaries, width) {
  const { chart } = state;
  if (!chart) return [];
  const each = width < 720 ? width : (width - 24) / 2;
  return /** @type {const} */ (['width', 'epoch', 'samples'])
    .filter((over) => chart.axes[over].length > 1)
    .map((over) => h('div', { className: 'figures' }, ...panels[over].map((shown) => panel(state, chart, summaries, over, shown, each))));
}

/**
 * @param {State} state
 * @param {PhaseChart} chart
 * @param {Map<string, Summary>} summaries
 * @param {'width' | 'epoch' | 'samples'} over
 * @param {Metric[]} shown
 * @param {number} width
 */
function panel(state, chart, summaries, over, shown, width) {
  const widths = over === 'width' ? [undefined] : shownWidths(chart);
  const at = heldAt(state, over);
  const points = widths.flatMap((one) => shown.flatMap((metric) => curve(chart, summaries, over, at, metric, one)));
  const names = [...new Set(points.map(({ curve }) => curve))];
  const places = /** @type {[Axis, number][]} */ (Object.entries(at)).filter(([axis]) => axisValues(chart, axis).length > 1);
  const where = places.map(([axis, value]) => ` at ${axisLabel(chart, axis)} ${axisText(chart, axis, value)}`).join(',');
  const what = over === 'width' ? (shown.length === 2 ? 'redundancy ratio' : 'categorization accuracy') : metrics[shown[0]].label;
  const colours = over === 'width' ? shown.map((metric) => `var(--${metric})`) : ['var(--knn)', 'var(--redundancy-train)', 'var(--kmeans)'];
  const plot = Plot.plot({
    width,
    height: 280,
    marginLeft: 40,
    marginBottom: 40,
    style: { fontSize: '13px', overflow: 'visible' },
    // Widths stand where they are; epochs and sample sizes, which grow by factors, side by side.
    x: over === 'width' ? { label: `${axisLabel(chart, over)} →`, labelAnchor: 'center' } : { type: 'point', domain: chart.axes[over], label: `${axisLabel(chart, over)} →`, labelAnchor: 'center', tickFormat: (/** @type {number} */ value) => axisText(chart, over, value) },
    y: { domain: [0, 1], label: null, grid: true },
    color: { domain: names, range: colours, legend: true },
    marks: [
      Plot.areaY(points, { x: 'x', y1: 'low', y2: 'high', z: 'curve', fill: 'curve', fillOpacity: 0.18 }),
      Plot.line(points, { x: 'x', y: 'mean', z: 'curve', stroke: 'curve', strokeWidth: 2 }),
      Plot.dot(points.filter((point) => point.published !== undefined), { x: 'x', y: 'published', stroke: 'curve', strokeWidth: 2, r: 5 }),
      Plot.tip(points, Plot.pointer({ x: 'x', y: 'mean', title: (/** @type {Point} */ point) => `${point.curve}\n${axisLabel(chart, over)} ${point.x}: ${point.mean.toFixed(3)}${point.published === undefined ? '' : `\nthe paper: ${point.published}`}`, fontSize: 13 })),
    ],
  });
  const reasons = widths.flatMap((width) => shown.flatMap((metric) => withheld(chart, { over, metric, width, at }) ?? []));
  const left = reasons.length ? [h('p', { className: 'hint' }, `Numbers of the paper are left out: they are ${reasons[0]}.`)] : [];
  return h('figure', { 'aria-label': `${what} over ${axisLabel(chart, over)}` }, h('figcaption', {}, `${what}${where}`), drawing(plot, `${names.join(', ')} over ${axisLabel(chart, over)}`), ...left);
}

/**
 * @param {PhaseChart} chart
 * @param {Map<string, Summary>} summaries
 * @param {'width' | 'epoch' | 'samples'} over
 * @param {Partial<Record<Axis, number>>} at
 * @param {Metric} metric
 * @param {number} [width]
 * @returns {Point[]}
 */
function curve(chart, summaries, over, at, metric, width) {
  const paper = publishedPoints(chart, { over, metric, width, at });
  return [...summaries.values()]
    .filter((one) => (width === undefined || one.width === width) && Object.entries(at).every(([axis, value]) => one[/** @type {Axis} */ (axis)] === value))
    .sort((a, b) => a[over] - b[over])
    .flatMap((one) => {
      const band = one.bands[metric];
      if (!band) return [];
      const name = width === undefined ? metrics[metric].label : `width ${width}`;
      return [{ x: one[over], curve: name, mean: band.mean, low: Math.max(0, band.mean - band.deviation), high: Math.min(1, band.mean + band.deviation), published: paper.get(one[over]) }];
    });
}

/**
 * The paper's, or where the chart has none of them, three from narrow to wide.
 * @param {PhaseChart} chart
 */
function shownWidths({ dataset, axes: { width } }) {
  const shown = (paperWidths[dataset.name] ?? []).filter((one) => width.includes(one));
  return shown.length ? shown : [...new Set([Math.floor(width.length / 4), Math.floor(width.length / 2), width.length - 1])].map((place) => width[place]);
}

/**
 * Where the axes that a figure does not show are held: as the sliders say, and those of the heatmap, which have none, where
 * the pinned network is.
 * @param {State} state
 * @param {'width' | 'epoch' | 'samples'} over
 */
function heldAt(state, over) {
  const hasSlider = (/** @type {Axis} */ axis) => axis !== state.x && axis !== state.y;
  const axes = /** @type {Axis[]} */ (['epoch', 'samples', 'factor']).filter((axis) => axis !== over);
  return Object.fromEntries(axes.map((axis) => [axis, held(hasSlider(axis) ? state : { ...state, at: state.pin ?? {} }, axis)]));
}
