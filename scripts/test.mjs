// @ts-check
// Sets up and runs every check, the quickest to fail first. `npm run lint` stops after format, linters and types.
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { browser, firefox, gpu, valgrind } from './browser.mjs';
import { buildEngines, buildPage, engines } from './build.mjs';
import { cargo } from './cargo.mjs';
import { datasets } from './datasets.mjs';
import { root, target, tools } from './places.mjs';
import { checkRoom, geckodriver, nodePackages, wasmPack } from './setup.mjs';
import { run, say, script } from './shell.mjs';
import { linters, wasmToolchain } from './toolchain.mjs';

const node = process.execPath;
const bin = (/** @type {string} */ program) => join(root, 'node_modules', '.bin', program);
const wasm = ['--target', 'wasm32-unknown-unknown'];
const remedy = 'mend what the message above names, then run this again.';

await script(async () => {
  const started = Date.now();
  const minutes = () => ((Date.now() - started) / 60_000).toFixed(1);
  await nodePackages();
  const { env } = await wasmToolchain();
  await linters(env);
  /**
   * @param {string} what
   * @param {string} program
   * @param {string[]} args
   * @param {NodeJS.ProcessEnv} [more]
   */
  const check = async (what, program, args, more = {}) => {
    say(`${what} (${minutes()} min so far)`);
    await run(program, args, { env: { ...env, ...more }, cwd: root, remedy });
  };
  /** What is compiled before it is run, with one line of progress.
   * @param {string} what
   * @param {number} minutes from nothing
   * @param {string[]} args
   */
  const compile = (what, minutes, args) => cargo(args, { what, minutes, env, cwd: root, remedy });

  await check('format', 'cargo', ['fmt', '--check']);
  await check('linter of the page and the scripts', bin('eslint'), ['.']);
  checkRoom();
  await compile('linter of the crate', 2, ['clippy', '--release', '--all-targets', '--features', 'gpu', '--', '-D', 'warnings']);
  // The two engines with tensor programs share compiled crates; the others share nothing with them.
  for (const [what, features] of /** @type {[string, string[]][]} */ ([['the engines with tensors', ['--features', 'gpu']], ['the CPU engine', ['--no-default-features']], ['the reader', ['--no-default-features', '--features', 'reader']], ['the reader of networks', ['--no-default-features', '--features', 'networks']]]))
    await compile(`linter of the boundary of ${what}`, 1, ['clippy', '--release', '--lib', ...wasm, ...features, '--', '-D', 'warnings']);
  // The page's types come from the modules, so they are built first.
  await buildEngines();
  await check('types of the page and the scripts', bin('tsc'), ['-p', '.']);
  if (process.argv.includes('lint')) return;

  await check('set-up on a fresh machine', node, ['--test', '--test-concurrency=1', 'tests/setup/'], await browser());
  Object.assign(env, await browser(), await firefox(), await gpu(), await valgrind());
  await datasets();
  await compile('compiling the crate natively', 6, ['test', '--release', '--features', 'gpu', '--no-run']);
  await check('the crate natively', 'cargo', ['test', '--release', '--features', 'gpu']);
  await check('generated files', node, [join(root, 'scripts', 'generate.mjs'), '--check']);
  await check('README and guides', node, ['--test', 'tests/docs/']);
  await wasmPack(env);
  await geckodriver(env);
  const headlessIn = (/** @type {string[]} */ browser) => ['test', '--headless', ...browser, '--release', '--mode', 'no-install', '.', '--test'];
  const headless = headlessIn(['--chrome', '--chromedriver', env.CHROMEDRIVER ?? '']);
  const { features: ofGpu } = /** @type {import('./build.mjs').Engine} */ (engines.find(({ name }) => name === 'gpu'));
  await compile('compiling the CPU engine with its tests', 2, ['test', '--release', '--no-run', ...wasm, '--test', 'web']);
  await check('the CPU engine in headless Chromium', 'wasm-pack', [...headless, 'web']);
  await check('the CPU engine in headless Firefox', 'wasm-pack', [...headlessIn(['--firefox', '--geckodriver', join(tools, 'bin', 'geckodriver')]), 'web']);
  await compile('compiling the GPU engine with its tests', 3, ['test', '--release', '--no-run', ...wasm, '--test', 'web_gpu', ...ofGpu]);
  // On a software adapter a kernel takes half a second to compile.
  await check('the GPU engine in headless Chromium', 'wasm-pack', [...headless, 'web_gpu', ...ofGpu, '--', '--nocapture'], { WASM_BINDGEN_TEST_TIMEOUT: '300' });
  await buildPage();
  const native = join(tmpdir(), `hash-phase-${process.pid}.json`);
  await check('the quick chart on the command line', join(target, 'release', 'hash-phase'), ['sweep', '--dataset', 'mnist-small', '--preset', 'quick', '-o', native]);
  await check('the same as columns', join(target, 'release', 'hash-phase'), ['columns', native, '-o', `${native}.arrow`]);
  await check('instructions', node, ['--test', '--test-concurrency=1', 'tests/guard/']);
  await check('shares of a plan, on a cluster where there is one', node, ['--test', '--test-concurrency=1', 'tests/cluster/']);
  await check('the npm package in other projects, the same from other folders, and the charts as an archive', node, ['--test', '--test-concurrency=1', 'tests/package/package.test.mjs', 'tests/package/reproducible.test.mjs', 'tests/package/dataset.test.mjs']);
  await check('the page in headless Chromium and Firefox', node, ['--test', '--test-concurrency=1', 'tests/page/'], { NATIVE_QUICK_CHART: native });
  say(`everything passes, after ${minutes()} min`);
});
