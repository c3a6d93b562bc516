// @ts-check
// Where the networks of a chart stand: a number for each place on its axes, seeds aside, and the rows of the seeds there.
import { squareCount } from '../state/plan-size.js';
import { columnsOf } from './columns.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/names.js').Axis} Axis */
/** @typedef {import('../state/fields.js').Place} Place */

/**
 * What is computed of a chart, which is never changed, and so once.
 * @template Of
 * @param {(chart: PhaseChart) => Of} compute
 * @returns {(chart: PhaseChart) => Of}
 */
export function once(compute) {
  /** @type {WeakMap<PhaseChart, Of>} */
  const known = new WeakMap();
  return (chart) => {
    const found = known.has(chart) ? /** @type {Of} */ (known.get(chart)) : compute(chart);
    known.set(chart, found);
    return found;
  };
}

/** @param {ArrayLike<number>} values @returns {Map<number, number>} where each stands on its axis */
const standing = (values) => new Map(Array.from(values, (value, at) => [value, at]));

/** The axes, each with where its values stand and how far apart two neighbours on it are among the places. */
export const axesOf = once(({ axes }) => {
  const levels = (axes.factor?.values ?? [0]).map((_, level) => level);
  const axis = (/** @type {number[]} */ values, /** @type {number} */ stride) => ({ values, stride, at: standing(values) });
  const [wide, long, large] = [axes.width.length, axes.epoch.length, axes.samples.length];
  return {
    width: axis(axes.width, 1),
    epoch: axis(axes.epoch, wide),
    samples: axis(axes.samples, wide * long),
    factor: axis(levels, wide * long * large),
    seed: axis(axes.seed, 1),
    count: wide * long * large * levels.length,
  };
});

/**
 * The number of a place; that of no place on the axes is NaN.
 * @param {PhaseChart} chart
 * @param {Partial<Place>} place
 */
export function placeAt(chart, { width, epoch, samples, factor }) {
  const axes = axesOf(chart);
  const far = (/** @type {Axis} */ axis, /** @type {number | undefined} */ value) => (axes[axis].at.get(value ?? NaN) ?? NaN) * axes[axis].stride;
  return far('width', width) + far('epoch', epoch) + far('samples', samples) + far('factor', factor);
}

/** The row of each network among the columns, by place and then by seed; -1 where it is not. */
export const rowsOf = once((chart) => {
  const axes = axesOf(chart);
  const columns = columnsOf(chart);
  const rows = new Int32Array(squareCount(chart)).fill(-1);
  const seeds = axes.seed.values.length;
  for (let row = 0; row < columns.length; row++) {
    const place =
      /** @type {number} */ (axes.width.at.get(columns.width[row])) +
      /** @type {number} */ (axes.epoch.at.get(columns.epoch[row])) * axes.epoch.stride +
      /** @type {number} */ (axes.samples.at.get(columns.samples[row])) * axes.samples.stride +
      columns.level[row] * axes.factor.stride;
    rows[place * seeds + /** @type {number} */ (axes.seed.at.get(columns.seed[row]))] = row;
  }
  return rows;
});
