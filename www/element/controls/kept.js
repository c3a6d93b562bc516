// @ts-check
// The charts that were trained in this browser and are kept: gone on with, shown again, named, deleted.
import { h } from '../../chart/elements.js';
import { isBusy } from '../state.js';
import { write } from './form.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {import('../../kept/runs.js').Listed} Listed */

/** When something was begun or kept, for people. */
export const when = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hour12: false });
const isUnfinished = (/** @type {Listed} */ run) => run.done < run.total && !run.busy;
const words = (/** @type {Listed} */ { begun, done, total, busy }) => `${done === total ? `${total} squares` : `${done} of ${total} squares`}, ${when.format(begun)}${busy ? ', is being trained' : ''}`;

/**
 * @param {import('../../state/store.js').Store<State>} store
 * @param {import('../session.js').Session} session
 * @param {import('../../kept/runs.js').Runs | null} runs none where nothing is kept
 * @param {(id: string) => Promise<unknown>} show
 */
export function keptControls(store, session, runs, show) {
  const offer = h('div', { id: 'offer', className: 'bar', role: 'status', hidden: true });
  const summary = h('summary', {}, '');
  const rows = h('ul', { id: 'kept-charts' });
  const said = h('p', { className: 'hint', role: 'status' });
  const list = h('details', { id: 'kept', hidden: true }, summary, rows, said);
  const unkept = h('p', { id: 'unkept', className: 'hint', role: 'status', hidden: true });
  /** @type {Listed[]} */
  let known = [];
  /** Looks asked for: the last counts. */
  let looked = 0;

  /** @param {string} label @param {() => Promise<unknown>} act @param {string} of what */
  function button(label, act, of) {
    const made = h('button', { type: 'button', 'aria-label': `${label}: ${of}` }, label);
    made.addEventListener('click', () => act().catch((error) => write(said, `${of}: ${error.message}`)));
    return made;
  }
  const goOn = (/** @type {Listed} */ run) => button('Go on', () => session.goOn(run.id), run.name);

  /** The rows that there are, by their run: what is typed in one, and the focus, stay when the list changes. @type {Map<string, { element: HTMLElement, draw: (run: Listed) => void }>} */
  const drawn = new Map();

  /** @param {Listed} first */
  function row(first) {
    let run = first;
    const name = h('input', { type: 'text', value: run.name, 'aria-label': 'name of this chart', maxLength: 80 });
    name.addEventListener('change', () => runs?.rename(run.id, name.value.trim() || run.name).catch((error) => write(said, `${run.name}: ${error.message}`)));
    const hint = h('span', { className: 'hint' });
    const buttons = { show: button('Show', () => show(run.id), ''), on: goOn(run), remove: button('Delete', () => remove(run), '') };
    const element = h('li', { className: 'bar' }, name, hint, ...Object.values(buttons));
    /** @param {Listed} now */
    function draw(now) {
      if (name.value === run.name) name.value = now.name;
      run = now;
      write(hint, words(run));
      buttons.on.hidden = !isUnfinished(run);
      buttons.remove.hidden = run.busy;
      for (const button of Object.values(buttons)) button.setAttribute('aria-label', `${button.textContent}: ${run.name}`);
    }
    return { element, draw };
  }

  /** Only what is seen has rows: there may be hundreds. */
  function drawRows() {
    const shown = list.open ? known : [];
    for (const [id, { element }] of drawn) {
      if (shown.some((run) => run.id === id)) continue;
      element.remove();
      drawn.delete(id);
    }
    let before = null;
    for (const run of shown) {
      const { element, draw } = drawn.get(run.id) ?? row(run);
      draw(run);
      drawn.set(run.id, { element, draw });
      // A line already in place is not moved, since moving it would take its focus.
      const place = /** @type {Element | null} */ (before ? /** @type {Element} */ (before).nextElementSibling : rows.firstElementChild);
      if (place !== element) rows.insertBefore(element, place);
      before = element;
    }
  }
  list.addEventListener('toggle', drawRows);
  /** What is offered, so that it is not said again. */
  let offered = '';

  /** @param {Listed} run */
  async function remove(run) {
    const bringBack = await runs?.remove(run.id);
    const undo = h('button', { type: 'button' }, 'Undo');
    undo.addEventListener('click', async () => {
      await bringBack?.();
      said.replaceChildren();
    });
    said.replaceChildren(`${run.name} is deleted. `, undo);
  }

  async function look() {
    if (!runs) return;
    const mine = ++looked;
    const found = await runs.list();
    if (mine !== looked) return;
    known = found;
    list.hidden = !known.length && !said.childNodes.length;
    write(summary, `Your charts, kept in this browser (${known.length})`);
    drawRows();
    const last = known.find(isUnfinished);
    const now = last ? `Unfinished: ${last.name}, ${words(last)}.` : '';
    if (now !== offered) offer.replaceChildren(...(last ? [h('span', {}, now), goOn(last), button('Show it', () => show(last.id), last.name)] : []));
    offered = now;
    const reason = runs.unkept();
    unkept.hidden = !reason;
    write(unkept, reason && `What you train is not kept when this page is closed: ${reason}.`);
    place(store.get());
  }

  /** @param {State} state */
  function place({ run }) {
    offer.hidden = isBusy(run) || !offer.childElementCount;
  }

  return {
    offer,
    list,
    unkept,
    show: place,
    /** Looks what is kept, now and whenever it changes. */
    begin() {
      look();
      return runs?.watch(look) ?? (() => {});
    },
  };
}
