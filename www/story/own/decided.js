// @ts-check
// What was decided about a reader's own data, shown before anything trains, and changed where the reader knows better.
import { h } from '../../chart/elements.js';
import { choice, field } from '../../element/controls/form.js';

/** @typedef {import('./worker.js').OwnRead} OwnRead */
/** @typedef {import('./worker.js').ReadOptions} ReadOptions */

/** Columns that are listed; of more, pictures for instance, only the labels can be chosen. */
const LISTED = 60;
const USES = /** @type {const} */ ({ label: 'labels', number: 'number', categories: 'categories', nothing: 'not used' });
/** Sizes that pictures can be made. @type {[string, string][]} */
const SIZES = [['', 'as found'], ['28x28x1', '28 × 28, grey'], ['28x28x3', '28 × 28, in colour'], ['32x32x1', '32 × 32, grey'], ['32x32x3', '32 × 32, in colour'], ['64x64x1', '64 × 64, grey'], ['64x64x3', '64 × 64, in colour']];

/**
 * @param {OwnRead} read
 * @param {ReadOptions} options as it was read
 * @param {(options: ReadOptions) => void} change reads it again
 */
export function decidedView({ decided, columns, description }, options, change) {
  const notes = h('ul', { className: 'hint' }, ...decided.map((sentence) => h('li', {}, sentence)));
  const shown = columns.length ? [columnsView(columns, options, change)] : description.kind === 'image' ? [sizeChoice(options, change)] : [];
  return [...shown, notes];
}

/**
 * @param {OwnRead['columns']} columns
 * @param {ReadOptions} options
 * @param {(options: ReadOptions) => void} change
 */
function columnsView(columns, options, change) {
  const without = (/** @type {string[] | undefined} */ names, /** @type {string} */ name) => (names ?? []).filter((other) => other !== name);
  /** @param {string} name @param {string} use */
  function put(name, use) {
    const { label } = options;
    const [leave_out, keep] = [without(options.leave_out, name), without(options.keep, name)];
    if (use === 'label') change({ ...options, label: name, leave_out, keep });
    else if (use === 'nothing') change({ ...options, label: label === name ? null : label, leave_out: [...leave_out, name], keep });
    else change({ ...options, label: label === name ? null : label, leave_out, keep: [...keep, name] });
  }
  const rows = columns.slice(0, LISTED).map(({ name, used, how }, at) => {
    const found = used === 'label' || used === 'nothing' ? 'input' : used;
    const uses = /** @type {[string, string][]} */ ([['label', USES.label], [found, found === 'input' ? 'input' : USES[found]], ['nothing', USES.nothing]]);
    const select = choice(`own-column-${at}`, uses, () => put(name, select.value));
    select.value = used;
    select.setAttribute('aria-label', `use of column ${name}`);
    return h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, select), h('td', { className: 'hint' }, how));
  });
  const head = h('tr', {}, ...['Column', 'Used as', 'How'].map((name) => h('th', { scope: 'col' }, name)));
  const more = columns.length > LISTED ? [h('p', { className: 'hint' }, `And ${columns.length - LISTED} more columns.`)] : [];
  return h('details', { className: 'columns', open: columns.length <= 16 }, h('summary', {}, `${columns.length} columns: what each is used as`), h('div', { className: 'scrolled', tabIndex: 0, role: 'region', ariaLabel: 'Columns' }, h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows))), ...more);
}

/**
 * @param {ReadOptions} options
 * @param {(options: ReadOptions) => void} change
 */
function sizeChoice(options, change) {
  const select = choice('own-size', SIZES, () => change({ ...options, size: select.value ? /** @type {any} */ (select.value.split('x').map(Number)) : null }));
  select.value = options.size?.join('x') ?? '';
  return h('div', { className: 'bar' }, field('picture size', select));
}
