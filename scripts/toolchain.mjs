// @ts-check
// The Rust toolchain with the wasm32 target: rustup's where rustup can have it, else Debian's.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { cargo } from './cargo.mjs';
import { target, tools } from './places.mjs';
import { SetupError, quietly, read, run, say } from './shell.mjs';

const WASM = 'wasm32-unknown-unknown';
/** burn 0.22's minimum. */
const OLDEST_RUST = [1, 95];
/** The name under which rustup knows Debian's compiler. */
const LINKED = 'hash-phase-wasm';
const DEBIAN = ['rustc-web', 'cargo-web', 'rust-web-src', 'libstd-rust-web-dev', 'rust-web-clippy', 'rustfmt-web', 'lld-22'];

/**
 * Makes sure that some Rust toolchain can build for the browser.
 * @returns {Promise<{ env: NodeJS.ProcessEnv, version: string }>} the environment every cargo call of this project needs, and which compiler that calls
 */
export async function wasmToolchain() {
  await checkRust();
  await linkerForHere();
  const toolchain = (await existing()) ?? (await byRustup()) ?? (await byDebian());
  const env = {
    ...(toolchain ? { RUSTUP_TOOLCHAIN: toolchain } : {}),
    CARGO_TARGET_DIR: target,
    PATH: [join(tools, 'bin'), process.env.PATH].join(delimiter),
  };
  const version = (await read('rustc', ['--version'], { env })) ?? '';
  const [major, minor] = version.split(' ')[1]?.split('.').map(Number) ?? [];
  if (major < OLDEST_RUST[0] || (major === OLDEST_RUST[0] && minor < OLDEST_RUST[1]))
    throw new SetupError(`${version} is too old: burn needs Rust ${OLDEST_RUST.join('.')}.`, 'run `rustup update stable`.');
  say(`Rust: ${version}`);
  return { env, version };
}

async function checkRust() {
  if ((await read('rustc', ['--version'])) !== null) return;
  if ((await read('rustup', ['--version'])) === null) throw new SetupError('Rust is not installed.', 'install it from https://rustup.rs, then run this again.');
  throw new SetupError('rustup is there, but no Rust.', 'run `rustup default stable`, then run this again.');
}

/** Build scripts and the command line are linked by the system's C compiler, and cargo says so only after minutes. */
async function linkerForHere() {
  if (process.platform === 'win32' || (await read('cc', ['--version'])) !== null) return;
  const remedy = process.platform === 'darwin' ? 'run `xcode-select --install`, then run this again.' : 'install gcc or clang with the C library\'s headers, then run this again.';
  if (!(await canInstall())) throw new SetupError('Rust needs a C compiler to link with, and `cc` is not on PATH.', remedy);
  await aptInstall(['gcc', 'libc6-dev'], remedy);
}

/**
 * rustfmt and clippy, which rustup's minimal profile leaves out.
 * @param {NodeJS.ProcessEnv} env
 */
export async function linters(env) {
  for (const [component, args] of /** @type {const} */ ([['rustfmt', ['fmt', '--version']], ['clippy', ['clippy', '--version']]]))
    if ((await read('cargo', [...args], { env })) === null) {
      say(`adding ${component} with rustup`);
      await quietly('rustup', ['component', 'add', component], { env, remedy: `install ${component} for the Rust in use, then run this again.` });
    }
}

/** @returns {Promise<string | null>} a toolchain's name, '' for the default one, null where none has the target */
async function existing() {
  for (const name of ['', LINKED]) {
    const env = name ? { RUSTUP_TOOLCHAIN: name } : {};
    const sysroot = await read('rustc', ['--print', 'sysroot'], { env });
    if (sysroot && hasTarget(sysroot)) return name;
  }
  return null;
}

/** @param {string} sysroot */
function hasTarget(sysroot) {
  const lib = join(sysroot, 'lib', 'rustlib', WASM, 'lib');
  return existsSync(lib) && readdirSync(lib).some((file) => file.startsWith('libtest-'));
}

/** @returns {Promise<string | null>} */
async function byRustup() {
  say(`adding the ${WASM} target with rustup (30 s at most)`);
  // A rustup that cannot reach its server hangs for a minute or more before it says so.
  return (await read('rustup', ['target', 'add', WASM], { timeout: 30_000 })) === null ? null : '';
}

/** Debian's rustc ships no WebAssembly library, so its standard library is built once (about 75 s on 2 cores). */
async function byDebian() {
  const remedy = `run \`rustup target add ${WASM}\` on a machine that reaches rustup's server, then run this again.`;
  if (!(await canInstall())) throw new SetupError(`rustup could not add ${WASM}, and the other way (Debian's packages) needs apt and root.`, remedy);
  say("rustup cannot reach its server; using Debian's Rust instead");
  await aptInstall(DEBIAN, remedy);
  const sysroot = await read('/usr/bin/rustc', ['--print', 'sysroot']);
  if (!sysroot) throw new SetupError("Debian's rustc does not run.", remedy);
  const host = /host: (\S+)/.exec((await read('/usr/bin/rustc', ['-vV'])) ?? '')?.[1] ?? '';
  linkLinker(join(sysroot, 'lib', 'rustlib', host, 'bin'));
  if (!hasTarget(sysroot)) await buildStandardLibrary(sysroot);
  await run('rustup', ['toolchain', 'link', LINKED, sysroot], { remedy });
  return LINKED;
}

/** @param {string} bin the folder in which rustc looks for `rust-lld` */
function linkLinker(bin) {
  const linker = join(bin, 'rust-lld');
  if (existsSync(linker)) return;
  mkdirSync(bin, { recursive: true });
  symlinkSync('/usr/bin/lld-22', linker);
}

/** @param {string} sysroot */
async function buildStandardLibrary(sysroot) {
  const scratch = mkdtempSync(join(tmpdir(), 'hash-phase-std-'));
  mkdirSync(join(scratch, 'src'));
  writeFileSync(join(scratch, 'Cargo.toml'), '[package]\nname = "scratch"\nversion = "0.0.0"\nedition = "2021"\n');
  writeFileSync(join(scratch, 'src', 'lib.rs'), '#![no_std]\n');
  await cargo(['build', '--release', '-Z', 'build-std=std,panic_abort,test', '--target', WASM], {
    what: `building the standard library for ${WASM} (once)`,
    minutes: 1.3,
    program: '/usr/bin/cargo',
    cwd: scratch,
    env: { RUSTC: '/usr/bin/rustc', RUSTC_BOOTSTRAP: '1', CARGO_TARGET_DIR: join(scratch, 'target'), RUSTUP_TOOLCHAIN: undefined },
    remedy: 'the compiler\'s message above says why; `apt-get install --reinstall rust-web-src` mends a missing source.',
  });
  const deps = join(scratch, 'target', WASM, 'release', 'deps');
  const lib = join(sysroot, 'lib', 'rustlib', WASM, 'lib');
  mkdirSync(lib, { recursive: true });
  for (const file of readdirSync(deps))
    if (file.endsWith('.rlib') && !file.startsWith('libscratch')) cpSync(join(deps, file), join(lib, file));
  rmSync(scratch, { recursive: true });
}

/** Whether packages can be installed here without asking. */
export const canInstall = async () => process.getuid?.() === 0 && (await read('apt-get', ['--version'])) !== null;

/**
 * Installs Debian packages that are not there yet.
 * @param {string[]} packages
 * @param {string} remedy
 */
export async function aptInstall(packages, remedy) {
  const missing = [];
  for (const name of packages) if (!/^Status: install ok installed$/m.test((await read('dpkg', ['-s', name])) ?? '')) missing.push(name);
  if (!missing.length) return;
  say(`installing Debian's ${missing.join(', ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await aptRefresh(remedy);
  await quietly('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], { env, remedy });
}

/** Brings the list of Debian's packages, which a new machine has none of.
 * @param {string} [remedy]
 */
export const aptRefresh = (remedy = 'check the network, then run this again.') => quietly('apt-get', ['update', '-q'], { remedy });
