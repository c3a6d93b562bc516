// @ts-check
// The paper's figures, drawn from the chart on show.
import { paperFigures } from '../chart/figures.js';

/**
 * @param {import('../element/hash-phase-chart.js').HashPhaseChart} chart
 * @param {HTMLDetailsElement} section
 */
export function paperSection(chart, section) {
  const place = /** @type {HTMLElement} */ (section.querySelector('#paper-figures'));
  /** What the figures were drawn from, so that nothing is drawn twice. @type {unknown[]} */
  let drawn = [];
  const show = () => {
    if (!section.open || !chart.chart) return;
    const now = [chart.chart, chart.view, place.clientWidth];
    if (now.every((part, index) => part === drawn[index])) return;
    drawn = now;
    place.replaceChildren(...paperFigures(chart.chart, chart.view, place.clientWidth));
  };
  section.addEventListener('toggle', show);
  for (const event of ['change', 'ready', 'done']) chart.addEventListener(event, show);
  new ResizeObserver(show).observe(place);
}
