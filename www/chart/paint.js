// @ts-check
// Squares that are too many to be elements, painted: a pixel has the colour of the square at its middle, so that a picture costs what it
// has pixels, however many squares there are.
import { interpolateViridis } from 'd3-scale-chromatic';
import { THICK, bordersOf } from './borders.js';
import { axesOf } from './places.js';
import { squares } from './look.js';

/** @typedef {import('./heatmap.js').Layout} Layout */
/** @typedef {{ layout: Layout, regimeAt: import('./borders.js').RegimeAt }} Blocks */

const COLOURS = 256;
/** The colours from 0 to 1, as pixels are in memory. */
const palette = new Uint32Array(new Uint8Array(Array.from({ length: COLOURS }, (_, at) => bytesOf(interpolateViridis(at / COLOURS))).flat()).buffer);
const NO_CANVAS = 'this browser paints no more canvases: close other pages';
/** How much of a colour the rim of a line leaves. */
const RIM = 0.55;

/** @param {string} colour as #440154 */
function bytesOf(colour) {
  const value = parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255, 255];
}

/** @type {Map<string, number>} */
const known = new Map();

/** A colour in whatever words a style sheet has for it, as a pixel. @param {string} colour */
function pixelOf(colour) {
  const found = known.get(colour);
  if (found !== undefined) return found;
  // As browsers say most colours; a canvas that is read back tells all others, but noise where readers are protected from being recognised.
  const said = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour);
  if (said) {
    const [pixel] = new Uint32Array(Uint8Array.of(Number(said[1]), Number(said[2]), Number(said[3]), 255).buffer);
    known.set(colour, pixel);
    return pixel;
  }
  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d');
  if (!context) throw new Error(NO_CANVAS);
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [pixel] = new Uint32Array(context.getImageData(0, 0, 1, 1).data.buffer);
  known.set(colour, pixel);
  return pixel;
}

/**
 * Paints squares and the borders of their blocks; where no network is, what is under the canvas shows.
 * @param {HTMLCanvasElement} canvas
 * @param {import('../types.d.ts').PhaseChart} chart
 * @param {import('../state/fields.js').View} view
 * @param {Layout} layout
 * @param {Blocks} blocks
 * @param {{ fineness: number, colour: (name: string) => string }} how pixels of the canvas a pixel of the layout; the colours of lines
 */
export function paint(canvas, chart, view, layout, blocks, { fineness, colour }) {
  const { columns, rows, wide, high } = layout;
  const [width, height] = [Math.round(wide * columns.length * fineness), Math.round(high * rows.length * fineness)];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  if (!context) throw new Error(NO_CANVAS);
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  paintSquares(pixels, chart, view, layout, { width, height });
  paintBorders(image.data, pixels, blocks, { fineness, width, height, colour });
  context.putImageData(image, 0, 0);
}

/**
 * @param {Uint32Array} pixels
 * @param {import('../types.d.ts').PhaseChart} chart
 * @param {import('../state/fields.js').View} view
 * @param {Layout} layout
 * @param {{ width: number, height: number }} size
 */
function paintSquares(pixels, chart, view, { columns, rows }, { width, height }) {
  const { means, at } = squares(chart, view);
  const axes = axesOf(chart);
  const across = Uint32Array.from({ length: width }, (_, pixel) => Math.floor(((pixel + 0.5) / width) * columns.length) * axes[view.x].stride);
  for (let down = 0; down < height; down++) {
    const first = at(0, rows.length - 1 - Math.floor(((down + 0.5) / height) * rows.length));
    for (let pixel = 0; pixel < width; pixel++) {
      const share = means[first + across[pixel]];
      if (share >= 0) pixels[down * width + pixel] = palette[Math.min(COLOURS - 1, Math.floor(share * COLOURS))];
    }
  }
}

/**
 * @param {Uint8ClampedArray} bytes
 * @param {Uint32Array} pixels the same
 * @param {Blocks} blocks
 * @param {{ fineness: number, width: number, height: number, colour: (name: string) => string }} how
 */
function paintBorders(bytes, pixels, { layout, regimeAt }, { fineness, width, height, colour }) {
  const borders = bordersOf(regimeAt, { ...layout, left: 0, top: 0 });
  /** @param {import('./borders.js').Border} border @param {number} thick @param {(pixel: number) => void} put */
  const along = ({ x, y, across }, thick, put) => {
    const half = thick / 2;
    const [long, tall] = across ? [layout.wide, 0] : [0, layout.high];
    const [from, to] = [Math.max(0, Math.round((x - half) * fineness)), Math.min(width, Math.round((x + long + half) * fineness))];
    const [above, below] = [Math.max(0, Math.round((y - half) * fineness)), Math.min(height, Math.round((y + tall + half) * fineness))];
    for (let down = above; down < below; down++) for (let pixel = from; pixel < to; pixel++) put(down * width + pixel);
  };
  // Rims that overlap are as dark as one.
  const rims = new Uint8Array(width * height);
  for (const border of borders)
    along(border, THICK.rim, (pixel) => {
      if (rims[pixel]) return;
      rims[pixel] = 1;
      for (let channel = 4 * pixel; channel < 4 * pixel + 3; channel++) bytes[channel] *= RIM;
    });
  for (const kind of /** @type {const} */ (['under', 'sufficient'])) {
    const line = pixelOf(colour(kind));
    for (const border of borders) if (border.kind === kind) along(border, THICK.line, (pixel) => (pixels[pixel] = line));
  }
}
