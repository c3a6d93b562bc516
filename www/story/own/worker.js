// @ts-check
// Reads the files of a reader's own data by the module made for it, beside the page, which stays free.
import bounds from '../../bounds.json' with { type: 'json' };
import { openModule } from '../../engine/open-module.js';

/** @typedef {{ file: File, path: string }} Brought `path` is the file's below the folder that was brought, or its name */
/** @typedef {import('../../pkg-reader/hash_phase.js').OwnRead} OwnRead */
/** @typedef {Partial<import('../../types.d.ts').ReadOptions>} ReadOptions */
/** @typedef {{ module: import('../../engine/compiled.js').Compiled, name: string, brought: Brought[], options: ReadOptions }} Asked */

globalThis.addEventListener('message', async (/** @type {MessageEvent<Asked>} */ { data }) => {
  try {
    globalThis.postMessage({ read: await read(data) });
  } catch (error) {
    globalThis.postMessage({ failed: /** @type {Error} */ (error).message });
  }
});

/** @param {Asked} asked */
async function read({ module, name, brought, options }) {
  const bytes = brought.reduce((sum, { file }) => sum + file.size, 0);
  if (bytes > bounds.own_bytes) throw new Error(`${name}: the files have ${Math.round(bytes / 1e6)} MB, more than the limit of ${bounds.own_bytes / 1e6} MB: use fewer or smaller ones`);
  const reader = /** @type {typeof import('../../pkg-reader/hash_phase.js')} */ (/** @type {unknown} */ (await openModule(module)));
  const contents = [];
  for (const { file } of brought) contents.push(new Uint8Array(await file.arrayBuffer()));
  const paths = brought.map(({ path }) => path);
  return reader.readOwn(name, paths, contents, options, (/** @type {number} */ share) => globalThis.postMessage({ share }));
}
