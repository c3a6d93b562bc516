// @ts-check
// Files that leave the page.
import { h } from '../chart/elements.js';

/**
 * @param {Blob} file
 * @param {string} name
 */
export function save(file, name) {
  const address = URL.createObjectURL(file);
  h('a', { href: address, download: name }).click();
  // After the browser has started to read it.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
