// @ts-check
// Builds the WebAssembly modules (www/pkg, www/pkg-gpu) and the page (dist).
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, target } from './places.mjs';
import { setup } from './setup.mjs';
import { run, say, script } from './shell.mjs';

/** @typedef {{ name: string, folder: string, features: string[], optimisation: string, hint: string }} Engine */

/** The CPU engine's module: speed counts. The GPU engine's: size does, the work is done elsewhere. */
export const engines = [
  { name: 'CPU', folder: 'pkg', features: [], optimisation: '-O3', hint: '3 minutes on 2 cores from nothing' },
  { name: 'GPU', folder: 'pkg-gpu', features: ['--no-default-features', '--features', 'gpu'], optimisation: '-O1', hint: '6 minutes on 2 cores from nothing' },
];

/**
 * The engines' modules: cargo, wasm-bindgen, wasm-opt.
 * @param {NodeJS.ProcessEnv} env
 * @param {{ optimise?: boolean }} [options] without, a change is minutes sooner in the browser
 */
export function buildModules(env, { optimise = true } = {}) {
  for (const engine of engines) buildModule(engine, env, optimise);
}

/**
 * @param {Engine} engine
 * @param {NodeJS.ProcessEnv} env
 * @param {boolean} optimise
 */
function buildModule({ name, folder, features, optimisation, hint }, env, optimise) {
  say(`compiling the ${name} engine's WebAssembly module (${hint}, seconds after a change)`);
  const remedy = "mend what the compiler's message names.";
  run('cargo', ['build', '--release', '--lib', '--target', 'wasm32-unknown-unknown', ...features], { env, cwd: root, remedy });
  const compiled = join(target, 'wasm32-unknown-unknown', 'release', 'hash_phase.wasm');
  const pkg = join(root, 'www', folder);
  const stamp = join(pkg, '.stamp');
  const hash = `${createHash('sha256').update(readFileSync(compiled)).digest('hex')} ${optimise ? optimisation : 'as compiled'}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  run('wasm-bindgen', [compiled, '--target', 'web', '--out-dir', pkg], { env, remedy: 'remove the tools folder of the cache and run this again.' });
  if (optimise) optimiseModule(join(pkg, 'hash_phase_bg.wasm'), optimisation);
  writeFileSync(stamp, hash);
}

/**
 * @param {string} module
 * @param {string} optimisation
 */
function optimiseModule(module, optimisation) {
  say('optimising the module with wasm-opt (about a minute)');
  // The features that rustc may use, said aloud: wasm-opt must not refuse them.
  const features = ['--enable-simd', '--enable-bulk-memory', '--enable-nontrapping-float-to-int', '--enable-sign-ext', '--enable-mutable-globals', '--enable-reference-types', '--enable-multivalue'];
  run(join(root, 'node_modules', '.bin', 'wasm-opt'), [optimisation, ...features, module, '-o', module], { remedy: 'run `npm ci` and then this again.' });
}

/** The page, bundled into dist/. */
export function buildPage() {
  run(join(root, 'node_modules', '.bin', 'vite'), ['build', '--logLevel', 'warn'], { cwd: root, remedy: 'mend what the message above names.' });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  await script(() => {
    buildModules(setup().env);
    buildPage();
    say('built: dist/ can be put on any static server');
  });
