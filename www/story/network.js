// @ts-check
// A network that was trained elsewhere: what its codes come to, as a whole and layer by layer.
import { h } from '../chart/elements.js';
import { whyNot } from '../engine/catalogue.js';
import { openNetwork } from '../engine/network.js';
import { OWN } from '../state/names.js';
import { choicesView } from './network/choices.js';
import { layersFiles, layersView } from './network/layers.js';
import { notesView, numbersView } from './network/numbers.js';

/** @typedef {import('./network/choices.js').Choice} Choice */
/** Known data sets of coloured pictures. */
const COLOURED = ['cifar10', 'svhn'];

/** @typedef {{ name: string, bytes: Uint8Array, beside: { name: string, bytes: Uint8Array }[] }} Brought */

/**
 * @param {import('../element/hash-phase-chart.js').HashPhaseChart} chart
 * @param {import('../engine/home.js').Home} home
 * @param {HTMLElement} place
 */
export function networkView(chart, home, place) {
  /** @type {ReturnType<typeof openNetwork> | null} */
  let network = null;

  /** The end alone is told to a listener. @param {(Node | null)[]} children @param {boolean} [isBusy] */
  function show(children, isBusy = false) {
    place.ariaBusy = String(isBusy);
    place.replaceChildren(...children.filter((child) => child !== null));
  }

  /**
   * Measures it on the data set that is chosen in the form.
   * @param {Brought} brought
   * @param {Choice} choice
   * @param {() => boolean} isLast whether no other file was opened since
   */
  async function measure(brought, choice, isLast) {
    const { dataset } = chart.settings.plan;
    const { name, bytes: file, beside } = brought;
    const module = chart.engines?.networks;
    if (!module) throw new Error(whyNot(chart.engines, 'networks'));
    network?.close();
    const heading = h('h3', {}, name);
    const end = h('button', { type: 'button' }, 'Stop');
    /** Whether this is still what is asked. @returns {boolean} */
    const isMine = () => isLast() && network === own;
    /** @param {string} words */
    function waits(words) {
      if (isMine()) show([heading, h('p', { className: 'hint' }, words, ' ', end)], true);
    }
    /** @type {ReturnType<typeof openNetwork>} */
    const own = openNetwork({ file, beside, ...choice }, dataset, home, module, {
      loading: (share) => waits(`Loading ${dataset}: ${Math.round(100 * share)}% …`),
      taking: (share) => waits(share < 1 ? `Taking its codes on ${dataset}: ${Math.round(100 * share)}% …` : 'Measuring its codes …'),
    });
    network = own;
    end.addEventListener('click', () => {
      own.close();
      if (isMine()) show([]);
    });
    waits(`Opening it with ${dataset} …`);
    try {
      const numbers = await own.numbers();
      if (!isMine()) return;
      const isOnnx = /\.onnx$/i.test(name);
      const again = (/** @type {Choice} */ changed) => measure(brought, changed, isLast).catch((/** @type {Error} */ error) => isLast() && chart.set({ notice: `${name}: ${error.message}` }));
      show([
        heading,
        ...notesView(numbers, isOnnx, (fed) => again({ ...choice, fed })),
        numbersView(numbers, dataset),
        choicesView({ isOnnx, numbers, isColoured: isColoured(dataset), choice }, again),
        codesOf(own, numbers.code === 'channels' ? 'channel' : 'ReLU', name, isMine),
        numbers.names.length > 1 ? layersOf(own, numbers.names.length, name, isMine) : null,
      ]);
    } catch (error) {
      own.close();
      if (isMine()) show([]);
      throw error;
    }
  }

  /**
   * A button that measures each layer, and then their curves.
   * @param {NonNullable<typeof network>} own
   * @param {number} count
   * @param {string} name
   * @param {() => boolean} isMine
   */
  function layersOf(own, count, name, isMine) {
    const begin = h('button', { type: 'button', id: 'measure-layers' }, 'Measure each layer alone');
    const inside = h('div', { className: 'network-layers' }, begin);
    /** @type {import('../types.d.ts').OfLayer[]} */
    const layers = [];
    begin.addEventListener('click', async () => {
      begin.disabled = true;
      try {
        await own.layers((numbers) => {
          layers.push(numbers);
          if (isMine()) inside.replaceChildren(h('p', { className: 'hint' }, `${layers.length} of ${count} layers measured.`), layersView(layers, count, inside.clientWidth));
        });
        if (isMine()) inside.append(layersFiles(layers, name));
      } catch (error) {
        if (isMine()) chart.set({ notice: `${name}: ${/** @type {Error} */ (error).message}` });
      }
    });
    return inside;
  }

  /**
   * A button that shows the codes: who shares one, and what simple algorithms make of them.
   * @param {NonNullable<typeof network>} own
   * @param {'ReLU' | 'channel'} unit what a bit is of
   * @param {string} name
   * @param {() => boolean} isMine
   */
  function codesOf(own, unit, name, isMine) {
    const begin = h('button', { type: 'button', id: 'look-at-codes' }, 'Look at its codes');
    const inside = h('div', {}, begin);
    begin.addEventListener('click', async () => {
      begin.disabled = true;
      begin.textContent = 'Looking at its codes …';
      try {
        const [{ study, pictures }, { studied }] = await Promise.all([own.study(), import('./codes/views.js')]);
        if (isMine()) inside.replaceChildren(h('div', { className: 'studied' }, ...studied(study, pictures, { unit })));
      } catch (error) {
        if (isMine()) chart.set({ notice: `${name}: ${/** @type {Error} */ (error).message}` });
      }
    });
    return inside;
  }

  /** @param {string} dataset */
  function isColoured(dataset) {
    const { own } = home.data;
    if (dataset === OWN) return own?.description.kind === 'image' && own.description.channels === 3;
    return COLOURED.includes(dataset);
  }

  return { measure };
}
