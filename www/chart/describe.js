// @ts-check
// What a square says to those who point at it, or hear it.
import { squares } from './look.js';
import { axisLabel, axisText, metrics, number } from './metrics.js';
import { placeAt } from './places.js';
import { diverged, regimeNames, summaryAt } from './summary.js';

/**
 * @param {import('../types.d.ts').PhaseChart} chart
 * @param {import('../state/fields.js').View} view
 * @param {import('../state/fields.js').Place} network
 */
export function describe(chart, view, network) {
  const { columns, rows, regime } = squares(chart, view);
  const { width, epoch, samples, factor } = network;
  const level = chart.axes.factor ? `, ${axisLabel(chart, 'factor')} ${axisText(chart, 'factor', factor)}` : '';
  const head = `width ${width}, epoch ${epoch}, ${samples.toLocaleString('en')} samples${level}`;
  const bands = summaryAt(chart, network)?.bands ?? {};
  const band = bands[view.metric];
  if (!band) return `${head}\n${diverged(chart)[placeAt(chart, network)] ? 'training diverged: no numbers' : 'not trained yet'}`;
  const judged = regime(columns.indexOf(network[view.x]), rows.indexOf(network[view.y]));
  const lines = Object.entries(bands).map(([metric, { mean }]) => `${metrics[/** @type {import('../state/names.js').Metric} */ (metric)].label}: ${number(mean)}`);
  return [`${head}${band.seeds > 1 ? `, ${band.seeds} seeds` : ''}`, judged ? regimeNames[judged] : '', '', ...lines].join('\n');
}
