// @ts-check
// The CPU's two modules: the small one that every page fetches, and the one with tensor programs.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { cpuModule, modulesFor } from '../../www/engine/cpu-module.js';
import { presetPlan } from '../../www/state/presets.js';
import { root } from '../../scripts/places.mjs';

/** @typedef {typeof import('../../www/pkg/hash_phase.js')} Module */
/** @typedef {import('../../www/types.d.ts').Plan} Plan */

/** What the README promises of the module that every page fetches: bytes, gzipped. */
const MOST_BYTES = 440_000;
const EXAMPLES = 300;
const PIXELS = 784;

const fileOf = (/** @type {string} */ folder) => join(root, 'www', folder, 'hash_phase_bg.wasm');

/** @param {string} folder @returns {Promise<Module>} */
async function opened(folder) {
  const module = await import(`../../www/${folder}/hash_phase.js`);
  await module.default({ module_or_path: readFileSync(fileOf(folder)) });
  return module;
}

/** @type {Record<'cpu' | 'tensors', Module>} */
let modules;
before(async () => void (modules = { cpu: await opened('pkg'), tensors: await opened('pkg-tensors') }));

/** Images of which every third pixel is lit, or every one. @param {Module} module @param {number} step */
function images({ Dataset }, step) {
  const pixels = Uint8Array.from({ length: EXAMPLES * PIXELS }, (_, at) => (at % step ? 0 : ((at * 2_654_435_761) >>> 13) % 255));
  return Dataset.ofBytes(pixels, Uint8Array.from({ length: EXAMPLES }, (_, at) => at % 3), EXAMPLES - 50);
}

/** @returns {Plan} */
function small() {
  const plan = presetPlan('quick', 'own');
  return { ...plan, axes: { width: [5, 40], epoch: [0, 2], samples: [200], seed: [1] } };
}

/** Everything that a plan comes to. @param {Module} module @param {Plan} plan @param {number} step */
const cells = (module, plan, step) => cellsOf(module, plan, images(module, step));

/** @param {Module} module @param {Plan} plan @param {import('../../www/pkg/hash_phase.js').Dataset} dataset */
async function cellsOf(module, plan, dataset) {
  /** @type {import('../../www/types.d.ts').RunEvent[]} */
  const found = [];
  const run = new module.PopulationRun(plan, { samples: 200, seed: 1 }, dataset, module.Engine.cpu());
  for (let event = await run.next(); event; event = await run.next()) if (event.kind !== 'progress') found.push(event);
  return found;
}

for (const [what, step] of /** @type {[string, number][]} */ ([['dark images', 3], ['bright images', 1]]))
  test(`both modules come to the same numbers of ${what}, to the bit`, async () => {
    const plain = small();
    const deep = { ...plain, protocol: { ...plain.protocol, depth: 2, weight_decay: 1e-4, early_stopping: 5 } };
    const code = { ...plain, protocol: { ...plain.protocol, depth: 2, batch_norm: true, dropout: 0.2, optimizer: { name: /** @type {const} */ ('sgd'), learning_rate: 0.05, momentum: 0.9 } } };
    for (const plan of [plain, deep, code]) {
      const of = await cells(modules.cpu, plan, step);
      assert.equal(of.length, 4);
      assert.deepEqual(of, await cells(modules.tensors, plan, step));
    }
  });

test('images that stay in memory of the page, which workers share, are learned as the same numbers in the module’s are', async () => {
  const module = modules.cpu;
  const many = 6_000;
  const pixels = new Uint8Array(new SharedArrayBuffer(many * PIXELS));
  pixels.forEach((_, at) => (pixels[at] = 1 + (((at * 2_654_435_761) >>> 13) % 254)));
  const labels = Uint8Array.from({ length: many }, (_, at) => at % 3);
  const datasets = [module.Dataset.ofBytes(pixels, labels, many - 50), module.Dataset.ofFloats(Float32Array.from(pixels, (pixel) => pixel / 255), labels, many - 50)];
  const [ofPage, ofModule] = await Promise.all(datasets.map((dataset) => cellsOf(module, small(), dataset)));
  assert.equal(ofPage.length, 4);
  assert.deepEqual(ofPage, ofModule);
  // Shared, not copied.
  pixels.fill(0);
  assert.deepEqual([...datasets[0].examples(false, Uint32Array.of(7))], Array(PIXELS).fill(0));
});

/** One plan of each kind: what is changed in the protocol, or along the axis of a factor. @type {[what: string, change: object, factor?: object][]} */
const kinds = [
  ['the preset', {}],
  ['depth, weight decay, noise', { depth: 3, weight_decay: 1e-4, label_noise: 0.5, early_stopping: 3 }],
  ['batch norm', { batch_norm: true }],
  ['dropout', { dropout: 0.1 }],
  ['tanh', { activation: 'tanh' }],
  ['momentum', { optimizer: { name: 'sgd', learning_rate: 0.1, momentum: 0.9 } }],
  ['a factor that the kernels take', {}, { name: 'depth', values: [1, 2] }],
  ['batch norm along a factor', {}, { name: 'batch_norm', values: [false, true] }],
  ['activations along a factor', {}, { name: 'activation', values: ['relu', 'gelu'] }],
];
for (const [what, change, factor] of kinds)
  test(`a page takes the small module for what it trains, and for nothing else: ${what}`, () => {
    const quick = small();
    const plan = /** @type {Plan} */ ({ ...quick, protocol: { ...quick.protocol, ...change }, axes: { ...quick.axes, ...(factor && { factor }) } });
    const levels = plan.axes.factor?.values.length ?? 1;
    const trains = (/** @type {'cpu' | 'tensors'} */ name) => {
      const { PopulationRun, Engine } = modules[name];
      const dataset = images(modules[name], 3);
      for (let level = 0; level < levels; level++) new PopulationRun(plan, { samples: 200, seed: 1, level }, dataset, Engine.cpu()).free();
    };
    trains('tensors');
    const name = cpuModule(plan);
    assert.deepEqual(modulesFor(plan, 'gpu'), [name, 'gpu']);
    if (name === 'cpu') trains('cpu');
    else assert.throws(() => trains('cpu'), { code: 'engine/no-kernels', message: /use the engine with tensor programs/ });
  });

test('the module that every page fetches is small', () => {
  const bytes = gzipSync(readFileSync(fileOf('pkg')), { level: 9 }).length;
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes, gzipped, of ${statSync(fileOf('pkg')).size}`);
});
