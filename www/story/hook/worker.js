// @ts-check
// Trains the network of the hook, a few steps at a time, and shows it as it stands.
import { loadDataset } from '../../engine/load-dataset.js';
import { openModule } from '../../engine/open-module.js';
import { listen, serve } from '../../engine/serve.js';

/** @typedef {{ type: 'train', engine: import('../../engine/compiled.js').Compiled, plan: import('../../types.d.ts').Plan, data: import('../../engine/home.js').DataHome }} Train trains the plan's first network to its last epoch */
/** @typedef {{ type: 'pictures', places: number[] }} Ask for training examples; answered by `pictures` */
/**
 * @typedef {(
 *   | { type: 'labels', labels: Uint8Array }
 *   | { type: 'network', kernel: Float32Array, bias: Float32Array, epochs: number }
 *   | { type: 'codes', codes: Uint8Array, epochs: number }
 *   | { type: 'pictures', places: number[], values: Float32Array }
 *   | { type: 'done' }
 * )} Told
 */

/** Steps between two looks, milliseconds between them, and between two encodings of all examples. */
const STEPS = 5;
const PACE = 12;
const ENCODE_EVERY = 350;

/** @param {Told} message @param {Transferable[]} [handedOver] */
const tell = (message, handedOver = []) => globalThis.postMessage(message, { transfer: handedOver });

/** @type {import('../../pkg/hash_phase.js').Dataset} */
let dataset;

/** @param {Train | Ask} message */
async function answer(message) {
  if (message.type === 'pictures') return tell({ type: 'pictures', places: message.places, values: dataset.examples(false, new Uint32Array(message.places)) });
  const { engine, plan, data } = message;
  const hashPhase = await openModule(engine);
  dataset = await loadDataset(hashPhase.Dataset, plan, data);
  tell({ type: 'labels', labels: dataset.labels(false) });
  const live = new hashPhase.Live(plan, dataset, hashPhase.Engine.cpu());
  const last = plan.axes.epoch[plan.axes.epoch.length - 1];
  for (let encoded = -Infinity; ; live.train(STEPS)) {
    await live.look();
    const [kernel, bias, epochs] = [live.kernel(), live.bias(), live.epochs()];
    tell({ type: 'network', kernel, bias, epochs }, [kernel.buffer, bias.buffer]);
    const over = epochs >= last;
    if (over || performance.now() - encoded > ENCODE_EVERY) {
      const codes = await live.codes();
      tell({ type: 'codes', codes, epochs }, [codes.buffer]);
      encoded = performance.now();
    }
    if (over) break;
    // Slow enough to watch, and easy on the machine.
    await new Promise((go) => setTimeout(go, PACE));
    await listen();
  }
  live.free();
  tell({ type: 'done' });
}

serve(answer);
