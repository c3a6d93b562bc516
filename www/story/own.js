// @ts-check
// Data that a reader brings: read beside the page, never sent anywhere, and trained on like any other data set.
import { h } from '../chart/elements.js';
import { write } from '../element/controls/form.js';
import { scriptAddress } from '../engine/script-address.js';
import { OWN } from '../state/names.js';
import { presetForm } from '../state/presets.js';

/** @typedef {import('./own/worker.js').Brought} Brought */
/** @typedef {import('./own/worker.js').Read} Read */

/** Sample sizes that are looked at, as far as there are so many examples. */
const SAMPLES = [10, 100, 1000];
const SHOWN = 8;
/** Steps that a network is trained: as many as the quick preset takes on mnist-small, whose batches these are. */
const STEPS = 1000;
const BATCH = 64;

/**
 * Epochs to look at, up to those in which so many examples make as many steps.
 * @param {number} examples
 */
function epochsOf(examples) {
  const last = Math.max(8, Math.ceil(STEPS / Math.ceil(examples / BATCH)));
  return [0, last / 8, last / 4, last / 2, last].map(Math.round);
}

/**
 * @param {import('../element/hash-phase-chart.js').HashPhaseChart} chart
 * @param {import('../engine/home.js').Home} home which has the data from then on
 * @param {HTMLElement} section
 * @param {string} address of the worker that reads
 * @param {(examples: number, epochs: number[]) => void} told that there are so many training examples now, looked at after these epochs
 */
export function ownData(chart, home, section, address, told) {
  const files = h('input', { type: 'file', id: 'own-files', multiple: true, accept: '.csv,.tsv,.gz,*' });
  const folders = h('input', { type: 'file', id: 'own-folder', webkitdirectory: true });
  const state = h('p', { id: 'own-state', role: 'status', className: 'hint' }, 'No data yet. At most 200 MB, 100 classes, 4,096 numbers per example; images become 28 × 28 pixels, grey.');
  const go = h('button', { type: 'button', hidden: true }, 'Train on it');
  section.querySelector('.stage')?.replaceChildren(h('div', { className: 'bar' }, h('label', { className: 'button' }, 'Choose files', files), h('label', { className: 'button' }, 'Choose a folder of folders', folders), go), state);
  let asked = 0;
  /** What is read at the moment. @type {Worker | null} */
  let reading = null;

  for (const input of [files, folders])
    input.addEventListener('change', () => {
      const brought = Array.from(input.files ?? [], (file) => ({ file, folder: folderOf(file.webkitRelativePath) }));
      input.value = '';
      if (brought.length) open(brought);
    });
  go.addEventListener('click', () => {
    chart.scrollIntoView();
    chart.train();
  });

  /** @param {Brought[]} brought */
  async function open(brought) {
    const mine = ++asked;
    write(state, `Reading ${brought.length === 1 ? brought[0].file.name : `${brought.length} files`} …`);
    go.hidden = true;
    try {
      const read = await readBeside(brought);
      if (mine !== asked) return;
      home.data.own = { values: read.values, labels: read.labels, train: read.train, classes: read.classes };
      const sizes = [...SAMPLES.filter((size) => size < read.train), read.train];
      const epochs = epochsOf(read.train);
      chart.set({ given: null, plan: { ...presetForm('quick', OWN), samples: sizes.join(', '), epochs: epochs.join(', ') } });
      const names = `${read.classes.slice(0, SHOWN).join(', ')}${read.classes.length > SHOWN ? ' …' : ''}`;
      write(state, `${read.train.toLocaleString('en')} examples train, ${(read.labels.length - read.train).toLocaleString('en')} test: ${read.what}. ${read.classes.length} classes: ${names}. The training settings above are set to them.`);
      go.hidden = false;
      told(read.train, epochs);
    } catch (error) {
      if (mine === asked) write(state, `${/** @type {Error} */ (error).message}.`);
    }
  }

  /** @param {Brought[]} brought @returns {Promise<Read>} */
  function readBeside(brought) {
    // What was brought before does not count any more.
    reading?.terminate();
    const worker = (reading = new Worker(scriptAddress(address), { type: 'module' }));
    return /** @type {Promise<Read>} */ (
      new Promise((resolve, reject) => {
        worker.addEventListener('message', ({ data }) => (data.failed ? reject(new Error(data.failed)) : resolve(data)));
        worker.addEventListener('error', ({ message }) => reject(new Error(message || 'the files cannot be read')));
        worker.postMessage(brought);
      })
    ).finally(() => worker.terminate());
  }
  return { open };
}

/** The folder that a file lies in. @param {string} path */
const folderOf = (path) => path.split('/').slice(-2, -1)[0] ?? '';

/**
 * All files that are dropped, those in folders with the folder's name.
 * @param {DataTransfer} dropped
 * @returns {Promise<Brought[]>}
 */
export async function broughtBy(dropped) {
  const entries = Array.from(dropped.items, (item) => item.webkitGetAsEntry?.()).filter((entry) => entry !== null && entry !== undefined);
  if (!entries.some((entry) => entry.isDirectory)) return Array.from(dropped.files, (file) => ({ file, folder: '' }));
  return (await Promise.all(entries.map((entry) => filesIn(entry, '')))).flat();
}

/**
 * @param {FileSystemEntry} entry
 * @param {string} folder
 * @returns {Promise<Brought[]>}
 */
async function filesIn(entry, folder) {
  if (entry.isFile) return [{ file: await new Promise((found, failed) => /** @type {FileSystemFileEntry} */ (entry).file(found, failed)), folder }];
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {FileSystemEntry[]} */
  const inside = [];
  // A reader gives some at a time, and nothing when there are no more.
  for (;;) {
    const some = await new Promise((/** @type {(entries: FileSystemEntry[]) => void} */ found, failed) => reader.readEntries(found, failed));
    if (!some.length) break;
    inside.push(...some);
  }
  return (await Promise.all(inside.map((one) => filesIn(one, entry.name)))).flat();
}
