// @ts-check
// Data that a reader brings: read beside the page, never sent anywhere, and trained on like any other data set.
import bounds from '../bounds.json' with { type: 'json' };
import { h } from '../chart/elements.js';
import { write } from '../element/controls/form.js';
import { scriptAddress } from '../engine/script-address.js';
import { OWN } from '../state/names.js';
import { presetForm } from '../state/presets.js';
import { decidedView } from './own/decided.js';
import { keptView } from './own/kept.js';

/** @typedef {import('./own/worker.js').Brought} Brought */
/** @typedef {import('./own/worker.js').OwnRead} OwnRead */
/** @typedef {import('./own/worker.js').ReadOptions} ReadOptions */

const SHOWN = 8;
const TAKEN = `Tables (CSV, TSV), NumPy’s .npz, idx and svmlight files, or a folder of pictures for each class; at most ${bounds.own_bytes / 1e6} MB and ${bounds.own_classes} classes.`;

/**
 * @param {import('../element/hash-phase-chart.js').HashPhaseChart} chart
 * @param {import('../element/room.js').Room} room whose home has the data from then on
 * @param {import('../kept/own-data.js').OwnShelf} shelf where they are kept
 * @param {HTMLElement} section
 * @param {string} address of the worker that reads
 * @param {(examples: number, epochs: number[]) => void} told that there are so many training examples now, looked at after these epochs
 */
export function ownData(chart, room, shelf, section, address, told) {
  const { home } = room;
  /** Data asked for: the last count. */
  let asked = 0;
  const files = h('input', { type: 'file', id: 'own-files', multiple: true, accept: '.csv,.tsv,.gz,*' });
  const folders = h('input', { type: 'file', id: 'own-folder', webkitdirectory: true });
  const state = h('p', { id: 'own-state', role: 'status', className: 'hint' }, `No data yet. ${TAKEN}`);
  const bar = h('progress', { id: 'own-progress', max: 1, hidden: true, 'aria-label': 'reading' });
  const decided = h('div', { id: 'own-decided' });
  const go = h('button', { type: 'button', hidden: true }, 'Train on it');
  const kept = keptView(shelf, () => home.data.own?.digest ?? '', async (digest) => {
    const mine = ++asked;
    const own = await shelf.read(digest);
    if (own && mine === asked) use(own);
  });
  section.querySelector('.stage')?.replaceChildren(h('div', { className: 'bar' }, h('label', { className: 'button' }, 'Choose files', files), h('label', { className: 'button' }, 'Choose a folder', folders), go), state, bar, decided, kept);
  /** What is read at the moment. @type {Worker | null} */
  let reading = null;

  for (const input of [files, folders])
    input.addEventListener('change', () => {
      const brought = Array.from(input.files ?? [], (file) => ({ file, path: file.webkitRelativePath || file.name }));
      input.value = '';
      if (brought.length) open(brought);
    });
  go.addEventListener('click', () => {
    chart.scrollIntoView();
    chart.train();
  });

  /** @param {import('../engine/home.js').OwnData} own the data from now on */
  function use(own) {
    const { name, description: { classes }, labels, train, samples, epochs } = own;
    home.data.own = own;
    chart.set({ given: null, plan: { ...presetForm('quick', OWN), samples: samples.join(', '), epochs: epochs.join(', ') } });
    const names = `${classes.slice(0, SHOWN).join(', ')}${classes.length > SHOWN ? ' …' : ''}`;
    write(state, `${name}: ${count(train)} training examples, ${count(labels.length - train)} test examples, ${sizeOf(own)}; ${classes.length} classes: ${names}. The training settings above are set to them.`);
    decided.replaceChildren();
    go.hidden = false;
    told(train, epochs);
    shelf.changed();
  }

  /**
   * @param {Brought[]} brought
   * @param {ReadOptions} [options] what the reader has changed of what was decided
   */
  async function open(brought, options = {}) {
    const mine = ++asked;
    const isLast = () => mine === asked;
    const name = nameOf(brought);
    write(state, `Reading ${name} …`);
    go.hidden = true;
    try {
      const module = await room.module('reader', (words) => isLast() && write(state, words));
      if (!isLast()) return;
      bar.removeAttribute('value');
      bar.hidden = false;
      const read = await readBeside({ module, name, brought, options }, (share) => isLast() && (bar.value = share));
      if (!isLast()) return;
      const { description, values, labels, train, digest, samples, epochs } = read;
      const own = { name, description, values, labels, train, digest, samples, epochs };
      use(own);
      decided.replaceChildren(...decidedView(read, options, (changed) => open(brought, changed)));
      await shelf.keep(own).catch((error) => isLast() && decided.append(h('p', { className: 'hint', role: 'status' }, `These data are gone when the page is closed: ${unkept(error)}.`)));
    } catch (error) {
      if (isLast()) write(state, `${/** @type {Error} */ (error).message.replace(/\.$/, '')}.`);
    } finally {
      if (isLast()) bar.hidden = true;
    }
  }

  /**
   * @param {import('./own/worker.js').Asked} asked
   * @param {(share: number) => void} come
   * @returns {Promise<OwnRead>}
   */
  function readBeside(asked, come) {
    // Earlier files no longer count.
    reading?.terminate();
    const worker = (reading = new Worker(scriptAddress(address), { type: 'module' }));
    return /** @type {Promise<OwnRead>} */ (
      new Promise((resolve, reject) => {
        worker.addEventListener('message', ({ data }) => ('failed' in data ? reject(new Error(data.failed)) : 'read' in data ? resolve(data.read) : come(data.share)));
        worker.addEventListener('error', ({ message }) => reject(new Error(message || 'the files cannot be read')));
        worker.postMessage(asked);
      })
    ).finally(() => worker.terminate());
  }
  return { open };
}

/** Why data could not be kept. @param {Error} error */
const unkept = ({ name, message }) => (name === 'QuotaExceededError' ? 'the browser’s storage for this page is full' : message || name);

/** What an example is. @param {Pick<OwnRead, 'description' | 'values' | 'labels'>} read */
function sizeOf({ description, values, labels }) {
  if (description.kind === 'image') return `${description.height} × ${description.width} pixels${description.channels === 3 ? ' in colour' : ''}`;
  return `${count('inputs' in values ? values.inputs : values.length / labels.length)} inputs`;
}

const count = (/** @type {number} */ number) => number.toLocaleString('en');

/** What a reader calls what was brought. @param {Brought[]} brought */
function nameOf(brought) {
  const [first] = brought;
  const [folder, ...below] = first.path.split('/');
  return below.length ? folder : brought.length === 1 ? folder : `${brought.length} files`;
}
