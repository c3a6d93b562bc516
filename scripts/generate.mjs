// @ts-check
// What is generated from the Rust types: the chart file's JSON Schema, the page's presets, data sets, bounds, hyper-parameters and types.
// `npm run generate` writes them; with --check, they are compared with what is committed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';
import { commandLine } from './cargo.mjs';
import { nodePackages } from './setup.mjs';
import { SetupError, read, say, script } from './shell.mjs';
import { wasmToolchain } from './toolchain.mjs';

/** @param {string} program @param {string[]} args */
async function schema(program, ...args) {
  const text = await read(program, ['schema', ...args]);
  if (text === null) throw new SetupError(`hash-phase schema ${args.join(' ')} failed.`, 'run it by hand to see why.');
  return `${text}\n`;
}

/** @param {string} program */
async function types(program) {
  // Imported here, after it has been installed.
  const { compile } = await import('json-schema-to-typescript');
  const bannerComment = '// Generated from the Rust types by `npm run generate`: every value that crosses to the page.';
  // A reference with a description would become a separate type, and a non-empty list a tuple.
  const values = JSON.parse(await schema(program, 'types'), (key, value) => (value?.$ref ? { $ref: value.$ref } : key === 'minItems' ? undefined : value));
  return await compile(values, 'Values', { bannerComment, additionalProperties: false, format: true, style: { singleQuote: true } });
}

await script(async () => {
  await nodePackages();
  const { env } = await wasmToolchain();
  const program = await commandLine(env);
  const files = { 'chart.schema.json': await schema(program, 'chart'), 'presets.json': await schema(program, 'presets'), 'datasets.json': await schema(program, 'datasets'), 'bounds.json': await schema(program, 'bounds'), 'hyperparameters.json': await schema(program, 'hyperparameters'), 'types.d.ts': await types(program) };
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, 'www', name);
    if (!process.argv.includes('--check')) writeFileSync(path, text);
    else if (readFileSync(path, 'utf8') !== text)
      throw new SetupError(`www/${name} is not what the Rust types say.`, 'run `npm run generate` and commit what it writes.');
  }
  say(process.argv.includes('--check') ? 'generated files are current' : 'generated www/chart.schema.json, presets.json, datasets.json, bounds.json, hyperparameters.json, types.d.ts');
});
