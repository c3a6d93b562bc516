// @ts-check
// The numbers of a cell and the axes of the chart: names, labels, where to find them.

/** @typedef {import('./types.d.ts').Cell} Cell */
/** @typedef {'width' | 'epoch' | 'samples'} Axis */
/** @typedef {'redundancy-train' | 'redundancy-test' | 'kmeans' | 'knn' | 'logistic' | 'accuracy'} Metric */

/** @type {Record<Metric, { label: string, of: (cell: Cell) => number | null | undefined }>} */
export const metrics = {
  'redundancy-train': { label: 'redundancy ratio, train', of: (cell) => cell.redundancy.train },
  'redundancy-test': { label: 'redundancy ratio, test', of: (cell) => cell.redundancy.test },
  kmeans: { label: 'K-Means accuracy', of: (cell) => cell.kmeans?.train },
  knn: { label: 'K-NN accuracy, test', of: (cell) => cell.knn },
  logistic: { label: 'logistic regression accuracy, test', of: (cell) => cell.logistic },
  accuracy: { label: 'network accuracy, test', of: (cell) => cell.accuracy.test },
};

export const metricNames = /** @type {Metric[]} */ (Object.keys(metrics));

/** @type {Record<Axis, string>} */
export const axes = { width: 'layer width', epoch: 'epoch', samples: 'training sample size' };

export const axisNames = /** @type {Axis[]} */ (Object.keys(axes));

/**
 * The axis that is neither of the two.
 * @param {Axis} x
 * @param {Axis} y
 */
export const thirdAxis = (x, y) => /** @type {Axis} */ (axisNames.find((axis) => axis !== x && axis !== y));

/**
 * A number as the page writes it: three digits after the point, the same everywhere.
 * @param {number | null | undefined} value
 */
export const number = (value) => (value === null || value === undefined ? '–' : value.toFixed(3));
