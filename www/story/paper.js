// @ts-check
// The paper's figures, drawn from the chart on show.
import { write } from '../element/controls/form.js';

/**
 * @param {import('../element/hash-phase-chart.js').HashPhaseChart} chart
 * @param {HTMLDetailsElement} section
 * @param {HTMLElement} said where it is said how near the chart comes
 */
export function paperSection(chart, section, said) {
  const place = /** @type {HTMLElement} */ (section.querySelector('#paper-figures'));
  /** What compares and draws, fetched once there is a chart. @type {typeof import('../chart/figures.js') | null} */
  let figures = null;
  /** What the figures were drawn from, so that nothing is drawn twice. @type {unknown[]} */
  let drawn = [];
  /** What was compared last, for the same reason. @type {unknown[]} */
  let compared = [];
  const tell = () => {
    if (!figures || !chart.chart || (chart.chart === compared[0] && chart.view === compared[1])) return;
    compared = [chart.chart, chart.view];
    // While the chart grows, screen readers hear only the final state.
    said.ariaBusy = String(chart.isTraining);
    const near = figures.agreement(chart.chart, chart.view);
    const title = `The chart on show, ${chart.chart.title}, `;
    write(said, near ? `${title}lies ${near.difference.toFixed(3)} from ${near.values} published value${near.values === 1 ? '' : 's'} on average.` : `${title}has no published values beside it.`);
  };
  const show = () => {
    if (!figures || !section.open || !chart.chart) return;
    const now = [chart.chart, chart.view, place.clientWidth];
    if (now.every((part, index) => part === drawn[index])) return;
    drawn = now;
    place.replaceChildren(...figures.paperFigures(chart.chart, chart.view, place.clientWidth));
  };
  function follow() {
    if (!chart.chart) return;
    if (!figures)
      return void import('../chart/figures.js').then((found) => {
        figures = found;
        follow();
      });
    tell();
    show();
  }
  section.addEventListener('toggle', follow);
  for (const event of ['change', 'ready', 'done']) chart.addEventListener(event, follow);
  new ResizeObserver(show).observe(place);
}
