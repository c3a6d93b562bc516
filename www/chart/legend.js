// @ts-check
// What the colours and lines of the heatmap say, and where among them the pinned network is.
import { s } from './elements.js';
import { pinnedSquare, squares } from './look.js';
import { number } from './metrics.js';
import { scaleOf } from './scale.js';

export const LEGEND = { width: 390, height: 82 };
const STEPS = 32;
const BAR = { left: 28, top: 16, width: 180, height: 12 };

/**
 * @param {import('../types.d.ts').PhaseChart | null} chart
 * @param {import('../state/fields.js').View} view
 */
export function legend(chart, view) {
  const { palette, ticks, at } = scaleOf(chart, view);
  const shown = chart && squares(chart, view);
  const step = BAR.width / STEPS;
  const bar = Array.from({ length: STEPS }, (_, at) => s('rect', { x: BAR.left + at * step, y: BAR.top, width: step + 0.5, height: BAR.height, fill: palette((at + 0.5) / STEPS) }));
  const names = ticks.map(({ at, text }) => s('text', { x: BAR.left + at * BAR.width, y: BAR.top + BAR.height + 14, 'text-anchor': 'middle', fill: 'currentColor' }, text));
  const pinned = chart ? pinnedValue(chart, view) : NaN;
  const x = BAR.left + at(pinned) * BAR.width;
  const mark = Number.isNaN(pinned) ? [] : [s('path', { class: 'pinned', d: `M${x - 5},${BAR.top - 8}h10l-5,7z`, fill: 'currentColor' }), s('text', { x: x + (x > BAR.left + BAR.width / 2 ? -8 : 8), y: BAR.top - 3, 'text-anchor': x > BAR.left + BAR.width / 2 ? 'end' : 'start', fill: 'currentColor' }, `pinned: ${shown?.other && pinned > 0 ? '+' : ''}${number(pinned)}`)];
  const line = (/** @type {string} */ kind, /** @type {number} */ y, /** @type {string} */ name) => {
    const path = { d: `M${BAR.left},${y}h22`, 'stroke-linecap': 'round' };
    return [s('path', { ...path, stroke: '#000', 'stroke-opacity': 0.45, 'stroke-width': 6 }), s('path', { ...path, stroke: `var(--${kind})`, 'stroke-width': 3.5 }), s('text', { x: BAR.left + 30, y, dy: '0.35em', fill: 'currentColor' }, name)];
  };
  // A difference has no regimes.
  const lines = shown?.other ? [s('text', { x: BAR.left, y: 60, fill: 'currentColor' }, 'purple: less than the chart that is subtracted; orange: more')] : [...line('under', 57, 'end of the under-expressive regime'), ...line('sufficient', 73, 'start of the sufficiently expressive one')];
  const gap = shown?.other ? 'in one chart only' : 'not trained; ∞: diverged';
  const said = `Colours from ${ticks[0].text} to ${ticks[ticks.length - 1].text}${mark.length ? `; the pinned network has ${number(pinned)}` : ''}${shown?.other ? '' : '; lines are the borders between regimes'}`;
  return s(
    'svg',
    { class: 'legend', role: 'img', 'aria-label': said, ...LEGEND, viewBox: `0 0 ${LEGEND.width} ${LEGEND.height}`, 'font-size': 12 },
    ...bar,
    ...names,
    ...mark,
    s('rect', { x: BAR.left + BAR.width + 22, y: BAR.top, width: 12, height: BAR.height, fill: 'var(--gap)' }),
    s('text', { x: BAR.left + BAR.width + 38, y: BAR.top + 10, fill: 'currentColor' }, gap),
    ...lines,
  );
}

/**
 * The number of the pinned network, as the heatmap colours it; NaN where it is not on show.
 * @param {import('../types.d.ts').PhaseChart} chart
 * @param {import('../state/fields.js').View} view
 */
function pinnedValue(chart, view) {
  const [column, row] = pinnedSquare(chart, view);
  return column < 0 || row < 0 ? NaN : squares(chart, view).value(column, row);
}
