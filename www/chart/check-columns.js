// @ts-check
// Whether the columns of a chart can be drawn as what they say: the rules of check.js, for a million squares at once.
import { squareCount } from '../state/plan-size.js';
import { ChartError, codeBits } from './check.js';
import { OPTIONAL, SHARES } from './columns.js';
import { axesOf, numbering } from './places.js';

/** @typedef {import('./columns.js').Columns} Columns */

/**
 * @param {any} chart checked, but for its cells
 * @param {Columns} columns
 * @throws {ChartError}
 */
export function checkColumns(chart, columns) {
  const numberOf = numbering(chart);
  const seen = new Uint8Array(squareCount(chart));
  for (const gap of chart.gaps ?? []) seen[numberOf(gap)] = 1;
  const { width, epoch, samples, seed, level, bits, stopped, length } = columns;
  for (let row = 0; row < length; row++) {
    const cell = { width: width[row], epoch: epoch[row], samples: samples[row], seed: seed[row], level: level[row] };
    const network = numberOf(cell);
    if (Number.isNaN(network)) throw beside(chart, cell, row);
    if (seen[network]) throw new ChartError(`row ${row}`, `a second network of width ${cell.width}, epoch ${cell.epoch}, ${cell.samples} samples, seed ${cell.seed}`);
    seen[network] = 1;
    const most = codeBits(chart, cell);
    if (!(bits[row] >= 0 && bits[row] <= most && Number.isInteger(bits[row]))) throw new ChartError(`bits, row ${row}`, `${bits[row]} is no whole number from 0 to ${most}`);
    if (!Number.isNaN(stopped[row]) && !(stopped[row] >= 1 && stopped[row] <= cell.epoch)) throw new ChartError(`stopped, row ${row}`, `${stopped[row]} is no epoch from 1 to ${cell.epoch}`);
  }
  for (const name of SHARES) {
    const column = columns[name];
    const mayLack = OPTIONAL.includes(name);
    for (let row = 0; row < length; row++) {
      const share = column[row];
      if (!(share >= 0 && share <= 1) && !(mayLack && Number.isNaN(share))) throw new ChartError(`${name}, row ${row}`, `${share} is not between 0 and 1`);
    }
  }
  for (let row = 0; row < length; row++)
    if (Number.isNaN(columns.kmeans_train[row]) !== Number.isNaN(columns.kmeans_test[row])) throw new ChartError(`kmeans_test, row ${row}`, 'K-Means of the one split without the other');
}

/**
 * What to say of a network that is not on the axes.
 * @param {any} chart
 * @param {Record<'width' | 'epoch' | 'samples' | 'seed' | 'level', number>} cell
 * @param {number} row
 */
function beside(chart, cell, row) {
  const { factor, ...axes } = axesOf(chart);
  const all = { ...axes, level: factor };
  const name = /** @type {const} */ (['width', 'epoch', 'samples', 'seed', 'level']).find((name) => !all[name].at.has(cell[name])) ?? 'level';
  return new ChartError(`${name}, row ${row}`, `${cell[name]} is not on the axis`);
}
