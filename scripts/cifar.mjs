// @ts-check
// CIFAR-10 from PNG pictures, one image a row, to gzipped idx files in shards.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { SetupError } from './shell.mjs';

/** Images a shard: a reader loads only as many as the sample size needs. */
const SHARD = 1000;
const [HIGH, WIDE, CHANNELS] = [32, 32, 3];
const IMAGE = HIGH * WIDE * CHANNELS;
/** MD5 of two of the official batch files, which can be made from the pictures again. */
const OFFICIAL = { data_batch_1: '5dd7e06a14cb22eb9f671a540d1b7c25', test_batch: '803d5f7f4d78ea53de84dbe85f74fb6d' };

/**
 * Reads the package's pictures and writes `{train,test}-{images[-NN],labels}.gz`. An image is 32 rows of 32 times red, green, blue.
 * @param {string} from the unpacked npm package
 * @param {string} to
 */
export function makeCifar(from, to) {
  const labels = (/** @type {string} */ name) => Uint8Array.from(JSON.parse(readFileSync(join(from, name), 'utf8')).flat());
  const train = labels('train_lables.json');
  const test = labels('test_lables.json');
  for (let batch = 0; batch < 5; batch++) {
    const images = pixels(join(from, `data_batch_${batch + 1}.png`));
    for (let start = 0; start < images.length / IMAGE; start += SHARD) {
      const shard = String((batch * (images.length / IMAGE) + start) / SHARD).padStart(2, '0');
      writeIdx(join(to, `train-images-${shard}.gz`), [SHARD, HIGH, WIDE * CHANNELS], images.subarray(start * IMAGE, (start + SHARD) * IMAGE));
    }
    if (batch === 0) check('data_batch_1', images, train);
  }
  const images = pixels(join(from, 'test_batch.png'));
  check('test_batch', images, test);
  writeIdx(join(to, 'test-images.gz'), [test.length, HIGH, WIDE * CHANNELS], images);
  writeIdx(join(to, 'train-labels.gz'), [train.length], train);
  writeIdx(join(to, 'test-labels.gz'), [test.length], test);
}

/**
 * @param {string} path a picture whose rows are images, a pixel red, green, blue
 */
function pixels(path) {
  // Only here: set-up reads this file before it has installed any package.
  /** @type {typeof import('pngjs')} */
  const { PNG } = createRequire(import.meta.url)('pngjs');
  const { data } = PNG.sync.read(readFileSync(path));
  const bytes = new Uint8Array((data.length / 4) * CHANNELS);
  for (let pixel = 0; pixel < data.length / 4; pixel++)
    for (let channel = 0; channel < CHANNELS; channel++) bytes[pixel * CHANNELS + channel] = data[pixel * 4 + channel];
  return bytes;
}

/**
 * Makes the official binary batch of images and labels again: a label, then red, green and blue, plane by plane.
 * @param {keyof typeof OFFICIAL} name
 * @param {Uint8Array} images
 * @param {Uint8Array} labels
 */
function check(name, images, labels) {
  const count = images.length / IMAGE;
  const batch = new Uint8Array(count * (IMAGE + 1));
  for (let image = 0; image < count; image++) {
    const start = image * (IMAGE + 1);
    batch[start] = labels[image];
    for (let pixel = 0; pixel < HIGH * WIDE; pixel++)
      for (let channel = 0; channel < CHANNELS; channel++)
        batch[start + 1 + channel * HIGH * WIDE + pixel] = images[image * IMAGE + pixel * CHANNELS + channel];
  }
  const found = createHash('md5').update(batch).digest('hex');
  if (found !== OFFICIAL[name])
    throw new SetupError(`${name} is not CIFAR-10's: expected MD5 ${OFFICIAL[name]}, got ${found}.`, 'run this again; if it persists, the package has changed.');
}

/**
 * @param {string} path
 * @param {number[]} sizes
 * @param {Uint8Array} bytes
 */
function writeIdx(path, sizes, bytes) {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.set([0, 0, 8, sizes.length]);
  sizes.forEach((size, index) => header.writeUInt32BE(size, 4 + 4 * index));
  writeFileSync(path, gzipSync(Buffer.concat([header, bytes]), { level: 6 }));
}
