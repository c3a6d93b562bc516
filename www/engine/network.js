// @ts-check
// Asks a worker of its own about one network that was trained elsewhere.
import { OWN } from '../state/names.js';
import { presetPlan } from '../state/presets.js';
import { compiled } from './compiled.js';
import { broken } from './crew.js';
import { dataFor, startWorker } from './home.js';
import { RELEASE } from './release.js';

/** @typedef {import('../types.d.ts').Elsewhere} Numbers */
/** @typedef {import('../types.d.ts').OfLayer} OfLayer */
/** @typedef {{ file: Uint8Array, beside?: { name: string, bytes: Uint8Array }[], layers?: string, code?: import('../types.d.ts').CodeUnits, fed?: import('../types.d.ts').Fed }} Asked a safetensors or ONNX file and files beside it; `layers`, `code` and `fed` where the file's own are not meant */

/** @typedef {import('./messages.d.ts').ToNetwork} ToNetwork */
/** @typedef {import('./messages.d.ts').FromNetwork} FromNetwork */

/** Workers that share the examples, each with the data set and the network in its memory, and how many examples are worth a second one. */
const WORKERS = 2;
const WORTH = 200;

/**
 * @param {Asked} asked
 * @param {string} dataset
 * @param {import('./home.js').Home} home
 * @param {import('./catalogue.js').Module} module the reader of networks
 * @param {{ loading?: (share: number) => void, taking?: (share: number) => void }} [told] of the share of the data set that is there, and of its codes that are taken
 */
export function openNetwork({ file, beside = [], layers, code, fed }, dataset, home, module, { loading = () => {}, taking = () => {} } = {}) {
  const address = home.workers.networks;
  if (!address) throw new Error('this page was built without its reader of networks');
  const plan = presetPlan('figure', dataset);
  // The sizes of a preset may be more than a reader has brought.
  const { own } = home.data;
  const fitting = dataset === OWN && own ? { ...plan, axes: { ...plan.axes, samples: [own.train] } } : plan;
  /** @type {ReturnType<typeof asker>[]} */
  const workers = [];

  /** @returns {Promise<{ samples: number, tests: number }>} */
  async function open() {
    const worker = asker(address ?? '', loading);
    workers.push(worker);
    const engine = await compiled(module);
    return worker.ask({ type: 'open', engine, plan: fitting, data: dataFor(home.data, dataset), file, beside, layers: layers ?? null, code: code ?? null, fed: fed ?? null }, 'opened');
  }

  /** What its code comes to. @returns {Promise<Numbers>} */
  async function numbers() {
    const { samples, tests } = await open();
    const more = samples + tests < WORTH ? 0 : Math.min(WORKERS, navigator.hardwareConcurrency || 1) - 1;
    await Promise.all(Array.from({ length: more }, open));
    const shares = workers.map(() => [0, 0]);
    const codesOf = (/** @type {typeof workers[number]} */ worker, /** @type {number} */ at, /** @type {boolean} */ test) => {
      const count = test ? tests : samples;
      const [from, to] = [at, at + 1].map((part) => Math.round((part * count) / workers.length));
      const told = (/** @type {number} */ share) => {
        shares[at][Number(test)] = share * (to - from);
        taking(shares.flat().reduce((sum, share) => sum + share, 0) / (samples + tests));
      };
      return from < to ? worker.ask({ type: 'take', test, from, to }, 'taken', told) : null;
    };
    const parts = await Promise.all(workers.map(async (worker, at) => [await codesOf(worker, at, false), await codesOf(worker, at, true)]));
    const [first, ...others] = workers;
    for (const worker of others) worker.close();
    const taken = (/** @type {number} */ set) => parts.flatMap((part) => part[set]?.taken ?? []);
    return (await first.ask({ type: 'measure', train: taken(0), test: taken(1) }, 'numbers')).numbers;
  }

  return {
    numbers,
    /** What the code of each layer comes to alone. @param {(numbers: OfLayer) => void} each @returns {Promise<void>} */
    layers: (each) => workers[0].ask({ type: 'layers' }, 'finished', undefined, each).then(() => undefined),
    /** Its codes, example by example. @returns {Promise<Extract<FromNetwork, { type: 'study' }>>} */
    study: () => workers[0].ask({ type: 'study' }, 'study'),
    close: () => workers.forEach(({ close }) => close()),
  };
}

/**
 * A worker that is asked one thing after the other.
 * @param {string} address
 * @param {(share: number) => void} loading
 */
function asker(address, loading) {
  const worker = startWorker(address);
  /** Whether what was asked before is answered. @type {Promise<unknown>} */
  let before = Promise.resolve();
  return {
    /**
     * @template {FromNetwork['type']} Answer
     * @param {ToNetwork} message
     * @param {Answer} answer
     * @param {(share: number) => void} [taking]
     * @param {(numbers: OfLayer) => void} [layer]
     * @returns {Promise<Extract<FromNetwork, { type: Answer }>>}
     */
    ask(message, answer, taking, layer) {
      /** @type {Promise<Extract<FromNetwork, { type: Answer }>>} */
      const asked = before.then(() => new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => {
          const heard = /** @type {FromNetwork} */ (data);
          if (heard.type === 'failed') reject(Object.assign(new Error(heard.message), { code: heard.code }));
          else if (heard.type === 'loading') loading(heard.share);
          else if (heard.type === 'taking') taking?.(heard.share);
          else if (heard.type === 'layer') layer?.(heard.numbers);
          else if (heard.type === answer) resolve(/** @type {Extract<FromNetwork, { type: Answer }>} */ (heard));
        };
        worker.onerror = (event) => reject(new Error(broken(event, address).message));
        worker.postMessage({ ...message, release: RELEASE });
      }));
      // A failure is told to whoever asked, not to who asks next.
      before = asked.catch(() => undefined);
      return asked;
    },
    close: () => worker.terminate(),
  };
}

/**
 * What a network's code comes to.
 * @param {Asked} asked
 * @param {string} dataset
 * @param {import('./home.js').Home} home
 * @param {import('./catalogue.js').Module} module
 * @param {(share: number) => void} [loading]
 * @returns {Promise<Numbers>}
 */
export async function encodeNetwork(asked, dataset, home, module, loading) {
  const network = openNetwork(asked, dataset, home, module, { loading });
  return network.numbers().finally(network.close);
}
