// @ts-check
// How fast it is, beside its peers, on this machine and in one run: `npm run bench`, with `-- -o FILE` also as JSON. Peers (Keras and
// scikit-learn in a Python environment, TensorFlow.js) are installed on demand, into the cache folder.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { ROUNDS, WIDTHS, median, ours, tensorflow } from './bench/in-browser.mjs';
import { secondsOfSweep } from './bench/sweep.mjs';
import { readyToLook } from './browser.mjs';
import { cargo } from './cargo.mjs';
import { datasets } from './datasets.mjs';
import { cache, root } from './places.mjs';
import { pythonIn } from './python.mjs';
import { SetupError, printed, quietly, say, script } from './shell.mjs';
import { wasmToolchain } from './toolchain.mjs';

/** @typedef {import('./bench/in-browser.mjs').Measured} Measured */
/** @typedef {{ name: string, unit: string, where: string, ours: Measured, peers: (Measured & { ratio: number })[] }} Row */

const NODE = ['@tensorflow/tfjs@4.22.0', '@tensorflow/tfjs-backend-wasm@4.22.0'];
/** Share of the processors' time that others may take. */
const MOST_BUSY = 0.1;
/** How far two answers on the same codes may be apart, relative to the value: ties and starts are broken otherwise. */
const EQUAL = { redundancy: 0, 'K-Means': 0.02, 'K-NN': 0.005, 'logistic regression': 0.005 };

await script(async () => {
  const at = process.argv.indexOf('-o');
  const out = at > 0 ? process.argv[at + 1] : undefined;
  if (at > 0 && !out) throw new SetupError('-o names no file.', '`npm run bench -- -o bench.json` writes one.');
  const folder = join(cache, 'bench');
  mkdirSync(folder, { recursive: true });
  const { openPage } = await readyToLook();
  // Imported here, after their packages have been installed.
  const [{ ceiling }, { quickCharts }] = await Promise.all([import('./bench/ceiling.mjs'), import('./bench/quick-charts.mjs')]);
  await datasets(['cifar10']);
  const { env } = await wasmToolchain();
  const building = { minutes: 2, env, cwd: root, remedy: "mend what the compiler's message names." };
  await cargo(['build', '--release', '--features', 'gpu'], { what: 'compiling the command line', ...building });
  await cargo(['bench', '--bench', 'speed', '--features', 'gpu', '--no-run'], { what: 'compiling the measurements', ...building });
  const python = await pythonIn(folder);
  say(`peers in Chromium: ${NODE.join(', ')}`);
  await quietly('npm', ['install', '--no-save', '--no-fund', '--no-audit', '--loglevel=error', '--prefix', folder, ...NODE], { remedy: 'check the network and run this again.' });

  const busy = await others();
  if (busy > MOST_BUSY) say(`others take ${Math.round(100 * busy)}% of this machine's time: ratios will be off`);
  const data = join(root, 'www', 'public', 'data', 'mnist');
  say('ours, natively');
  const measuredHere = await measured('cargo', ['bench', '--quiet', '--bench', 'speed', '--features', 'gpu', '--', join(data, '..'), folder], env);
  const [crates, native] = [measuredHere.filter(({ peer }) => peer), measuredHere.filter(({ peer }) => !peer)];
  native.push(await nativeChart(folder));
  say('ours, in headless Chromium');
  const trained = await ours(openPage);
  const most = await ceiling(openPage, trained, WIDTHS);
  const browser = [...trained, most.ours, ...(await quickCharts())];
  say('TensorFlow.js, in the same Chromium');
  const js = await tensorflow(openPage, folder);
  say('Keras and scikit-learn');
  const py = await measured(python, [join(root, 'scripts', 'bench', 'peers.py'), data, folder]);

  const rows = [...native.map((one) => row(one, 'native', [...py, ...crates])), ...browser.map((one) => row(one, one.where ?? 'Chromium', [...js, ...py, ...whole(py), most.ceiling]))];
  const different = rows.flatMap(unequal);
  console.log(table(rows));
  console.log(`\n${cpus()[0].model.trim()}, ${availableParallelism()} processors; others took ${Math.round(100 * busy)}%. Medians of ${ROUNDS}, (least to most). Keras and scikit-learn use every processor.`);
  if (out) writeFileSync(out, `${JSON.stringify({ machine: cpus()[0].model.trim(), processors: availableParallelism(), busy, rows }, null, 1)}\n`);
  if (different.length) throw new SetupError(different.join('; '), 'a speed of other answers is none: find out why.');
});

/** The share of the processors' time that is taken while we wait. */
async function others() {
  const times = () => cpus().map(({ times: { user, nice, sys, irq, idle } }) => [user + nice + sys + irq, idle]).reduce(([busy, idle], [more, rest]) => [busy + more, idle + rest], [0, 0]);
  const before = times();
  await new Promise((go) => setTimeout(go, 2000));
  const [busy, idle] = times().map((time, at) => time - before[at]);
  return busy / (busy + idle);
}

/**
 * The quick chart on the command line, with all processors.
 * @param {string} folder
 * @returns {Promise<Measured>}
 */
async function nativeChart(folder) {
  const seconds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const chart = join(folder, 'quick.json');
    rmSync(chart, { force: true });
    seconds.push(await secondsOfSweep(['--dataset', 'mnist-small', '--preset', 'quick', '-o', chart]));
  }
  return { name: 'quick chart', unit: 's', ...median(seconds) };
}

/**
 * What a program measures.
 * @param {string} program
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Measured[]>}
 */
async function measured(program, args, env) {
  const { stdout, why } = await printed(program, args, { cwd: root, env });
  if (why) throw new SetupError(`${program} ${args[0]} failed (${why}).`, 'see the messages above.');
  return JSON.parse(stdout);
}

/** All four properties, added up. @param {Measured[]} measured @returns {Measured[]} */
function whole(measured) {
  return [40, 100].map((bits) => {
    const own = measured.filter(({ name }) => name.endsWith(` ${bits} bits`));
    const sum = (/** @type {'median' | 'least' | 'most'} */ key) => own.reduce((sum, one) => sum + one[key], 0);
    return { name: `all four properties, ${bits} bits`, peer: 'scikit-learn', unit: 's', median: sum('median'), least: sum('least'), most: sum('most') };
  });
}

/**
 * @param {Measured} one
 * @param {string} where
 * @param {Measured[]} others
 * @returns {Row}
 */
function row(one, where, others) {
  // Cases with few examples share the peers of the full case, whose time does not depend on it.
  const peers = others.filter(({ name }) => name === one.name.replace(/, (10 examples|every processor)$/, ''));
  const times = (/** @type {Measured} */ peer) => (one.unit === 's' ? peer.median / one.median : one.median / peer.median);
  const threads = /^quick chart|every processor$/.test(one.name) ? `${availableParallelism()} processors` : 'one thread';
  return { name: one.name, unit: one.unit, where: `${where}, ${threads}`, ours: one, peers: peers.map((peer) => ({ ...peer, ratio: times(peer) })) };
}

/** Where a peer's answer on the same codes is another. @param {Row} row */
function unequal({ name, ours, peers }) {
  const allowed = Object.entries(EQUAL).find(([property]) => name.startsWith(property))?.[1] ?? Infinity;
  return peers.filter(({ value = 0 }) => Math.abs((ours.value ?? value) - value) > allowed * Math.abs(value) + 1e-9).map(({ peer, value }) => `${name}: ours comes to ${ours.value}, ${peer}'s to ${value}`);
}

/** @param {Row[]} rows */
function table(rows) {
  const digits = (/** @type {number} */ value) => (value >= 100 ? String(Math.round(value)) : value.toPrecision(2));
  const spread = (/** @type {Measured} */ { median, least, most }) => `${digits(median)} (${digits(least)} to ${digits(most)})`;
  const lines = rows.map(({ name, unit, where, ours, peers }) => `| ${[name, where, unit, spread(ours), peers.map((peer) => `${peer.peer}: ${spread(peer)}`).join('<br>'), peers.map(({ ratio }) => digits(ratio)).join('<br>')].join(' | ')} |`);
  return ['| what | where | unit | ours | peers | times as fast |', '| --- | --- | --- | ---: | ---: | ---: |', ...lines].join('\n');
}
