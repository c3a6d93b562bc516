// @ts-check
// A chart whose squares are columns, as `hash-phase columns` writes it: a million of them are there as soon as they are fetched.
import bounds from '../bounds.json' with { type: 'json' };
import { readArrow } from './arrow.js';
import { ChartError, checkChart } from './check.js';
import { checkColumns } from './check-columns.js';
import { OPTIONAL, SHARES, WHOLE, chartOf } from './columns.js';

/** @typedef {import('./columns.js').Columns} Columns */

/** Under which the file holds the chart without its cells. */
const CHART = 'hash-phase/chart';

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {import('../types.d.ts').PhaseChart}
 * @throws {ChartError}
 */
export function readColumns(bytes) {
  const { rows, metadata, columns: found } = table(bytes);
  const { cells, ...rest } = parsed(metadata.get(CHART));
  checkChart({ ...rest, cells: [] });
  if (Array.isArray(cells) && cells.length) throw new ChartError('cells', 'there are some beside the columns');
  const columns = /** @type {Columns} */ ({ length: rows });
  for (const name of [...WHOLE, ...SHARES]) {
    const column = found.get(name);
    if (!column && !OPTIONAL.includes(name)) throw new ChartError(name, 'no such column');
    columns[name] = column ?? new Float64Array(rows).fill(NaN);
  }
  checkColumns(rest, columns);
  return chartOf(rest, columns);
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function table(bytes) {
  try {
    return readArrow(bytes, bounds.squares);
  } catch (error) {
    throw new ChartError('file', `no Arrow file that can be read (${/** @type {Error} */ (error).message}): make it anew by \`hash-phase columns\``);
  }
}

/** @param {string} [text] */
function parsed(text) {
  if (!text) throw new ChartError('file', 'columns, but not of a chart: give a file of `hash-phase columns`');
  try {
    return JSON.parse(text) ?? {};
  } catch (error) {
    throw new ChartError('file', `its chart is no JSON (${/** @type {Error} */ (error).message})`);
  }
}
