// @ts-check
// Holds our numbers against Keras and scikit-learn on the same data and seeds, in a Python environment of its own, and writes
// docs/parity.md. About ten minutes; `npm run parity -- mnist` takes the paper's 48,000 examples, and hours.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { datasets } from './datasets.mjs';
import { cache, root, target } from './places.mjs';
import { cargo } from './cargo.mjs';
import { pythonIn } from './python.mjs';
import { SetupError, printed, run, say, script } from './shell.mjs';
import { wasmToolchain } from './toolchain.mjs';

const PLAN = ['--widths', '10,20,40', '--epochs', '1,20', '--seeds', '10'];

await script(async () => {
  const dataset = process.argv[2] ?? 'mnist-small';
  const samples = { 'mnist-small': '8000', mnist: '48000' }[dataset];
  if (!samples) throw new SetupError(`no parity for '${dataset}'.`, 'choose mnist-small or mnist.');
  await datasets();
  const { env } = await wasmToolchain();
  await cargo(['build', '--release'], { what: 'compiling the command line', minutes: 4, env, cwd: root, remedy: "mend what the compiler's message names." });
  const folder = join(cache, 'parity');
  mkdirSync(folder, { recursive: true });
  const python = await pythonIn(folder);

  const charts = [];
  for (const preset of ['figure', 'code']) {
    const chart = join(folder, `${dataset}-${preset}.json`);
    const call = ['sweep', '--dataset', dataset, '--preset', preset, '--samples', samples, ...PLAN, '-o', chart];
    await run(join(target, 'release', 'hash-phase'), call, { cwd: root, remedy: 'see the message above.' });
    charts.push(chart);
  }
  say('training with Keras, measuring with scikit-learn');
  const call = [join(root, 'tests', 'reference', 'parity.py'), join(root, 'www', 'public', 'data', dataset), ...charts];
  const { stdout, why } = await printed(python, call);
  const head = `# Ours against Keras and scikit-learn\n\nMean and standard deviation over seeds; a row agrees where our mean is within one standard deviation of theirs, or within 0.01.\nMade by \`npm run parity${process.argv[2] ? ` -- ${dataset}` : ''}\`: `;
  if (stdout) writeFileSync(join(root, 'docs', 'parity.md'), `${head}${stdout.trimEnd()}\n`);
  say('docs/parity.md is written');
  if (why) throw new SetupError('fewer than nine in ten rows agree, or the reference failed.', 'see docs/parity.md and the messages above.');
});
