// @ts-check
// The view's numbers as a table, for those who read rather than look.
import { h } from './elements.js';
import { othersText, squares } from './look.js';
import { axisLabel, axisText, metrics, number } from './metrics.js';
import { otherName } from './subtract.js';

/** More cells than these are no table that can be read, and a page that cannot be scrolled. */
const MOST = 20_000;

/**
 * @param {import('../types.d.ts').PhaseChart} chart
 * @param {import('../state/fields.js').View} view
 */
export function table(chart, view) {
  const { columns, rows, value, other } = squares(chart, view);
  if (columns.length * rows.length > MOST) return h('p', { className: 'hint' }, `This view has ${(columns.length * rows.length).toLocaleString('en')} numbers: take them as CSV.`);
  const head = h('tr', {}, h('th', { scope: 'col' }, `${axisLabel(chart, view.y)} \\ ${axisLabel(chart, view.x)}`), ...columns.map((x) => h('th', { scope: 'col' }, axisText(chart, view.x, x))));
  const body = rows.map((y, j) => h('tr', {}, h('th', { scope: 'row' }, axisText(chart, view.y, y)), ...columns.map((_, i) => h('td', {}, number(value(i, j))))));
  const caption = [`${metrics[view.metric].label}${other ? `, less that of ${otherName(chart, other)}` : ''}`, othersText(chart, view)].filter(Boolean).join(' at ');
  return h('table', {}, h('caption', {}, caption), h('thead', {}, head), h('tbody', {}, ...body));
}
