// @ts-check
// The page without a network, after a first visit. Its scope is the folder it lies in; it answers for what lies there and nothing else.
import { ExpirationPlugin } from 'workbox-expiration';
import { addPlugins, cleanupOutdatedCaches, precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { CacheFirst, NetworkFirst } from 'workbox-strategies';
import { isolation } from './engine/isolation.js';

/** The types of pages and of workers cannot be had together. @type {any} */
const worker = self;

/** The page's own files with their revisions: put in by the build. @type {import('workbox-precaching').PrecacheEntry[]} */
// @ts-expect-error -- the build knows it
const files = self.__WB_MANIFEST;
const here = (/** @type {string} */ folder) => new URL(folder, worker.registration.scope).href;
const LIST = here('engines/index.json');
/** What the sections train with. */
const PARTS = ['train-images', 'train-labels', 'test-images', 'test-labels'].map((part) => here(`data/mnist-small/${part}.gz`));
/** Modules and scripts of all engines, this version's and the one before. */
const MOST_ENGINES = 12;

/** Named by which data sets there are: a file that is pinned anew is asked for anew. */
/* global __DATA__ -- put in by the build */
// @ts-expect-error -- the build knows it
const DATA = `hash-phase-data-${__DATA__}`;

/** Seconds that a network has to say which engines there are, before what it said last is taken. */
const PATIENCE = 3;

/** What begins a page or a worker: each says whether it is isolated. */
const BEGINNINGS = ['document', 'iframe', 'worker'];

// Not every server can send the headers that isolate a page, which shared memory requires.
addPlugins([
  {
    async handlerWillRespond({ request, response }) {
      if (!BEGINNINGS.includes(request.destination)) return response;
      const headers = new Headers(response.headers);
      for (const [name, value] of Object.entries(isolation)) headers.set(name, value);
      return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
    },
  },
]);
precacheAndRoute(files, { ignoreURLParametersMatching: [/.*/] });
cleanupOutdatedCaches();

/** A server may say that its answer depends on who asks (`Vary: Origin`): a module is asked for otherwise by who keeps it than by who imports it. */
const matchOptions = { ignoreVary: true };
// A network that neither answers nor fails counts as none.
const list = new NetworkFirst({ cacheName: 'hash-phase-list', networkTimeoutSeconds: PATIENCE, matchOptions });
// A server may answer with its start page for a missing file: that must not be cached.
const noPage = { cacheWillUpdate: async (/** @type {{ response: Response }} */ { response }) => (response.status === 200 && !/text\/html/.test(response.headers.get('content-type') ?? '') ? response : null) };
// Engine names change with their contents and data sets are pinned, so neither is ever fetched again.
const engines = new CacheFirst({ cacheName: 'hash-phase-engines', matchOptions, plugins: [noPage, new ExpirationPlugin({ maxEntries: MOST_ENGINES })] });
const data = new CacheFirst({ cacheName: DATA, matchOptions, plugins: [noPage] });
registerRoute(({ url }) => url.href === LIST, list);
registerRoute(({ url }) => url.href.startsWith(here('engines/')), engines);
registerRoute(({ url }) => url.href.startsWith(here('data/')), data);

worker.addEventListener('activate', (/** @type {{ waitUntil: (done: Promise<unknown>) => void }} */ event) => event.waitUntil(Promise.all([worker.clients.claim(), forgetData()])));

/** Data sets that were pinned otherwise before. */
const forgetData = async () => Promise.all((await caches.keys()).filter((name) => name.startsWith('hash-phase-data') && name !== DATA).map((name) => caches.delete(name)));

// Started by the page's message and not in `activate`, which would delay every request of the page: fetches what the first visit loaded
// before this worker existed, and what an earlier one did not finish.
worker.addEventListener('message', (/** @type {{ data?: { type?: string }, waitUntil: (done: Promise<unknown>) => void }} */ event) => {
  if (event.data?.type === 'keep') event.waitUntil(keep(event));
  // A reader reloads to get a new version.
  if (event.data?.type === 'skip') event.waitUntil(worker.skipWaiting());
});

/** @param {any} event */
async function keep(event) {
  const found = await list.handle({ event, request: new Request(LIST) });
  /** @type {import('./engine/catalogue.js').Catalogue} */
  const { cpu } = await found.json();
  const modules = cpu ? [cpu.script, cpu.module].map((file) => new URL(file, LIST).href) : [];
  await Promise.all([...modules.map((file) => engines.handle({ event, request: new Request(file) })), ...PARTS.map((file) => data.handle({ event, request: new Request(file) }))]);
}
