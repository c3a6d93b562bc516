// @ts-check
// Reads the files of a reader's own data, beside the page, which stays free.
import bounds from '../../bounds.json' with { type: 'json' };
import { unpacked } from '../../engine/limited.js';
import { isIdx, readIdx } from './idx.js';
import { split } from './split.js';
import { readTable } from './table.js';

/** @typedef {{ file: File, folder: string }} Brought `folder` is the one a file lies in, if any */
/** @typedef {{ values: Uint8Array | Float32Array, labels: Uint8Array, train: number, classes: string[], what: string }} Read */

/** Pictures are made this wide and high, and grey, as MNIST's are. */
const SIDE = 28;

globalThis.addEventListener('message', async ({ data }) => {
  try {
    globalThis.postMessage(await read(data));
  } catch (error) {
    globalThis.postMessage({ failed: /** @type {Error} */ (error).message });
  }
});

/**
 * @param {Brought[]} brought
 * @returns {Promise<Read>}
 */
async function read(brought) {
  const bytes = brought.reduce((sum, { file }) => sum + file.size, 0);
  if (bytes > bounds.own_bytes) throw new Error(`the files have ${Math.round(bytes / 1e6)} MB, and ${bounds.own_bytes / 1e6} are the most`);
  const [{ file }] = brought;
  if (/\.(csv|tsv|txt)$/i.test(file.name)) {
    const { values, labels, what } = readTable(await file.text(), file.name);
    return { ...split(values, labels), what };
  }
  if (brought.some(({ file }) => isIdx(file.name))) return readIdxFiles(brought);
  return readPictures(brought);
}

/** @param {Brought[]} brought images and labels of training, and perhaps of test examples */
async function readIdxFiles(brought) {
  /** @type {({ name: string } & ReturnType<typeof readIdx>)[]} */
  const files = [];
  // All of them together, however much each unfolds.
  let left = bounds.own_bytes;
  for (const { file } of brought) {
    const bytes = await unpacked(new Uint8Array(await file.arrayBuffer()), left, file.name);
    left -= bytes.length;
    files.push({ name: file.name, ...readIdx(bytes, file.name) });
  }
  const find = (/** @type {boolean} */ test, /** @type {boolean} */ images) => files.find(({ name, sizes }) => /test|t10k/i.test(name) === test && sizes.length > 1 === images);
  const [images, labels] = [find(false, true), find(false, false)];
  if (!images || !labels) throw new Error('idx files come in pairs: drop the file of images and the file of labels together');
  const matched = (/** @type {typeof images} */ { sizes, name }, /** @type {typeof images} */ other) => {
    if (sizes[0] !== other.sizes[0]) throw new Error(`${name} has ${sizes[0]} images, ${other.name} ${other.sizes[0]} labels: take both from the same source`);
  };
  matched(images, labels);
  const [testImages, testLabels] = [find(true, true), find(true, false)];
  if (!testImages || !testLabels) return { ...split(images.bytes, Array.from(labels.bytes, String)), what: images.sizes.slice(1).join(' × ') + ' pixels' };
  matched(testImages, testLabels);
  const size = (/** @type {typeof images} */ { sizes }) => sizes.slice(1).join(' × ');
  if (size(images) !== size(testImages)) throw new Error(`${images.name} has images of ${size(images)} pixels, ${testImages.name} of ${size(testImages)}`);
  // Who gives test examples is taken at his word; a class keeps its number.
  const classes = Array.from({ length: largest(labels.bytes, largest(testLabels.bytes, 0)) + 1 }, (_, label) => String(label));
  return { values: joined(images.bytes, testImages.bytes), labels: joined(labels.bytes, testLabels.bytes), train: labels.bytes.length, classes, what: `${size(images)} pixels` };
}

/** @param {Uint8Array} bytes @param {number} least */
const largest = (bytes, least) => bytes.reduce((most, byte) => Math.max(most, byte), least);

/** @param {Uint8Array} one @param {Uint8Array} other */
function joined(one, other) {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** Whether what is painted is read back as it is. @param {OffscreenCanvasRenderingContext2D} context */
function readsTrue(context) {
  const grey = (/** @type {number} */ pixel) => (pixel * 37) % 256;
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
    context.fillStyle = `rgb(${grey(pixel)}, ${grey(pixel)}, ${grey(pixel)})`;
    context.fillRect(pixel % SIDE, Math.floor(pixel / SIDE), 1, 1);
  }
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  return data.every((byte, at) => byte === (at % 4 === 3 ? 255 : grey(Math.floor(at / 4))));
}

/** @param {Brought[]} brought pictures in a folder a class */
async function readPictures(brought) {
  const pictures = brought.filter(({ file }) => file.type.startsWith('image/') || /\.(png|jpe?g|gif|webp|bmp)$/i.test(file.name));
  if (!pictures.length) throw new Error(`${brought[0].file.name} is none of the files that are read: a table (.csv, .tsv), idx files, or one folder of images for each class`);
  if (pictures.length > bounds.own_pictures) throw new Error(`there are ${pictures.length} pictures, and ${bounds.own_pictures} are the most`);
  const loose = pictures.find(({ folder }) => !folder);
  if (loose) throw new Error(`${loose.file.name} lies in no folder: put the pictures of each class in a folder of its name, and drop the folders`);
  const context = new OffscreenCanvas(SIDE, SIDE).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('this browser gives a worker nothing to draw on: use a newer one');
  if (!readsTrue(context)) throw new Error('this browser alters what pages read of pictures, to protect you from being recognised: allow it for this page, or bring a table or idx files');
  const values = new Uint8Array(pictures.length * SIDE * SIDE);
  for (const [at, { file }] of pictures.entries()) {
    const image = await createImageBitmap(file).catch(() => {
      throw new Error(`${file.name} is no picture that this browser reads`);
    });
    // What is transparent is dark; pictures that are not square are scaled to be.
    context.fillStyle = '#000';
    context.fillRect(0, 0, SIDE, SIDE);
    context.drawImage(image, 0, 0, SIDE, SIDE);
    image.close();
    const { data } = context.getImageData(0, 0, SIDE, SIDE);
    for (let pixel = 0; pixel < SIDE * SIDE; pixel++) values[at * SIDE * SIDE + pixel] = Math.round(0.299 * data[4 * pixel] + 0.587 * data[4 * pixel + 1] + 0.114 * data[4 * pixel + 2]);
  }
  return { ...split(values, pictures.map(({ folder }) => folder)), what: `pictures, made ${SIDE} × ${SIDE} pixels and grey` };
}
