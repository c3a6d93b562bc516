// @ts-check
// The charts that were trained in this browser and are kept: gone on with, shown again, named, deleted.
import { h } from '../../chart/elements.js';
import { isBusy } from '../state.js';
import { write } from './form.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {import('../../kept/runs.js').Listed} Listed */

const when = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hour12: false });
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

  /** @param {Listed} run */
  function row(run) {
    const name = h('input', { type: 'text', value: run.name, 'aria-label': 'name of this chart', maxLength: 80 });
    name.addEventListener('change', () => runs?.rename(run.id, name.value.trim() || run.name));
    const buttons = [button('Show', () => show(run.id), run.name), ...(isUnfinished(run) ? [goOn(run)] : []), ...(run.busy ? [] : [button('Delete', () => remove(run), run.name)])];
    return h('li', { className: 'bar' }, name, h('span', { className: 'hint' }, words(run)), ...buttons);
  }

  /** Only what is seen has rows: there may be hundreds. */
  const drawRows = () => rows.replaceChildren(...(list.open ? known.map(row) : []));
  list.addEventListener('toggle', drawRows);

  /** @param {Listed} run */
  async function remove(run) {
    const bringBack = await runs?.remove(run.id);
    const undo = h('button', { type: 'button' }, 'Bring it back');
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
    offer.replaceChildren(...(last ? [h('span', {}, `Unfinished: ${last.name}, ${words(last)}.`), goOn(last), button('Show it', () => show(last.id), last.name)] : []));
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
