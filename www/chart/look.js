// @ts-check
// How a chart is looked at: which networks a view shows, and what it must be to fit a chart.
import { distinct } from '../state/fields.js';
import { axisNames, metricNames } from '../state/names.js';
import { axisLabel, axisText, axisValues, hasMetric, metrics, otherAxes } from './metrics.js';
import { axesOf, placeAt } from './places.js';
import { isFetched, otherName, otherOf, subtrahend } from './subtract.js';
import { categorization, isWhole, meansOf, regime } from './summary.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/names.js').Axis} Axis */
/** @typedef {import('../state/fields.js').View} View */
/** @typedef {import('../state/fields.js').Place} Place */
/** @typedef {import('./summary.js').Regime} Regime */

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
 * Axes that are not shown and have several values.
 * @param {PhaseChart} chart
 * @param {Pick<View, 'x' | 'y'>} view
 */
export const heldAxes = (chart, { x, y }) => otherAxes(x, y).filter((axis) => axisValues(chart, axis).length > 1);

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
  heldAxes(chart, view)
    .map((axis) => `${axisLabel(chart, axis)} ${axisText(chart, axis, heldAt(chart, view, axis))}`)
    .join(', ');

/**
 * What is on show, in a line.
 * @param {PhaseChart} chart
 * @param {View} view
 */
export function title(chart, view) {
  const other = otherOf(chart, view);
  return `${chart.title}${other ? ` − ${otherName(chart, other)}` : ''}: ${metrics[view.metric].label}`;
}

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
  const others = othersOf(chart, view);
  const axes = axesOf(chart);
  const [columns, rows] = [axes[x].values, axes[y].values];
  const first = placeAt(chart, placeOf(view, others, columns[0], rows[0]));
  const at = (/** @type {number} */ column, /** @type {number} */ row) => first + column * axes[x].stride + row * axes[y].stride;
  const [own, collisions, categories] = [meansOf(chart, metric).mean, meansOf(chart, 'redundancy-train').mean, categorization(chart)];
  const whole = isWhole(chart);
  const other = otherOf(chart, view);
  const means = other ? differences(own, subtrahend(chart, other, metric)) : own;
  return {
    others,
    /** What is subtracted. */
    other,
    columns,
    rows,
    /** Where a square's network is among the places. */
    at,
    /** The numbers of the metric by place, less those of what is subtracted; NaN where no network is yet, and outside this view where something is subtracted. */
    means,
    /** The number that a square is coloured by. */
    value: (/** @type {number} */ column, /** @type {number} */ row) => means[at(column, row)],
    /** @param {number} column @param {number} row @returns {Regime | null} */
    regime(column, row) {
      const place = at(column, row);
      if (other || Number.isNaN(means[place] + collisions[place] + categories.mean[place])) return null;
      const judged = regime({ redundancy, accuracy }, collisions[place], categories.mean[place], categories.best);
      // The other two are judged against the best square, which may still come.
      return judged === 'under' || whole ? judged : null;
    },
  };

  /** @param {Float64Array} from @param {(place: Place) => number} less */
  function differences(from, less) {
    const found = new Float64Array(from.length).fill(NaN);
    for (const [column, across] of columns.entries()) for (const [row, up] of rows.entries()) found[at(column, row)] = from[at(column, row)] - less(placeOf(view, others, across, up));
    return found;
  }
}

/**
 * The column and row of the pinned network, each -1 where it is not in view.
 * @param {PhaseChart} chart
 * @param {View} view
 */
export function pinnedSquare(chart, view) {
  const { pin } = view;
  const { columns, rows, others } = squares(chart, view);
  if (!pin || placeAt(chart, pin) !== placeAt(chart, placeOf(view, others, pin[view.x], pin[view.y]))) return [-1, -1];
  return [columns.indexOf(pin[view.x]), rows.indexOf(pin[view.y])];
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
  const { x, y, metric, at, pin, facet } = view;
  const across = [x, y].includes('factor') && !chart.axes.factor ? { x: /** @type {const} */ ('width'), y: /** @type {const} */ ('epoch') } : {};
  const there = axisNames.filter((axis) => at[axis] !== undefined && axisValues(chart, axis).includes(at[axis]));
  return {
    ...distinct({ ...view, ...across }),
    metric: hasMetric(chart, metric) ? metric : metricNames[0],
    at: Object.fromEntries(there.map((axis) => [axis, at[axis]])),
    facet: facet === 'factor' && !chart.axes.factor ? '' : facet,
    minus: isFetched(view) || otherOf(chart, view) ? view.minus : '',
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
