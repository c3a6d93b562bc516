// @ts-check
// Which engine trains, and why: the CPU, or where there is a real GPU the one that trains the plan sooner.

/** @typedef {import('../state/names.js').EngineWish} Wanted as the reader chose */
/** @typedef {{ name: string, software: boolean }} Adapter */
/** @typedef {{ engine: 'gpu' | 'cpu', why: string }} Choice `why` is a sentence for the reader */

/** Milliseconds that a browser has to name its GPU; one that never answers must not hold training for ever. */
const PATIENCE = 3000;

/**
 * @param {Wanted} wanted
 * @param {Adapter | null} adapter none where the browser has no WebGPU or gives no adapter
 * @param {boolean} [there] whether the GPU's engine is
 * @returns {Choice}
 */
export function choose(wanted, adapter, there = true) {
  if (wanted === 'cpu') return { engine: 'cpu', why: 'CPU, as chosen.' };
  if (wanted === 'gpu')
    return adapter
      ? { engine: 'gpu', why: `GPU (${adapter.name}), as chosen${adapter.software ? ', though it is emulated in software: the CPU would be faster' : ''}.` }
      : { engine: 'gpu', why: 'GPU, as chosen, but this browser offers none: training will say so.' };
  if (!adapter) return { engine: 'cpu', why: 'CPU, since this browser offers no GPU to pages.' };
  if (adapter.software) return { engine: 'cpu', why: `CPU, since the GPU offered (${adapter.name}) is emulated in software, slower than the CPU engine.` };
  if (!there) return { engine: 'cpu', why: `CPU, since the engine for the GPU (${adapter.name}) is not here yet.` };
  return { engine: 'gpu', why: `GPU (${adapter.name}) or CPU, whichever trains the plan sooner: both are timed on a few steps of it.` };
}

/**
 * The adapter that the browser offers.
 * @returns {Promise<Adapter | null>}
 */
export async function findAdapter() {
  const gpu = /** @type {{ gpu?: { requestAdapter: (options: object) => Promise<any> } }} */ (/** @type {unknown} */ (navigator)).gpu;
  const late = new Promise((give) => setTimeout(() => give(null), PATIENCE));
  // A browser whose request fails, at once or later, offers no GPU.
  const adapter = await Promise.race([Promise.resolve().then(() => gpu?.requestAdapter({ powerPreference: 'high-performance' })).catch(() => null), late]);
  if (!adapter) return null;
  const { vendor = '', architecture = '', description = '', isFallbackAdapter = false } = adapter.info ?? {};
  const name = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed';
  return { name, software: isFallbackAdapter || adapter.isFallbackAdapter === true || /swiftshader|llvmpipe|basic render/i.test(name) };
}
