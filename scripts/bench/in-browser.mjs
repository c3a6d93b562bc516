// @ts-check
// Training steps and properties in headless Chromium: ours, with one worker and with all, and TensorFlow.js' best backend.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { work } from './in-worker.mjs';

/** @typedef {{ name: string, unit: string, median: number, least: number, most: number, peer?: string, value?: number, where?: string }} Measured */

export const ROUNDS = 5;
/** Calls of a round of training, and steps that the engine takes a call. */
const [CALLS, STEPS] = [6, 10];
const presets = JSON.parse(readFileSync(new URL('../../www/presets.json', import.meta.url), 'utf8'));
/** The paper's published ones. @type {number[]} */
export const WIDTHS = presets.figure.mnist.axes.width;
/** Those that are `shared` are trained by all workers at once, too. */
const CASES = [
  { name: 'training, one network of 50', widths: [50], depth: 1, samples: 8000 },
  { name: 'training, the 23 widths', widths: WIDTHS, depth: 1, samples: 8000, shared: true },
  { name: 'training, the 23 widths, 10 examples', widths: WIDTHS, depth: 1, samples: 10 },
  { name: 'training, five layers of 100', widths: [100], depth: 5, samples: 8000, shared: true },
];

/** @param {number[]} seconds @param {(seconds: number) => number} [of] */
export function median(seconds, of = (seconds) => seconds) {
  const values = seconds.map(of).sort((one, other) => one - other);
  return { median: values[values.length >> 1], least: values[0], most: values[values.length - 1] };
}

/**
 * Ours.
 * @param {typeof import('../../tests/page/browser.mjs').openPage} openPage
 * @returns {Promise<Measured[]>}
 */
export async function ours(openPage) {
  const { page, address, close } = await openPage({});
  try {
    // Beside the page's own files, but nothing of the page is at work.
    await page.route('**/bench.html', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
    await page.goto(`${address}bench.html`);
    const all = availableParallelism();
    const training = CASES.flatMap(({ name, widths, depth, samples, shared }) => {
      const small = presets.quick['mnist-small'];
      const plan = { ...small, protocol: { ...small.protocol, depth }, axes: { ...small.axes, width: widths, epoch: [1000], samples: [samples], seed: [1] } };
      const one = { name, what: 'training', plan, samples, workers: 1, steps: CALLS * STEPS * widths.length };
      return shared ? [one, { ...one, name: `${name}, every processor`, workers: all }] : [one];
    });
    const properties = [40, 100].map((width) => {
      const { mnist } = presets.figure;
      const plan = { ...mnist, axes: { ...mnist.axes, width: [width], epoch: [1], samples: [48000], seed: [1] } };
      return { name: `all four properties, ${width} bits`, what: 'properties', plan, samples: 48000, workers: 1, steps: 0 };
    });
    const found = await page.evaluate(timed, { cases: [...training, ...properties], rounds: ROUNDS, calls: CALLS, most: all, source: `(${work})()` });
    return found.map(({ name, seconds, steps }) => (steps ? { name, unit: 'network-steps/s', ...median(seconds, (each) => steps / each) } : { name, unit: 's', ...median(seconds) }));
  } finally {
    await close();
  }
}

/**
 * Rounds of each case, in so many workers at once: their seconds are those of the slowest. Runs in a page.
 * @param {{ cases: { name: string, what: string, plan: object, samples: number, workers: number, steps: number }[], rounds: number, calls: number, most: number, source: string }} order
 */
async function timed({ cases, rounds, calls, most, source }) {
  const script = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const workers = Array.from({ length: most }, () => new Worker(script, { type: 'module' }));
  const ask = (/** @type {Worker} */ worker, /** @type {object} */ order) =>
    new Promise((/** @type {(seconds: number) => void} */ go, fail) => {
      worker.onerror = ({ message }) => fail(new Error(message));
      worker.onmessage = ({ data }) => (data.failed ? fail(new Error(data.failed)) : go(data.done));
      worker.postMessage(order);
    });
  const together = (/** @type {Worker[]} */ some, /** @type {(seed: number) => object} */ order) => Promise.all(some.map((worker, place) => ask(worker, order(place + 1))));
  const at = (/** @type {string} */ path) => new URL(path, location.href).href;
  await together(workers, () => ({ what: 'start', engines: at('engines/index.json'), data: at('data') }));
  const found = [];
  for (const { name, what, plan, samples, workers: count, steps } of cases) {
    const some = workers.slice(0, count);
    const seconds = [];
    await together(some, (seed) => ({ what, plan: { ...plan, axes: { .../** @type {any} */ (plan).axes, seed: [seed] } }, samples, seed, calls }));
    for (let round = 0; round < rounds; round++) seconds.push(Math.max(...(await together(some, () => ({ what: 'round' })))));
    found.push({ name, seconds, steps: steps * count });
  }
  return found;
}

/**
 * TensorFlow.js', networks one after the other, each with the better of its backends.
 * @param {typeof import('../../tests/page/browser.mjs').openPage} openPage
 * @param {string} modules the folder that its packages are installed in
 * @returns {Promise<Measured[]>}
 */
export async function tensorflow(openPage, modules) {
  const { page, address, close } = await openPage({});
  const scripts = { 'tf.js': '@tensorflow/tfjs/dist/tf.min.js', 'tf-wasm.js': '@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js' };
  try {
    await page.route('**/bench/**', (route) => {
      const file = new URL(route.request().url()).pathname.split('/').pop() ?? '';
      if (file === 'index.html') return route.fulfill({ contentType: 'text/html', body: `<!doctype html>${Object.keys(scripts).map((name) => `<script src="${name}"></script>`).join('')}` });
      const path = /** @type {Record<string, string>} */ (scripts)[file] ?? `@tensorflow/tfjs-backend-wasm/dist/${file}`;
      return route.fulfill({ path: join(modules, 'node_modules', path), contentType: file.endsWith('.wasm') ? 'application/wasm' : 'text/javascript' });
    });
    await page.goto(`${address}bench/index.html`);
    const found = await page.evaluate(
      async ({ cases, rounds }) => {
        const { tf } = /** @type {any} */ (globalThis);
        tf.wasm.setWasmPaths(new URL('.', location.href).href);
        const [BATCHES, STEPS, WARM] = [10, 20, 3];
        /** Milliseconds of a step. @param {number} width @param {number} depth */
        const step = async (width, depth) => {
          const model = tf.sequential();
          for (let layer = 0; layer < depth; layer++) model.add(tf.layers.dense({ units: width, activation: 'relu', ...(layer ? {} : { inputShape: [784] }) }));
          model.add(tf.layers.dense({ units: 10, activation: 'softmax' }));
          model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy' });
          const batches = Array.from({ length: BATCHES }, () => [tf.randomUniform([64, 784]), tf.oneHot(tf.randomUniform([64], 0, 10, 'int32'), 10)]);
          const times = [];
          for (let round = -WARM; round < rounds; round++) {
            const start = performance.now();
            for (let step = 0; step < STEPS; step++) await model.trainOnBatch(...batches[step % BATCHES]);
            if (round >= 0) times.push((performance.now() - start) / STEPS);
          }
          batches.flat().forEach((tensor) => tensor.dispose());
          model.dispose();
          return times.sort((one, other) => one - other);
        };
        /** @type {Record<string, { name: string, times: number[] }[]>} */
        const backends = {};
        for (const backend of ['wasm', 'cpu']) {
          await tf.setBackend(backend);
          backends[backend] = [];
          for (const { name, widths, depth } of cases.filter(({ samples }) => samples > 10)) {
            const sums = new Array(rounds).fill(0);
            for (const width of widths) (await step(width, depth)).forEach((time, round) => (sums[round] += time));
            backends[backend].push({ name, times: sums.map((sum) => sum / widths.length) });
          }
        }
        return backends;
      },
      { cases: CASES, rounds: ROUNDS },
    );
    return found.wasm.map(({ name, times }, at) => {
      const other = found.cpu[at].times;
      const better = times[ROUNDS >> 1] < other[ROUNDS >> 1] ? times : other;
      return { name, peer: `TensorFlow.js, ${better === times ? 'wasm' : 'cpu'}`, unit: 'network-steps/s', ...median(better, (each) => 1e3 / each) };
    });
  } finally {
    await close();
  }
}

/** Presses Train, and tells when the first square and the last were there, in seconds: runs in a page. */
export async function clickTrain() {
  const chart = /** @type {HTMLElement} */ (document.querySelector('hash-phase-chart'));
  const start = performance.now();
  const since = (/** @type {string} */ event) =>
    new Promise((go, failed) => {
      chart.addEventListener(event, () => go((performance.now() - start) / 1e3), { once: true });
      chart.addEventListener('error', (event) => failed(/** @type {any} */ (event).detail.error), { once: true });
    });
  const both = Promise.all([since('cell'), since('done')]);
  chart.shadowRoot?.querySelector('button#start')?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  const [first, done] = await both;
  return { first, done };
}
