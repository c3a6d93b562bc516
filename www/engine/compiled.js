// @ts-check
// The CPU engine's module, compiled once for all workers of a page: they share the machine code, and what the browser learns of it while
// one of them runs.

/** @typedef {import('./catalogue.js').Module} Module */
/** @typedef {{ script: string, module: string | WebAssembly.Module }} Compiled the module itself, or where it is */

/** By the module's address. @type {Map<string, Promise<Compiled>>} */
const known = new Map();

/**
 * @param {Module} engine
 * @returns {Promise<Compiled>} with the module's address where it cannot be had: a worker that tries by itself says why
 */
export function compiled({ script, module }) {
  const found = known.get(module) ?? WebAssembly.compileStreaming(fetch(module)).then((module) => ({ script, module }));
  known.set(module, found);
  return found.catch(() => {
    known.delete(module);
    return { script, module };
  });
}
