// @ts-check
// Keeps the page for readers without a network, and forgets it for those who ask: `?offline=off`.
import { scriptAddress } from '../engine/script-address.js';
import { sparesData } from './live.js';

/** @param {Location} location */
export async function keepOffline({ search }) {
  // Not in private windows of some browsers, not over plain http.
  const { serviceWorker } = navigator;
  if (!serviceWorker || !import.meta.env.PROD) return;
  if (new URLSearchParams(search).get('offline') === 'off') {
    // Only ours: the origin may serve other pages with their own workers and caches.
    const here = new URL('.', document.baseURI).href;
    const registration = await serviceWorker.getRegistration(here);
    if (registration?.scope === here) await registration.unregister();
    for (const name of await caches.keys()) if (name.startsWith('hash-phase-') || (name.startsWith('workbox-') && name.endsWith(here))) await caches.delete(name);
    return;
  }
  if (sparesData()) return;
  // In a browser that refuses, the page works as before.
  const registered = await serviceWorker.register(scriptAddress('sw.js')).catch((error) => console.info(`This page will not be there without a network: ${error.message}`));
  if (registered) (await serviceWorker.ready).active?.postMessage({ type: 'keep' });
}
