// @ts-check
// Reads data sets as set-up lays them out.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** The numbers of an idx file, and its sizes. @param {string} folder @param {string} name @returns {{ sizes: number[], numbers: number[] }} */
export function readIdx(folder, name) {
  const file = gunzipSync(readFileSync(join(folder, `${name}.gz`)));
  const [kind, rank] = [file[2], file[3]];
  const sizes = Array.from({ length: rank }, (_, at) => file.readUInt32BE(4 + 4 * at));
  const read = { 0x08: () => [...body], 0x0c: () => words((at) => body.readUInt32BE(at)), 0x0d: () => words((at) => body.readFloatBE(at)) }[kind];
  const body = file.subarray(4 + 4 * rank);
  const words = (/** @type {(at: number) => number} */ number) => Array.from({ length: body.length / 4 }, (_, at) => number(4 * at));
  return { sizes, numbers: read?.() ?? [] };
}

/** A data set of rows: its description, of each row what is not 0, and the labels. @param {string} folder */
export function readRows(folder) {
  const [starts, places, values, labels] = ['starts', 'places', 'numbers', 'labels'].map((name) => readIdx(folder, name).numbers);
  const rows = starts.slice(1).map((end, row) => Object.fromEntries(places.slice(starts[row], end).map((place, at) => [place, values[starts[row] + at]])));
  return { description: JSON.parse(gunzipSync(readFileSync(join(folder, 'description.gz'))).toString()), rows, labels };
}
