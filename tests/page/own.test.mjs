// @ts-check
// A reader's own data: tables, idx files and pictures are read as they are meant, and refused with the place and the reason.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { isIdx, readIdx } from '../../www/story/own/idx.js';
import { split } from '../../www/story/own/split.js';
import { readTable } from '../../www/story/own/table.js';
import { downloadChart, openPage } from './browser.mjs';

const PATIENCE = 480_000;

test('a table with or without a head, of commas, tabs or semicolons, is the same table', () => {
  const rows = [['1', '10', 'cat'], ['3', '10', 'dog'], ['2', '10', 'cat'], ['1', '10', 'dog']];
  const expected = { values: Float32Array.of(0, 0, 1, 0, 0.5, 0, 0, 0), labels: ['cat', 'dog', 'cat', 'dog'] };
  for (const between of [',', '\t', ';'])
    for (const head of [[], [['long', 'wide', 'kind']]]) {
      const { values, labels } = readTable([...head, ...rows].map((row) => row.join(between)).join('\r\n'), 'pets.csv');
      assert.deepEqual({ values, labels }, expected);
    }
  const first = readTable('label,a,b\ncat,1,10\ndog,3,10\ncat,2,10\ndog,1,10\n', 'pets.csv');
  assert.deepEqual({ values: first.values, labels: first.labels }, expected, 'a column called label may stand anywhere');
});

test('a table that is none says where and why', () => {
  const refused = (/** @type {string} */ text, /** @type {RegExp} */ why) => assert.throws(() => readTable(text, 'pets.csv'), why);
  refused('', /a table needs one row per example/);
  refused('a,b,label\n1,2,x\n1,two,y\n3,4,x', /pets\.csv: row 3 has “two” where a number should be \(b\)/);
  refused('a,b,label\n1,2,x\n1,2\n3,4,x', /row 3 has 2 columns, the first one 3/);
  refused('a,b,label\n1,2,x\n1,2,\n3,4,x', /row 3 has no label/);
});

test('two hundred thousand examples of a class are no more than any other number', () => {
  const labels = Array.from({ length: 400_000 }, (_, at) => (at % 2 ? 'a' : 'b'));
  const { train, labels: numbers } = split(new Uint8Array(400_000), labels);
  assert.deepEqual([train, numbers.length], [320_000, 400_000]);
});

test('four fifths of each class train, each class does both, always the same ones', () => {
  const labels = Array.from({ length: 50 }, (_, at) => ['10', '9', 'b'][at % 3]);
  const values = Float32Array.from({ length: 100 }, (_, at) => at);
  const one = split(values, labels);
  assert.deepEqual(one, split(values, labels));
  assert.deepEqual(one.classes, ['9', '10', 'b']);
  // Wherever an example went, its label went with it.
  one.labels.forEach((label, at) => assert.equal(one.classes[label], labels[one.values[2 * at] / 2]));
  for (const label of [0, 1, 2]) {
    const [train, test] = [one.labels.slice(0, one.train), one.labels.slice(one.train)].map((part) => part.filter((other) => other === label).length);
    assert.ok(test >= 1 && Math.abs(train / (train + test) - 0.8) < 0.05, `${label}: ${train} and ${test}`);
  }
  assert.throws(() => split(values.subarray(0, 4), ['a', 'a']), /all labels are “a”/);
  assert.throws(() => split(values.subarray(0, 6), ['a', 'a', 'b']), /class “b” has one example/);
});

test('idx files are read, cut and foreign ones refused', () => {
  const file = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6);
  assert.deepEqual(readIdx(file, 'x'), { sizes: [2, 3], bytes: file.subarray(12) });
  assert.throws(() => readIdx(file.subarray(0, 15), 'x'), /says 2 × 3 and has 3 bytes/);
  assert.throws(() => readIdx(Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 0), 'x'), /only idx files of bytes/);
  assert.throws(() => readIdx(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 'x'), /no idx file/);
  assert.deepEqual(['train-images-idx3-ubyte.gz', 'my-labels', 'iris.csv', 'net.safetensors'].map(isIdx), [true, true, false, false]);
});

/** A table of two heaps that are easily told apart. */
const heaps = ['x,y,z,class', ...Array.from({ length: 120 }, (_, at) => `${(at % 2) * 5 + Math.sin(at)},${Math.cos(7 * at)},${Math.sin(3 * at)},${at % 2 ? 'near' : 'far'}`)].join('\n');
const brought = (/** @type {string} */ name, /** @type {Buffer} */ buffer) => ({ name, mimeType: '', buffer });

test('a reader trains on a table of his own, looks inside, and bad files leave it as it is', { timeout: PATIENCE }, async (t) => {
  const { page, address, close, complaints } = await openPage({ acceptDownloads: true, viewport: { width: 1280, height: 900 } });
  t.after(close);
  await page.goto(`${address}#dataset=moons`);
  const [files, state] = [page.locator('#own-files'), page.locator('#own-state')];
  await files.setInputFiles([brought('heaps.csv', Buffer.from(heaps))]);
  await state.filter({ hasText: '96 examples train, 24 test: 3 columns of numbers, scaled to 0…1; labels from “class”. 2 classes: far, near.' }).waitFor();
  assert.equal(await page.locator('#dataset').inputValue(), 'own');
  assert.equal(await page.locator('#samples').inputValue(), '10, 96');
  assert.equal(await page.locator('#epochs').inputValue(), '0, 63, 125, 250, 500', 'few examples are seen as often as many are');
  await page.locator('#widths').fill('3, 20');
  await page.locator('#epochs').fill('0, 100');
  await page.getByRole('button', { name: 'Train on it' }).click();
  await page.locator('#progress-text', { hasText: /^Done: 8 of 8/ }).waitFor({ timeout: PATIENCE });
  const { chart } = await downloadChart(page);
  assert.deepEqual([chart.dataset.name, chart.dataset.train, chart.dataset.test, chart.dataset.classes], ['own', 96, 24, 2]);
  assert.ok(chart.cells.find((/** @type {any} */ cell) => cell.width === 20 && cell.epoch === 100 && cell.samples === 96).accuracy.test > 0.95);
  await page.locator('#look-inside').click();
  await page.locator('#inside [role=status]', { hasText: /^Inside width/ }).waitFor();
  await page.locator('#codes .stage').evaluate((stage) => stage.scrollIntoView({ block: 'start' }));
  await page.locator('#codes [role=status]', { hasText: 'trained in your browser on 96 examples of yours' }).waitFor();
  await files.setInputFiles([brought('bad.csv', Buffer.from('a,b\n1,x\noops,y\n2,x\n'))]);
  await state.filter({ hasText: 'bad.csv: row 3 has “oops” where a number should be (a)' }).waitFor();
  await files.setInputFiles([brought('song.mp3', Buffer.from('la'))]);
  await state.filter({ hasText: 'song.mp3 is none of the files that are read' }).waitFor();
  assert.deepEqual(complaints, []);
});

test('idx files and pictures in a folder a class are learned, too', { timeout: PATIENCE }, async (t) => {
  const { page, address, close } = await openPage({ viewport: { width: 1280, height: 900 } });
  t.after(close);
  await page.goto(`${address}#dataset=moons`);
  const state = page.locator('#own-state');
  const idx = (/** @type {number[]} */ sizes, /** @type {number[]} */ bytes) => gzipSync(Buffer.concat([Buffer.from([0, 0, 8, sizes.length]), ...sizes.map((size) => Buffer.from([0, 0, size >> 8, size & 255])), Buffer.from(bytes)]));
  const images = Array.from({ length: 40 * 64 }, (_, at) => (Math.floor(at / 64) % 2 ? at % 200 : 255 - (at % 100)));
  const labels = Array.from({ length: 40 }, (_, at) => at % 2);
  await page.locator('#own-files').setInputFiles([brought('train-images-idx3-ubyte.gz', idx([40, 8, 8], images)), brought('train-labels-idx1-ubyte.gz', idx([40], labels)), brought('t10k-images-idx3-ubyte.gz', idx([40, 8, 8], images)), brought('t10k-labels-idx1-ubyte.gz', idx([40], labels))]);
  await state.filter({ hasText: '40 examples train, 40 test: 8 × 8 pixels. 2 classes: 0, 1.' }).waitFor();
  await page.locator('#own-files').setInputFiles([brought('train-images-idx3-ubyte.gz', idx([40, 8, 8], images))]);
  await state.filter({ hasText: 'idx files come in pairs' }).waitFor();
  // Folders are dropped: the browser's own drag and drop has what no script can make, so the folder input is filled.
  const picture = (/** @type {number} */ grey) => {
    const png = new PNG({ width: 10, height: 10 });
    png.data.fill(grey);
    return PNG.sync.write(png);
  };
  await page.locator('#own-folder').evaluate((input, pictures) => {
    const files = pictures.map(({ path, bytes }) => {
      const file = new File([Uint8Array.from(bytes)], path.split('/').at(-1) ?? '', { type: 'image/png' });
      Object.defineProperty(file, 'webkitRelativePath', { value: path });
      return file;
    });
    Object.defineProperty(input, 'files', { value: files, configurable: true });
    input.dispatchEvent(new Event('change'));
  }, Array.from({ length: 12 }, (_, at) => ({ path: `pets/${at % 2 ? 'cats' : 'dogs'}/${at}.png`, bytes: [...picture(at % 2 ? 240 - at : 20 + at)] })));
  await state.filter({ hasText: '10 examples train, 2 test: pictures, made 28 × 28 pixels and grey. 2 classes: cats, dogs.' }).waitFor();
});
