// @ts-check
// The numbers of the pinned network.
import { metricNames } from '../state/names.js';
import { h } from './elements.js';
import { swatch } from './marks.js';
import { axisLabel, axisText, metrics, number } from './metrics.js';
import { placeAt } from './places.js';
import { diverged, summaryAt } from './summary.js';

/**
 * @param {import('../types.d.ts').PhaseChart} chart
 * @param {import('../state/fields.js').View} view
 */
export function inspector(chart, { pin }) {
  if (!pin) return h('p', { className: 'hint' }, 'Click a square of the chart (or move there with the arrow keys) to see its numbers, and how they changed during training.');
  const summary = summaryAt(chart, pin);
  const level = chart.axes.factor ? `, ${axisLabel(chart, 'factor')} ${axisText(chart, 'factor', pin.factor)}` : '';
  const axis = axisLabel(chart, 'width');
  const samples = pin.samples.toLocaleString('en');
  const head = h('p', {}, `${axis[0].toUpperCase()}${axis.slice(1)} ${pin.width}, epoch ${pin.epoch}, ${samples} training examples${level}`);
  const lost = diverged(chart)[placeAt(chart, pin)];
  const why = lost ? [h('p', { className: 'hint' }, `Training diverged${chart.axes.seed.length > 1 ? ` with ${lost} of ${chart.axes.seed.length} seeds` : ''}: it has no numbers there. Try a lower learning rate.`)] : [];
  if (!summary) return h('div', {}, head, ...(lost ? why : [h('p', { className: 'hint' }, 'Not trained yet.')]));
  // Random inputs are measured only if the chart asks for them.
  const rows = metricNames.filter((metric) => metric !== 'redundancy-random' || summary.bands[metric]).map((metric) => {
    const band = summary.bands[metric];
    const spread = band && band.seeds > 1 ? ` ± ${band.deviation.toFixed(3)}` : '';
    return h('tr', { 'data-metric': metric }, h('td', {}, swatch(`var(--${metric})`, metricNames.indexOf(metric), metric.startsWith('redundancy')), metrics[metric].label), h('td', {}, `${number(band?.mean)}${spread}`));
  });
  const { stopped } = summary;
  const [first, last] = [Math.min(...stopped), Math.max(...stopped)];
  const end = stopped.length ? [h('p', { className: 'hint' }, `Early stopping ended training after epoch ${first === last ? first : `${first} to ${last}`}.`)] : [];
  return h('div', {}, head, h('table', {}, h('tbody', {}, ...rows)), ...end, ...why);
}
