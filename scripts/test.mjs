// @ts-check
// Sets up and runs every check, the quickest to fail first. `npm run lint` stops after format, linters and types.
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { buildModules, buildPage, engines } from './build.mjs';
import { root, target } from './places.mjs';
import { setup } from './setup.mjs';
import { run, say, script } from './shell.mjs';

const node = process.execPath;
const bin = (/** @type {string} */ program) => join(root, 'node_modules', '.bin', program);

await script(() => {
  const started = Date.now();
  const lintOnly = process.argv.includes('lint');
  const { env } = setup({ tests: !lintOnly });
  /**
   * @param {string} what
   * @param {string} program
   * @param {string[]} args
   * @param {NodeJS.ProcessEnv} [more]
   */
  const check = (what, program, args, more = {}) => {
    const minutes = ((Date.now() - started) / 60_000).toFixed(1);
    say(`${what} (${minutes} min so far)`);
    run(program, args, { env: { ...env, ...more }, cwd: root, remedy: 'mend what the message above names, then run this again.' });
  };

  check('format', 'cargo', ['fmt', '--check']);
  check('linter of the page and the scripts', bin('eslint'), ['.']);
  check('linter of the crate', 'cargo', ['clippy', '--release', '--all-targets', '--features', 'gpu', '--', '-D', 'warnings']);
  for (const { name, features } of engines)
    check(`linter of the ${name} engine's boundary`, 'cargo', ['clippy', '--release', '--lib', '--target', 'wasm32-unknown-unknown', ...features, '--', '-D', 'warnings']);
  // The page's types come from the modules, so they are built first.
  buildModules(env);
  check('types of the page and the scripts', bin('tsc'), ['-p', '.']);
  if (lintOnly) return;

  check('the crate natively', 'cargo', ['test', '--release', '--features', 'gpu']);
  check('generated files', node, [join(root, 'scripts', 'generate.mjs'), '--check']);
  const browser = ['test', '--headless', '--chrome', '--chromedriver', env.CHROMEDRIVER ?? '', '--release', '--mode', 'no-install', '.', '--test'];
  check('the CPU engine in headless Chromium', 'wasm-pack', [...browser, 'web']);
  // On a program that plays GPU a kernel takes half a second to compile.
  check('the GPU engine in headless Chromium', 'wasm-pack', [...browser, 'web_gpu', ...engines[1].features, '--', '--nocapture'], { WASM_BINDGEN_TEST_TIMEOUT: '300' });
  buildPage();
  const native = join(tmpdir(), `hash-phase-${process.pid}.json`);
  check('the quick chart on the command line', join(target, 'release', 'hash-phase'), ['sweep', '--dataset', 'mnist-small', '--preset', 'quick', '-o', native]);
  check('the page in headless Chromium', node, ['--test', '--test-concurrency=1', 'tests/page/'], { NATIVE_QUICK_CHART: native });
  say(`everything passes, after ${((Date.now() - started) / 60_000).toFixed(1)} min`);
});
