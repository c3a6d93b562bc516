// @ts-check
// One file for other people's pages: makes <hash-phase-chart> known, and finds everything else beside itself.
import { embedFrom } from './element/embedded.js';

/** What this script is called where it is published. */
const NAME = /\/embed\.js(\?|$)/;

/**
 * The script's own address: as a classic script it is told, as a module it is found by its name among those of the document. Other scripts are called so,
 * too: where there are several, it is one that was marked, or asked for as a module.
 */
function ownAddress() {
  const { currentScript, scripts } = document;
  if (currentScript instanceof HTMLScriptElement && currentScript.src) return currentScript.src;
  // A chart saved as a web page contains this script and states which page it comes from.
  if (currentScript?.dataset.hashPhase) return new URL('embed.js', currentScript.dataset.hashPhase).href;
  const named = [...scripts].filter(({ src }) => NAME.test(src));
  const own = named.find((script) => 'hashPhase' in script.dataset) ?? (named.length > 1 ? named.filter(({ type }) => type === 'module') : named)[0];
  return own?.src;
}

const address = typeof document === 'undefined' ? undefined : ownAddress();
if (address) {
  const lack = NAME.test(address) ? undefined : `This page serves embed.js under another name, ${address}: something has copied or combined it. Take it out of that (data-no-optimize, data-cfasync="false"), since charts and engines lie beside its own address.`;
  if (lack) console.error(`hash-phase: ${lack}`);
  embedFrom(address, lack);
} else if (typeof document !== 'undefined') console.error('hash-phase: embed.js must come by <script data-hash-phase src="…/embed.js">, since it finds its charts and engines beside that address; bundlers import hash-phase/element instead.');
