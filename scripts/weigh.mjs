// @ts-check
// What a module is made of: bytes of code by crate, before wasm-bindgen and wasm-opt take names and a fifth away. `npm run weigh` weighs
// the one that every page fetches, `npm run weigh -- tensors` or `-- gpu` another; generic code counts to the crate that it was written in.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { engines } from './build.mjs';
import { cargo } from './cargo.mjs';
import { root, target } from './places.mjs';
import { SetupError, script } from './shell.mjs';
import { wasmToolchain } from './toolchain.mjs';

const [CUSTOM, CODE, DATA] = [0, 10, 11];
const FUNCTION_NAMES = 1;
const SHOWN = 16;

await script(async () => {
  const asked = process.argv[2] ?? 'cpu';
  const engine = engines.find(({ name }) => name === asked);
  if (!engine) throw new SetupError(`there is no module '${asked}'.`, `name one of ${engines.map(({ name }) => name).join(', ')}.`);
  const { title, features, minutes } = engine;
  const { env } = await wasmToolchain();
  await cargo(['build', '--release', '--lib', '--target', 'wasm32-unknown-unknown', ...features], { what: `compiling the ${title} engine`, minutes, env, cwd: root, remedy: "mend what the compiler's message names." });
  const bytes = new Uint8Array(readFileSync(join(target, 'wasm32-unknown-unknown', 'release', 'hash_phase.wasm')));
  const { sizes, names, data } = parts(bytes);
  // Function indices start with the imported ones.
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(({ kind }) => kind === 'function').length;
  /** @type {Map<string, number>} */
  const crates = new Map();
  sizes.forEach((size, at) => {
    const crate = crateOf(names.get(imported + at) ?? '');
    crates.set(crate, (crates.get(crate) ?? 0) + size);
  });
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const heaviest = [...crates].sort(([, one], [, other]) => other - one);
  const row = (/** @type {string} */ name, /** @type {number} */ size) => `${String(Math.round(size / 1e3)).padStart(6)} kB ${((100 * size) / all).toFixed(1).padStart(5)}%  ${name}`;
  for (const [crate, size] of heaviest.slice(0, SHOWN)) console.log(row(crate, size));
  console.log(row('all others', heaviest.slice(SHOWN).reduce((sum, [, size]) => sum + size, 0)));
  console.log(`${row('code', all)}, and ${Math.round(data / 1e3)} kB of data`);
});

/** The sizes of functions in their order, the names by number, bytes of data. @param {Uint8Array} bytes */
function parts(bytes) {
  let at = 8;
  const byte = () => bytes[at++];
  const whole = () => {
    let [value, shift, next] = [0, 0, 0x80];
    while (next & 0x80) {
      next = byte();
      value += (next & 0x7f) * 2 ** shift;
      shift += 7;
    }
    return value;
  };
  const text = () => {
    const length = whole();
    at += length;
    return new TextDecoder().decode(bytes.subarray(at - length, at));
  };
  /** @type {number[]} */
  const sizes = [];
  /** @type {Map<number, string>} */
  const names = new Map();
  let data = 0;
  while (at < bytes.length) {
    const section = byte();
    const end = whole() + at;
    if (section === DATA) data = end - at;
    else if (section === CODE)
      for (let left = whole(); left > 0; left--) {
        const size = whole();
        sizes.push(size);
        at += size;
      }
    else if (section === CUSTOM && text() === 'name')
      while (at < end) {
        const kind = byte();
        const after = whole() + at;
        if (kind === FUNCTION_NAMES) for (let left = whole(); left > 0; left--) names.set(whole(), text());
        at = after;
      }
    at = end;
  }
  return { sizes, names, data };
}

/** The crate that a function was written in: the first in its name, or in that of the type that it belongs to. @param {string} mangled */
function crateOf(mangled) {
  if (mangled.startsWith('__wbindgen')) return 'wasm-bindgen describes (not in the page)';
  const [, length] = /^_ZN(\d+)/.exec(mangled) ?? [];
  if (!length) return /^_R.*?Cs\w+?_\d*([a-z_][a-z0-9_]*)/.exec(mangled)?.[1] ?? 'others';
  const first = mangled.slice(3 + length.length, 3 + length.length + Number(length));
  return /([a-z_][a-z0-9_]*)\.\./.exec(first)?.[1] ?? (first.includes('$') ? 'core' : first);
}
