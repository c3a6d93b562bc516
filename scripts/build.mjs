// @ts-check
// Builds the WebAssembly module (www/pkg) and the page (dist).
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, target } from './places.mjs';
import { setup } from './setup.mjs';
import { run, say, script } from './shell.mjs';

const pkg = join(root, 'www', 'pkg');

/**
 * The CPU engine's module: cargo, wasm-bindgen, wasm-opt.
 * @param {NodeJS.ProcessEnv} env
 * @param {{ optimise?: boolean }} [options] without, a change is a minute sooner in the browser
 */
export function buildModule(env, { optimise = true } = {}) {
  say('compiling the WebAssembly module (3 minutes on 2 cores from nothing, seconds after a change)');
  const remedy = "mend what the compiler's message names.";
  run('cargo', ['build', '--release', '--lib', '--target', 'wasm32-unknown-unknown'], { env, cwd: root, remedy });
  const compiled = join(target, 'wasm32-unknown-unknown', 'release', 'hash_phase.wasm');
  const stamp = join(pkg, '.stamp');
  const hash = `${createHash('sha256').update(readFileSync(compiled)).digest('hex')} ${optimise ? 'optimised' : 'as compiled'}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  run('wasm-bindgen', [compiled, '--target', 'web', '--out-dir', pkg], { env, remedy: 'remove the tools folder of the cache and run this again.' });
  if (optimise) optimiseModule();
  writeFileSync(stamp, hash);
}

function optimiseModule() {
  say('optimising the module with wasm-opt (about a minute)');
  const module = join(pkg, 'hash_phase_bg.wasm');
  // The features that rustc may use, said aloud: wasm-opt must not refuse them.
  const features = ['--enable-simd', '--enable-bulk-memory', '--enable-nontrapping-float-to-int', '--enable-sign-ext', '--enable-mutable-globals', '--enable-reference-types', '--enable-multivalue'];
  run(join(root, 'node_modules', '.bin', 'wasm-opt'), ['-O3', ...features, module, '-o', module], { remedy: 'run `npm ci` and then this again.' });
}

/** The page, bundled into dist/. */
export function buildPage() {
  run(join(root, 'node_modules', '.bin', 'vite'), ['build', '--logLevel', 'warn'], { cwd: root, remedy: 'mend what the message above names.' });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  await script(() => {
    buildModule(setup().env);
    buildPage();
    say('built: dist/ can be put on any static server');
  });
