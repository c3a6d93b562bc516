// @ts-check
// Keeps the page for readers without a network, and forgets it for those who ask: `?offline=off`.
import { scriptAddress } from '../engine/script-address.js';
import { maySpend } from './live.js';

/** Names of what is kept begin so; the library's own with its name. */
const KEPT = /^(hash-phase-|workbox-)/;

/** @param {Location} location */
export async function keepOffline({ search }) {
  // Not in private windows of some browsers, not over plain http.
  const { serviceWorker } = navigator;
  if (!serviceWorker || !import.meta.env.PROD) return;
  if (new URLSearchParams(search).get('offline') === 'off') {
    for (const registration of await serviceWorker.getRegistrations()) await registration.unregister();
    for (const name of await caches.keys()) if (KEPT.test(name)) await caches.delete(name);
    return;
  }
  if (!maySpend()) return;
  // A browser that refuses shows the page as before.
  const registered = await serviceWorker.register(scriptAddress('sw.js')).catch((error) => console.info(`This page will not be there without a network: ${error.message}`));
  if (registered) (await serviceWorker.ready).active?.postMessage({ type: 'keep' });
}
