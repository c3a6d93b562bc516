// @ts-check
// Which chart is on show.
import { choice, field } from '../element/controls/form.js';

/**
 * @param {import('../element/hash-phase-chart.js').HashPhaseChart} chart
 * @param {{ name: string, title: string }[]} references
 * @param {HTMLElement} place
 */
export function chooseChart(chart, references, place) {
  const select = choice('reference', [...references.map(({ name, title }) => /** @type {[string, string]} */ ([name, title])), ['', 'your own']], (name) => (name ? chart.open(name, null) : show()));
  const own = select.options[references.length];
  function show() {
    const { source } = chart.settings;
    const isReference = references.some(({ name }) => name === source);
    own.hidden = own.disabled = isReference;
    select.value = isReference ? source : '';
  }
  place.replaceChildren(field('chart', select));
  chart.addEventListener('change', show);
  chart.addEventListener('ready', show);
  chart.addEventListener('error', show);
  show();
}
