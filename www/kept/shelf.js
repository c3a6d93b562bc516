// @ts-check
// Where runs are kept: the browser's database, or where it gives none, this page's memory.
import { openDB } from 'idb';

/** @typedef {import('./runs.js').Run} Run */
/** @typedef {import('../chart/grow.js').News} News */
/**
 * @typedef {{
 *   runs: () => Promise<Run[]>,
 *   put: (run: Run) => Promise<unknown>,
 *   keep: (run: Run, news: News[]) => Promise<number>,
 *   drop: (run: Run, keys: number[]) => Promise<unknown>,
 *   news: (id: string) => Promise<News[]>,
 *   remove: (id: string) => Promise<unknown>,
 * }} Shelf `keep` adds what is finished, and the run as it then stands, both or neither, and gives the key by which `drop` takes it away again;
 *   `remove` takes away all of a run
 */

const NAME = 'hash-phase';
const VERSION = 1;

/** @returns {Promise<Shelf>} */
export async function openShelf() {
  const db = await openDB(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore('runs', { keyPath: 'id' });
      db.createObjectStore('news', { autoIncrement: true }).createIndex('run', 'run');
    },
    // A later version of the page is opened in another tab: it must not wait for this one.
    blocking: () => db.close(),
  });
  const both = () => db.transaction(['runs', 'news'], 'readwrite');
  return {
    runs: () => db.getAll('runs'),
    put: (run) => db.put('runs', run),
    async keep(run, news) {
      const change = both();
      change.objectStore('runs').put(run);
      const [key] = await Promise.all([change.objectStore('news').add({ run: run.id, news }), change.done]);
      return Number(key);
    },
    async drop(run, keys) {
      const change = both();
      change.objectStore('runs').put(run);
      for (const key of keys) change.objectStore('news').delete(key);
      await change.done;
    },
    // An index gives what has one key in the order in which it was added.
    news: async (id) => (await db.getAllFromIndex('news', 'run', id)).flatMap(({ news }) => news),
    async remove(id) {
      const change = both();
      change.objectStore('runs').delete(id);
      for (const key of await change.objectStore('news').index('run').getAllKeys(id)) change.objectStore('news').delete(key);
      await change.done;
    },
  };
}

/** @returns {Shelf} */
export function memoryShelf() {
  /** @type {Map<string, Run>} */
  const runs = new Map();
  /** @type {{ run: string, news: News[] }[]} */
  let kept = [];
  return {
    runs: async () => [...runs.values()],
    put: async (run) => runs.set(run.id, run),
    async keep(run, news) {
      runs.set(run.id, run);
      return kept.push({ run: run.id, news }) - 1;
    },
    async drop(run, keys) {
      runs.set(run.id, run);
      for (const key of keys) kept[key].news = [];
    },
    news: async (id) => kept.flatMap(({ run, news }) => (run === id ? news : [])),
    async remove(id) {
      runs.delete(id);
      kept = kept.map((one) => (one.run === id ? { ...one, news: [] } : one));
    },
  };
}
