// @ts-check
// The files that are dropped on the page.

/** @typedef {import('./worker.js').Brought} Brought */

/**
 * All files that are dropped, those in folders with their paths.
 * @param {DataTransfer} dropped
 * @returns {Promise<Brought[]>}
 */
export async function broughtBy(dropped) {
  const entries = Array.from(dropped.items, (item) => item.webkitGetAsEntry?.()).filter((entry) => entry !== null && entry !== undefined);
  if (!entries.some((entry) => entry.isDirectory)) return Array.from(dropped.files, (file) => ({ file, path: file.name }));
  return (await Promise.all(entries.map((entry) => filesIn(entry, '')))).flat();
}

/**
 * @param {FileSystemEntry} entry
 * @param {string} above the path of the folder it lies in
 * @returns {Promise<Brought[]>}
 */
async function filesIn(entry, above) {
  const path = above ? `${above}/${entry.name}` : entry.name;
  if (entry.isFile) return [{ file: await new Promise((found, failed) => /** @type {FileSystemFileEntry} */ (entry).file(found, failed)), path }];
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {FileSystemEntry[]} */
  const inside = [];
  // A directory reader returns entries in batches, and an empty batch at the end.
  for (;;) {
    const some = await new Promise((/** @type {(entries: FileSystemEntry[]) => void} */ found, failed) => reader.readEntries(found, failed));
    if (!some.length) break;
    inside.push(...some);
  }
  return (await Promise.all(inside.map((one) => filesIn(one, path)))).flat();
}
