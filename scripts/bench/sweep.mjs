// @ts-check
// How long the command line takes for a chart.
import { join } from 'node:path';
import { root, target } from '../places.mjs';
import { SetupError, read } from '../shell.mjs';

/** @param {string[]} args of `hash-phase sweep` */
export async function secondsOfSweep(args) {
  const from = performance.now();
  const made = await read(join(target, 'release', 'hash-phase'), ['sweep', ...args], { cwd: root });
  if (made === null) throw new SetupError('the command line makes no chart.', 'run `cargo build --release --features gpu`, then `hash-phase sweep` by hand.');
  return (performance.now() - from) / 1e3;
}
