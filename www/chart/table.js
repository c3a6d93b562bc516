// @ts-check
// The view's numbers as a table, for those who read rather than look.
import { h } from './elements.js';
import { othersText, squares } from './look.js';
import { axisLabel, axisText, metrics, number } from './metrics.js';

/**
 * @param {import('../types.d.ts').PhaseChart} chart
 * @param {import('../state/fields.js').View} view
 */
export function table(chart, view) {
  const { columns, rows, grid } = squares(chart, view);
  const head = h('tr', {}, h('th', { scope: 'col' }, `${axisLabel(chart, view.y)} \\ ${axisLabel(chart, view.x)}`), ...columns.map((x) => h('th', { scope: 'col' }, axisText(chart, view.x, x))));
  const body = rows.map((y, j) => h('tr', {}, h('th', { scope: 'row' }, axisText(chart, view.y, y)), ...columns.map((_, i) => h('td', {}, number(grid[i][j]?.value)))));
  const caption = [metrics[view.metric].label, othersText(chart, view)].filter(Boolean).join(' at ');
  return h('table', {}, h('caption', {}, caption), h('thead', {}, head), h('tbody', {}, ...body));
}
