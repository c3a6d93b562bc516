// @ts-check
// A new version of the page was published while this one is open: it says so, and is there on one click.
import { h } from '../chart/elements.js';
import { NEWER } from '../engine/release.js';

/** Milliseconds that a new version has to take over from the one that is kept for readers without a network. */
const PATIENCE = 10_000;

/**
 * @param {import('../element/room.js').Room} room
 * @param {HTMLElement} place
 */
export function sayNewer(room, place) {
  const button = h('button', { type: 'button', className: 'primary' }, 'Reload');
  const bar = h('p', { id: 'newer', className: 'bar', role: 'status', hidden: true });
  place.prepend(bar);
  button.addEventListener('click', async () => {
    button.disabled = true;
    await takeOver().catch(() => {});
    location.reload();
  });
  room.watch(({ newer }) => {
    if (!newer || !bar.hidden) return;
    bar.hidden = false;
    bar.replaceChildren(h('span', {}, NEWER.replace(': reload it.', '. What you have trained is kept.')), button);
  });
}

/** Lets the service worker of the new version take the place of the one that answers with the old. */
async function takeOver() {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration) return;
  const late = new Promise((go) => setTimeout(go, PATIENCE));
  await Promise.race([registration.update(), late]);
  const next = registration.waiting ?? registration.installing;
  if (!next) return;
  const over = new Promise((go) => navigator.serviceWorker.addEventListener('controllerchange', go, { once: true }));
  const skip = () => next.state === 'installed' && next.postMessage({ type: 'skip' });
  next.addEventListener('statechange', skip);
  skip();
  await Promise.race([over, late]);
}
