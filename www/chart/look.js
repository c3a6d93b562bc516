// @ts-check
// How a chart is looked at: which networks a view shows, and what it must be to fit a chart.
import { axisNames, metricNames } from '../state/names.js';
import { axisLabel, axisText, axisValues, hasMetric, metrics, otherAxes } from './metrics.js';
import { bestCategorization, isWhole, placeKey, regime, summarise } from './summary.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/names.js').Axis} Axis */
/** @typedef {import('../state/fields.js').View} View */
/** @typedef {import('../state/fields.js').Place} Place */
/** @typedef {import('./summary.js').Summary} Summary */
/** @typedef {import('./summary.js').Regime} Regime */
/** @typedef {{ x: number, y: number, value: number, summary: Summary, regime: Regime | null }} Square */

/**
 * The network of a square.
 * @param {View} view whose two axes are across and up
 * @param {Partial<Record<Axis, number>>} others where the other axes are held
 * @param {number} column
 * @param {number} row
 */
export const placeOf = ({ x, y }, others, column, row) => /** @type {Place} */ (/** @type {unknown} */ ({ ...others, [x]: column, [y]: row }));

/**
 * Where an axis that is not shown is held: as chosen, else at its last value; a factor at its first.
 * @param {PhaseChart} chart
 * @param {Pick<View, 'at'>} view
 * @param {Axis} axis
 */
export function heldAt(chart, { at }, axis) {
  const values = axisValues(chart, axis);
  const wanted = at[axis];
  return wanted !== undefined && values.includes(wanted) ? wanted : values[axis === 'factor' ? 0 : values.length - 1];
}

/**
 * Where all axes are held that are not shown.
 * @param {PhaseChart} chart
 * @param {View} view
 * @returns {Partial<Record<Axis, number>>}
 */
export const othersOf = (chart, view) => Object.fromEntries(otherAxes(view.x, view.y).map((axis) => [axis, heldAt(chart, view, axis)]));

/**
 * The same in words: those axes that have several values.
 * @param {PhaseChart} chart
 * @param {View} view
 */
export const othersText = (chart, view) =>
  otherAxes(view.x, view.y)
    .filter((axis) => axisValues(chart, axis).length > 1)
    .map((axis) => `${axisLabel(chart, axis)} ${axisText(chart, axis, heldAt(chart, view, axis))}`)
    .join(', ');

/**
 * What is on show, in a line.
 * @param {PhaseChart} chart
 * @param {View} view
 */
export const title = (chart, { metric }) => `${chart.title}: ${metrics[metric].label}`;

/** Charts and views are never changed, so the squares of both are found once. @type {WeakMap<View, { chart: PhaseChart, shown: Shown }>} */
const known = new WeakMap();

/**
 * The squares of a view, and where the other axes are held.
 * @param {PhaseChart} chart
 * @param {View} view
 */
export function squares(chart, view) {
  const found = known.get(view);
  if (found?.chart === chart) return found.shown;
  const shown = find(chart, view);
  known.set(view, { chart, shown });
  return shown;
}

/** @typedef {ReturnType<typeof find>} Shown */

/**
 * @param {PhaseChart} chart
 * @param {View} view
 */
function find(chart, view) {
  const { x, y, metric, redundancy, accuracy } = view;
  const summaries = summarise(chart);
  const others = othersOf(chart, view);
  const [columns, rows] = [axisValues(chart, x), axisValues(chart, y)];
  const best = bestCategorization(summaries.values());
  /** @type {(Square | null)[][]} by column, then row */
  const grid = columns.map((column) =>
    rows.map((row) => {
      const summary = summaries.get(placeKey(placeOf(view, others, column, row)));
      const band = summary?.bands[metric];
      if (!summary || !band) return null;
      const collisions = summary.bands['redundancy-train'];
      const judged = collisions && summary.categorization !== null ? regime({ redundancy, accuracy }, collisions.mean, summary.categorization, best) : null;
      return {
        x: column,
        y: row,
        value: band.mean,
        summary,
        // The other two are judged by the best square there is, which may still come.
        regime: judged === 'under' || isWhole(chart) ? judged : null,
      };
    }),
  );
  return { others, columns, rows, grid };
}

/**
 * A network worth a first look: of middling width, trained to the end on everything.
 * @param {PhaseChart} chart
 * @returns {Place}
 */
export function middlePin({ axes }) {
  const last = (/** @type {number[]} */ values) => values[values.length - 1];
  return { width: axes.width[Math.floor(axes.width.length / 2)], epoch: last(axes.epoch), samples: last(axes.samples), factor: 0 };
}

/**
 * A view that does not look at a chart across an axis or by a number that it has not, nor holds it or pins where it is not.
 * @param {PhaseChart} chart
 * @param {View} view
 * @returns {View}
 */
export function fitting(chart, view) {
  const { x, y, metric, at, pin } = view;
  const across = [x, y].includes('factor') && !chart.axes.factor;
  const there = axisNames.filter((axis) => at[axis] !== undefined && axisValues(chart, axis).includes(at[axis]));
  return {
    ...view,
    ...(across ? { x: 'width', y: 'epoch' } : {}),
    metric: hasMetric(chart, metric) ? metric : metricNames[0],
    at: Object.fromEntries(there.map((axis) => [axis, at[axis]])),
    pin: pin && axisNames.every((axis) => axisValues(chart, axis).includes(pin[axis])) ? pin : middlePin(chart),
  };
}

/**
 * How a chart is looked at first: as the one before where it can be, but across its factor where it has one.
 * @param {PhaseChart} chart
 * @param {View} before
 * @returns {View}
 */
export function firstView(chart, before) {
  const several = (chart.axes.factor?.values.length ?? 0) > 1;
  return fitting(chart, { ...before, ...(several ? { x: 'width', y: 'factor' } : {}), at: {}, pin: null });
}
