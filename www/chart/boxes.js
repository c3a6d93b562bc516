// @ts-check
// Where the squares of a view lie in a drawing.
import { axisValues } from './metrics.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/names.js').Axis} Axis */
/** @typedef {import('../state/fields.js').View} View */
/** @typedef {{ columns: number[], rows: number[], xs: Float64Array, ys: Float64Array, left: number, top: number, width: number, height: number }} Layout values along the axes, and where each square begins and the last one ends, in pixels: from the left, and from below */

export const MARGIN = { left: 64, right: 8, top: 24, bottom: 48 };
/** Of the drawing, a square has at least this share of what it would have if all were alike. */
const LEAST = 0.35;

/**
 * Where the squares of a view lie in a drawing so many pixels wide.
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {number} width
 * @returns {Layout}
 */
export function layout(chart, view, width) {
  const height = Math.max(340, Math.min(480, Math.round(width * 0.62)));
  const { left, right, top, bottom } = MARGIN;
  const inside = fill(chart, view, { left, top, width: Math.max(1, width - left - right), height: height - top - bottom });
  return { ...inside, width, height };
}

/**
 * Where they lie if they fill a box.
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {{ left: number, top: number, width: number, height: number }} box
 * @returns {Layout}
 */
export function fill(chart, { x, y, spacing }, { left, top, width, height }) {
  const [columns, rows] = [axisValues(chart, x), axisValues(chart, y)];
  const shares = (/** @type {Axis} */ axis, /** @type {number[]} */ values) => (spacing === 'true' && axis !== 'factor' ? apart(axis, values) : values.map(() => 1 / values.length));
  return { columns, rows, left, top, width, height, xs: edges(left, width, shares(x, columns)), ys: edges(top + height, -height, shares(y, rows)) };
}

/**
 * Each square's share of an axis: from half way to the value before to half way to the next; of sample sizes, which go by powers, in their logarithm.
 * @param {Axis} axis
 * @param {number[]} values
 */
function apart(axis, values) {
  const at = axis === 'samples' ? values.map(Math.log) : values;
  if (at.length < 2) return [1];
  const last = at.length - 1;
  const gap = (/** @type {number} */ index) => at[index + 1] - at[index];
  const wide = at.map((_, index) => (gap(Math.max(0, index - 1)) + gap(Math.min(last - 1, index))) / 2);
  const sum = wide.reduce((sum, one) => sum + one, 0);
  // Boxes too narrow to see or hit get the minimum width.
  const held = wide.map((one) => Math.max(one / sum, LEAST / wide.length));
  const all = held.reduce((sum, one) => sum + one, 0);
  return held.map((one) => one / all);
}

/** @param {number} from @param {number} long @param {number[]} shares */
function edges(from, long, shares) {
  const found = new Float64Array(shares.length + 1).fill(from);
  let sum = 0;
  shares.forEach((share, index) => {
    sum += share;
    found[index + 1] = from + sum * long;
  });
  return found;
}

/**
 * Where a square lies.
 * @param {Pick<Layout, 'xs' | 'ys'>} layout
 * @param {number} column
 * @param {number} row
 */
export const boxOf = ({ xs, ys }, column, row) => ({ x: xs[column], y: ys[row + 1], width: xs[column + 1] - xs[column], height: ys[row] - ys[row + 1] });

/**
 * The square at a point along an axis, by its place; -1 beside them.
 * @param {Float64Array} edges rising or falling
 * @param {number} at
 */
export function squareAt(edges, at) {
  const [first, last] = [edges[0], edges[edges.length - 1]];
  const up = last > first;
  if (up ? at < first || at >= last : at > first || at <= last) return -1;
  let [low, high] = [0, edges.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (up ? at >= edges[middle] : at <= edges[middle]) low = middle;
    else high = middle;
  }
  return low;
}
