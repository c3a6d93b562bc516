// @ts-check
// Where the regimes end along the axis of widths: `hash-phase borders` finds the same.
import { meansOf, categorization, isWhole } from '../../chart/summary.js';
import { placeAt } from '../../chart/places.js';

/** @typedef {import('../../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../../state/fields.js').View} View */
/** @typedef {number | null} Border a width between two of the chart's; 0 where every width is beyond it, infinite where none is, null where a network is missing */

/**
 * The two borders by the places of epoch and sample size: codes stop colliding, and accuracy on them rises no further.
 * @param {PhaseChart} chart
 * @param {Pick<View, 'redundancy' | 'accuracy'>} thresholds
 * @param {number} level of the factor
 * @returns {{ under: Border[][], sufficient: Border[][] }}
 */
export function bordersOf(chart, { redundancy, accuracy }, level) {
  const { width: widths, epoch: epochs, samples } = chart.axes;
  const [collisions, categories] = [meansOf(chart, 'redundancy-train').mean, categorization(chart)];
  const isKnown = isWhole(chart);
  const each = (/** @type {(epoch: number, samples: number) => Border} */ border) => epochs.map((epoch) => samples.map((count) => border(epoch, count)));
  const short = (/** @type {number} */ epoch, /** @type {number} */ count, /** @type {(place: number) => number} */ lack) => crossing(widths, widths.map((width) => lack(placeAt(chart, { width, epoch, samples: count, factor: level }))));
  const ofCollisions = (/** @type {number} */ epoch, /** @type {number} */ count) => short(epoch, count, (place) => collisions[place] - redundancy);
  const under = each(ofCollisions);
  const sufficient = each((epoch, count) => {
    if (!isKnown) return null;
    const [one, other] = [ofCollisions(epoch, count), short(epoch, count, (place) => accuracy * categories.best - categories.mean[place])];
    return one === null || other === null ? null : Math.max(one, other);
  });
  return { under, sufficient };
}

/**
 * Where numbers fall to 0 for good: between the last width that is short and the next by a straight line over the logarithm of the width.
 * @param {number[]} widths
 * @param {number[]} lacks above 0 where a width is short
 * @returns {Border}
 */
export function crossing(widths, lacks) {
  if (lacks.some(Number.isNaN)) return null;
  const last = lacks.findLastIndex((lack) => lack > 0);
  if (last < 0) return 0;
  if (last + 1 === widths.length) return Infinity;
  const share = lacks[last] / (lacks[last] - lacks[last + 1]);
  return Math.exp((1 - share) * Math.log(widths[last]) + share * Math.log(widths[last + 1]));
}

/**
 * By how much wider networks must be for twice as many examples, by least squares; nothing of fewer than three borders.
 * @param {number[]} samples
 * @param {Border[]} borders
 */
export function perDoubling(samples, borders) {
  const points = samples.map((count, at) => ({ x: Math.log2(count), y: borders[at] ?? NaN })).filter(({ y }) => Number.isFinite(y) && y > 0);
  if (points.length < 3) return null;
  const mean = (/** @type {(point: { x: number, y: number }) => number} */ of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  return mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) ** 2);
}
