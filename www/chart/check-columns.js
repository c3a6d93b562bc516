// @ts-check
// Whether the columns of a chart can be drawn as what they say: the rules of check.js, for a million squares at once.
import { ChartError, codeBits } from './check.js';
import { SHARES } from './columns.js';

/** @typedef {import('./columns.js').Columns} Columns */

/** What a cell need not have. */
const OPTIONAL = ['redundancy_random', 'kmeans_train', 'kmeans_test', 'knn', 'logistic'];

/**
 * @param {any} chart checked, but for its cells
 * @param {Columns} columns
 * @throws {ChartError}
 */
export function checkColumns(chart, columns) {
  const places = placesOf(chart);
  const seen = new Uint8Array(places.count);
  for (const { level = 0, ...gap } of chart.gaps ?? []) seen[places.of({ level, ...gap }, 'gaps')] = 1;
  const { width, epoch, samples, seed, level, bits, stopped, length } = columns;
  for (let row = 0; row < length; row++) {
    const cell = { width: width[row], epoch: epoch[row], samples: samples[row], seed: seed[row], level: level[row] };
    const place = places.of(cell, `row ${row}`);
    if (seen[place]) throw new ChartError(`row ${row}`, `a second network of width ${cell.width}, epoch ${cell.epoch}, ${cell.samples} samples, seed ${cell.seed}`);
    seen[place] = 1;
    const most = codeBits(chart, cell);
    if (!(bits[row] >= 0 && bits[row] <= most && Number.isInteger(bits[row]))) throw new ChartError(`bits, row ${row}`, `${bits[row]} is no whole number from 0 to ${most}`);
    if (!Number.isNaN(stopped[row]) && !(stopped[row] >= 1 && stopped[row] <= cell.epoch)) throw new ChartError(`stopped, row ${row}`, `${stopped[row]} is no epoch from 1 to ${cell.epoch}`);
  }
  for (const name of SHARES) {
    const column = columns[name];
    const mayLack = OPTIONAL.includes(name);
    for (let row = 0; row < length; row++) {
      const share = column[row];
      if (!(share >= 0 && share <= 1) && !(mayLack && Number.isNaN(share))) throw new ChartError(`${name}, row ${row}`, `${share} is no share from 0 to 1`);
    }
  }
  for (let row = 0; row < length; row++)
    if (Number.isNaN(columns.kmeans_train[row]) !== Number.isNaN(columns.kmeans_test[row])) throw new ChartError(`kmeans_test, row ${row}`, 'K-Means of the one split without the other');
}

/**
 * The number of a network's place on the axes.
 * @param {any} chart
 */
function placesOf({ axes }) {
  const levels = (axes.factor?.values ?? [0]).map((/** @type {unknown} */ _, /** @type {number} */ at) => at);
  const along = /** @type {const} */ ([['width', axes.width], ['epoch', axes.epoch], ['samples', axes.samples], ['seed', axes.seed], ['level', levels]]).map(([name, values]) => ({
    name,
    count: values.length,
    at: new Map(values.map((/** @type {number} */ value, /** @type {number} */ at) => [value, at])),
  }));
  const count = along.reduce((product, { count }) => product * count, 1);
  return {
    count,
    /** @param {Record<string, number>} network @param {string} path */
    of(network, path) {
      let place = 0;
      for (const { name, count, at } of along) {
        const here = at.get(network[name]);
        if (here === undefined) throw new ChartError(`${name}, ${path}`, `${network[name]} is not on the axis`);
        place = place * count + here;
      }
      return place;
    },
  };
}
