// @ts-check
// The numbers of a cell and the axes of the chart: labels, where to find them, how they are written.
import { familyOf } from '../state/families.js';
import { hyperparameters } from '../state/hyperparameters.js';
import { axisNames } from '../state/names.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/names.js').Axis} Axis */
/** @typedef {import('../state/names.js').Metric} Metric */

/** @type {Record<Metric, { label: string, means: string, column: keyof import('./columns.js').Numbers }>} */
export const metrics = {
  'redundancy-train': { label: 'redundancy ratio, train', means: 'the share by which there are fewer codes than training examples: 0 (dark) is a perfect hash', column: 'redundancy_train' },
  'redundancy-test': { label: 'redundancy ratio, test', means: 'the share by which there are fewer codes than test examples: 0 (dark) is a perfect hash', column: 'redundancy_test' },
  'redundancy-random': { label: 'redundancy ratio, random inputs', means: 'the share by which there are fewer codes than random inputs: 0 (dark) is a perfect hash', column: 'redundancy_random' },
  kmeans: { label: 'K-Means accuracy', means: 'how well clusters of similar codes match the classes: 1 (bright) is best', column: 'kmeans_train' },
  knn: { label: 'K-NN accuracy, test', means: 'accuracy of a vote of the nearest codes on test examples: 1 (bright) is best', column: 'knn' },
  logistic: { label: 'logistic regression accuracy, test', means: 'accuracy of a linear classifier of the codes on test examples: 1 (bright) is best', column: 'logistic' },
  accuracy: { label: 'network accuracy, test', means: 'accuracy of the network itself on test examples: 1 (bright) is best', column: 'accuracy_test' },
};

/**
 * Whether a chart has a number: random inputs are measured where it asks for them.
 * @param {PhaseChart | null} chart
 * @param {Metric} metric
 */
export const hasMetric = (chart, metric) => metric !== 'redundancy-random' || Boolean(chart?.protocol.random_inputs);

/** Those that every chart has, and the one for anything else that varies. @type {Record<Axis, string>} */
const axes = { width: 'layer width', epoch: 'epoch', samples: 'training sample size', factor: 'factor' };

/**
 * What to write along an axis.
 * @param {PhaseChart | null} chart
 * @param {Axis} axis
 */
export function axisLabel(chart, axis) {
  if (axis === 'factor' && chart?.axes.factor) return hyperparameters[chart.axes.factor.name].label;
  return axis === 'width' && chart ? familyOf(chart.protocol).axis : axes[axis];
}

/**
 * An axis' values; those of the factor are the places of its own, from 0.
 * @param {PhaseChart} chart
 * @param {Axis} axis
 * @returns {number[]}
 */
export const axisValues = ({ axes }, axis) => (axis === 'factor' ? (axes.factor?.values ?? [0]).map((_, level) => level) : axes[axis]);

/**
 * What to write at a value of an axis.
 * @param {PhaseChart} chart
 * @param {Axis} axis
 * @param {number} value
 */
export function axisText(chart, axis, value) {
  if (axis !== 'factor') return value >= 1000 && value % 1000 === 0 ? `${value / 1000}k` : String(value);
  const own = chart.axes.factor?.values[value];
  if (chart.axes.factor?.name === 'early_stopping') return own === 0 ? 'without' : `after ${own}`;
  return typeof own === 'boolean' ? (own ? 'with' : 'without') : String(own ?? '');
}

/**
 * The axes that are neither of the two.
 * @param {Axis} x
 * @param {Axis} y
 */
export const otherAxes = (x, y) => axisNames.filter((axis) => axis !== x && axis !== y);

/**
 * A number as the page writes it: three digits after the point, the same everywhere.
 * @param {number | null | undefined} value
 */
export const number = (value) => (value === null || value === undefined || Number.isNaN(value) ? '–' : value.toFixed(3));
