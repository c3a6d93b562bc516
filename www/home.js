// @ts-check
// Where the pages find everything: beside themselves. Only here are addresses made by the build.
import gpuWorker from './engine/gpu-worker.js?worker&url';
import networkWorker from './engine/network-worker.js?worker&url';
import cpuWorker from './engine/worker.js?worker&url';
import { references } from './element/charts.js';
import { homeAt } from './engine/home.js';

/** @type {Record<string, string>} */
const files = import.meta.glob('./charts/*.{json,arrow}', { query: '?url', import: 'default', eager: true });

/**
 * @param {string} base the address of the page
 * @returns {import('./element/take-away.js').Home}
 */
export function homeOf(base) {
  const at = (/** @type {string} */ address) => new URL(address, base).href;
  return {
    ...homeAt(at('.'), { cpu: at(cpuWorker), gpu: at(gpuWorker), networks: at(networkWorker) }),
    charts: Object.fromEntries(references.map(({ name, file }) => [name, at(files[`./charts/${file}`])])),
    page: at('.'),
    embed: at('embed.js'),
  };
}
