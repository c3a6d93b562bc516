// @ts-check
// The reader's own data that are kept in this browser: used again, deleted.
import { h } from '../../chart/elements.js';
import { write } from '../../element/controls/form.js';
import { when } from '../../element/controls/kept.js';

/** @typedef {import('../../kept/own-data.js').Kept} Kept */

const sizeOf = (/** @type {number} */ bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${Math.round(bytes / 1e6)} MB`);

/**
 * @param {import('../../kept/own-data.js').OwnShelf} shelf
 * @param {() => string} inUse the digest of the data in use
 * @param {(digest: string) => Promise<unknown>} use
 */
export function keptView(shelf, inUse, use) {
  const rows = h('ul', { id: 'kept-data' });
  const summary = h('summary', {}, '');
  const said = h('p', { className: 'hint', role: 'status' });
  const element = h('details', { id: 'own-kept', hidden: true }, summary, rows, said);
  /** Looks asked for: the last counts. */
  let looked = 0;

  /** @param {Kept} kept */
  function row({ digest, name, examples, train, bytes, kept }) {
    const button = (/** @type {string} */ label, /** @type {() => Promise<unknown>} */ act) => {
      const made = h('button', { type: 'button', 'aria-label': `${label}: ${name}` }, label);
      made.addEventListener('click', () => act().catch((error) => write(said, `${name}: ${error.message}`)));
      return made;
    };
    const isUsed = digest === inUse();
    const words = `${train.toLocaleString('en')} + ${(examples - train).toLocaleString('en')} examples, ${sizeOf(bytes)}, ${when.format(kept)}${isUsed ? ', in use' : ''}`;
    return h('li', { className: 'bar' }, h('strong', {}, name), h('span', { className: 'hint' }, words), ...(isUsed ? [] : [button('Use', () => use(digest))]), button('Delete', () => shelf.remove(digest)));
  }

  async function look() {
    const mine = ++looked;
    const all = await shelf.list();
    if (mine !== looked) return;
    const focused = element.contains(document.activeElement);
    rows.replaceChildren(...all.map(row));
    write(summary, `Your data, kept in this browser (${all.length})`);
    element.hidden = !all.length;
    // The pressed button no longer exists.
    if (focused) summary.focus({ preventScroll: true });
  }
  shelf.watch(look);
  look();
  return element;
}
