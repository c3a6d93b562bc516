// @ts-check
// What a square says to those who point at it, or hear it.
import { metricNames } from '../state/names.js';
import { squares } from './look.js';
import { axisLabel, axisText, metrics, number } from './metrics.js';
import { placeAt } from './places.js';
import { otherName } from './subtract.js';
import { diverged, meansOf, regimeNames } from './summary.js';

/**
 * @param {import('../types.d.ts').PhaseChart} chart
 * @param {import('../state/fields.js').View} view
 * @param {import('../state/fields.js').Place} network
 */
export function describe(chart, view, network) {
  const { columns, rows, regime, other, value } = squares(chart, view);
  const { width, epoch, samples, factor } = network;
  const level = chart.axes.factor ? `, ${axisLabel(chart, 'factor')} ${axisText(chart, 'factor', factor)}` : '';
  const head = `width ${width}, epoch ${epoch}, ${samples.toLocaleString('en')} samples${level}`;
  const place = placeAt(chart, network);
  const seeds = meansOf(chart, view.metric).seeds[place];
  if (!seeds) return `${head}\n${diverged(chart)[place] ? 'training diverged: no numbers' : 'not trained yet'}`;
  const [column, row] = [columns.indexOf(network[view.x]), rows.indexOf(network[view.y])];
  const judged = regime(column, row);
  const change = value(column, row);
  const less = other ? [Number.isNaN(change) ? `not in ${otherName(chart, other)}` : `${change > 0 ? '+' : ''}${number(change)} against ${otherName(chart, other)}`] : [];
  const lines = metricNames.flatMap((metric) => {
    const mean = meansOf(chart, metric).mean[place];
    return Number.isNaN(mean) ? [] : [`${metrics[metric].label}: ${number(mean)}`];
  });
  return [`${head}${seeds > 1 ? `, ${seeds} seeds` : ''}`, judged ? regimeNames[judged] : '', ...less, '', ...lines].join('\n');
}
