// @ts-check
// What the colours and lines of the heatmap say.
import { interpolateViridis } from 'd3-scale-chromatic';
import { s } from './elements.js';

export const LEGEND = { width: 370, height: 70 };
const STEPS = 32;
const BAR = { left: 8, top: 4, width: 200, height: 12 };

export function legend() {
  const step = BAR.width / STEPS;
  const bar = Array.from({ length: STEPS }, (_, at) => s('rect', { x: BAR.left + at * step, y: BAR.top, width: step + 0.5, height: BAR.height, fill: interpolateViridis((at + 0.5) / STEPS) }));
  const ticks = [0, 0.5, 1].map((value) => s('text', { x: BAR.left + value * BAR.width, y: BAR.top + BAR.height + 14, 'text-anchor': 'middle', fill: 'currentColor' }, String(value)));
  const line = (/** @type {string} */ kind, /** @type {number} */ y, /** @type {string} */ name) => {
    const path = { d: `M${BAR.left},${y}h22`, 'stroke-linecap': 'round' };
    return [s('path', { ...path, stroke: '#000', 'stroke-opacity': 0.45, 'stroke-width': 6 }), s('path', { ...path, stroke: `var(--${kind})`, 'stroke-width': 3.5 }), s('text', { x: BAR.left + 30, y, dy: '0.35em', fill: 'currentColor' }, name)];
  };
  return s(
    'svg',
    { class: 'legend', role: 'img', 'aria-label': 'Colours from 0, dark, to 1, bright; lines are the borders between regimes', ...LEGEND, viewBox: `0 0 ${LEGEND.width} ${LEGEND.height}`, 'font-size': 12 },
    ...bar,
    ...ticks,
    s('rect', { x: BAR.left + BAR.width + 14, y: BAR.top, width: 12, height: BAR.height, fill: 'var(--gap)' }),
    s('text', { x: BAR.left + BAR.width + 30, y: BAR.top + 10, fill: 'currentColor' }, 'not yet; ∞: diverged'),
    ...line('under', 44, 'end of the under-expressive regime'),
    ...line('sufficient', 60, 'start of the sufficiently expressive one'),
  );
}
