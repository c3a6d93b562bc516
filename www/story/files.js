// @ts-check
// Files that a reader brings: charts, and networks that were trained elsewhere.
import bounds from '../bounds.json' with { type: 'json' };
import { h } from '../chart/elements.js';
import { whyNot } from '../engine/catalogue.js';
import { encodeNetwork, readChart } from '../engine/ask.js';
import { elsewhereView } from './elsewhere.js';
import { broughtBy } from './own/brought.js';

/** @typedef {import('./elsewhere.js').Elsewhere} Elsewhere */

/**
 * @param {import('../element/hash-phase-chart.js').HashPhaseChart} chart
 * @param {import('../engine/home.js').Home} home
 * @param {HTMLElement} place
 * @param {Document} document onto which files are dropped
 * @param {(brought: import('./own/worker.js').Brought[]) => void} bringData what opens data
 */
export function openFiles(chart, home, place, document, bringData) {
  const numbers = h('div', { id: 'elsewhere', 'aria-live': 'polite' });
  const input = h('input', { type: 'file', id: 'load', accept: '.json,application/json,.arrow,.html,.safetensors' });
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    input.value = '';
    if (file) open(file);
  });
  place.replaceChildren(h('label', { className: 'button' }, 'Load chart or network', input), numbers);
  // Text dragged into a field is left to the browser.
  const hasFiles = (/** @type {DataTransfer | null} */ data) => data?.types.includes('Files') ?? false;
  document.addEventListener('dragover', (event) => hasFiles(event.dataTransfer) && event.preventDefault());
  document.addEventListener('drop', (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    drop(/** @type {DataTransfer} */ (event.dataTransfer));
  });

  /** Charts and networks are opened here, anything else is data. @param {DataTransfer} dropped */
  async function drop(dropped) {
    const brought = await broughtBy(dropped);
    if (!brought.length) return;
    const [{ file, path }] = brought;
    // In a folder of data, such files are documentation.
    if (path === file.name && /\.(json|arrow|html?|safetensors)$/i.test(file.name)) {
      await open(file);
      if (brought.length > 1) chart.set({ notice: [chart.notice, `Of ${brought.length} files the first was opened, ${file.name}: charts and networks are opened one at a time.`].filter(Boolean).join(' ') });
      return;
    }
    document.querySelector('#own')?.scrollIntoView({ block: 'nearest' });
    bringData(brought);
  }

  /** Files opened, and which of them counts: the last. */
  let opened = 0;

  /** @param {File} file */
  async function open(file) {
    const mine = ++opened;
    const isLast = () => mine === opened;
    try {
      if (file.size > bounds.page_bytes) throw new Error(`it has ${Math.round(file.size / 1e6)} MB, and ${bounds.page_bytes / 1e6} are the most: is it the right file?`);
      if (file.name.endsWith('.safetensors')) return await openNetwork(file, isLast);
      const bytes = new Uint8Array(await file.arrayBuffer());
      const [{ isArrow }, { readColumns }] = await Promise.all([import('../chart/arrow.js'), import('../chart/read-columns.js')]);
      const read = isArrow(bytes) ? readColumns(bytes) : await readChart(await textOf(file, bytes), home, engine());
      if (isLast()) chart.give(read, file.name);
    } catch (error) {
      if (isLast()) chart.set({ notice: `${file.name}: ${/** @type {Error} */ (error).message}` });
    }
  }

  /** A chart's text: as it is, or in a web page that was saved here. @param {File} file @param {Uint8Array} bytes */
  async function textOf({ name }, bytes) {
    const text = new TextDecoder().decode(bytes);
    if (!/\.html?$/i.test(name)) return text;
    const { chartInPage } = await import('../chart/take/web-page.js');
    const chart = chartInPage(text);
    if (chart === null) throw new Error('no chart is in this web page: open one that “Save and share” has saved');
    return chart;
  }

  /** The engine that reads files, which may not be there yet. */
  function engine() {
    if (!chart.engines?.cpu) throw new Error(whyNot(chart.engines, 'cpu'));
    return chart.engines.cpu;
  }

  /**
   * Measures a network that was trained elsewhere on the data set chosen in the form.
   * @param {File} file
   * @param {() => boolean} isLast whether no other file was opened since
   */
  async function openNetwork(file, isLast) {
    const { dataset } = chart.settings.plan;
    /** A listener is told of the end alone. @param {Partial<Elsewhere>} change */
    function show(change) {
      if (!isLast()) return;
      numbers.ariaBusy = String(!change.numbers);
      numbers.replaceChildren(...elsewhereView({ name: file.name, dataset, share: 1, numbers: null, ...change }));
    }
    chart.set({ notice: '' });
    show({});
    try {
      show({ numbers: await encodeNetwork(new Uint8Array(await file.arrayBuffer()), dataset, home, engine(), (share) => show({ share })) });
    } catch (error) {
      if (isLast()) numbers.replaceChildren();
      throw error;
    }
  }
}
