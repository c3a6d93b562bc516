// @ts-check
// The view's numbers as a table, for those who read rather than look.
import { axes, metrics, number } from '../metrics.js';
import { squares } from './chart.js';
import { h } from './elements.js';

/**
 * @param {import('../store.js').State} state
 * @param {Map<string, import('../summary.js').Summary>} summaries
 */
export function table(state, summaries) {
  const view = squares(state, summaries);
  if (!view) return h('p', {}, 'No chart yet.');
  const { columns, rows, grid, third, at } = view;
  const head = h('tr', {}, h('th', { scope: 'col' }, `${axes[state.y]} \\ ${axes[state.x]}`), ...columns.map((x) => h('th', { scope: 'col' }, String(x))));
  const body = rows.map((y, j) => h('tr', {}, h('th', { scope: 'row' }, String(y)), ...columns.map((_, i) => h('td', {}, number(grid[i][j]?.value)))));
  const caption = `${metrics[state.metric].label} at ${axes[third]} ${at}`;
  return h('table', {}, h('caption', {}, caption), h('thead', {}, head), h('tbody', {}, ...body));
}
