// @ts-check
// The heatmap: two axes, a colour for the metric, the borders of the regimes, gaps where no network is yet. It is a grid that
// can be walked by those who hear it: a row for each value up, a cell for each network. More squares than a page can hold elements
// are painted, and only the pinned one is a cell.
import { blocksOf } from './blocks.js';
import { boxOf, layout, MARGIN, squareAt } from './boxes.js';
import { nameElements, regimeBorders } from './borders.js';
import { describe } from './describe.js';
import { h, s } from './elements.js';
import { pinnedSquare, placeOf, squares } from './look.js';
import { axisLabel, axisText } from './metrics.js';
import { paint } from './paint.js';
import { squareElements, squareId } from './squares.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/fields.js').View} View */
/** @typedef {import('../state/fields.js').Place} Place */
/** @typedef {import('./boxes.js').Layout} Layout */

/** Squares that are elements each, at most. */
const MOST_ELEMENTS = 5_000;
/** Pixels between two names along an axis. */
const ROOM = { across: 44, up: 17 };

/**
 * The network of the square at a point of the drawing; nothing beside the squares.
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {Layout} layout
 * @param {number} x in pixels from the left
 * @param {number} y from above
 * @returns {Place | null}
 */
export function networkAt(chart, view, { columns, rows, xs, ys }, x, y) {
  const [column, row] = [squareAt(xs, x), squareAt(ys, y)];
  if (!(column in columns) || !(row in rows)) return null;
  return placeOf(view, squares(chart, view).others, columns[column], rows[row]);
}

/**
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {number} width in pixels
 * @param {{ canvas: HTMLCanvasElement, colour: (name: string) => string }} brush what squares are painted on that are too many to be elements
 * @returns {SVGSVGElement | HTMLElement}
 */
export function heatmap(chart, view, width, brush) {
  const place = layout(chart, view, width);
  if (!isPainted(place)) return frame(chart, view, place, drawnSquares(chart, view, place));
  const { canvas, box, over } = paintedSquares(brush.canvas, chart, view, place, { fineness: devicePixelRatio, colour: brush.colour });
  canvas.style.cssText = `left: ${box.x}px; top: ${box.y}px; width: ${box.width}px; height: ${box.height}px`;
  return h('div', { className: 'painted' }, canvas, frame(chart, view, place, { rows: pinnedElement(chart, view, place), over }));
}

/**
 * The same in one drawing, as a picture takes it.
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {number} width in pixels
 * @param {(name: string) => string} colour
 */
export function heatmapPicture(chart, view, width, colour) {
  const place = layout(chart, view, width);
  if (!isPainted(place)) return frame(chart, view, place, drawnSquares(chart, view, place));
  const { canvas, box, over } = paintedSquares(document.createElement('canvas'), chart, view, place, { fineness: 2, colour });
  const painting = s('image', { ...box, href: canvas.toDataURL(), preserveAspectRatio: 'none' });
  return frame(chart, view, place, { rows: [], under: [s('rect', { ...box, fill: 'var(--gap)' }), painting], over });
}

/**
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {Layout} place
 */
function drawnSquares(chart, view, place) {
  const { rows, over } = squareElements(chart, view, place);
  return { rows, over: [...over, regimeBorders(squares(chart, view).regime, place)] };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {Layout} place
 * @param {{ fineness: number, colour: (name: string) => string }} how
 */
function paintedSquares(canvas, chart, view, place, how) {
  const blocks = blocksOf(squares(chart, view), place);
  paint(canvas, chart, view, place, blocks, how);
  const { columns, rows, xs, ys } = place;
  const box = { x: xs[0], y: ys[rows.length], width: xs[columns.length] - xs[0], height: ys[0] - ys[rows.length] };
  return { canvas, box, over: nameElements(blocks.regimeAt, blocks.layout) };
}

/** Whether there are too many squares to be elements. @param {Pick<Layout, 'columns' | 'rows'>} view */
export const isPainted = ({ columns, rows }) => columns.length * rows.length > MOST_ELEMENTS;

/**
 * Of squares that are painted, the pinned one as a cell.
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {Layout} layout
 */
function pinnedElement(chart, view, layout) {
  const [column, row] = pinnedSquare(chart, view);
  if (!view.pin || column < 0 || row < 0) return [];
  const said = describe(chart, view, view.pin);
  /** @type {SVGElement[][]} */
  const cells = [];
  cells[row] = [s('rect', { role: 'gridcell', 'aria-selected': 'true', id: squareId(column, row), 'aria-colindex': column + 2, ...boxOf(layout, column, row), fill: 'none', 'aria-label': said })];
  return cells;
}

/**
 * Axes, borders and the mark of the pinned network, around and over the squares.
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {Layout} place
 * @param {{ rows: SVGElement[][], under?: SVGElement[], over: SVGElement[] }} drawn the cells of each row, and what lies under and over them
 */
function frame(chart, view, place, drawn) {
  const { columns, rows, xs, ys, left, width, height } = place;
  const middle = (/** @type {Float64Array} */ edges, /** @type {number} */ index) => (edges[index] + edges[index + 1]) / 2;
  /** Names that have room beside the one before. @param {Float64Array} edges @param {number} room */
  const named = (edges, room) => {
    let last = -Infinity;
    return new Set(Array.from({ length: edges.length - 1 }, (_, index) => index).filter((index) => {
      const at = Math.abs(middle(edges, index) - edges[0]);
      if (at - last < room) return false;
      last = at;
      return true;
    }));
  };
  const [columnNamed, rowNamed] = [named(xs, view.x === 'factor' ? 2 * ROOM.across : ROOM.across), named(ys, ROOM.up)];
  const axisName = (/** @type {import('../state/names.js').Axis} */ axis) => axisLabel(chart, axis);
  const rowIndex = isPainted(place) ? (/** @type {number} */ index) => ({ 'aria-rowindex': index }) : () => ({});
  const heads = columns.flatMap((value, column) =>
    columnNamed.has(column) ? [s('text', { role: 'columnheader', x: middle(xs, column), y: height - MARGIN.bottom + 17, 'text-anchor': 'middle', fill: 'currentColor' }, axisText(chart, view.x, value))] : [],
  );
  const body = rows.flatMap((value, row) => {
    const name = rowNamed.has(row) ? [s('text', { role: 'rowheader', x: left - 6, y: middle(ys, row), dy: '0.35em', 'text-anchor': 'end', fill: 'currentColor' }, axisText(chart, view.y, value))] : [];
    const cells = [...name, ...(drawn.rows[row] ?? [])];
    return cells.length ? [s('g', { role: 'row', ...rowIndex(rows.length + 1 - row) }, ...cells)] : [];
  });
  const [column, row] = pinnedSquare(chart, view);
  const box = column < 0 || row < 0 ? {} : { ...boxOf(place, column, row), fill: 'none' };
  const mark = column < 0 || row < 0 ? [] : [s('rect', { ...box, stroke: '#000', 'stroke-width': 6 }), s('rect', { ...box, stroke: '#fff', 'stroke-width': 2.5 })];
  return s(
    'svg',
    { class: 'heatmap', role: 'presentation', width, height, viewBox: `0 0 ${width} ${height}`, 'font-size': 13 },
    s('text', { x: 2, y: 14, fill: 'currentColor', 'aria-hidden': 'true' }, `↑ ${axisName(view.y)}`),
    s('g', { role: 'row', ...rowIndex(1) }, ...heads),
    ...(drawn.under ?? []),
    ...body.reverse(),
    s('text', { x: (xs[0] + xs[columns.length]) / 2, y: height - 6, 'text-anchor': 'middle', fill: 'currentColor', 'aria-hidden': 'true' }, `${axisName(view.x)} →`),
    s('g', { 'aria-hidden': 'true', 'pointer-events': 'none' }, ...drawn.over, ...mark),
  );
}
