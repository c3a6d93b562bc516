// @ts-check
// Cells put together for drawing: mean and deviation over seeds, and the regime.
import { metricNames } from '../state/names.js';
import { squareCount } from '../state/plan-size.js';
import { metrics } from './metrics.js';

/** @typedef {import('../types.d.ts').Cell} Cell */
/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/names.js').Metric} Metric */
/** @typedef {{ mean: number, deviation: number, seeds: number }} Band */
/** @typedef {import('../state/fields.js').Place} Place */
/** @typedef {Place & { bands: Partial<Record<Metric, Band>>, categorization: number | null, stopped: number[] }} Summary `stopped` holds the epochs after which early stopping ended the training of some seeds */
/** @typedef {{ redundancy: number, accuracy: number }} Thresholds */
/** @typedef {'under' | 'critical' | 'sufficient'} Regime */

/**
 * What is computed of a chart, which is never changed, and so once.
 * @template Of
 * @param {(chart: PhaseChart) => Of} compute
 * @returns {(chart: PhaseChart) => Of}
 */
function once(compute) {
  /** @type {WeakMap<PhaseChart, Of>} */
  const known = new WeakMap();
  return (chart) => {
    const found = known.has(chart) ? /** @type {Of} */ (known.get(chart)) : compute(chart);
    known.set(chart, found);
    return found;
  };
}

/** How many seeds of each network have no numbers since training diverged, by {@link placeKey}. */
export const diverged = once((chart) => {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { width, epoch, samples, level = 0 } of chart.gaps ?? []) {
    const key = placeKey({ width, epoch, samples, factor: level });
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
});

/** Whether every square is there, with numbers or without: only then is the best one known that regimes are judged by. */
export const isWhole = once((chart) => chart.cells.length + (chart.gaps?.length ?? 0) >= squareCount(chart));

/** @param {Place} place */
export const placeKey = ({ width, epoch, samples, factor }) => `${width}/${epoch}/${samples}/${factor}`;

/** Every network of a chart with its numbers over seeds, by {@link placeKey}. */
export const summarise = once((chart) => {
  /** @type {Map<string, Cell[]>} */
  const groups = new Map();
  for (const cell of chart.cells) {
    const key = placeKey({ ...cell, factor: cell.level ?? 0 });
    const group = groups.get(key);
    if (group) group.push(cell);
    else groups.set(key, [cell]);
  }
  return new Map([...groups].map(([key, cells]) => [key, summary(cells)]));
});

/**
 * @param {Cell[]} cells of one place
 * @returns {Summary}
 */
function summary(cells) {
  const { width, epoch, samples, level = 0 } = cells[0];
  const bands = Object.fromEntries(metricNames.map((metric) => [metric, band(cells.map(metrics[metric].of))]));
  const stopped = cells.flatMap(({ stopped }) => stopped ?? []);
  return { width, epoch, samples, factor: level, bands, stopped, categorization: band(cells.map(categorization))?.mean ?? null };
}

/**
 * Mean of K-NN and logistic regression on test codes.
 * @param {Cell} cell
 */
const categorization = ({ knn, logistic }) => (knn == null || logistic == null ? null : (knn + logistic) / 2);

/**
 * @param {(number | null | undefined)[]} values missing ones do not count
 * @returns {Band | undefined}
 */
function band(values) {
  const numbers = values.filter((value) => value != null);
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
 * The best mean categorization accuracy of a chart.
 * @param {Iterable<Summary>} summaries
 */
export const bestCategorization = (summaries) =>
  [...summaries].reduce((best, { categorization }) => Math.max(best, categorization ?? 0), 0);

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
