// @ts-check
// Holds our numbers against Keras and scikit-learn on the same data and seeds, in a Python environment of its own, and writes
// docs/parity.md. About ten minutes; `npm run parity -- adult` as long, on a table; `npm run parity -- vgg` longer, of convolutional
// networks; `npm run parity -- mnist` takes the paper's 48,000 examples, and hours.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { datasets } from './datasets.mjs';
import { cache, root } from './places.mjs';
import { commandLine } from './cargo.mjs';
import { pythonIn } from './python.mjs';
import { pins } from './sources.mjs';
import { SetupError, printed, run, say, script } from './shell.mjs';
import { wasmToolchain } from './toolchain.mjs';

/** Where none is named. */
const USUAL = 'mnist-small';
const VGG = '--preset figure --network vgg --channels 4 --batch-norm true';
/** What is trained: on which data set, with which options a chart, how many training examples, and the axes. @type {Record<string, { dataset: string, charts: string[], samples: string, widths: string, epochs: string, seeds: string }>} */
const PLANS = {
  'mnist-small': { dataset: 'mnist-small', charts: ['--preset figure', '--preset code'], samples: '8000', widths: '10,20,40', epochs: '1,20', seeds: '10' },
  mnist: { dataset: 'mnist', charts: ['--preset figure', '--preset code'], samples: '48000', widths: '10,20,40', epochs: '1,20', seeds: '10' },
  adult: { dataset: 'adult', charts: ['--preset code'], samples: '22792', widths: '20,60,100', epochs: '1,20', seeds: '5' },
  vgg: { dataset: 'mnist-small', charts: [VGG, `${VGG} --code all`], samples: '8000', widths: '20', epochs: '3', seeds: '20' },
};
const HEAD = '# Ours against Keras and scikit-learn\n\nMean and standard deviation over seeds; a row agrees where our mean is within one standard deviation of theirs, or within 0.01.\n';

/**
 * The page with the tables that a command makes made anew, the others as they were.
 * @param {string} before
 * @param {string} command
 * @param {string} tables
 */
function replaced(before, command, tables) {
  const others = before.split(/\n(?=## )/).slice(1).filter((section) => !section.includes(`Made by \`${command}\`:`));
  return `${HEAD}\n${[...others.map((section) => section.trim()), tables].join('\n\n')}\n`;
}

await script(async () => {
  const name = process.argv[2] ?? USUAL;
  const plan = PLANS[name];
  if (!plan) throw new SetupError(`no parity for '${name}'.`, `choose one of ${Object.keys(PLANS).join(', ')}.`);
  const { dataset } = plan;
  await datasets(dataset in pins ? [dataset] : []);
  const { env } = await wasmToolchain();
  const program = await commandLine(env);
  const folder = join(cache, 'parity');
  mkdirSync(folder, { recursive: true });
  const python = await pythonIn(folder);

  const charts = [];
  for (const [place, options] of plan.charts.entries()) {
    const chart = join(folder, `${name}-${place}.json`);
    const axes = ['--samples', plan.samples, '--widths', plan.widths, '--epochs', plan.epochs, '--seeds', plan.seeds];
    const call = ['sweep', '--dataset', dataset, ...options.split(' '), ...axes, '--overwrite', '-o', chart];
    await run(program, call, { cwd: root, remedy: 'see the message above.' });
    charts.push(chart);
  }
  say('training with Keras, measuring with scikit-learn');
  const how = `npm run parity${name === USUAL ? '' : ` -- ${name}`}`;
  const call = [join(root, 'tests', 'reference', 'parity.py'), join(root, 'www', 'public', 'data', dataset), how, ...charts];
  const { stdout, why } = await printed(python, call);
  const path = join(root, 'docs', 'parity.md');
  if (stdout) writeFileSync(path, replaced(readFileSync(path, 'utf8'), how, stdout.trim()));
  say('docs/parity.md is written');
  if (why) throw new SetupError('fewer than nine in ten rows agree, or the reference failed.', 'see docs/parity.md and the messages above.');
});
