// @ts-check
// Where runs are kept: the browser's database, or where it gives none, this page's memory.
import { openDB } from 'idb';

/** @typedef {import('./runs.js').Run} Run */
/** @typedef {import('../chart/grow.js').News} News */
/**
 * @typedef {{
 *   runs: () => Promise<Run[]>,
 *   put: (run: Run) => Promise<unknown>,
 *   rename: (id: string, name: string) => Promise<unknown>,
 *   keep: (run: Run, news: News[]) => Promise<number>,
 *   drop: (run: Run, keys: number[]) => Promise<unknown>,
 *   news: (id: string) => Promise<News[]>,
 *   remove: (id: string) => Promise<unknown>,
 * }} Shelf `put`, `keep` and `drop` leave the name that a run has been given meanwhile; `keep` adds what is finished, and the run as it then stands, both or neither, and gives the key by which `drop` takes it away again;
 *   `remove` takes away all of a run
 */

const NAME = 'hash-phase';
const VERSION = 1;

/** @param {() => void} lost told where the database is taken away @returns {Promise<Shelf>} */
export async function openShelf(lost) {
  const db = await openDB(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore('runs', { keyPath: 'id' });
      db.createObjectStore('news', { autoIncrement: true }).createIndex('run', 'run');
    },
    // A later version of the page, opened in another tab, must not wait for this one.
    blocking: () => {
      db.close();
      lost();
    },
    terminated: lost,
  });
  const both = () => db.transaction(['runs', 'news'], 'readwrite');
  /** Puts a run, but for its name, which is a reader's: here or in another tab it may have been changed since. @param {any} store @param {Run} run */
  async function putNamed(store, run) {
    const there = await store.get(run.id);
    return store.put(there ? { ...run, name: there.name } : run);
  }
  return {
    runs: () => db.getAll('runs'),
    async put(run) {
      const change = db.transaction('runs', 'readwrite');
      await Promise.all([putNamed(change.store, run), change.done]);
    },
    async rename(id, name) {
      const change = db.transaction('runs', 'readwrite');
      const run = await change.store.get(id);
      await Promise.all([...(run ? [change.store.put({ ...run, name })] : []), change.done]);
    },
    async keep(run, news) {
      const change = both();
      const [key] = await Promise.all([change.objectStore('news').add({ run: run.id, news }), putNamed(change.objectStore('runs'), run), change.done]);
      return Number(key);
    },
    async drop(run, keys) {
      const change = both();
      for (const key of keys) change.objectStore('news').delete(key);
      await Promise.all([putNamed(change.objectStore('runs'), run), change.done]);
    },
    // An index returns entries of one key in the order in which they were added.
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
  const put = (/** @type {Run} */ run) => runs.set(run.id, { ...run, name: runs.get(run.id)?.name ?? run.name });
  return {
    runs: async () => [...runs.values()],
    put: async (run) => put(run),
    rename: async (id, name) => void (runs.has(id) && runs.set(id, { .../** @type {Run} */ (runs.get(id)), name })),
    async keep(run, news) {
      put(run);
      return kept.push({ run: run.id, news }) - 1;
    },
    async drop(run, keys) {
      put(run);
      for (const key of keys) kept[key].news = [];
    },
    news: async (id) => kept.flatMap(({ run, news }) => (run === id ? news : [])),
    async remove(id) {
      runs.delete(id);
      kept = kept.map((one) => (one.run === id ? { ...one, news: [] } : one));
    },
  };
}
