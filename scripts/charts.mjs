// @ts-check
// Makes the reference charts that are not there yet, natively, each by its arguments in scripts/charts.json; interrupted, it goes on where it was.
// `npm run charts` makes all, `npm run charts -- NAME ...` some; remove a file to make it anew.
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { datasets } from './datasets.mjs';
import { cache, root } from './places.mjs';
import { commandLine } from './cargo.mjs';
import { pins } from './sources.mjs';
import { SetupError, run, say, script } from './shell.mjs';
import { wasmToolchain } from './toolchain.mjs';

const folder = join(root, 'www', 'charts');
/** Unfinished charts, which a reader is not to see. */
const drafts = join(cache, 'charts');

await script(async () => {
  /** @type {Record<string, string>} */
  const list = JSON.parse(readFileSync(join(root, 'scripts', 'charts.json'), 'utf8'));
  /** @type {{ name: string, format?: string }[]} */
  const shown = JSON.parse(readFileSync(join(root, 'www', 'charts.json'), 'utf8'));
  const asked = process.argv.slice(2);
  const unknown = asked.find((name) => !Object.hasOwn(list, name));
  if (unknown) throw new SetupError(`no chart '${unknown}' is listed.`, `choose from ${Object.keys(list).join(', ')}.`);
  const { env } = await wasmToolchain();
  const program = await commandLine(env);
  mkdirSync(drafts, { recursive: true });
  for (const [name, words] of Object.entries(list)) {
    const format = shown.find((chart) => chart.name === name)?.format ?? 'json';
    const made = join(folder, `${name}.${format}`);
    if (existsSync(made) || (asked.length && !asked.includes(name))) continue;
    const options = words.split(' ');
    const dataset = options[options.indexOf('--dataset') + 1];
    await datasets(dataset in pins ? [dataset] : []);
    say(`making ${name} (hours on 2 cores; Ctrl+C loses a minute at most)`);
    const draft = join(drafts, `${name}.json`);
    await run(program, ['sweep', ...options, '--resume', '-o', draft], { cwd: root, remedy: 'run this again: it goes on where it was.' });
    // The chart file of columns stays, so that more seeds go on from it.
    if (format === 'arrow') await run(program, ['columns', draft, '-o', made], { cwd: root, remedy: 'see the message above.' });
    else renameSync(draft, made);
  }
  say('every chart is there');
});
