// @ts-check
// Examples of a data set, shown as what they are: pictures, or rows of a table.
import { h } from '../chart/elements.js';

/** @typedef {import('../types.d.ts').Description} Description */

/** Values of a row that are listed. */
const LISTED = 5;

/**
 * @param {Description} description
 * @param {Float32Array} values of one example
 * @param {string} name what a listener hears
 * @returns {HTMLElement | null} none where the example has no values, or there is no short way to show them
 */
export function shown(description, values, name) {
  if (!values.length) return null;
  if (description.kind === 'image') return picture(description, values, name);
  if (description.kind === 'table') return row(description, values, name);
  return null;
}

/**
 * @param {{ height: number, width: number, channels: number }} size
 * @param {Float32Array} values
 * @param {string} name
 */
export function picture({ height, width, channels }, values, name) {
  const canvas = h('canvas', { className: 'example', width, height, role: 'img', 'aria-label': name });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const image = context.createImageData(width, height);
  for (let place = 0; place < width * height; place++) {
    for (let channel = 0; channel < 3; channel++) image.data[4 * place + channel] = Math.round(255 * values[place * channels + (channels === 3 ? channel : 0)]);
    image.data[4 * place + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/**
 * A row as a small list of values, numbers as they were scaled.
 * @param {Extract<Description, { kind: 'table' }>} table
 * @param {Float32Array} values
 * @param {string} name
 */
function row({ columns }, values, name) {
  let at = 0;
  const all = columns.map(({ name, categories = [] }) => {
    const own = values.subarray(at, (at += Math.max(1, categories.length)));
    return `${name} ${categories.length ? (categories[own.indexOf(1)] ?? 'another') : Number(own[0].toPrecision(2))}`;
  });
  const listed = all.slice(0, LISTED).map((value) => h('li', {}, value));
  return h('ul', { className: 'example row', role: 'img', 'aria-label': `${name}: ${all.join(', ')}`, title: all.join(', ') }, ...listed, ...(all.length > LISTED ? [h('li', {}, '…')] : []));
}
