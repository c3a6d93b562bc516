// @ts-check
// Files of columns as another writer than ours makes them.
import { float64, tableFromArrays, tableToIPC, uint16 } from '@uwdata/flechette';

/** @typedef {Record<string, ArrayLike<number>>} Numbers those of a `Uint16Array` are written as such, all others as float64 */

/**
 * @param {object} chart what the file holds beside its columns
 * @param {Numbers} numbers
 */
export function arrowFile(chart, numbers) {
  const types = Object.fromEntries(Object.entries(numbers).map(([name, values]) => [name, values instanceof Uint16Array ? uint16() : float64()]));
  const table = tableFromArrays(/** @type {any} */ (numbers), { types });
  table.schema.metadata = new Map([['hash-phase/chart', JSON.stringify({ ...chart, cells: [] })]]);
  return /** @type {Uint8Array<ArrayBuffer>} */ (tableToIPC(table, { format: 'file' }));
}
