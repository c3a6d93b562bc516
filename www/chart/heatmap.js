// @ts-check
// The heatmap: two axes, a colour for the metric, the borders of the regimes, gaps where no network is yet. It is a grid that
// can be walked by those who hear it: a row for each value up, a cell for each network.
import { interpolateViridis } from 'd3-scale-chromatic';
import { regimeBorders } from './borders.js';
import { s } from './elements.js';
import { placeOf, squares } from './look.js';
import { axisLabel, axisText, axisValues, metrics, number } from './metrics.js';
import { diverged, placeKey, regimeNames } from './summary.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/fields.js').View} View */
/** @typedef {import('../state/fields.js').Place} Place */
/** @typedef {import('./look.js').Square} Square */
/** @typedef {{ columns: number[], rows: number[], left: number, top: number, wide: number, high: number, width: number, height: number }} Layout places of the squares, in pixels; the rows from below */

const MARGIN = { left: 64, right: 8, top: 24, bottom: 48 };
/** Pixels between two names along an axis. */
const ROOM = { across: 44, up: 17 };

/**
 * Where the squares of a view lie in a drawing so many pixels wide.
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {number} width
 * @returns {Layout}
 */
export function layout(chart, { x, y }, width) {
  const [columns, rows] = [axisValues(chart, x), axisValues(chart, y)];
  const height = Math.max(340, Math.min(480, Math.round(width * 0.62)));
  const { left, right, top, bottom } = MARGIN;
  return { columns, rows, left, top, width, height, wide: Math.max(1, width - left - right) / columns.length, high: (height - top - bottom) / rows.length };
}

/**
 * The network of the square at a point of the drawing; nothing beside the squares.
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {Layout} layout
 * @param {number} x in pixels from the left
 * @param {number} y from above
 * @returns {Place | null}
 */
export function networkAt(chart, view, { columns, rows, left, top, wide, high }, x, y) {
  const [column, row] = [Math.floor((x - left) / wide), rows.length - 1 - Math.floor((y - top) / high)];
  if (!(column in columns) || !(row in rows)) return null;
  return placeOf(view, squares(chart, view).others, columns[column], rows[row]);
}

/** The id of a square's element. @param {number} column @param {number} row */
export const squareId = (column, row) => `square-${column}-${row}`;

/**
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {number} width in pixels
 */
export function heatmap(chart, view, width) {
  const shown = squares(chart, view);
  const place = layout(chart, view, width);
  const { columns, rows, left, top, wide, high, height } = place;
  const lost = diverged(chart);
  const xAt = (/** @type {number} */ column) => left + column * wide;
  const yAt = (/** @type {number} */ row) => top + (rows.length - 1 - row) * high;
  const isNamed = (/** @type {number[]} */ values, /** @type {number} */ size, /** @type {number} */ room) => {
    const step = Math.ceil(room / size);
    return (/** @type {number} */ index) => index % step === 0;
  };
  const [columnNamed, rowNamed] = [isNamed(columns, wide, view.x === 'factor' ? 2 * ROOM.across : ROOM.across), isNamed(rows, high, ROOM.up)];
  const axisName = (/** @type {import('../state/names.js').Axis} */ axis) => axisLabel(chart, axis);

  const heads = columns.flatMap((value, column) =>
    columnNamed(column) ? [s('text', { role: 'columnheader', x: xAt(column) + wide / 2, y: height - MARGIN.bottom + 17, 'text-anchor': 'middle', fill: 'currentColor' }, axisText(chart, view.x, value))] : [],
  );
  const body = rows.map((value, row) => {
    const name = rowNamed(row) ? [s('text', { role: 'rowheader', x: left - 6, y: yAt(row) + high / 2, dy: '0.35em', 'text-anchor': 'end', fill: 'currentColor' }, axisText(chart, view.y, value))] : [];
    const cells = columns.map((at, column) => {
      const square = shown.grid[column][row];
      const network = placeOf(view, shown.others, at, value);
      const box = { role: 'gridcell', id: squareId(column, row), x: xAt(column), y: yAt(row), width: wide, height: high };
      if (square) return s('rect', { ...box, fill: interpolateViridis(square.value), 'shape-rendering': 'crispEdges', 'aria-label': describe(chart, view, network) });
      return s('rect', { ...box, x: box.x + 1, y: box.y + 1, width: Math.max(0, wide - 2), height: Math.max(0, high - 2), fill: 'var(--gap)', 'aria-label': describe(chart, view, network) });
    });
    return s('g', { role: 'row' }, ...name, ...cells);
  });
  const infinite = columns.flatMap((at, column) =>
    rows.flatMap((value, row) =>
      !shown.grid[column][row] && lost.has(placeKey(placeOf(view, shown.others, at, value))) ? [s('text', { x: xAt(column) + wide / 2, y: yAt(row) + high / 2, dy: '0.35em', 'text-anchor': 'middle', fill: 'currentColor' }, '∞')] : [],
    ),
  );
  const { pin } = view;
  const pinned = pin && placeKey(pin) === placeKey(placeOf(view, shown.others, pin[view.x], pin[view.y])) ? [columns.indexOf(pin[view.x]), rows.indexOf(pin[view.y])] : [-1, -1];
  const frame = { x: xAt(pinned[0]), y: yAt(pinned[1]), width: wide, height: high, fill: 'none' };
  const mark = pinned.includes(-1) ? [] : [s('rect', { ...frame, stroke: '#000', 'stroke-width': 6 }), s('rect', { ...frame, stroke: '#fff', 'stroke-width': 2.5 })];
  const over = { 'aria-hidden': 'true', 'pointer-events': 'none' };
  return s(
    'svg',
    { class: 'heatmap', role: 'presentation', width, height, viewBox: `0 0 ${width} ${height}`, 'font-size': 13 },
    s('text', { x: 2, y: 14, fill: 'currentColor', 'aria-hidden': 'true' }, `↑ ${axisName(view.y)}`),
    s('g', { role: 'row' }, ...heads),
    ...body.reverse(),
    s('text', { x: left + (wide * columns.length) / 2, y: height - 6, 'text-anchor': 'middle', fill: 'currentColor', 'aria-hidden': 'true' }, `${axisName(view.x)} →`),
    s('g', over, ...infinite, regimeBorders(shown, place), ...mark),
  );
}

/**
 * What a square says.
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {Place} network
 */
export function describe(chart, view, network) {
  const { columns, rows, grid } = squares(chart, view);
  const square = grid[columns.indexOf(network[view.x])]?.[rows.indexOf(network[view.y])];
  const { width, epoch, samples, factor } = network;
  const level = chart.axes.factor ? `, ${axisLabel(chart, 'factor')} ${axisText(chart, 'factor', factor)}` : '';
  const head = `width ${width}, epoch ${epoch}, ${samples.toLocaleString('en')} samples${level}`;
  if (!square) return `${head}\n${diverged(chart).has(placeKey(network)) ? 'training diverged: no numbers' : 'not trained yet'}`;
  const { bands } = square.summary;
  const seeds = bands[view.metric]?.seeds ?? 0;
  const lines = Object.entries(bands).flatMap(([metric, band]) => (band ? [`${metrics[/** @type {import('../state/names.js').Metric} */ (metric)].label}: ${number(band.mean)}`] : []));
  return [`${head}${seeds > 1 ? `, ${seeds} seeds` : ''}`, square.regime ? regimeNames[square.regime] : '', '', ...lines].join('\n');
}
