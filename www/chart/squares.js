// @ts-check
// Squares that are elements each: a cell that can be walked to, a gap where no network is yet, a sign where training diverged.
import { boxOf } from './boxes.js';
import { describe } from './describe.js';
import { s } from './elements.js';
import { placeOf, squares } from './look.js';
import { scaleOf } from './scale.js';
import { diverged } from './summary.js';

/** The id of a square's element. @param {number} column @param {number} row */
export const squareId = (column, row) => `square-${column}-${row}`;

/**
 * @param {import('../types.d.ts').PhaseChart} chart
 * @param {import('../state/fields.js').View} view
 * @param {import('./boxes.js').Layout} layout
 * @returns {{ rows: SVGElement[][], over: SVGElement[] }}
 */
export function squareElements(chart, view, layout) {
  const { columns, rows } = layout;
  const shown = squares(chart, view);
  const { colour } = scaleOf(chart, view);
  const lost = diverged(chart);
  const { pin } = view;
  const isPinned = (/** @type {number} */ across, /** @type {number} */ up) => pin?.[view.x] === across && pin[view.y] === up;
  /** @type {SVGElement[]} */
  const over = [];
  const cells = rows.map((up, row) =>
    columns.map((across, column) => {
      const box = boxOf(layout, column, row);
      const { x, y, width, height } = box;
      const value = shown.value(column, row);
      const said = describe(chart, view, placeOf(view, shown.others, across, up));
      const cell = { role: 'gridcell', id: squareId(column, row), 'aria-label': said, 'aria-selected': isPinned(across, up) ? 'true' : undefined };
      if (!Number.isNaN(value)) return s('rect', { ...cell, ...box, fill: colour(value), 'shape-rendering': 'crispEdges' });
      if (lost[shown.at(column, row)]) over.push(s('text', { x: x + width / 2, y: y + height / 2, dy: '0.35em', 'text-anchor': 'middle', fill: 'currentColor' }, '∞'));
      // Near 0 the colour is almost that of a gap.
      if (shown.other) over.push(s('path', { d: `M${x + 2},${y + height - 2}L${x + width - 2},${y + 2}`, stroke: 'currentColor', 'stroke-opacity': 0.25 }));
      return s('rect', { ...cell, x: x + 1, y: y + 1, width: Math.max(0, width - 2), height: Math.max(0, height - 2), fill: 'var(--gap)' });
    }),
  );
  return { rows: cells, over };
}
