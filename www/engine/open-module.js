// @ts-check
// Opens the CPU engine's module in a worker.

/**
 * @param {import('./compiled.js').Compiled} wanted
 * @returns {Promise<typeof import('../pkg/hash_phase.js')>}
 */
export async function openModule({ script, module }) {
  const hashPhase = await came(script, import(/* @vite-ignore */ script));
  await came(module, hashPhase.default({ module_or_path: module }));
  return hashPhase;
}

/**
 * @template T
 * @param {string | WebAssembly.Module} part
 * @param {Promise<T>} coming
 */
const came = (part, coming) =>
  coming.catch((error) => {
    // Browsers' messages for a failed download name neither the file nor the cause.
    if (typeof part !== 'string' || !(error instanceof TypeError)) throw error;
    const why = navigator.onLine ? 'check that nothing blocks it' : 'this machine is offline';
    throw Object.assign(new Error(`The engine’s file ${part} cannot be loaded (${error.message}): ${why}, and press Train again.`), { code: 'engine/fetch' });
  });
