// @ts-check
// From a number to its colour: over the range and on the scale that a view says, or around 0 where two charts are subtracted.
import { interpolateViridis } from 'd3-scale-chromatic';
import { diverging } from './diverging.js';
import { squares } from './look.js';
import { otherOf } from './subtract.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/fields.js').View} View */
/** @typedef {{ at: number, text: string }} Tick `at` from 0 to 1 */
/**
 * @typedef {{
 *   low: number,
 *   high: number,
 *   at: (value: number) => number,
 *   palette: (share: number) => string,
 *   colour: (value: number) => string,
 *   ticks: Tick[],
 * }} Scale `at`: where a number lies between the ends, from 0 to 1; `palette`: the colour of such a share
 */

/** A logarithmic scale has no 0: what is below is coloured as this. */
const LEAST = 1e-3;
/** Where two charts are the same, the ends are here. */
const SMALLEST_DIFFERENCE = 0.01;

/** Whether a metric may be on a logarithmic scale: what falls by powers of ten. @param {View} view */
export const canBeLogarithmic = ({ metric, minus }) => metric.startsWith('redundancy') && !minus;

/**
 * @param {PhaseChart | null} chart
 * @param {View} view
 * @returns {Scale}
 */
export function scaleOf(chart, view) {
  if (chart && otherOf(chart, view)) return around(greatest(chart, view), view.range);
  const [low, high] = view.range ?? [0, 1];
  if (view.scale === 'log' && canBeLogarithmic(view)) return logarithmic(Math.max(low, LEAST), high);
  const at = (/** @type {number} */ value) => clamped((value - low) / (high - low));
  const ticks = [0, 0.5, 1].map((share) => ({ at: share, text: ended(low + share * (high - low), share, low > 0, high < 1) }));
  return made(low, high, at, interpolateViridis, ticks);
}

/** @param {number} low @param {number} high */
function logarithmic(low, high) {
  const wide = Math.log(high / low);
  const at = (/** @type {number} */ value) => clamped(Math.log(Math.max(value, low) / low) / wide);
  const powers = Array.from({ length: 4 }, (_, power) => 10 ** -power).filter((value) => value > low * 1.5 && value < high / 1.5);
  const ticks = [low, ...powers.reverse(), high].map((value) => ({ at: at(value), text: ended(value, at(value), true, high < 1) }));
  return made(low, high, at, interpolateViridis, ticks);
}

/** @param {number} most @param {View['range']} range the upper end of which counts */
function around(most, range) {
  const end = range ? range[1] : niceEnd(most);
  const at = (/** @type {number} */ value) => clamped((value + end) / (2 * end));
  const text = plain(end);
  const cut = range && most > end;
  return made(-end, end, at, diverging, [{ at: 0, text: `${cut ? '≤ ' : ''}−${text}` }, { at: 0.5, text: '0' }, { at: 1, text: `${cut ? '≥ ' : ''}+${text}` }]);
}

/**
 * @param {number} low
 * @param {number} high
 * @param {Scale['at']} at
 * @param {Scale['palette']} palette
 * @param {Tick[]} ticks
 * @returns {Scale}
 */
const made = (low, high, at, palette, ticks) => ({ low, high, at, palette, colour: (value) => palette(at(value)), ticks });

/** @param {number} share */
const clamped = (share) => Math.max(0, Math.min(1, share));
/** A number with as many digits as it needs, three at most. @param {number} value */
const plain = (value) => String(Number(value.toPrecision(3)));
/** The number at an end beyond which there are others. @param {number} value @param {number} share @param {boolean} below @param {boolean} above */
const ended = (value, share, below, above) => `${share === 0 && below ? '≤ ' : share === 1 && above ? '≥ ' : ''}${plain(value)}`;

/** The greatest difference in view. @param {PhaseChart} chart @param {View} view */
function greatest(chart, view) {
  const { columns, rows, value } = squares(chart, view);
  let most = 0;
  for (const column of columns.keys()) for (const row of rows.keys()) most = Math.max(most, Math.abs(value(column, row)) || 0);
  return most;
}

/** The next of 1, 2, 5, 10 … that is not below. @param {number} most */
function niceEnd(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, SMALLEST_DIFFERENCE)));
  return ([1, 2, 5, 10].find((step) => step * power >= most * (1 - 1e-9)) ?? 10) * power;
}
