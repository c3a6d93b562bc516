// @ts-check
// A table of a reader's own: a row an example, a column of labels, the others numbers.
import { csvParseRows, tsvParseRows } from 'd3-dsv';
import bounds from '../../bounds.json' with { type: 'json' };

/** What a column of labels may be called; where none is, it is the last. */
const LABELS = ['label', 'class', 'target', 'species', 'y'];

/** @typedef {{ values: Float32Array, labels: string[], what: string }} Table numbers from 0 to 1, row by row */

/**
 * @param {string} text
 * @param {string} name of the file
 * @returns {Table}
 */
export function readTable(text, name) {
  const first = text.slice(0, text.search(/[\r\n]|$/));
  const parse = first.includes('\t') ? tsvParseRows : csvParseRows;
  const rows = parse(first.includes(';') && !first.includes(',') ? text.replaceAll(';', ',') : text).map((row) => row.map((cell) => cell.trim())).filter((row) => row.some(Boolean));
  const [head, ...rest] = rows;
  if (!head || rest.length < 3 || head.length < 2) throw new Error(`${name}: a table needs one row per example and at least two columns, one of them with labels`);
  const column = LABELS.map((label) => head.findIndex((cell) => cell.toLowerCase() === label)).find((at) => at >= 0) ?? head.length - 1;
  // Networks see numbers of 32 bits: what is beyond them would be infinite.
  const isNumber = (/** @type {string} */ cell) => cell !== '' && Number.isFinite(Math.fround(Number(cell)));
  const headed = head.some((cell, at) => at !== column && !isNumber(cell));
  const body = headed ? rest : rows;
  const width = head.length - 1;
  const most = bounds.own_bytes / Float32Array.BYTES_PER_ELEMENT;
  if (body.length * width > most) throw new Error(`${name} has ${(body.length * width).toLocaleString('en')} numbers, and ${most.toLocaleString('en')} are the most: leave rows or columns out`);
  const values = new Float32Array(body.length * width);
  const labels = body.map((row, index) => {
    const line = index + (headed ? 2 : 1);
    if (row.length !== head.length) throw new Error(`${name}: row ${line} has ${row.length} columns, the first one ${head.length}`);
    if (row[column] === '') throw new Error(`${name}: row ${line} has no label`);
    row.filter((_, at) => at !== column).forEach((cell, place) => {
      if (!isNumber(cell)) throw new Error(`${name}: row ${line} has “${cell}” where a number should be${headed ? ` (${head.filter((_, at) => at !== column)[place]})` : ''}: leave that row or column out`);
      values[index * width + place] = Number(cell);
    });
    return row[column];
  });
  scale(values, width);
  return { values, labels, what: `${width} column${width === 1 ? '' : 's'} of numbers, scaled to 0…1; labels from ${headed ? `“${head[column]}”` : 'the last column'}` };
}

/**
 * Each column to 0…1, as pixels are; a column that is constant, to 0.
 * @param {Float32Array} values
 * @param {number} width
 */
function scale(values, width) {
  for (let column = 0; column < width; column++) {
    let [least, most] = [Infinity, -Infinity];
    for (let at = column; at < values.length; at += width) [least, most] = [Math.min(least, values[at]), Math.max(most, values[at])];
    const range = most - least || 1;
    for (let at = column; at < values.length; at += width) values[at] = (values[at] - least) / range;
  }
}
