// @ts-check
// The view's numbers as a table, for those who read rather than look.
import { axisLabel, axisText, axisValues, metrics, number } from '../metrics.js';
import { squares } from './chart.js';
import { h } from './elements.js';

/**
 * @param {import('../store.js').State} state
 * @param {Map<string, import('../summary.js').Summary>} summaries
 */
export function table(state, summaries) {
  const view = squares(state, summaries);
  if (!view) return h('p', {}, 'No chart yet.');
  const { chart, columns, rows, grid, others } = view;
  const head = h('tr', {}, h('th', { scope: 'col' }, `${axisLabel(chart, state.y)} \\ ${axisLabel(chart, state.x)}`), ...columns.map((x) => h('th', { scope: 'col' }, axisText(chart, state.x, x))));
  const body = rows.map((y, j) => h('tr', {}, h('th', { scope: 'row' }, axisText(chart, state.y, y)), ...columns.map((_, i) => h('td', {}, number(grid[i][j]?.value)))));
  const at = Object.entries(others)
    .map(([name, value]) => ({ axis: /** @type {import('../metrics.js').Axis} */ (name), value }))
    .filter(({ axis }) => axisValues(chart, axis).length > 1)
    .map(({ axis, value }) => `${axisLabel(chart, axis)} ${axisText(chart, axis, value)}`);
  const caption = [metrics[state.metric].label, at.join(', ')].filter(Boolean).join(' at ');
  return h('table', {}, h('caption', {}, caption), h('thead', {}, head), h('tbody', {}, ...body));
}
