// @ts-check
// Cells put together for drawing: mean and deviation over seeds, and the regime.
import { metricNames } from '../state/names.js';
import { squareCount } from '../state/plan-size.js';
import { columnsOf } from './columns.js';
import { metrics } from './metrics.js';
import { axesOf, once, placeAt, rowsOf } from './places.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/names.js').Metric} Metric */
/** @typedef {{ mean: number, deviation: number, seeds: number }} Band */
/** @typedef {import('../state/fields.js').Place} Place */
/** @typedef {Place & { bands: Partial<Record<Metric, Band>>, categorization: number | null, stopped: number[] }} Summary `stopped` holds the epochs after which early stopping ended the training of some seeds */
/** @typedef {{ redundancy: number, accuracy: number }} Thresholds */
/** @typedef {'under' | 'critical' | 'sufficient'} Regime */

/** How many seeds of each network have no numbers since training diverged, by place. */
export const diverged = once((chart) => {
  const counts = new Uint32Array(axesOf(chart).count);
  for (const { level = 0, ...gap } of chart.gaps ?? []) counts[placeAt(chart, { ...gap, factor: level })] += 1;
  return counts;
});

/** Whether every square is there, with numbers or without: only then is the best one known that regimes are judged by. */
export const isWhole = once((chart) => columnsOf(chart).length + (chart.gaps?.length ?? 0) >= squareCount(chart));

/** @param {Place} place */
export const placeKey = ({ width, epoch, samples, factor }) => `${width}/${epoch}/${samples}/${factor}`;

/**
 * Means over seeds of what each row has, by place, NaN where no seed has it; and how many have.
 * @param {PhaseChart} chart
 * @param {(row: number) => number} of NaN where it has it not
 */
function means(chart, of) {
  const rows = rowsOf(chart);
  const each = chart.axes.seed.length;
  const mean = new Float64Array(axesOf(chart).count);
  const seeds = new Uint32Array(mean.length);
  for (let place = 0; place < mean.length; place++) {
    let [sum, count] = [0, 0];
    for (let at = place * each; at < (place + 1) * each; at++) {
      const value = rows[at] < 0 ? NaN : of(rows[at]);
      if (Number.isNaN(value)) continue;
      sum += value;
      count += 1;
    }
    mean[place] = sum / count;
    seeds[place] = count;
  }
  return { mean, seeds };
}

const knownMeans = once(() => /** @type {Partial<Record<Metric, ReturnType<typeof means>>>} */ ({}));

/**
 * Means of a metric over seeds, by place, NaN where there is none; and over how many.
 * @param {PhaseChart} chart
 * @param {Metric} metric
 */
export function meansOf(chart, metric) {
  const column = columnsOf(chart)[metrics[metric].column];
  return (knownMeans(chart)[metric] ??= means(chart, (row) => column[row]));
}

/** Means over seeds of K-NN and logistic regression on test codes, by place, and the best of them. */
export const categorization = once((chart) => {
  const { knn, logistic } = columnsOf(chart);
  const { mean } = means(chart, (row) => (knn[row] + logistic[row]) / 2);
  return { mean, best: mean.reduce((best, one) => (one > best ? one : best), 0) };
});

/**
 * A network's numbers over seeds; nothing where none is finished.
 * @param {PhaseChart} chart
 * @param {Place} place
 * @returns {Summary | undefined}
 */
export function summaryAt(chart, place) {
  const at = placeAt(chart, place);
  const seeds = chart.axes.seed.length;
  const rows = Number.isNaN(at) ? [] : [...rowsOf(chart).subarray(at * seeds, (at + 1) * seeds)].filter((row) => row >= 0);
  if (!rows.length) return undefined;
  const columns = columnsOf(chart);
  const bands = Object.fromEntries(metricNames.flatMap((metric) => {
    const found = band(rows.map((row) => columns[metrics[metric].column][row]));
    return found ? [[metric, found]] : [];
  }));
  const stopped = rows.map((row) => columns.stopped[row]).filter((epoch) => !Number.isNaN(epoch));
  const mean = categorization(chart).mean[at];
  const { width, epoch, samples, factor } = place;
  return { width, epoch, samples, factor, bands, stopped, categorization: Number.isNaN(mean) ? null : mean };
}

/**
 * The networks along an axis that are finished, the other axes held.
 * @param {PhaseChart} chart
 * @param {import('../state/names.js').Axis} axis
 * @param {Partial<Place>} held
 */
export const along = (chart, axis, held) => axesOf(chart)[axis].values.flatMap((value) => summaryAt(chart, /** @type {Place} */ ({ ...held, [axis]: value })) ?? []);

/** Every network of a chart with its numbers over seeds, by {@link placeKey}. @param {PhaseChart} chart */
export function summarise(chart) {
  /** @type {Map<string, Summary>} */
  const all = new Map();
  const { width, epoch, samples, level, length } = columnsOf(chart);
  for (let row = 0; row < length; row++) {
    const place = { width: width[row], epoch: epoch[row], samples: samples[row], factor: level[row] };
    const summary = all.has(placeKey(place)) ? undefined : summaryAt(chart, place);
    if (summary) all.set(placeKey(place), summary);
  }
  return all;
}

/**
 * @param {number[]} values those that are NaN do not count
 * @returns {Band | undefined}
 */
function band(values) {
  const numbers = values.filter((value) => !Number.isNaN(value));
  if (!numbers.length) return undefined;
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const squares = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, numbers.length - 1)), seeds: numbers.length };
}

/**
 * A mean with the bounds of one standard deviation, within what a share can be.
 * @param {Band} band
 */
export const banded = ({ mean, deviation }) => ({ mean, low: Math.max(0, mean - deviation), high: Math.min(1, mean + deviation) });

/**
 * The regime of a training redundancy and a categorization accuracy in a chart whose best is `best`. The rule is ours.
 * @param {Thresholds} thresholds
 * @param {number} redundancy
 * @param {number} categorization
 * @param {number} best
 * @returns {Regime}
 */
export function regime(thresholds, redundancy, categorization, best) {
  if (redundancy > thresholds.redundancy) return 'under';
  return categorization >= thresholds.accuracy * best ? 'sufficient' : 'critical';
}

/** @type {Record<Regime, string>} */
export const regimeNames = {
  under: 'under-expressive',
  critical: 'critically expressive',
  sufficient: 'sufficiently expressive',
};
