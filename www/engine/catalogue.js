// @ts-check
// The engines that lie beside the page, and those that are still being made there.
import datasets from '../datasets.json' with { type: 'json' };
import { isOurs, NEWER } from './release.js';

/** @typedef {{ script: string, module: string, bytes: number }} Module addresses, and how large the module is once unpacked */
/** @typedef {'cpu' | 'reader' | 'networks' | 'tensors' | 'gpu'} Name of a module: the CPU's own kernels, the reader of readers' own data, the reader of networks trained elsewhere, kernels and tensor programs on the CPU, tensor programs on the GPU */
/** @typedef {{ engine: Name, seconds: number, total: number }} Making an engine, with its data and tools: how long it has been made, and how long that takes in all */
/** @typedef {Record<Name, Module | null> & { release: string }} Release the engines of one release */
/** @typedef {Release & { before: Release | null, newer?: boolean, datasets: string[] | null, making: Making | null, failed: string | null }} Catalogue `datasets` are those made of files that are there, not known before they were looked for; `failed` says why nothing more will come; `before` are the engines of the release before; `newer`: the page that asks is not of the newest release */

const MODULES = /** @type {const} */ (['cpu', 'reader', 'networks', 'tensors', 'gpu']);

/** Milliseconds between two looks while an engine is being made. */
const LOOK_EVERY = 2000;

/**
 * Looks what there is, again and again until nothing more is being made.
 * @param {import('./home.js').Home} home
 * @param {(catalogue: Catalogue) => void} told
 */
export async function watchCatalogue({ engines }, told) {
  if (typeof engines !== 'string') return told(engines);
  for (let made = false; ; ) {
    const catalogue = await look(engines);
    told(catalogue);
    // An engine that is still being built may appear later, although a first look or compilation has failed.
    made ||= catalogue.making !== null;
    if (!made || MODULES.every((name) => catalogue[name])) return;
    await new Promise((go) => setTimeout(go, LOOK_EVERY));
  }
}

/** @type {Catalogue} */
const NONE = { release: '', before: null, cpu: null, reader: null, networks: null, tensors: null, gpu: null, datasets: null, making: null, failed: null };

/**
 * The engines that go with this page's scripts: those of its own release, which may be the one before.
 * @param {Catalogue} catalogue
 * @returns {Catalogue}
 */
function ofOurRelease(catalogue) {
  const { before } = catalogue;
  if (isOurs(catalogue.release)) return catalogue;
  if (before && isOurs(before.release)) return { ...NONE, ...before, datasets: catalogue.datasets, newer: true };
  return { ...NONE, datasets: catalogue.datasets, failed: NEWER, newer: true };
}

/**
 * @param {string} list its address
 * @returns {Promise<Catalogue>} with addresses that a worker can use
 */
export async function look(list) {
  try {
    const answer = await fetch(list, { cache: 'no-cache' });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    /** @type {Catalogue} */
    const catalogue = ofOurRelease(await answer.json());
    const placed = (/** @type {Module | null} */ engine) => engine && { ...engine, script: new URL(engine.script, list).href, module: new URL(engine.module, list).href };
    return { ...catalogue, ...Object.fromEntries(MODULES.map((name) => [name, placed(catalogue[name])])) };
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    return { ...NONE, failed: `the list of engines cannot be read (${message}): check the connection and reload the page.` };
  }
}

/** Data sets that are made of files; the others are generated. */
const FILES = Object.keys(datasets);

/**
 * Whether a data set can be had from this server, as far as is known.
 * @param {Catalogue | null} catalogue
 * @param {string} name
 */
export const isServed = (catalogue, name) => !FILES.includes(name) || (catalogue?.datasets ?? FILES).includes(name);

/** How readers know them. @type {Record<Name, string>} */
const TITLES = { cpu: 'CPU engine', reader: 'reader of your own data', networks: 'reader of networks', tensors: 'CPU engine’s second part (tanh and gelu)', gpu: 'GPU engine' };

/**
 * Why nothing can be trained with some engines yet, as a sentence; nothing where it can.
 * @param {Catalogue | null} catalogue none before the server has answered
 * @param {...Name} wanted
 */
export function whyNot(catalogue, ...wanted) {
  if (!catalogue) return 'Asking the server for the engines …';
  const missing = wanted.find((name) => !catalogue[name]);
  if (!missing) return '';
  const { making, failed } = catalogue;
  if (making) {
    const [gone, total] = [Math.floor(making.seconds / 60), Math.max(1, Math.ceil(making.total / 60))];
    const first = making.engine === missing ? '' : `, before the ${TITLES[missing]}`;
    return `The ${TITLES[making.engine]} is being compiled${first}: ${gone} of about ${total} minute${total === 1 ? '' : 's'}. Train is enabled as soon as it is there.`;
  }
  if (failed === NEWER) return NEWER;
  if (failed) return `There is no ${TITLES[missing]}: ${failed}`;
  return `This copy of the page was built without its ${TITLES[missing]}.`;
}
