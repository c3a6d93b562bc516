// @ts-check
// Where the networks of a chart stand: a number for each place on its axes, seeds aside, and the rows of the seeds there.
import { squareCount } from '../state/plan-size.js';
import { columnsOf } from './columns.js';
import { axisValues } from './metrics.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
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
    if (!known.has(chart)) known.set(chart, compute(chart));
    return /** @type {Of} */ (known.get(chart));
  };
}

/** @param {ArrayLike<number>} values @returns {Map<number, number>} where each stands on its axis */
const standing = (values) => new Map(Array.from(values, (value, at) => [value, at]));

/** The axes, each with where its values stand and how far apart two neighbours on it are among the places. */
export const axesOf = once((chart) => {
  const { axes } = chart;
  const levels = axisValues(chart, 'factor');
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
 * @param {ReturnType<typeof axesOf>} axes
 * @param {number | undefined} width
 * @param {number | undefined} epoch
 * @param {number | undefined} samples
 * @param {number | undefined} factor
 */
const placeOn = (axes, width = NaN, epoch = NaN, samples = NaN, factor = NaN) =>
  (axes.width.at.get(width) ?? NaN) + (axes.epoch.at.get(epoch) ?? NaN) * axes.epoch.stride + (axes.samples.at.get(samples) ?? NaN) * axes.samples.stride + (axes.factor.at.get(factor) ?? NaN) * axes.factor.stride;

/**
 * The number of a place; that of no place on the axes is NaN.
 * @param {PhaseChart} chart
 * @param {Partial<Place>} place
 */
export const placeAt = (chart, { width, epoch, samples, factor }) => placeOn(axesOf(chart), width, epoch, samples, factor);

/**
 * What gives each network of a chart its number: that of its place, then of its seed; NaN beside the axes.
 * @param {PhaseChart} chart
 * @returns {(network: { width: number, epoch: number, samples: number, seed: number, level?: number }) => number}
 */
export function numbering(chart) {
  const axes = axesOf(chart);
  const { values, at } = axes.seed;
  return ({ width, epoch, samples, seed, level = 0 }) => placeOn(axes, width, epoch, samples, level) * values.length + (at.get(seed) ?? NaN);
}

/** The row of each network among the columns, by place and then by seed; -1 where it is not. */
export const rowsOf = once((chart) => {
  const { width, epoch, samples, seed, level, length } = columnsOf(chart);
  const numberOf = numbering(chart);
  const rows = new Int32Array(squareCount(chart)).fill(-1);
  for (let row = 0; row < length; row++) rows[numberOf({ width: width[row], epoch: epoch[row], samples: samples[row], seed: seed[row], level: level[row] })] = row;
  return rows;
});
