// @ts-check
// Which chart is on show: one of the repository's, or one that was trained in this browser.
import { h } from '../chart/elements.js';
import { choice, field, write } from '../element/controls/form.js';
import { KEPT } from '../element/minus.js';

/** What a chart is called that is in neither list. @type {Record<import('../element/state.js').Origin['kind'], (origin: any) => string>} */
const OTHERS = {
  nothing: () => 'none yet',
  reference: ({ name }) => name,
  address: ({ address }) => `from ${new URL(address).host}`,
  carried: () => 'from a link',
  kept: () => 'your own',
  training: () => 'your own',
  given: ({ name }) => (name ? `the file ${name}` : 'your own'),
};

/**
 * @param {import('../element/hash-phase-chart.js').HashPhaseChart} chart
 * @param {{ name: string, title: string }[]} references
 * @param {import('../kept/runs.js').Runs} runs
 * @param {HTMLElement} place
 */
export function chooseChart(chart, references, runs, place) {
  const select = choice('reference', [...references.map(({ name, title }) => /** @type {[string, string]} */ ([name, title])), ['', 'your own']], choose);
  const other = select.options[references.length];
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

  /** Looks asked for: the last counts. */
  let looked = 0;
  async function look() {
    const mine = ++looked;
    const list = await runs.list();
    if (mine !== looked) return;
    kept.replaceChildren(...list.map(({ id, name, done, total, busy }) => h('option', { value: KEPT + id }, busy ? `${name}, in training` : done === total ? name : `${name} (${done} of ${total})`)));
    kept.hidden = !list.length;
    show();
  }

  function show() {
    const { origin } = chart.settings;
    const id = origin.kind === 'kept' || origin.kind === 'training' ? KEPT + origin.id : '';
    const isListed = [...kept.children].some((option) => /** @type {HTMLOptionElement} */ (option).value === id);
    const value = origin.kind === 'reference' ? origin.name : isListed ? id : '';
    write(other, OTHERS[origin.kind](origin));
    other.hidden = other.disabled = value !== '';
    select.value = value;
  }
  place.replaceChildren(field('chart', select));
  for (const event of ['change', 'ready', 'error']) chart.addEventListener(event, show);
  runs.watch(look);
  look();
}
