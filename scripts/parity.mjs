// @ts-check
// Holds our numbers against Keras and scikit-learn on the same data and seeds, in a Python environment of its own, and writes
// docs/parity.md. About ten minutes; `npm run parity -- adult` as long, on a table; `npm run parity -- mnist` takes the paper's 48,000
// examples, and hours.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { datasets } from './datasets.mjs';
import { cache, root, target } from './places.mjs';
import { cargo } from './cargo.mjs';
import { pythonIn } from './python.mjs';
import { pins } from './sources.mjs';
import { SetupError, printed, run, say, script } from './shell.mjs';
import { wasmToolchain } from './toolchain.mjs';

/** Where none is named. */
const USUAL = 'mnist-small';
/** What is trained on each data set: the presets, its training examples, and the axes. @type {Record<string, { presets: string[], samples: string, widths: string, seeds: string }>} */
const PLANS = {
  'mnist-small': { presets: ['figure', 'code'], samples: '8000', widths: '10,20,40', seeds: '10' },
  mnist: { presets: ['figure', 'code'], samples: '48000', widths: '10,20,40', seeds: '10' },
  adult: { presets: ['code'], samples: '22792', widths: '20,60,100', seeds: '5' },
};
const HEAD = '# Ours against Keras and scikit-learn\n\nMean and standard deviation over seeds; a row agrees where our mean is within one standard deviation of theirs, or within 0.01.\n';

/**
 * The page with the tables of one data set made anew, the others as they were.
 * @param {string} before
 * @param {string} dataset
 * @param {string} tables
 */
function replaced(before, dataset, tables) {
  const others = before.split(/\n(?=## )/).slice(1).filter((section) => !section.startsWith(`## ${dataset},`));
  return `${HEAD}\n${[...others.map((section) => section.trim()), tables].join('\n\n')}\n`;
}

await script(async () => {
  const dataset = process.argv[2] ?? USUAL;
  const plan = PLANS[dataset];
  if (!plan) throw new SetupError(`no parity for '${dataset}'.`, `choose one of ${Object.keys(PLANS).join(', ')}.`);
  await datasets(dataset in pins ? [dataset] : []);
  const { env } = await wasmToolchain();
  await cargo(['build', '--release', '--features', 'gpu'], { what: 'compiling the command line', minutes: 5, env, cwd: root, remedy: "mend what the compiler's message names." });
  const folder = join(cache, 'parity');
  mkdirSync(folder, { recursive: true });
  const python = await pythonIn(folder);

  const charts = [];
  for (const preset of plan.presets) {
    const chart = join(folder, `${dataset}-${preset}.json`);
    const axes = ['--samples', plan.samples, '--widths', plan.widths, '--epochs', '1,20', '--seeds', plan.seeds];
    const call = ['sweep', '--dataset', dataset, '--preset', preset, ...axes, '--overwrite', '-o', chart];
    await run(join(target, 'release', 'hash-phase'), call, { cwd: root, remedy: 'see the message above.' });
    charts.push(chart);
  }
  say('training with Keras, measuring with scikit-learn');
  const how = `npm run parity${dataset === USUAL ? '' : ` -- ${dataset}`}`;
  const call = [join(root, 'tests', 'reference', 'parity.py'), join(root, 'www', 'public', 'data', dataset), how, ...charts];
  const { stdout, why } = await printed(python, call);
  const path = join(root, 'docs', 'parity.md');
  if (stdout) writeFileSync(path, replaced(readFileSync(path, 'utf8'), dataset, stdout.trim()));
  say('docs/parity.md is written');
  if (why) throw new SetupError('fewer than nine in ten rows agree, or the reference failed.', 'see docs/parity.md and the messages above.');
});
