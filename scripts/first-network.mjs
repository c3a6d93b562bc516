// @ts-check
// Makes www/story/hook/first-network.json: the network that answers the reader's first strokes, before the browser has trained its own.
// Its weights are rounded to a byte each.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from './cargo.mjs';
import { datasets } from './datasets.mjs';
import { root } from './places.mjs';
import { nodePackages } from './setup.mjs';
import { quietly, say, script } from './shell.mjs';
import { wasmToolchain } from './toolchain.mjs';

const EPOCHS = '8';

await script(async () => {
  await nodePackages();
  await datasets(['mnist-small']);
  const { env } = await wasmToolchain();
  const program = await commandLine(env);
  const folder = mkdtempSync(join(tmpdir(), 'hash-phase-first-'));
  const args = ['sweep', '--dataset', 'mnist-small', '--widths', '40', '--epochs', EPOCHS, '--samples', '8000', '--weights', folder, '-o', join(folder, 'chart.json')];
  await quietly(program, args, { remedy: 'see the message above.' });
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
  const bytes = readFileSync(join(folder, file));
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length));
  const tensor = (/** @type {string} */ name) => {
    const [from, to] = header[name].data_offsets;
    return new Float32Array(Uint8Array.from(bytes.subarray(8 + length + from, 8 + length + to)).buffer);
  };
  const [kernel, bias] = [tensor('dense_1.kernel'), tensor('dense_1.bias')];
  const units = bias.length;
  const largest = Array.from({ length: units }, (_, unit) => kernel.reduce((most, weight, place) => (place % units === unit ? Math.max(most, Math.abs(weight)) : most), 0));
  // A unit fires if its sum is above 0, whatever the scale.
  const rounded = Int8Array.from(kernel, (weight, place) => Math.round((127 * weight) / largest[place % units]));
  const network = {
    about: `Width 40, ${EPOCHS} epochs on mnist-small, seed 1; each unit divided by a number of its own and rounded to bytes. Made by \`node scripts/first-network.mjs\`.`,
    epochs: Number(EPOCHS),
    bias: Array.from(bias, (value, unit) => Number(((127 * value) / largest[unit]).toFixed(2))),
    kernel: Buffer.from(rounded.buffer).toString('base64'),
  };
  writeFileSync(join(root, 'www', 'story', 'hook', 'first-network.json'), `${JSON.stringify(network, null, 1)}\n`);
  rmSync(folder, { recursive: true });
  say('made www/story/hook/first-network.json');
});
