// @ts-check
// Squares that are too many to be elements, painted: a pixel has the colour of the square at its middle, so that a picture costs what it
// has pixels, however many squares there are.
import { THICK, bordersOf } from './borders.js';
import { squareAt } from './boxes.js';
import { axesOf } from './places.js';
import { squares } from './look.js';
import { scaleOf } from './scale.js';

/** @typedef {import('./boxes.js').Layout} Layout */
/** @typedef {{ layout: Layout, regimeAt: import('./borders.js').RegimeAt }} Blocks */

const COLOURS = 256;
const NO_CANVAS = 'this browser paints no more canvases: close other pages';
/** How much of a colour the rim of a line leaves. */
const RIM = 0.55;

/** A palette's colours from 0 to 1, as pixels are in memory. @param {(share: number) => string} palette */
const pixelsOf = (palette) => Uint32Array.from({ length: COLOURS }, (_, at) => pixelOf(palette(at / COLOURS)));

/** @type {Map<string, number>} */
const known = new Map();

/** A colour in whatever words a style sheet has for it, as a pixel. @param {string} colour */
function pixelOf(colour) {
  const found = known.get(colour);
  if (found !== undefined) return found;
  // The form in which browsers give most colours; the others are read back from a canvas, which returns noise under fingerprinting protection.
  const said = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour)?.slice(1).map(Number) ?? /^#(..)(..)(..)$/.exec(colour)?.slice(1).map((digits) => parseInt(digits, 16));
  if (said) {
    const [pixel] = new Uint32Array(Uint8Array.of(...said, 255).buffer);
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
 * @param {{ fineness: number, thick?: number, colour: (name: string) => string }} how pixels of the canvas a pixel of the layout; how thick lines are, of what they usually are, and their colours
 */
export function paint(canvas, chart, view, layout, blocks, { fineness, thick = 1, colour }) {
  const { columns, rows, xs, ys } = layout;
  const [width, height] = [Math.round((xs[columns.length] - xs[0]) * fineness), Math.round((ys[0] - ys[rows.length]) * fineness)];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  if (!context) throw new Error(NO_CANVAS);
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  paintSquares(pixels, chart, view, layout, { width, height });
  paintBorders(image.data, pixels, blocks, { fineness, thick, width, height, colour });
  context.putImageData(image, 0, 0);
}

/**
 * @param {Uint32Array} pixels
 * @param {import('../types.d.ts').PhaseChart} chart
 * @param {import('../state/fields.js').View} view
 * @param {Layout} layout
 * @param {{ width: number, height: number }} size
 */
function paintSquares(pixels, chart, view, { xs, ys }, { width, height }) {
  const { means, at } = squares(chart, view);
  const axes = axesOf(chart);
  const scale = scaleOf(chart, view);
  const palette = pixelsOf(scale.palette);
  /** The square of each pixel along an axis. @param {Float64Array} edges @param {number} pixels */
  const squaresAt = (edges, pixels) => {
    const [first, last] = [edges[0], edges[edges.length - 1]];
    return Uint32Array.from({ length: pixels }, (_, pixel) => squareAt(edges, first + ((pixel + 0.5) / pixels) * (last - first)));
  };
  const across = squaresAt(xs, width).map((column) => column * axes[view.x].stride);
  const up = squaresAt(ys, height);
  for (let down = 0; down < height; down++) {
    const first = at(0, up[height - 1 - down]);
    for (let pixel = 0; pixel < width; pixel++) {
      const value = means[first + across[pixel]];
      if (!Number.isNaN(value)) pixels[down * width + pixel] = palette[Math.min(COLOURS - 1, Math.floor(scale.at(value) * COLOURS))];
    }
  }
}

/**
 * @param {Uint8ClampedArray} bytes
 * @param {Uint32Array} pixels the same
 * @param {Blocks} blocks
 * @param {{ fineness: number, thick: number, width: number, height: number, colour: (name: string) => string }} how
 */
function paintBorders(bytes, pixels, { layout, regimeAt }, { fineness, thick, width, height, colour }) {
  const [left, top] = [layout.xs[0], layout.ys[layout.ys.length - 1]];
  const borders = bordersOf(regimeAt, { ...layout, xs: layout.xs.map((x) => x - left), ys: layout.ys.map((y) => y - top) });
  /** @param {import('./borders.js').Border} border @param {number} pixels @param {(pixel: number) => void} put */
  const along = ({ x, y, across, long: side }, pixels, put) => {
    const half = (thick * pixels) / 2;
    const [long, tall] = across ? [side, 0] : [0, side];
    const [from, to] = [Math.max(0, Math.round((x - half) * fineness)), Math.min(width, Math.round((x + long + half) * fineness))];
    const [above, below] = [Math.max(0, Math.round((y - half) * fineness)), Math.min(height, Math.round((y + tall + half) * fineness))];
    for (let down = above; down < below; down++) for (let pixel = from; pixel < to; pixel++) put(down * width + pixel);
  };
  // Overlapping rims are drawn as one, so that they are not darker.
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
