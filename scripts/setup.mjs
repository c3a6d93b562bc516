// @ts-check
// Brings a fresh machine to where the project can be built: idempotent, a second run costs seconds.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cargo } from './cargo.mjs';
import { datasets } from './datasets.mjs';
import { cache, root, target, tools } from './places.mjs';
import { SetupError, quietly, read, say, script } from './shell.mjs';

const OLDEST_NODE = [20, 19];
const WASM_PACK = '0.15.1';
const GECKODRIVER = '0.37.1';
/** What is compiled takes 5 GB; a disk that fills up in the middle says so in words of its own. */
const ROOM = 6e9;

/** Installs the packages of the lock file, unless the last installation was of the same one. */
export async function nodePackages() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]))
    throw new SetupError(`Node ${process.versions.node} is too old.`, `install Node ${OLDEST_NODE.join('.')} or later, then run this again.`);
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  const stamp = join(root, 'node_modules', '.hash-phase-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('installing the Node packages of package-lock.json');
  await quietly('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], { cwd: root, remedy: 'check the network and that the disk has room, then run this again.' });
  writeFileSync(stamp, lock);
}

/** Refuses to begin what the disk has no room for. */
export function checkRoom() {
  if (existsSync(join(target, 'release'))) return;
  mkdirSync(target, { recursive: true });
  const { bavail, bsize } = statfsSync(target);
  if (bavail * bsize < ROOM)
    throw new SetupError(`${target} has ${((bavail * bsize) / 1e9).toFixed(1)} GB of room, and what is compiled takes ${(ROOM / 1e9).toFixed(0)} GB.`, 'make room there, or name another folder by CARGO_TARGET_DIR, then run this again.');
}

/**
 * wasm-bindgen of the version that the crate is compiled with.
 * @param {NodeJS.ProcessEnv} env
 * @param {(progress: import('./cargo.mjs').Progress) => void} [told]
 */
export const wasmBindgen = (env, told) => rustTool('wasm-bindgen-cli', 'wasm-bindgen', lockedVersion('wasm-bindgen'), env, told);

/** @param {NodeJS.ProcessEnv} env */
export const wasmPack = (env) => rustTool('wasm-pack', 'wasm-pack', WASM_PACK, env);
/** What `wasm-pack test --firefox` drives Firefox by. @param {NodeJS.ProcessEnv} env */
export const geckodriver = (env) => rustTool('geckodriver', 'geckodriver', GECKODRIVER, env);

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
 * @param {(progress: import('./cargo.mjs').Progress) => void} [told]
 */
async function rustTool(crate, program, version, env, told) {
  if ((await read(program, ['--version'], { env }))?.split(/\s+/)[1] === version) return;
  checkRoom();
  const quick = {
    ...env,
    // It runs for a second, so a quick build matters more than quick code.
    CARGO_PROFILE_RELEASE_OPT_LEVEL: '1',
    CARGO_PROFILE_RELEASE_LTO: 'off',
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
    CARGO_TARGET_DIR: join(tools, 'target'),
  };
  const args = ['install', crate, '--version', version, '--root', tools, '--force'];
  const what = { what: `compiling ${crate} ${version} (once)`, minutes: 2, env: quick, told, remedy: `check the network and the message above; \`cargo ${args.join(' ')}\` shows all of it.` };
  try {
    await cargo([...args, '--locked'], { ...what, silent: true });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    // Some registries lack a version that the lock file names: then the newest compatible versions are used.
    await cargo(args, what);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  await script(async () => {
    // The first word is --data: `npm run data`.
    const names = process.argv.slice(3);
    if (names[0] === '--pin') {
      await nodePackages();
      const { pin } = await import('./pin.mjs');
      return pin(names.slice(1));
    }
    if (names.some((name) => ['cifar10', 'compas'].includes(name))) await nodePackages();
    await datasets(names);
    say(`set up in ${cache}`);
  });
