// @ts-check
// Where the set-up keeps what it downloads and compiles: outside the checkout, so that every fresh clone on a machine reuses it.
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'hash-phase');
/** Cargo's target directory, one for native and WebAssembly builds. */
export const target = process.env.CARGO_TARGET_DIR ?? join(cache, 'target');
/** wasm-bindgen and wasm-pack, one folder a version. */
export const tools = join(cache, 'tools');
/** Data sets as they were downloaded, checked. */
export const data = join(cache, 'data');
