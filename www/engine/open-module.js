// @ts-check
// Opens the CPU engine's module in a worker.

/**
 * @param {import('./compiled.js').Compiled} wanted
 * @returns {Promise<typeof import('../pkg/hash_phase.js')>}
 */
export async function openModule({ script, module }) {
  const hashPhase = await import(/* @vite-ignore */ script);
  await hashPhase.default({ module_or_path: module });
  return hashPhase;
}
