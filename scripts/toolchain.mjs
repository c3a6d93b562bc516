// @ts-check
// The Rust toolchain with the wasm32 target: rustup's where rustup can have it, else Debian's.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { target, tools } from './places.mjs';
import { SetupError, read, run, say } from './shell.mjs';

const WASM = 'wasm32-unknown-unknown';
/** burn 0.22's minimum. */
const OLDEST_RUST = [1, 95];
/** The name under which rustup knows Debian's compiler. */
const LINKED = 'hash-phase-wasm';
const DEBIAN = ['rustc-web', 'cargo-web', 'rust-web-src', 'libstd-rust-web-dev', 'rust-web-clippy', 'rustfmt-web', 'lld-22'];

/**
 * Makes sure that some Rust toolchain can build for the browser.
 * @returns {{ env: NodeJS.ProcessEnv }} the environment every cargo call of this project needs
 */
export function wasmToolchain() {
  if (read('rustup', ['--version']) === null && read('rustc', ['--version']) === null)
    throw new SetupError('Rust is not installed.', 'install it from https://rustup.rs, then run this again.');
  const toolchain = existing() ?? byRustup() ?? byDebian();
  const env = {
    ...(toolchain ? { RUSTUP_TOOLCHAIN: toolchain } : {}),
    CARGO_TARGET_DIR: target,
    CARGO_TERM_PROGRESS_WHEN: process.env.CI ? 'never' : 'auto',
    PATH: [join(tools, 'bin'), process.env.PATH].join(delimiter),
  };
  const version = read('rustc', ['--version'], { env }) ?? '';
  const [major, minor] = version.split(' ')[1]?.split('.').map(Number) ?? [];
  if (major < OLDEST_RUST[0] || (major === OLDEST_RUST[0] && minor < OLDEST_RUST[1]))
    throw new SetupError(`${version} is too old: burn needs Rust ${OLDEST_RUST.join('.')}.`, 'run `rustup update stable`.');
  say(`Rust: ${version}`);
  return { env };
}

/** @returns {string | null} a toolchain's name, '' for the default one, null where none has the target */
function existing() {
  for (const name of ['', LINKED]) {
    const env = name ? { RUSTUP_TOOLCHAIN: name } : {};
    const sysroot = read('rustc', ['--print', 'sysroot'], { env });
    if (sysroot && hasTarget(sysroot)) return name;
  }
  return null;
}

/** @param {string} sysroot */
function hasTarget(sysroot) {
  const lib = join(sysroot, 'lib', 'rustlib', WASM, 'lib');
  return existsSync(lib) && readdirSync(lib).some((file) => file.startsWith('libtest-'));
}

/** @returns {string | null} */
function byRustup() {
  say(`adding the ${WASM} target with rustup (30 s at most)`);
  // A rustup that cannot reach its server hangs for a minute or more before it says so.
  return read('rustup', ['target', 'add', WASM], { timeout: 30_000 }) === null ? null : '';
}

/** Debian's rustc ships no WebAssembly library, so its standard library is built once (about 75 s on 2 cores). */
function byDebian() {
  const remedy = `run \`rustup target add ${WASM}\` on a machine that reaches rustup's server, then run this again.`;
  if (read('apt-get', ['--version']) === null || process.getuid?.() !== 0)
    throw new SetupError(`rustup could not add ${WASM}, and the other way (Debian's packages) needs apt and root.`, remedy);
  say(`rustup cannot reach its server; using Debian's Rust instead: ${DEBIAN.join(' ')}`);
  aptInstall(DEBIAN, remedy);
  const sysroot = read('/usr/bin/rustc', ['--print', 'sysroot']);
  if (!sysroot) throw new SetupError("Debian's rustc does not run.", remedy);
  const host = /host: (\S+)/.exec(read('/usr/bin/rustc', ['-vV']) ?? '')?.[1] ?? '';
  linkLinker(join(sysroot, 'lib', 'rustlib', host, 'bin'));
  if (!hasTarget(sysroot)) buildStandardLibrary(sysroot);
  run('rustup', ['toolchain', 'link', LINKED, sysroot], { remedy });
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
function buildStandardLibrary(sysroot) {
  say(`building the standard library for ${WASM} (about 75 s, once)`);
  const scratch = mkdtempSync(join(tmpdir(), 'hash-phase-std-'));
  mkdirSync(join(scratch, 'src'));
  writeFileSync(join(scratch, 'Cargo.toml'), '[package]\nname = "scratch"\nversion = "0.0.0"\nedition = "2021"\n');
  writeFileSync(join(scratch, 'src', 'lib.rs'), '#![no_std]\n');
  run('/usr/bin/cargo', ['build', '--release', '-Z', 'build-std=std,panic_abort,test', '--target', WASM], {
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

/**
 * Installs Debian packages that are not there yet.
 * @param {string[]} packages
 * @param {string} remedy
 */
export function aptInstall(packages, remedy) {
  const missing = packages.filter((name) => !/^Status: install ok installed$/m.test(read('dpkg', ['-s', name]) ?? ''));
  if (!missing.length) return;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-q'], { env, remedy });
  run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], { env, remedy });
}
