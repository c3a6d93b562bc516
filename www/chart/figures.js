// @ts-check
// The paper's figures: metrics over width, time and sample size with a band over seeds, the published values as rings.
import { metricNames } from '../state/names.js';
import { h } from './elements.js';
import { drawLines } from './lines.js';
import { heldAt } from './look.js';
import { axisLabel, axisText, axisValues, metrics } from './metrics.js';
import { publishedPoints, withheld } from './published.js';
import { along, banded } from './summary.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/fields.js').View} View */
/** @typedef {import('../state/names.js').Axis} Axis */
/** @typedef {import('../state/names.js').Metric} Metric */

/** Widths of the figures over time and sample size, where a chart has them (paper). @type {Record<string, number[]>} */
const paperWidths = { mnist: [40, 50, 60], cifar10: [10, 20, 50] };

/** What each figure shows: redundancy, then accuracy. @type {Record<'width' | 'epoch' | 'samples', Metric[][]>} */
const panels = {
  width: [['redundancy-train', 'redundancy-test'], ['kmeans', 'knn', 'logistic']],
  epoch: [['redundancy-train'], ['knn']],
  samples: [['redundancy-test'], ['knn']],
};

/**
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {number} width in pixels, of the place for all of them
 * @returns {HTMLElement[]}
 */
export function paperFigures(chart, view, width) {
  const each = width < 720 ? width : (width - 24) / 2;
  return /** @type {const} */ (['width', 'epoch', 'samples'])
    .filter((over) => chart.axes[over].length > 1)
    .map((over) => h('div', { className: 'figures' }, ...panels[over].map((shown) => panel(chart, view, over, shown, each))));
}

/**
 * How far a chart lies from the paper's values beside which it is drawn.
 * @param {PhaseChart} chart
 * @param {View} view
 * @returns {{ values: number, difference: number } | null} the mean of the absolute differences; nothing where no value can stand beside it
 */
export function agreement(chart, view) {
  const lines = /** @type {const} */ (['width', 'epoch', 'samples']).flatMap((over) => linesOf(chart, over, heldIn(chart, view, over), panels[over].flat()));
  const differences = lines.flatMap(({ points }) => points).flatMap(({ mean, ring }) => (ring === undefined ? [] : [Math.abs(mean - ring)]));
  return differences.length ? { values: differences.length, difference: differences.reduce((sum, one) => sum + one, 0) / differences.length } : null;
}

/**
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {'width' | 'epoch' | 'samples'} over
 * @param {Metric[]} shown
 * @param {number} width
 */
function panel(chart, view, over, shown, width) {
  const at = heldIn(chart, view, over);
  const lines = linesOf(chart, over, at, shown);
  const colours = over === 'width' ? shown.map((metric) => `var(--${metric})`) : ['var(--knn)', 'var(--redundancy-train)', 'var(--kmeans)'];
  const places = /** @type {[Axis, number][]} */ (Object.entries(at)).filter(([axis]) => axisValues(chart, axis).length > 1);
  const where = places.map(([axis, value]) => ` at ${axisLabel(chart, axis)} ${axisText(chart, axis, value)}`).join(',');
  const what = over === 'width' ? (shown.length === 2 ? 'redundancy ratio' : 'categorization accuracy') : metrics[shown[0]].label;
  const plot = drawLines({
    width,
    height: 280,
    // Widths are drawn at their true distances; epochs and sample sizes, which grow by factors, evenly.
    x: { label: axisLabel(chart, over), values: chart.axes[over], text: (value) => axisText(chart, over, value), even: over !== 'width' },
    lines: lines.map((line, index) => ({ ...line, colour: colours[index % colours.length], mark: over === 'width' ? metricNames.indexOf(shown[index]) : index })),
    keys: true,
    name: `${lines.map(({ name }) => name).join(', ')} over ${axisLabel(chart, over)}`,
    tip: ({ name }, { x, mean, ring }) => `${name}\n${axisLabel(chart, over)} ${x}: ${mean.toFixed(3)}${ring === undefined ? '' : `\nthe paper: ${ring}`}`,
  });
  const reasons = widthsOf(chart, over).flatMap((width) => shown.flatMap((metric) => withheld(chart, { over, metric, width, at }) ?? []));
  const left = reasons.length ? [h('p', { className: 'hint' }, `Numbers of the paper are left out: they are ${reasons[0]}.`)] : [];
  return h('figure', { 'aria-label': `${what} over ${axisLabel(chart, over)}` }, h('figcaption', {}, `${what}${where}`), plot, ...left);
}

/**
 * Over width there is one curve a metric, over anything else one of each of some widths.
 * @param {PhaseChart} chart
 * @param {'width' | 'epoch' | 'samples'} over
 */
const widthsOf = (chart, over) => (over === 'width' ? [undefined] : shownWidths(chart));

/**
 * @param {PhaseChart} chart
 * @param {'width' | 'epoch' | 'samples'} over
 * @param {Partial<Record<Axis, number>>} at
 * @param {Metric[]} shown
 */
const linesOf = (chart, over, at, shown) => widthsOf(chart, over).flatMap((width) => shown.map((metric) => curve(chart, over, at, metric, width))).filter(({ points }) => points.length);

/**
 * @param {PhaseChart} chart
 * @param {'width' | 'epoch' | 'samples'} over
 * @param {Partial<Record<Axis, number>>} at
 * @param {Metric} metric
 * @param {number} [width]
 */
function curve(chart, over, at, metric, width) {
  const paper = publishedPoints(chart, { over, metric, width, at });
  const networks = along(chart, over, { width, ...at });
  const points = networks.flatMap((one) => (one.bands[metric] ? [{ x: one[over], ...banded(one.bands[metric]), ring: paper.get(one[over]) }] : []));
  return { name: width === undefined ? metrics[metric].label : `width ${width}`, points };
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
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {'width' | 'epoch' | 'samples'} over
 */
function heldIn(chart, view, over) {
  const hasSlider = (/** @type {Axis} */ axis) => axis !== view.x && axis !== view.y;
  const axes = /** @type {Axis[]} */ (['epoch', 'samples', 'factor']).filter((axis) => axis !== over);
  return Object.fromEntries(axes.map((axis) => [axis, heldAt(chart, { at: hasSlider(axis) ? view.at : (view.pin ?? {}) }, axis)]));
}
