// @ts-check
// Training steps and properties in headless Chromium: ours, and TensorFlow.js' best backend, one thread each.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ name: string, unit: string, median: number, least: number, most: number, peer?: string, value?: number, where?: string }} Measured */

export const ROUNDS = 5;
const presets = JSON.parse(readFileSync(new URL('../../www/presets.json', import.meta.url), 'utf8'));
/** The paper's published ones. @type {number[]} */
export const WIDTHS = presets.figure.mnist.axes.width;
const CASES = [
  { name: 'training, one network of 50', widths: [50], depth: 1, samples: 8000 },
  { name: 'training, the 23 widths', widths: WIDTHS, depth: 1, samples: 8000 },
  { name: 'training, the 23 widths, 10 examples', widths: WIDTHS, depth: 1, samples: 10 },
  { name: 'training, five layers of 100', widths: [100], depth: 5, samples: 8000 },
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
    const found = await page.evaluate(
      async ({ plans, cases, rounds }) => {
        const list = new URL('engines/index.json', location.href);
        const { cpu } = await (await fetch(list)).json();
        const hashPhase = await import(new URL(cpu.script, list).href);
        await hashPhase.default({ module_or_path: new URL(cpu.module, list).href });
        const engine = hashPhase.Engine.cpu();
        const load = async (/** @type {string} */ name, /** @type {number} */ most) => {
          const part = async (/** @type {string} */ file) => {
            const bytes = new Uint8Array(await (await fetch(`data/${name}/${file}.gz`)).arrayBuffer());
            // Some servers say that the files are encoded, and then the browser has unpacked them.
            if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
            return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
          };
          return hashPhase.Dataset.fromIdx(name, most, [await part('train-images')], await part('train-labels'), await part('test-images'), await part('test-labels'));
        };
        const small = await load('mnist-small', 8000);
        const [CALLS, STEPS, WARM] = [6, 10, 60]; // the browser compiles what is hot once more
        const training = [];
        for (const { name, widths, depth, samples } of cases) {
          const plan = { ...plans.small, protocol: { ...plans.small.protocol, depth }, axes: { ...plans.small.axes, width: widths, epoch: [1000], samples: [samples], seed: [1] } };
          const run = new hashPhase.PopulationRun(plan, { samples, seed: 1, level: 0 }, small, engine);
          const seconds = [];
          for (let call = 0; call < WARM; call++) await run.next();
          for (let round = 0; round < rounds; round++) {
            const start = performance.now();
            for (let call = 0; call < CALLS; call++) await run.next();
            seconds.push((performance.now() - start) / 1e3);
          }
          run.free();
          training.push({ name, seconds, steps: CALLS * STEPS * widths.length });
        }
        const mnist = await load('mnist', 48000);
        const properties = [];
        for (const width of [40, 100]) {
          const seconds = [];
          const plan = { ...plans.mnist, axes: { ...plans.mnist.axes, width: [width], epoch: [1], samples: [48000], seed: [1] } };
          for (let round = 0; round < rounds; round++) {
            const run = new hashPhase.PopulationRun(plan, { samples: 48000, seed: 1, level: 0 }, mnist, engine);
            let event = await run.next();
            let start = performance.now();
            while (event?.kind === 'progress') {
              start = performance.now();
              event = await run.next();
            }
            seconds.push((performance.now() - start) / 1e3);
            run.free();
          }
          properties.push({ name: `all four properties, ${width} bits`, seconds });
        }
        return { training, properties };
      },
      { plans: { small: presets.quick['mnist-small'], mnist: presets.figure.mnist }, cases: CASES, rounds: ROUNDS },
    );
    return [
      ...found.training.map(({ name, seconds, steps }) => ({ name, unit: 'network-steps/s', ...median(seconds, (each) => steps / each) })),
      ...found.properties.map(({ name, seconds }) => ({ name, unit: 's', ...median(seconds) })),
    ];
  } finally {
    await close();
  }
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
  const since = (/** @type {string} */ event) => new Promise((go) => chart.addEventListener(event, () => go((performance.now() - start) / 1e3), { once: true }));
  const [first, done] = [since('cell'), since('done')];
  chart.shadowRoot?.querySelector('button#start')?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  return { first: await first, done: await done };
}
