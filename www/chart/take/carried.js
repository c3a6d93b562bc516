// @ts-check
// A chart as a text that a link carries: its squares as columns, packed. The first part of the text is the version of this form; what
// one version wrote is read for good.
import bounds from '../../bounds.json' with { type: 'json' };
import { bytesOf, TooLarge } from '../../engine/limited.js';
import { checkChart, ChartError } from '../check.js';
import { OPTIONAL, packed, SHARES, unpacked, WHOLE } from '../columns.js';

/** @typedef {import('../../types.d.ts').PhaseChart} PhaseChart */

const VERSION = '1';
/** Letters of a link that pass wherever links do. */
export const LONGEST = 8_000;

/**
 * @param {PhaseChart} chart
 * @returns {Promise<string>}
 */
export async function packChart(chart) {
  const squeezed = new Blob([JSON.stringify(packed(chart))]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = await bytesOf(squeezed, bounds.page_bytes, 'the chart');
  return `${VERSION}.${base64(bytes)}`;
}

/**
 * @param {string} text
 * @returns {Promise<PhaseChart>} checked
 */
export async function unpackChart(text) {
  const [version, letters] = text.split('.');
  if (version !== VERSION) throw new Error(`it was made by a later version of this page (${version}): reload the page for a newer one`);
  const value = await unsqueezed(letters).catch((error) => {
    throw error instanceof TooLarge ? error : new Error('it is cut off or changed: ask for it again', { cause: error });
  });
  checkColumns(value.squares);
  return checkChart(unpacked(value));
}

/** @param {string} letters @returns {Promise<any>} */
async function unsqueezed(letters) {
  const squeezed = new Blob([bytesIn(letters)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return JSON.parse(new TextDecoder().decode(await bytesOf(squeezed, bounds.page_bytes, 'it')));
}

/**
 * Whether a stranger's link has a column for each field that a cell must have, all of one length.
 * @param {any} squares
 */
function checkColumns(squares) {
  const length = Array.isArray(squares?.width) ? squares.width.length : 0;
  for (const name of [...WHOLE, ...SHARES]) {
    const values = squares?.[name] ?? (OPTIONAL.includes(name) ? [] : undefined);
    if (!Array.isArray(values) || (name in squares && values.length !== length)) throw new ChartError(`squares.${name}`, `not the ${length} numbers that there are of width`);
  }
}

/** Bytes as letters that stand in a link as they are. @param {Uint8Array} bytes */
const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

/** @param {string} letters */
const bytesIn = (letters) => Uint8Array.from(atob(letters.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
