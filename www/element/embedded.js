// @ts-check
// The element in other people's pages: everything else is found beside its script.
import { homeAt } from '../engine/home.js';
import { references } from './charts.js';
import { defineChart } from './hash-phase-chart.js';

/**
 * Makes <hash-phase-chart> known.
 * @param {string} address of the script
 * @param {string} [lack] what is said with what does not come, where the reason is known beforehand
 */
export function embedFrom(address, lack) {
  const folder = new URL('.', address).href;
  defineChart({
    ...homeAt(folder, { cpu: new URL('embed/worker.js', folder).href, gpu: new URL('embed/gpu-worker.js', folder).href }),
    charts: Object.fromEntries(references.map(({ name, file }) => [name, new URL(`charts/${file}`, folder).href])),
    page: folder,
    embed: new URL('embed.js', folder).href,
    ...(lack ? { lack } : {}),
  });
}
