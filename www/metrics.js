// @ts-check
// The numbers of a cell and the axes of the chart: names, labels, where to find them.

/** @typedef {import('./types.d.ts').Cell} Cell */
/** @typedef {import('./types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('./types.d.ts').Factor} Factor */
/** @typedef {'width' | 'epoch' | 'samples' | 'factor'} Axis */
/** @typedef {'redundancy-train' | 'redundancy-test' | 'redundancy-random' | 'kmeans' | 'knn' | 'logistic' | 'accuracy'} Metric */

/** @type {Record<Metric, { label: string, of: (cell: Cell) => number | null | undefined }>} */
export const metrics = {
  'redundancy-train': { label: 'redundancy ratio, train', of: (cell) => cell.redundancy.train },
  'redundancy-test': { label: 'redundancy ratio, test', of: (cell) => cell.redundancy.test },
  'redundancy-random': { label: 'redundancy ratio, random inputs', of: (cell) => cell.redundancy_random },
  kmeans: { label: 'K-Means accuracy', of: (cell) => cell.kmeans?.train },
  knn: { label: 'K-NN accuracy, test', of: (cell) => cell.knn },
  logistic: { label: 'logistic regression accuracy, test', of: (cell) => cell.logistic },
  accuracy: { label: 'network accuracy, test', of: (cell) => cell.accuracy.test },
};

/**
 * Whether a chart has a number: random inputs are measured where it asks for them.
 * @param {PhaseChart | null} chart
 * @param {Metric} metric
 */
export const hasMetric = (chart, metric) => metric !== 'redundancy-random' || Boolean(chart?.protocol.random_inputs);

export const metricNames = /** @type {Metric[]} */ (Object.keys(metrics));

/** Those that every chart has, and the one for anything else that varies. @type {Record<Axis, string>} */
const axes = { width: 'layer width', epoch: 'epoch', samples: 'training sample size', factor: 'factor' };

export const axisNames = /** @type {Axis[]} */ (Object.keys(axes));

/** What each factor is called, and what a reader may give for it. @type {Record<Factor['name'], { label: string, hint: string }>} */
export const factors = {
  depth: { label: 'hidden layers', hint: '1, 2, 3' },
  activation: { label: 'activation', hint: 'relu, leaky_relu, tanh, gelu' },
  batch_norm: { label: 'batch norm', hint: 'false, true' },
  dropout: { label: 'dropout', hint: '0, 0.2, 0.5' },
  weight_decay: { label: 'weight decay', hint: '0, 1e-4, 1e-3' },
  label_noise: { label: 'label noise', hint: '0, 0.2, 0.5, 1' },
  noise_inputs: { label: 'noise inputs', hint: 'false, true' },
  layer: { label: 'code of hidden layer', hint: '1' },
  early_stopping: { label: 'early stopping', hint: '0, 10' },
};

export const factorNames = /** @type {Factor['name'][]} */ (Object.keys(factors));

/**
 * What to write along an axis.
 * @param {PhaseChart | null} chart
 * @param {Axis} axis
 */
export const axisLabel = (chart, axis) => (axis === 'factor' && chart?.axes.factor ? factors[chart.axes.factor.name].label : axes[axis]);

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
export const number = (value) => (value === null || value === undefined ? '–' : value.toFixed(3));
