// @ts-check
// Runs the recipes of docs/your-network.md: a network is trained by each framework, its codes are taken, and it is right as often here as there.
// The frameworks take 2 GB; three minutes.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from './cargo.mjs';
import { datasets } from './datasets.mjs';
import { cache, root } from './places.mjs';
import { pythonIn } from './python.mjs';
import { SetupError, printed, say, script } from './shell.mjs';
import { wasmToolchain } from './toolchain.mjs';

const PACKAGES = ['numpy==2.4.6', 'torch==2.15.0', 'onnx==1.23.2', 'onnxscript==0.7.2', 'keras==3.15.1', 'scikit-learn==1.9.1', 'skl2onnx==1.20.0', 'jax==0.10.2', 'transformers==5.24.0'];
/** The framework's own number, and where ours stands in what is printed. @type {Record<string, (found: any) => number>} */
const RECIPES = {
  pytorch: ({ accuracy }) => accuracy.test,
  keras_recipe: ({ accuracy }) => accuracy.test,
  scikit_learn: ({ accuracy }) => accuracy.test,
  jax_recipe: ({ redundancy }) => redundancy.test,
  hugging_face: ({ accuracy }) => accuracy.test,
};

await script(async () => {
  await datasets([]);
  const { env } = await wasmToolchain();
  const program = await commandLine(env);
  const folder = join(cache, 'recipes');
  mkdirSync(folder, { recursive: true });
  const python = await pythonIn(folder, PACKAGES);
  const data = join(root, 'www', 'public', 'data');
  for (const [recipe, ours] of Object.entries(RECIPES)) {
    const file = join(root, 'tests', 'recipes', `${recipe}.py`);
    const trained = await printed(python, [file, join(data, 'mnist-small')], { cwd: folder });
    if (trained.why) throw new SetupError(`${recipe}.py failed (${trained.why}).`, 'see the message above.');
    const theirs = Number(trained.stdout.trim().split('\n').at(-1));
    const [, call] = /^# hash-phase (.*)$/m.exec(readFileSync(file, 'utf8')) ?? [];
    const options = call.startsWith('encode') ? ['--data', data] : [];
    const { stdout, why } = await printed(program, [...call.split(' '), ...options], { cwd: folder });
    if (why) throw new SetupError(`hash-phase ${call} failed after ${recipe}.py (${why}).`, 'see the message above.');
    const number = ours(JSON.parse(stdout));
    say(`${recipe}: ${theirs.toFixed(4)} there, ${number.toFixed(4)} here`);
    if (!(Math.abs(number - theirs) < 1e-3)) throw new SetupError(`${recipe}: the numbers differ.`, 'find out why before anything else.');
  }
});
