// @ts-check
// One chart minus another, or one value of a factor minus another: for each network of the one, what the same network of the other has less.
import { axisLabel, axisText, axisValues } from './metrics.js';
import { placeAt } from './places.js';
import { meansOf } from './summary.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/fields.js').View} View */
/** @typedef {import('../state/fields.js').Place} Place */
/** @typedef {{ name: string, chart: PhaseChart, level: number | null }} Other what is subtracted; with `level` a value of the chart's own factor, by its place */

/** Before the place of a factor's value. */
const LEVEL = /^level-(\d+)$/;

/** The name of a factor's value as what is subtracted. @param {number} level */
export const levelName = (level) => `level-${level}`;

/**
 * What a view subtracts; nothing where it is not there, or not yet.
 * @param {PhaseChart | null} chart
 * @param {View} view
 * @returns {Other | null}
 */
export function otherOf(chart, { minus, other }) {
  const level = LEVEL.exec(minus)?.[1];
  if (level !== undefined) return chart?.axes.factor && axisValues(chart, 'factor').includes(Number(level)) ? { name: minus, chart, level: Number(level) } : null;
  return minus && other?.name === minus ? { name: minus, chart: other.chart, level: null } : null;
}

/** Whether a view subtracts what has to be fetched. @param {View} view */
export const isFetched = ({ minus }) => minus !== '' && !LEVEL.test(minus);

/**
 * What gives the number that is subtracted from a network's; NaN where the other chart has no such network.
 * @param {PhaseChart} chart
 * @param {Other} other
 * @param {import('../state/names.js').Metric} metric
 * @returns {(place: Place) => number}
 */
export function subtrahend(chart, { chart: other, level }, metric) {
  const { mean } = meansOf(other, metric);
  const [own, its] = [chart.axes.factor, other.axes.factor];
  // The same value of the same factor; if the factors differ or one chart has none, the other chart's first level.
  const factor = (/** @type {number} */ at) => level ?? (own && its && own.name === its.name ? /** @type {unknown[]} */ (its.values).indexOf(own.values[at]) : 0);
  return (place) => mean[placeAt(other, { ...place, factor: factor(place.factor) })] ?? NaN;
}

/**
 * What is subtracted, in words.
 * @param {PhaseChart} chart
 * @param {Other} other
 */
export function otherName(chart, { name, chart: other, level }) {
  if (level !== null) return `${axisLabel(chart, 'factor')} ${axisText(chart, 'factor', level)}`;
  return other.title === chart.title ? name : other.title;
}
