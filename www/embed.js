// @ts-check
// One file for other people's pages: makes <hash-phase-chart> known, and finds everything else beside itself.
import { references } from './element/charts.js';
import { defineChart } from './element/hash-phase-chart.js';
import { homeAt } from './engine/home.js';

/** The script's own address: as a classic script it is told, as a module it is found by its name. */
function ownAddress() {
  const { currentScript, scripts } = document;
  if (currentScript instanceof HTMLScriptElement && currentScript.src) return currentScript.src;
  return [...scripts].map(({ src }) => src).find((src) => /\/embed\.js(\?|$)/.test(src));
}

const address = typeof document === 'undefined' ? undefined : ownAddress();
if (address) {
  const folder = new URL('.', address).href;
  defineChart({
    ...homeAt(folder, { cpu: new URL('embed/worker.js', folder).href, gpu: new URL('embed/gpu-worker.js', folder).href }),
    charts: Object.fromEntries(references.map(({ name }) => [name, new URL(`charts/${name}.json`, folder).href])),
    page: folder,
    embed: address,
  });
} else if (typeof document !== 'undefined') console.error('hash-phase: embed.js must come by <script src="…/embed.js">, since it finds its charts and engines beside that address; bundlers import hash-phase/element instead.');
