// @ts-check
// `hash-phase`: the engine for other programs. Importing it does nothing.
import { home } from 'hash-phase/addresses';
import { readChart as read } from '../engine/ask.js';
import { isServed } from '../engine/catalogue.js';
import { findAdapter } from '../engine/choose.js';
import { encodeNetwork as encode } from '../engine/network.js';
import { sweep as stream } from '../engine/sweep.js';

export { summarise } from '../chart/summary.js';
export { chartCsv } from '../chart/take/csv.js';
export { presetPlan } from '../state/presets.js';

/** @param {string} [data] @param {string} [dataset] */
function homeOf(data, dataset = '') {
  if (typeof Worker === 'undefined') throw new Error('hash-phase trains in browsers, and there are no workers here: import it where you like, but call it there');
  // A folder, with or without a trailing slash; a worker has a location but no document.
  if (data) return { ...home, data: { base: new URL(data.replace(/\/?$/, '/'), globalThis.document?.baseURI ?? globalThis.location.href).href } };
  if (!isServed(home.engines, dataset)) throw new Error(`the data set '${dataset}' is not in this package: give \`data\`, the address of a folder that has it (docs/package.md)`);
  return home;
}

/** @param {import('../types.d.ts').Plan} plan @param {{ engine?: 'auto' | 'cpu' | 'gpu', signal?: AbortSignal, data?: string, workers?: number, finished?: import('../types.d.ts').PhaseChart | null }} [options] */
export function sweep(plan, { engine = 'auto', signal, data, workers, finished } = {}) {
  /** @type {ReturnType<typeof stream> | null} */
  let run = null;
  async function* events() {
    const where = homeOf(data, plan.dataset);
    const adapter = engine === 'cpu' ? null : await findAdapter();
    run = stream(plan, { home: where, catalogue: home.engines, adapter, engine, signal, processors: workers, finished });
    yield* run;
  }
  return Object.assign(events(), { pause: () => run?.pause(), resume: () => run?.resume() });
}

/** @param {string} text */
export const readChart = async (text) => read(text, homeOf(), cpu());

/** @param {Uint8Array} file @param {{ dataset: string, data?: string, loading?: (share: number) => void } & Omit<import('../engine/network.js').Asked, 'file'>} options */
export const encodeNetwork = async (file, { dataset, data, loading, ...asked }) => encode({ file, ...asked }, dataset, homeOf(data, dataset), module('networks', 'reader of networks'), loading);

const cpu = () => module('cpu', 'CPU engine');

/** @param {'cpu' | 'networks'} name @param {string} title */
function module(name, title) {
  const there = home.engines[name];
  if (!there) throw new Error(`this package was built without its ${title}`);
  return there;
}
