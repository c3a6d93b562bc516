// @ts-check
// Slices through the pinned network, along each axis: every metric, a band of one standard deviation over seeds.
import { metricNames } from '../state/names.js';
import { drawLines } from './lines.js';
import { axisLabel, axisText, axisValues, metrics } from './metrics.js';
import { along, banded } from './summary.js';

/** @typedef {'width' | 'epoch' | 'samples' | 'factor'} Axis */

/** Pixels between two slices that stand side by side, and how wide each is at least. */
const GAP = 24;
const LEAST = 340;

/**
 * @param {import('../types.d.ts').PhaseChart} chart
 * @param {import('../state/fields.js').View} view
 * @param {number} width in pixels
 * @param {Axis} [over]
 */
export function curves(chart, { pin }, width, over = 'epoch') {
  if (!pin) return null;
  const networks = along(chart, over, pin);
  const lines = metricNames.map((metric) => ({
    name: metrics[metric].label,
    colour: `var(--${metric})`,
    dashed: metric.startsWith('redundancy'),
    mark: metricNames.indexOf(metric),
    points: networks.flatMap((network) => (network.bands[metric] ? [{ x: network[over], ...banded(network.bands[metric]) }] : [])),
  }));
  return drawLines({
    width,
    height: 300,
    x: { label: axisLabel(chart, over), values: axisValues(chart, over), text: (value) => axisText(chart, over, value), even: true },
    lines: lines.filter(({ points }) => points.length),
    mark: pin[over],
    name: `The numbers of the pinned network's slice over ${axisLabel(chart, over)}; those of the chosen one are beside it`,
    tip: ({ name }, { x, mean }) => `${name}\n${axisLabel(chart, over)} ${axisText(chart, over, x)}: ${mean.toFixed(3)}`,
  });
}

/**
 * The slices along the axes other than time that have several values, side by side where there is room.
 * @param {import('../types.d.ts').PhaseChart} chart
 * @param {import('../state/fields.js').View} view
 * @param {number} width in pixels, of the place for all of them
 */
export function slices(chart, view, width) {
  if (!view.pin) return [];
  const axes = /** @type {Axis[]} */ (['width', 'samples', 'factor']).filter((axis) => axisValues(chart, axis).length > 1);
  const beside = Math.max(1, Math.min(axes.length, 2, Math.floor((width + GAP) / (LEAST + GAP))));
  return axes.flatMap((axis) => curves(chart, view, (width - (beside - 1) * GAP) / beside, axis) ?? []);
}
