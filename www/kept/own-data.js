// @ts-check
// A reader's own data, kept in the browser's own file system under their digest: a file of numbers, and one that says what they are.

/** @typedef {import('../engine/home.js').OwnData} OwnData */
/** @typedef {{ name: string, kind: keyof typeof KINDS, length: number }} Part an array in the file of numbers, one after the other */
/** @typedef {Omit<OwnData, 'values' | 'labels'> & { examples: number, bytes: number, kept: number, inputs: number | null, parts: Part[] }} Kept `kept` is in milliseconds since 1970; `inputs` are those of sparse numbers */

const FOLDER = 'own-data';
const KINDS = { Uint8Array, Uint32Array, Float32Array };

/** @param {string} digest */
const fileOf = (digest) => digest.replace(/^sha256:/, '');

async function folder() {
  if (!navigator.storage?.getDirectory) throw new Error('this browser gives the page no files');
  return (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
}

/** @param {FileSystemDirectoryHandle} place @param {string} name @param {Blob} content */
async function write(place, name, content) {
  const handle = await place.getFileHandle(name, { create: true });
  if (!handle.createWritable) throw new Error('this browser cannot write files for the page');
  const file = await handle.createWritable();
  try {
    await file.write(content);
    await file.close();
  } catch (error) {
    await file.abort().catch(() => {});
    await place.removeEntry(name).catch(() => {});
    throw error;
  }
}

export function createOwnShelf() {
  /** @type {Set<() => void>} */
  const watchers = new Set();
  const changed = () => watchers.forEach((told) => told());

  /** @param {FileSystemDirectoryHandle} place @param {string} name @returns {Promise<Kept>} */
  const said = async (place, name) => JSON.parse(await (await (await place.getFileHandle(name)).getFile()).text());

  return {
    /** @param {OwnData} own */
    async keep({ name, digest, description, train, samples, epochs, values, labels }) {
      const sparse = 'inputs' in values ? values : null;
      const arrays = sparse ? { labels, starts: sparse.starts, places: sparse.places, numbers: sparse.numbers } : { labels, values: /** @type {Uint8Array<ArrayBuffer>} */ (values) };
      const parts = Object.entries(arrays).map(([name, array]) => ({ name, kind: /** @type {keyof typeof KINDS} */ (array.constructor.name), length: array.length }));
      const numbers = new Blob(Object.values(arrays));
      const place = await folder();
      await write(place, `${fileOf(digest)}.numbers`, numbers);
      /** @type {Kept} */
      const kept = { name, digest, description, train, samples, epochs, examples: labels.length, bytes: numbers.size, kept: Date.now(), inputs: sparse?.inputs ?? null, parts };
      // Written last, so that whatever is listed is complete.
      await write(place, `${fileOf(digest)}.json`, new Blob([JSON.stringify(kept)]));
      changed();
    },
    /** The last ones first; none where the browser keeps no files. @returns {Promise<Kept[]>} */
    async list() {
      const place = await folder().catch(() => null);
      if (!place) return [];
      const names = [];
      for await (const name of place.keys()) if (name.endsWith('.json')) names.push(name);
      const all = await Promise.all(names.map((name) => said(place, name).catch(() => null)));
      return all.filter((one) => one !== null).sort((one, other) => other.kept - one.kept);
    },
    /** @param {string} digest @returns {Promise<OwnData | null>} null where they are not kept */
    async read(digest) {
      const place = await folder().catch(() => null);
      const kept = place && (await said(place, `${fileOf(digest)}.json`).catch(() => null));
      if (!place || !kept) return null;
      const { name, description, train, samples, epochs, bytes, inputs, parts } = kept;
      const buffer = await (await (await place.getFileHandle(`${fileOf(digest)}.numbers`)).getFile()).arrayBuffer();
      if (buffer.byteLength !== bytes) throw new Error(`${name}: the data kept in this browser are damaged: bring the files again`);
      let at = 0;
      const arrays = /** @type {any} */ (
        Object.fromEntries(
          parts.map(({ name, kind, length }) => {
            const size = length * KINDS[kind].BYTES_PER_ELEMENT;
            return [name, new KINDS[kind](buffer.slice(at, (at += size)))];
          }),
        )
      );
      const { labels, values, ...sparse } = arrays;
      return { name, digest, description, train, samples, epochs, labels, values: inputs === null ? values : { inputs, ...sparse } };
    },
    /** @param {string} digest */
    async remove(digest) {
      const place = await folder();
      for (const ending of ['json', 'numbers']) await place.removeEntry(`${fileOf(digest)}.${ending}`).catch(() => {});
      changed();
    },
    /** Others are in use now. */
    changed,
    /** Tells whenever others are kept, or in use. @param {() => void} told */
    watch: (told) => void watchers.add(told),
  };
}

/** @typedef {ReturnType<typeof createOwnShelf>} OwnShelf */
