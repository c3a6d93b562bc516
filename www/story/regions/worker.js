// @ts-check
// Trains a network in the plane and paints its regions, picture after picture.
import { loadDataset } from '../../engine/load-dataset.js';
import { openModule } from '../../engine/open-module.js';
import { listen, serve } from '../../engine/serve.js';
import { packed } from '../hook/hasher.js';
import { paint } from './paint.js';

/** @typedef {import('./paint.js').Window} Window */
/** @typedef {{ xy: Float32Array, labels: Uint8Array }} Given points of the reader's own */
/**
 * @typedef {(
 *   | { type: 'canvas', canvas: OffscreenCanvas, window: Window, dark: boolean }
 *   | { type: 'train', engine: import('../../engine/compiled.js').Compiled, plan: import('../../types.d.ts').Plan, data: import('../../engine/home.js').DataHome, given: Given | null }
 *   | { type: 'clear' }
 *   | { type: 'dark', dark: boolean }
 *   | { type: 'point', at: [number, number] | null }
 * )} Heard `train` begins a network anew and trains it to the plan's last epoch; `point` asks what is there
 */
/** @typedef {{ type: 'point', at: [number, number], code: boolean[], examples: number, map: number[][] }} There `rate`: pictures a second, 0 as long as that is not known; `examples` have that code; `map`: for each class the factors of x and y, and what is added */
/** @typedef {{ type: 'drawn', epochs: number, regions: number, examples: number, codes: number, sharing: number, rate: number } | There | { type: 'done' }} Told */

/** Steps between two pictures, slowly enough to be watched; on slow machines as many as there is time for, in milliseconds. */
const STEPS = 8;
const TRAIN_FOR = 8;
/** Pictures by which their rate is measured. */
const RATED = 20;

/** @param {Told} message */
const tell = (message) => globalThis.postMessage(message);
const frame = () => new Promise((go) => requestAnimationFrame(go));

/** @type {OffscreenCanvasRenderingContext2D} */
let context;
/** @type {Window} */
let window;
let dark = false;
/** @type {[number, number] | null} */
let pointed = null;
/** @type {import('../../pkg/hash_phase.js').Live | null} */
let live = null;
/** Points with their codes, as they were last. @type {{ xy: Float32Array, labels: Uint8Array, codes: Uint8Array, shares: boolean[] } | null} */
let points = null;
let bits = 0;
/** Networks begun: only the last one is trained on. */
let begun = 0;

/** @param {Heard} message */
async function answer(message) {
  switch (message.type) {
    case 'canvas':
      context = /** @type {OffscreenCanvasRenderingContext2D} */ (message.canvas.getContext('2d', { alpha: false }));
      window = message.window;
      dark = message.dark;
      return;
    case 'clear':
      begun += 1;
      points = null;
      context.fillStyle = dark ? '#222' : '#eee';
      return context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    case 'dark':
      dark = message.dark;
      return void draw();
    case 'point':
      pointed = message.at;
      draw();
      return tellPoint();
    case 'train':
      return train(message);
  }
}

/** @param {Extract<Heard, { type: 'train' }>} message */
async function train({ engine, plan, data, given }) {
  const mine = ++begun;
  const hashPhase = await openModule(engine);
  const samples = plan.axes.samples[0];
  // All of the reader's points are training examples; they also serve as test examples, whose results are not shown.
  const dataset = given ? hashPhase.Dataset.ofFloats(Float32Array.of(...given.xy, ...given.xy), Uint8Array.of(...given.labels, ...given.labels), given.labels.length) : await loadDataset(hashPhase.Dataset, plan, data);
  if (mine !== begun) return dataset.free();
  const network = new hashPhase.Live(plan, dataset, hashPhase.Engine.cpu());
  live?.free();
  live = network;
  const xy = dataset.examples(false, Uint32Array.from({ length: samples }, (_, place) => place));
  const labels = dataset.labels(false).subarray(0, samples);
  bits = plan.axes.width[0] * plan.protocol.depth;
  const last = plan.axes.epoch[plan.axes.epoch.length - 1];
  /** When the last pictures were painted. @type {number[]} */
  const times = [];
  for (;;) {
    await network.look();
    const codes = await network.codes();
    if (mine !== begun) return;
    const counts = countCodes(codes, samples);
    points = { xy, labels, codes, shares: counts.shares };
    const regions = draw();
    const epochs = network.epochs();
    times.push(performance.now());
    if (times.length > RATED) times.shift();
    const rate = times.length < RATED ? 0 : Math.round((1000 * (RATED - 1)) / (times[RATED - 1] - times[0]));
    tell({ type: 'drawn', epochs, regions, examples: samples, codes: counts.codes, sharing: counts.shares.filter(Boolean).length, rate });
    if (pointed) tellPoint();
    if (epochs >= last) return tell({ type: 'done' });
    await frame();
    await listen();
    if (mine !== begun) return;
    const end = performance.now() + TRAIN_FOR;
    for (let step = 0; step < STEPS && performance.now() < end && network.epochs() < last; step++) network.train(1);
  }
}

/**
 * @param {Uint8Array} codes
 * @param {number} count
 */
function countCodes(codes, count) {
  const bytes = codes.length / count;
  const of = Array.from({ length: count }, (_, place) => codes.subarray(place * bytes, (place + 1) * bytes).join());
  /** @type {Map<string, number>} */
  const members = new Map();
  for (const code of of) members.set(code, (members.get(code) ?? 0) + 1);
  return { codes: members.size, shares: of.map((code) => members.get(code) !== 1) };
}

/** Paints the network as it was last looked at. @returns {number} how many regions there are */
function draw() {
  const regions = live?.regions(window.left, window.bottom, window.right, window.top);
  if (!regions || !points || !context) return 0;
  const cut = { corners: regions.corners(), outlines: regions.outlines(), sizes: regions.sizes(), codes: regions.codes(), bits };
  regions.free();
  const chosen = pointed && live ? packed(codeOf(live.beforeRelus(Float64Array.from(pointed)))) : null;
  paint(context, window, cut, points, { dark, chosen });
  return cut.sizes.length;
}

function tellPoint() {
  if (!pointed || !live || !points) return;
  const fires = codeOf(live.beforeRelus(Float64Array.from(pointed)));
  const [code, count] = [packed(fires), points.labels.length];
  const { codes } = points;
  const examples = Array.from({ length: count }, (_, place) => code.every((byte, at) => byte === codes[place * code.length + at])).filter(Boolean).length;
  const flat = [...live.linearMap(Float64Array.from(pointed))];
  const map = Array.from({ length: flat.length / 3 }, (_, output) => flat.slice(3 * output, 3 * output + 3));
  tell({ type: 'point', at: pointed, code: fires, examples, map });
}

/** The code of what comes to the ReLUs. @param {Float64Array} before */
const codeOf = (before) => Array.from(before, (value) => value > 0);

serve(answer);
