// @ts-check
// The pinned network over time: every metric by epoch, a band of one standard deviation over seeds.
import { metricNames } from '../state/names.js';
import { drawLines } from './lines.js';
import { axisLabel, axisText, metrics } from './metrics.js';
import { banded, summarise } from './summary.js';

/**
 * @param {import('../types.d.ts').PhaseChart} chart
 * @param {import('../state/fields.js').View} view
 * @param {number} width in pixels
 */
export function curves(chart, { pin }, width) {
  if (!pin) return null;
  const networks = [...summarise(chart).values()]
    .filter((summary) => summary.width === pin.width && summary.samples === pin.samples && summary.factor === pin.factor)
    .sort((one, other) => one.epoch - other.epoch);
  const lines = metricNames.map((metric) => ({
    name: metrics[metric].label,
    colour: `var(--${metric})`,
    dashed: metric.startsWith('redundancy'),
    points: networks.flatMap(({ epoch, bands }) => (bands[metric] ? [{ x: epoch, ...banded(bands[metric]) }] : [])),
  }));
  return drawLines({
    width,
    height: 300,
    x: { label: axisLabel(chart, 'epoch'), values: chart.axes.epoch, text: (epoch) => axisText(chart, 'epoch', epoch), even: true },
    lines: lines.filter(({ points }) => points.length),
    mark: pin.epoch,
    name: `The numbers of layer width ${pin.width} over epochs; those of the chosen epoch are beside it`,
    tip: ({ name }, { x, mean }) => `${name}\nepoch ${x}: ${mean.toFixed(3)}`,
  });
}
