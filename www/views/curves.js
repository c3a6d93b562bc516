// @ts-check
// The pinned network over time: every metric by epoch, a band of one standard deviation over seeds.
import * as Plot from '@observablehq/plot';
import { axisLabel, metricNames, metrics } from '../metrics.js';
import { drawing } from './elements.js';

/** @typedef {import('../store.js').State} State */
/** @typedef {import('../summary.js').Summary} Summary */

/**
 * @param {State} state
 * @param {Map<string, Summary>} summaries
 * @param {number} width in pixels
 */
export function drawCurves({ pin, chart }, summaries, width) {
  if (!pin || !chart) return null;
  const points = [...summaries.values()]
    .filter((summary) => summary.width === pin.width && summary.samples === pin.samples && summary.factor === pin.factor)
    .flatMap(({ epoch, bands }) =>
      metricNames.flatMap((metric) => {
        const band = bands[metric];
        return band ? [{ epoch, metric, mean: band.mean, low: Math.max(0, band.mean - band.deviation), high: Math.min(1, band.mean + band.deviation) }] : [];
      }),
    )
    .sort((a, b) => a.epoch - b.epoch);
  const colour = (/** @type {{ metric: string }} */ { metric }) => `var(--${metric})`;
  const plot = Plot.plot({
    width,
    height: 300,
    marginLeft: 44,
    marginBottom: 40,
    style: { fontSize: '13px', overflow: 'visible' },
    x: { type: 'point', domain: chart.axes.epoch, label: `${axisLabel(chart, 'epoch')} →`, labelAnchor: 'center' },
    y: { domain: [0, 1], label: null, grid: true },
    marks: [
      Plot.areaY(points, { x: 'epoch', y1: 'low', y2: 'high', z: 'metric', fill: colour, fillOpacity: 0.18 }),
      // Redundancy is dashed, so that colour is not all that tells it from accuracy.
      Plot.line(points.filter(isRedundancy), { x: 'epoch', y: 'mean', z: 'metric', stroke: colour, strokeWidth: 2, strokeDasharray: '6 3' }),
      Plot.line(points.filter((point) => !isRedundancy(point)), { x: 'epoch', y: 'mean', z: 'metric', stroke: colour, strokeWidth: 2 }),
      Plot.dot(points, { x: 'epoch', y: 'mean', fill: colour, r: 3 }),
      Plot.ruleX([pin.epoch], { stroke: 'currentColor', strokeDasharray: '2 4' }),
      Plot.tip(points, Plot.pointer({ x: 'epoch', y: 'mean', title: (/** @type {any} */ point) => `${metrics[/** @type {import('../metrics.js').Metric} */ (point.metric)].label}\nepoch ${point.epoch}: ${point.mean.toFixed(3)}`, fontSize: 13 })),
    ],
  });
  return drawing(plot, `The numbers of layer width ${pin.width} over epochs; those of the chosen epoch are beside it`);
}

/** @param {{ metric: string }} point */
const isRedundancy = ({ metric }) => metric.startsWith('redundancy');
