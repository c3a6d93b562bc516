// @ts-check
// Which chart is on show: one of the repository's, or one that was trained in this browser.
import { h } from '../chart/elements.js';
import { choice, field } from '../element/controls/form.js';

/** Before the name of a run that is kept. */
const KEPT = 'kept:';

/**
 * @param {import('../element/hash-phase-chart.js').HashPhaseChart} chart
 * @param {{ name: string, title: string }[]} references
 * @param {import('../kept/runs.js').Runs} runs
 * @param {HTMLElement} place
 */
export function chooseChart(chart, references, runs, place) {
  const select = choice('reference', [...references.map(({ name, title }) => /** @type {[string, string]} */ ([name, title])), ['', 'your own']], choose);
  const own = select.options[references.length];
  const kept = h('optgroup', { label: 'trained in this browser', hidden: true });
  select.append(kept);

  /** @param {string} value */
  async function choose(value) {
    try {
      if (value.startsWith(KEPT)) await chart.showKept(value.slice(KEPT.length));
      else if (value) await chart.open(value, null);
    } catch (error) {
      chart.set({ notice: /** @type {Error} */ (error).message });
    }
    show();
  }

  async function look() {
    const list = await runs.list();
    kept.replaceChildren(...list.map(({ id, name, done, total }) => h('option', { value: KEPT + id }, done === total ? name : `${name} (${done} of ${total})`)));
    kept.hidden = !list.length;
    show();
  }

  function show() {
    const { source, shown } = chart.settings;
    const name = references.some((reference) => reference.name === source) ? source : shown && [...kept.children].some((option) => /** @type {HTMLOptionElement} */ (option).value === KEPT + shown) ? KEPT + shown : '';
    own.hidden = own.disabled = name !== '';
    select.value = name;
  }
  place.replaceChildren(field('chart', select));
  for (const event of ['change', 'ready', 'error']) chart.addEventListener(event, show);
  runs.watch(look);
  look();
}
