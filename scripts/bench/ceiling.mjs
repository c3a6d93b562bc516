// @ts-check
// What a processor can do at most in WebAssembly: a bare loop of multiplications and additions of four numbers at a time, and how much of
// that the training of a population comes to.
import binaryen from 'binaryen';
import { ROUNDS, median } from './in-browser.mjs';

/** @typedef {import('./in-browser.mjs').Measured} Measured */

/** Sums that do not wait for each other: as many as hide how long each takes. */
const SUMS = 12;
const TURNS = 20_000_000;
const LANES = 4;
/** Of MNIST's inputs, those that are not zero: the others are left out. */
const LIT = 0.191;
const [INPUTS, BATCH, CLASSES] = [784, 64, 10];

/** The loop, as a module. */
function loop() {
  const sums = Array.from({ length: SUMS }, (_, at) => `$s${at}`);
  const turn = sums.map((sum) => `(local.set ${sum} (f32x4.add (f32x4.mul (local.get ${sum}) (local.get $factor)) (local.get $term)))`);
  const all = sums.slice(1).reduce((total, sum) => `(f32x4.add ${total} (local.get ${sum}))`, `(local.get ${sums[0]})`);
  const text = `(module (func (export "run") (param $turns i32) (param $of f32) (result f32) (local $factor v128) (local $term v128) ${sums.map((sum) => `(local ${sum} v128)`).join(' ')}
    (local.set $factor (f32x4.splat (local.get $of))) (local.set $term (f32x4.splat (f32.sub (f32.const 1) (local.get $of))))
    (loop $again ${turn.join(' ')} (br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))
    (f32x4.extract_lane 0 ${all})))`;
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.SIMD128);
  return [...module.emitBinary()];
}

/**
 * @param {typeof import('../../tests/page/browser.mjs').openPage} openPage
 * @param {Measured[]} trained ours, in the same browser
 * @param {number[]} widths
 * @returns {Promise<{ ours: Measured, ceiling: Measured }>}
 */
export async function ceiling(openPage, trained, widths) {
  const { page, close } = await openPage({});
  try {
    const seconds = await page.evaluate(
      async ({ bytes, turns, rounds }) => {
        const { instance } = await WebAssembly.instantiate(new Uint8Array(bytes));
        const run = /** @type {(turns: number, factor: number) => number} */ (instance.exports.run);
        run(turns, 0.5);
        return Array.from({ length: rounds }, () => {
          const start = performance.now();
          if (!(run(turns, 0.5) > 0)) throw new Error('it came to nothing');
          return (performance.now() - start) / 1e3;
        });
      },
      { bytes: loop(), turns: TURNS, rounds: ROUNDS },
    );
    const name = 'multiplications and additions, the 23 widths';
    const most = median(seconds, (each) => (2 * LANES * SUMS * TURNS) / each / 1e9);
    const ours = trained.find(({ name }) => name === 'training, the 23 widths');
    if (!ours) throw new Error('the 23 widths were not trained');
    // The forward pass and the weights' gradients, in the output layer also those of the hidden units; Adam's operations are not counted.
    const sum = widths.reduce((sum, width) => sum + width, 0);
    const step = 2 * BATCH * sum * (2 * INPUTS * LIT + 3 * CLASSES);
    const rate = (/** @type {number} */ steps) => ((steps / widths.length) * step) / 1e9;
    return {
      ours: { name, unit: 'GFLOP/s', median: rate(ours.median), least: rate(ours.least), most: rate(ours.most) },
      ceiling: { name, unit: 'GFLOP/s', peer: 'a bare loop of them', ...most },
    };
  } finally {
    await close();
  }
}
