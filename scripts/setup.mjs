// @ts-check
// Brings a fresh machine to where the project can be built: idempotent, a second run costs seconds.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { datasets } from './datasets.mjs';
import { root, tools } from './places.mjs';
import { SetupError, read, run, say, script } from './shell.mjs';
import { aptInstall, wasmToolchain } from './toolchain.mjs';

const WASM_PACK = '0.15.1';

/**
 * @param {{ tests?: boolean }} [options] `tests`: also what only the tests need
 * @returns {{ env: NodeJS.ProcessEnv }} the environment for cargo, wasm-bindgen and wasm-pack
 */
export function setup({ tests = false } = {}) {
  nodePackages();
  const { env } = wasmToolchain();
  rustTool('wasm-bindgen-cli', 'wasm-bindgen', lockedVersion('wasm-bindgen'), env);
  if (tests) {
    rustTool('wasm-pack', 'wasm-pack', WASM_PACK, env);
    Object.assign(env, browser(), gpu());
  }
  datasets();
  return { env };
}

/** Installs the packages of the lock file, unless the last installation was of the same one. */
function nodePackages() {
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  const stamp = join(root, 'node_modules', '.hash-phase-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('installing the Node packages of package-lock.json');
  run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], { cwd: root, remedy: 'check the network and run this again.' });
  writeFileSync(stamp, lock);
}

/**
 * The version of a crate in Cargo.lock.
 * @param {string} crate
 */
function lockedVersion(crate) {
  const lock = readFileSync(join(root, 'Cargo.lock'), 'utf8');
  const version = new RegExp(`name = "${crate}"\\nversion = "([^"]+)"`).exec(lock)?.[1];
  if (!version) throw new SetupError(`Cargo.lock has no ${crate}.`, 'run `cargo update --workspace`.');
  return version;
}

/**
 * A command-line tool of exactly that version, compiled once into the tools folder.
 * @param {string} crate
 * @param {string} program
 * @param {string} version
 * @param {NodeJS.ProcessEnv} env
 */
function rustTool(crate, program, version, env) {
  if (read(program, ['--version'], { env })?.split(' ')[1] === version) return;
  say(`compiling ${crate} ${version} (about 2 minutes on 2 cores, once)`);
  mkdirSync(tools, { recursive: true });
  const quick = {
    ...env,
    // It runs for a second: a quick build is worth more than quick code.
    CARGO_PROFILE_RELEASE_OPT_LEVEL: '1',
    CARGO_PROFILE_RELEASE_LTO: 'off',
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
    CARGO_TARGET_DIR: join(tools, 'target'),
  };
  const args = ['install', crate, '--version', version, '--root', tools, '--force', '--quiet'];
  // Its own lock file first; where a registry lacks a version that it names, the newest that fits.
  if (read('cargo', [...args, '--locked'], { env: quick }) === null)
    run('cargo', args, { env: quick, remedy: `run \`cargo ${args.join(' ')}\` by hand to see why.` });
}

/**
 * A Chromium and its driver, installed where apt can; the tests find them by these variables.
 * @returns {NodeJS.ProcessEnv}
 */
function browser() {
  const find = () => ({ CHROMIUM: onPath(['chromium', 'chromium-browser', 'google-chrome']), CHROMEDRIVER: onPath(['chromedriver']) });
  let found = find();
  if (!found.CHROMIUM || !found.CHROMEDRIVER) {
    const remedy = 'install Chromium (or Chrome) and the chromedriver of its version, and put both on PATH.';
    if (read('apt-get', ['--version']) === null || process.getuid?.() !== 0)
      throw new SetupError('the tests need Chromium and chromedriver, and none is on PATH.', remedy);
    say('installing Chromium and chromedriver for the tests');
    aptInstall(['chromium', 'chromium-driver'], remedy);
    found = find();
    if (!found.CHROMIUM || !found.CHROMEDRIVER) throw new SetupError('Chromium was installed but is not on PATH.', remedy);
  }
  return found;
}

/** A program that plays GPU for the native tests, where Debian's can be had; elsewhere a machine has a real one, or none. */
function gpu() {
  if (process.platform !== 'linux' || read('vulkaninfo', ['--summary'])?.includes('deviceName')) return {};
  try {
    if (read('apt-get', ['--version']) !== null && process.getuid?.() === 0) aptInstall(['libvulkan1', 'mesa-vulkan-drivers'], 'install a Vulkan driver.');
    return {};
  } catch {
    say("no Vulkan driver can be installed: the native GPU tests are left out, the browser's are not");
    return { HASH_PHASE_NO_GPU: '1' };
  }
}

/**
 * @param {string[]} programs
 * @returns {string | undefined} the first that is on PATH, as a path
 */
function onPath(programs) {
  for (const folder of (process.env.PATH ?? '').split(':'))
    for (const program of programs) if (existsSync(join(folder, program))) return join(folder, program);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  await script(() => {
    const asked = process.argv.indexOf('--data');
    if (asked > 0) datasets(process.argv.slice(asked + 1));
    else setup({ tests: process.argv.includes('--tests') });
    say('set up');
  });
