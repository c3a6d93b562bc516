// @ts-check
// Files that a reader brings: charts, and networks that were trained elsewhere.
import bounds from '../bounds.json' with { type: 'json' };
import { h } from '../chart/elements.js';
import { whyNot } from '../engine/catalogue.js';
import { readChart } from '../engine/ask.js';
import { broughtBy } from './own/brought.js';

/** What the name of a network's file ends in. */
const NETWORK = /\.(safetensors|onnx)$/i;
/** Files that hold an ONNX file's weights. */
const WEIGHTS = /\.(data|onnx_data\S*|weights|bin)$/i;
const CHART = /\.(json|arrow|html?)$/i;

/**
 * @param {import('../element/hash-phase-chart.js').HashPhaseChart} chart
 * @param {import('../engine/home.js').Home} home
 * @param {HTMLElement} place
 * @param {Document} document onto which files are dropped
 * @param {(brought: import('./own/worker.js').Brought[]) => Promise<void>} bringData what opens data
 */
export function openFiles(chart, home, place, document, bringData) {
  const numbers = h('div', { id: 'elsewhere', 'aria-live': 'polite' });
  const input = h('input', { type: 'file', id: 'load', multiple: true, accept: '.json,application/json,.arrow,.html,.safetensors,.onnx,.data,.onnx_data,.weights,.bin' });
  input.addEventListener('change', () => {
    const files = Array.from(input.files ?? []);
    input.value = '';
    if (files.length) openOne(files);
  });
  /** Fetched only when a network is brought. @type {ReturnType<typeof import('./network.js').networkView> | null} */
  let network = null;
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
    const [first] = brought;
    const alone = brought.filter(({ file, path }) => path === file.name).map(({ file }) => file);
    const network = alone.find(({ name }) => NETWORK.test(name));
    // In a folder of data, such files are documentation.
    if (!network && first.path === first.file.name && CHART.test(first.file.name)) return openOne(alone);
    const data = brought.filter(({ file }) => file !== network && !WEIGHTS.test(file.name));
    if (network && !data.length) return openOne(alone);
    const own = data.length ? data : brought;
    document.querySelector('#own')?.scrollIntoView({ block: 'nearest' });
    await bringData(own);
    // A network that was dropped beside data is measured on them.
    if (network) await openOne(alone.filter((file) => file === network || WEIGHTS.test(file.name)));
  }

  /** Files opened, and which of them counts: the last. */
  let opened = 0;

  /** Opens a network, which others may hold the weights of, or else the first. @param {File[]} files */
  async function openOne(files) {
    const file = files.find(({ name }) => NETWORK.test(name)) ?? files[0];
    const others = files.filter((other) => other !== file);
    await open(file, others);
    if (others.length && !others.every(({ name }) => WEIGHTS.test(name))) chart.set({ notice: [chart.notice, `Of ${files.length} files the first was opened, ${file.name}: charts and networks are opened one at a time.`].filter(Boolean).join(' ') });
  }

  /** @param {File} file @param {File[]} others that were brought with it */
  async function open(file, others) {
    const mine = ++opened;
    const isLast = () => mine === opened;
    try {
      for (const { name, size } of [file, ...others]) if (size > bounds.page_bytes) throw new Error(`${name === file.name ? 'it' : name} has ${Math.round(size / 1e6)} MB, and ${bounds.page_bytes / 1e6} are the most: is it the right file?`);
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (NETWORK.test(file.name)) {
        chart.set({ notice: '' });
        network ??= (await import('./network.js')).networkView(chart, home, numbers);
        const beside = await Promise.all(others.map(async (other) => ({ name: other.name, bytes: new Uint8Array(await other.arrayBuffer()) })));
        return await network.measure({ name: file.name, bytes, beside }, {}, isLast);
      }
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
}
