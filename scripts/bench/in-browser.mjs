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
/** @typedef {{ name: string, dataset?: string, widths: number[] | 'published', samples?: number, depth?: number, channels?: number, batch_norm?: boolean, dropout?: number, shared?: boolean }} Case `channels`: of a vgg of three blocks of a convolution */
/** What is trained here, natively and by the peers; those that are `shared` by all workers at once, too. @type {Case[]} */
const CASES = JSON.parse(readFileSync(new URL('cases.json', import.meta.url), 'utf8'));
const widthsOf = (/** @type {Case} */ { widths }) => (widths === 'published' ? WIDTHS : widths);
/** Training examples that are loaded here: steps take as long with more. */
const SAMPLES = { mnist: 8000, cifar10: 1000 };
/** Sides of the matrices that are multiplied, and how many times a round. @type {[side: number, times: number][]} */
const PRODUCTS = [[128, 64], [256, 8], [512, 1]];

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
    // Served beside the page's files, but nothing of the page is running.
    await page.route('**/bench.html', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
    await page.goto(`${address}bench.html`);
    const all = availableParallelism();
    const training = CASES.flatMap((networks) => {
      const { depth = 1, channels, batch_norm = false, dropout = 0, dataset = 'mnist' } = networks;
      const network = channels ? { network: { name: 'vgg', channels, blocks: 3, convolutions: 1 }, code: 'dense' } : {};
      const samples = networks.samples ?? SAMPLES[/** @type {'mnist' | 'cifar10'} */ (dataset)];
      const small = presets.quick['mnist-small'];
      const width = widthsOf(networks);
      const plan = { ...small, ...(dataset === 'cifar10' && { dataset }), protocol: { ...small.protocol, ...network, depth, batch_norm, dropout }, axes: { ...small.axes, width, epoch: [1000], samples: [samples], seed: [1] } };
      const one = { name: `training, ${networks.name}`, what: 'training', plan, samples, workers: 1, steps: CALLS * STEPS * width.length };
      return networks.shared && all > 1 ? [one, { ...one, name: `${one.name}, every processor`, workers: all }] : [one];
    });
    const products = PRODUCTS.map(([side, times]) => ({ name: `product of matrices of ${side} x ${side}`, what: 'products', plan: { side, times }, samples: 0, workers: 1, steps: 0, operations: 2 * side ** 3 * times }));
    const properties = [40, 100].map((width) => {
      const { mnist } = presets.figure;
      const plan = { ...mnist, axes: { ...mnist.axes, width: [width], epoch: [1], samples: [48000], seed: [1] } };
      return { name: `all four properties, ${width} bits`, what: 'properties', plan, samples: 48000, workers: 1, steps: 0 };
    });
    const found = await page.evaluate(timed, { cases: [...training, ...products, ...properties], rounds: ROUNDS, calls: CALLS, most: all, source: `(${work})()` });
    return found.map(({ name, seconds, steps }) => {
      const operations = products.find((product) => product.name === name)?.operations;
      if (operations) return { name, unit: 'GFLOP/s', ...median(seconds, (each) => operations / each / 1e9) };
      return steps ? { name, unit: 'network-steps/s', ...median(seconds, (each) => steps / each) } : { name, unit: 's', ...median(seconds) };
    });
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
    await together(some, (seed) => ({ what, plan: 'axes' in plan ? { ...plan, axes: { .../** @type {any} */ (plan).axes, seed: [seed] } } : plan, samples, seed, calls }));
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
      async ({ cases, products, rounds }) => {
        const { tf } = /** @type {any} */ (globalThis);
        tf.wasm.setWasmPaths(new URL('.', location.href).href);
        const [BATCHES, STEPS, WARM] = [10, 20, 3];
        /** Milliseconds of a step. @param {number} width @param {{ inputs: number, channels: number, depth: number, batchNorm: boolean, dropout: number }} networks */
        const step = async (width, { inputs, channels, depth, batchNorm, dropout }) => {
          const model = tf.sequential();
          const inputShape = channels ? [28, 28, 1] : [inputs];
          // In plain JavaScript a step of convolutions takes seconds.
          const steps = channels ? 1 : STEPS;
          for (let block = 0; channels && block < 3; block++) {
            model.add(tf.layers.conv2d({ filters: channels << block, kernelSize: 3, padding: 'same', ...(block ? {} : { inputShape }) }));
            if (batchNorm) model.add(tf.layers.batchNormalization());
            model.add(tf.layers.activation({ activation: 'relu' }));
            model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
          }
          if (channels) model.add(tf.layers.flatten());
          for (let layer = 0; layer < depth; layer++) {
            model.add(tf.layers.dense({ units: width, ...(layer || channels ? {} : { inputShape }) }));
            if (batchNorm) model.add(tf.layers.batchNormalization());
            model.add(tf.layers.activation({ activation: 'relu' }));
            if (dropout) model.add(tf.layers.dropout({ rate: dropout }));
          }
          model.add(tf.layers.dense({ units: 10, activation: 'softmax' }));
          model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy' });
          const batches = Array.from({ length: BATCHES }, () => [tf.randomUniform([64, ...inputShape]), tf.oneHot(tf.randomUniform([64], 0, 10, 'int32'), 10)]);
          const times = [];
          for (let round = -WARM; round < rounds; round++) {
            const start = performance.now();
            for (let step = 0; step < steps; step++) await model.trainOnBatch(...batches[step % BATCHES]);
            if (round >= 0) times.push((performance.now() - start) / steps);
          }
          batches.flat().forEach((tensor) => tensor.dispose());
          model.dispose();
          return times.sort((one, other) => one - other);
        };
        /** Seconds of so many products. @param {number} side @param {number} times */
        const multiply = async (side, times) => {
          const [left, right] = [tf.randomUniform([side, side]), tf.randomUniform([side, side])];
          const seconds = [];
          for (let round = -WARM; round < rounds; round++) {
            const start = performance.now();
            for (let time = 0; time < times; time++) {
              const product = tf.matMul(left, right);
              await product.data();
              product.dispose();
            }
            if (round >= 0) seconds.push((performance.now() - start) / 1e3);
          }
          tf.dispose([left, right]);
          return seconds;
        };
        /** @type {Record<string, { name: string, times: number[] }[]>} */
        const backends = {};
        /** @type {{ side: number, seconds: number[] }[]} */
        const multiplied = [];
        for (const backend of ['wasm', 'cpu']) {
          await tf.setBackend(backend);
          backends[backend] = [];
          for (const { name, widths, ...networks } of cases) {
            // In plain JavaScript large products take minutes; and its WebAssembly has no gradient of a filter.
            if (backend === 'cpu' ? networks.inputs > 1000 : networks.channels) continue;
            const sums = new Array(rounds).fill(0);
            for (const width of widths) (await step(width, networks)).forEach((time, round) => (sums[round] += time));
            backends[backend].push({ name, times: sums.map((sum) => sum / widths.length) });
          }
          if (backend === 'wasm') for (const [side, times] of products) multiplied.push({ side, seconds: await multiply(side, times) });
        }
        return { wasm: backends.wasm, cpu: backends.cpu, multiplied };
      },
      { cases: CASES.filter(({ samples, channels = 0 }) => !samples && channels <= 4).map(forPeers), products: PRODUCTS, rounds: ROUNDS },
    );
    const products = found.multiplied.map(({ side, seconds }, at) => ({ name: `product of matrices of ${side} x ${side}`, peer: 'TensorFlow.js, wasm', unit: 'GFLOP/s', ...median(seconds, (each) => (2 * side ** 3 * PRODUCTS[at][1]) / each / 1e9) }));
    const names = new Set([...found.wasm, ...found.cpu].map(({ name }) => name));
    const training = [...names].map((name) => {
      const of = (/** @type {'wasm' | 'cpu'} */ backend) => ({ backend, times: found[backend].find((one) => one.name === name)?.times ?? [Infinity] });
      const [better] = [of('wasm'), of('cpu')].sort((one, other) => one.times[one.times.length >> 1] - other.times[other.times.length >> 1]);
      return { name, peer: `TensorFlow.js, ${better.backend}`, unit: 'network-steps/s', ...median(better.times, (each) => 1e3 / each) };
    });
    return [...training, ...products];
  } finally {
    await close();
  }
}

/** @param {Case} networks */
function forPeers(networks) {
  const { name, dataset, channels = 0, depth = 1, batch_norm: batchNorm = false, dropout = 0 } = networks;
  return { name: `training, ${name}`, widths: widthsOf(networks), inputs: dataset === 'cifar10' ? 3072 : 784, channels, depth, batchNorm, dropout };
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
