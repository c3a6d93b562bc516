// @ts-check
// A view as a picture that says all by itself: title, axes, regimes, legend and source.
import { s } from '../elements.js';
import { heatmapPicture } from '../heatmap.js';
import { LEGEND, legend } from '../legend.js';
import { othersText, title } from '../look.js';
import { provenance } from '../provenance.js';
import { otherName, otherOf } from '../subtract.js';

/** @typedef {import('../../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../../state/fields.js').View} View */

const WIDTH = 900;
const HEAD = 56;
const LINE = 17;
/** Letters of a line of the source, at its size. */
const LETTERS = 128;
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/**
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {(name: string) => string} colour of a token, as `ink` or `paper`
 * @returns {string} an SVG file
 */
export function svgPicture(chart, view, colour) {
  const squares = heatmapPicture(chart, { ...view, pin: null }, WIDTH - 32, colour);
  const high = Number(squares.getAttribute('height'));
  const at = othersText(chart, view);
  const other = otherOf(chart, view);
  const source = wrapped(`${said(provenance(chart))} After He, Lei, Ji, Tao: Neural networks behave as hash encoders (arXiv 2101.05490). ${other ? `Each number less that of ${otherName(chart, other)}.` : `Borders between regimes by training redundancy ${view.redundancy} and ${view.accuracy} of the best accuracy.`}`);
  const height = HEAD + high + LEGEND.height + 16 + source.length * LINE + 16;
  const move = (/** @type {SVGSVGElement} */ part, /** @type {number} */ x, /** @type {number} */ y) => {
    part.setAttribute('x', String(x));
    part.setAttribute('y', String(y));
    return part;
  };
  const picture = s(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}`, 'font-family': FONT, color: 'var(--ink)' },
    s('title', {}, title(chart, view)),
    s('rect', { width: WIDTH, height, fill: 'var(--paper)' }),
    s('text', { x: 16, y: 28, 'font-size': 18, 'font-weight': 600, fill: 'currentColor' }, title(chart, view)),
    ...(at ? [s('text', { x: 16, y: 47, 'font-size': 13, fill: 'currentColor' }, `at ${at}`)] : []),
    move(squares, 16, HEAD),
    move(legend(chart, { ...view, pin: null }), 64, HEAD + high + 8),
    ...source.map((line, index) => s('text', { x: 16, y: HEAD + high + LEGEND.height + 32 + index * LINE, 'font-size': 12, fill: 'currentColor' }, line)),
  );
  return new XMLSerializer()
    .serializeToString(picture)
    .replaceAll(FORBIDDEN, '')
    .replaceAll('currentColor', colour('ink'))
    .replaceAll(/var\(--([\w-]+)\)/g, (_, name) => colour(name));
}

/**
 * The same as a PNG, twice as fine.
 * @param {string} svg
 * @returns {Promise<Blob>}
 */
export async function pngPicture(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  if (!paintsTrue()) throw new Error('this browser alters what pages paint, to protect you from being recognised: allow it for this page, or take the SVG');
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.naturalWidth * 2, image.naturalHeight * 2];
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('this browser makes no PNG: take the SVG'))), 'image/png'));
}

/** Whether this browser lets pages read what they have painted: those that protect their readers from being recognised give noise. */
function paintsTrue() {
  const canvas = Object.assign(document.createElement('canvas'), { width: 16, height: 16 });
  const context = canvas.getContext('2d');
  if (!context) return false;
  const colour = (/** @type {number} */ x, /** @type {number} */ y) => [x * 16, y * 16, (x * y) % 256];
  for (let y = 0; y < 16; y++)
    for (let x = 0; x < 16; x++) {
      context.fillStyle = `rgb(${colour(x, y)})`;
      context.fillRect(x, y, 1, 1);
    }
  const { data } = context.getImageData(0, 0, 16, 16);
  return data.every((byte, at) => byte === (at % 4 === 3 ? 255 : colour(Math.floor(at / 4) % 16, Math.floor(at / 64))[at % 4]));
}

/** Characters that no XML may have. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** @param {(Node | string)[]} parts */
const said = (parts) => parts.map((part) => (typeof part === 'string' ? part : (part.textContent ?? ''))).join('');

/** @param {string} text */
function wrapped(text) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + word.length < LETTERS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
