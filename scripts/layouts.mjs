// @ts-check
// How each data set is laid out in a folder of its own: images as gzipped idx files `{train,test}-{images,labels}.gz`, tables and texts as
// `tables.mjs` has it.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzip } from 'node:zlib';
import { layOutCifar } from './cifar.mjs';
import { md5 } from './md5.mjs';
import { SetupError } from './shell.mjs';
import { layOutAdult, layOutCompas, layOutNewsgroups } from './tables.mjs';

/** Beside the program's own thread, which serves the page meanwhile. */
const pack = promisify(gzip);

const FILES = {
  'train-images': 'train-images-idx3-ubyte',
  'train-labels': 'train-labels-idx1-ubyte',
  'test-images': 't10k-images-idx3-ubyte',
  'test-labels': 't10k-labels-idx1-ubyte',
};
/** The small MNIST: as many of each digit as come first. */
const SMALL = { train: 800, test: 200 };

/** Lays an unpacked package out in a folder, and gives the MD5 of each file as it is published. @type {Record<string, (from: string, to: string) => Promise<Record<string, string>>>} */
export const layouts = { mnist: takeIdx, 'fashion-mnist': takeIdx, cifar10: layOutCifar, adult: layOutAdult, compas: layOutCompas, newsgroups: layOutNewsgroups };

/**
 * Refuses a data set whose files are not the published ones.
 * @param {string} name
 * @param {Record<string, string>} found MD5 by file
 * @param {Record<string, string>} pinned
 */
export function checkMd5(name, found, pinned) {
  for (const [file, md5] of Object.entries(pinned))
    if (found[file] !== md5) throw new SetupError(`${file} of ${name} is not the published file: its digest is ${found[file]} instead of ${md5}.`, 'run this again; if it persists, the package has changed.');
}

/**
 * Takes the four idx files from anywhere in a folder to another, under the names that are read here, gzipped.
 * @param {string} from
 * @param {string} to
 */
async function takeIdx(from, to) {
  const files = readdirSync(from, { recursive: true }).map(String);
  const found = await Promise.all(
    Object.entries(FILES).map(async ([name, start]) => {
      const file = files.find((file) => (file.split('/').pop() ?? '').startsWith(start));
      if (!file) throw new SetupError(`the package has no ${start}.`, 'the package has changed: choose another version in scripts/data.lock.json by `npm run data -- --pin`.');
      const bytes = readFileSync(join(from, file));
      const idx = isGzip(bytes) ? gunzipSync(bytes) : bytes;
      writeFileSync(join(to, `${name}.gz`), isGzip(bytes) ? bytes : await pack(bytes));
      return [start, md5(idx)];
    }),
  );
  return Object.fromEntries(found);
}

/**
 * Cuts the small MNIST out of the whole one.
 * @param {string} from
 * @param {string} to
 */
export async function cutMnist(from, to) {
  for (const set of /** @type {const} */ (['train', 'test'])) {
    const [images, labels] = ['images', 'labels'].map((part) => gunzipSync(readFileSync(join(from, `${set}-${part}.gz`))));
    const seen = new Map();
    const rows = [];
    for (let row = 0; row < labels.length - 8; row++) {
      const count = seen.get(labels[8 + row]) ?? 0;
      seen.set(labels[8 + row], count + 1);
      if (count < SMALL[set]) rows.push(row);
    }
    writeFileSync(join(to, `${set}-images.gz`), await pack(pick(images, 16, 28 * 28, rows)));
    writeFileSync(join(to, `${set}-labels.gz`), await pack(pick(labels, 8, 1, rows)));
  }
}

/**
 * The rows of an idx file.
 * @param {Buffer} file
 * @param {number} header bytes before the data
 * @param {number} size bytes a row
 * @param {number[]} rows
 */
function pick(file, header, size, rows) {
  const start = Buffer.from(file.subarray(0, header));
  start.writeUInt32BE(rows.length, 4);
  const body = rows.map((row) => file.subarray(header + row * size, header + (row + 1) * size));
  return Buffer.concat([start, ...body]);
}

/** @param {Buffer} bytes */
const isGzip = (bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b;
