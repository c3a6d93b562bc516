// @ts-check
// A chart as a text that a link carries: its squares as columns, packed. The first part of the text is the version of this form; what
// one version wrote is read for good.
import bounds from '../../bounds.json' with { type: 'json' };
import { bytesOf, TooLarge } from '../../engine/limited.js';
import { checkChart, ChartError } from '../check.js';
import { chartOf, columnsOf, OPTIONAL, SHARES, WHOLE } from '../columns.js';

/** @typedef {import('../../types.d.ts').PhaseChart} PhaseChart */

const VERSION = '1';
/** Letters of a link that pass wherever links do. */
export const LONGEST = 8_000;

const names = [...WHOLE, ...SHARES];

/**
 * @param {PhaseChart} chart
 * @returns {Promise<string>}
 */
export async function packChart(chart) {
  const rest = Object.fromEntries(Object.entries(chart).filter(([name]) => name !== 'cells'));
  const columns = columnsOf(chart);
  // Fields that no cell has are left out.
  const there = names.filter((name) => !Array.prototype.every.call(columns[name], Number.isNaN));
  const squares = Object.fromEntries(there.map((name) => [name, Array.from(columns[name], (value) => (Number.isNaN(value) ? null : value))]));
  const packed = new Blob([JSON.stringify({ ...rest, squares })]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = await bytesOf(packed, bounds.page_bytes, 'the chart');
  return `${VERSION}.${base64(bytes)}`;
}

/**
 * @param {string} text
 * @returns {Promise<PhaseChart>} checked
 */
export async function unpackChart(text) {
  const [version, letters] = text.split('.');
  if (version !== VERSION) throw new Error(`it was made by a later version of this page (${version}): reload the page for a newer one`);
  const { squares, ...rest } = await unpacked(letters).catch((error) => {
    throw error instanceof TooLarge ? error : new Error('it is cut off or changed: ask for it again', { cause: error });
  });
  return checkChart(chartOf(rest, columnsIn(squares)));
}

/** @param {string} letters @returns {Promise<any>} */
async function unpacked(letters) {
  const packed = new Blob([bytesIn(letters)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return JSON.parse(new TextDecoder().decode(await bytesOf(packed, bounds.page_bytes, 'it')));
}

/**
 * The columns of a stranger's link.
 * @param {any} squares
 * @returns {import('../columns.js').Columns}
 */
function columnsIn(squares) {
  const length = Array.isArray(squares?.width) ? squares.width.length : 0;
  const columns = names.map((name) => {
    const values = squares?.[name] ?? (OPTIONAL.includes(name) ? new Array(length).fill(null) : undefined);
    if (!Array.isArray(values) || values.length !== length) throw new ChartError(`squares.${name}`, `not the ${length} numbers that there are of width`);
    return [name, Float64Array.from(values, (value) => (typeof value === 'number' ? value : NaN))];
  });
  return /** @type {any} */ ({ ...Object.fromEntries(columns), length });
}

/** Bytes as letters that stand in a link as they are. @param {Uint8Array} bytes */
const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

/** @param {string} letters */
const bytesIn = (letters) => Uint8Array.from(atob(letters.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
