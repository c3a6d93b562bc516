// @ts-check
// The space as faces to be drawn: two surfaces between the regimes, and the slice that the chart shows. A unit cube: time to the right, sample size to
// the back, width up, each in its logarithm.
import { placeOf, squares } from '../../chart/look.js';
import { scaleOf } from '../../chart/scale.js';

/** @typedef {import('../../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../../state/fields.js').View} View */
/** @typedef {[x: number, y: number, z: number]} Point */
/** @typedef {{ corners: Point[], kind: 'under' | 'sufficient' } | { corners: Point[], kind: 'slice', colour: string }} Face */

/** How each axis is scaled before its ends become 0 and 1. @type {Record<'width' | 'epoch' | 'samples', (value: number) => number>} */
const SCALES = { width: Math.log, epoch: Math.log1p, samples: Math.log };
/** The axes across, to the back, and up. */
export const AXES = /** @type {const} */ (['epoch', 'samples', 'width']);

/** Whether a chart has a space to show: several widths, times and sample sizes. @param {PhaseChart} chart */
export const hasSpace = ({ axes }) => AXES.every((axis) => axes[axis].length > 1);

/**
 * Where a value lies along an axis, from 0 to 1.
 * @param {PhaseChart} chart
 * @param {'width' | 'epoch' | 'samples'} axis
 * @returns {(value: number) => number}
 */
function along(chart, axis) {
  const values = chart.axes[axis];
  const [first, last] = [values[0], values[values.length - 1]].map(SCALES[axis]);
  return (value) => Math.max(0, Math.min(1, (SCALES[axis](value) - first) / (last - first)));
}

/**
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {ReturnType<typeof import('./borders.js').bordersOf>} borders
 * @returns {Face[]}
 */
export function faces(chart, view, { under, sufficient }) {
  return [...surface(chart, under, 'under'), ...surface(chart, sufficient, 'sufficient'), ...slice(chart, view)];
}

/**
 * A face between each four neighbouring borders; none where all four lie beyond the widest network, or one is not known.
 * @param {PhaseChart} chart
 * @param {import('./borders.js').Border[][]} borders
 * @param {'under' | 'sufficient'} kind
 * @returns {Face[]}
 */
function surface(chart, borders, kind) {
  const { epoch: epochs, samples } = chart.axes;
  const [across, back, up] = AXES.map((axis) => along(chart, axis));
  const found = [];
  for (let i = 0; i + 1 < epochs.length; i++)
    for (let k = 0; k + 1 < samples.length; k++) {
      const four = /** @type {const} */ ([[i, k], [i + 1, k], [i + 1, k + 1], [i, k + 1]]);
      const heights = four.map(([i, k]) => borders[i][k]);
      if (heights.includes(null) || heights.every((height) => height === Infinity)) continue;
      const corners = four.map(([i, k], at) => /** @type {Point} */ ([across(epochs[i]), back(samples[k]), heights[at] ? up(/** @type {number} */ (heights[at])) : 0]));
      found.push({ corners, kind });
    }
  return found;
}

/**
 * The squares of the view where they lie in the space; none where a factor is across or up.
 * @param {PhaseChart} chart
 * @param {View} view
 * @returns {Face[]}
 */
function slice(chart, view) {
  if (view.x === 'factor' || view.y === 'factor') return [];
  const { columns, rows, others, value } = squares(chart, view);
  const { colour } = scaleOf(chart, view);
  const places = Object.fromEntries(AXES.map((axis) => [axis, along(chart, axis)]));
  const [xs, ys] = [[view.x, columns], [view.y, rows]].map(([axis, values]) => middles(/** @type {number[]} */ (values).map(places[/** @type {string} */ (axis)])));
  return columns.flatMap((_, column) =>
    rows.flatMap((_, row) => {
      const number = value(column, row);
      if (Number.isNaN(number)) return [];
      const corners = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([right, above]) => {
        const held = placeOf(view, others, xs[column + right], ys[row + above]);
        return /** @type {Point} */ (AXES.map((axis) => (axis === view.x || axis === view.y ? held[axis] : places[axis](held[axis]))));
      });
      return [{ corners, kind: /** @type {const} */ ('slice'), colour: colour(number) }];
    }),
  );
}

/** Half way between neighbours, and the ends. @param {number[]} places */
const middles = (places) => [places[0], ...places.slice(1).map((place, at) => (place + places[at]) / 2), places[places.length - 1]];
