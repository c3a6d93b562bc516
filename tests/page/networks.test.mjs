// @ts-check
// A reader brings a network of any framework: an ONNX file.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { target } from '../../scripts/places.mjs';
import { openPage } from './browser.mjs';

const PATIENCE = 240_000;
const fixture = (/** @type {string} */ name) => ({ name, mimeType: 'application/octet-stream', buffer: readFileSync(new URL(`../fixtures/onnx/${name}`, import.meta.url)) });
const network = new URL('../fixtures/onnx/moons.onnx', import.meta.url).pathname;

/** @type {Awaited<ReturnType<typeof openPage>>} */
let opened;
/** Addresses of modules that the page has fetched. @type {string[]} */
const fetched = [];
before(async () => {
  opened = await openPage({ stays: true, acceptDownloads: true });
  opened.page.on('request', (request) => request.url().endsWith('.wasm') && fetched.push(request.url()));
  await opened.page.goto(`${opened.address}#dataset=moons`);
  await opened.page.locator('#load').waitFor({ state: 'attached' });
});
after(() => opened.close());

const cells = async (/** @type {string} */ row) => (await opened.page.locator('#elsewhere tbody tr', { hasText: row }).locator('td').allTextContents()).slice(1);

test('its numbers are those of the command line, and what reads it is fetched only then', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  assert.ok(!fetched.some((address) => address.includes('networks')));
  await page.locator('#load').setInputFiles(fixture('moons.onnx'));
  await page.locator('#elsewhere', { hasText: '2 ReLU layers with 5 ReLUs' }).waitFor({ timeout: PATIENCE });
  assert.equal(fetched.filter((address) => address.includes('networks')).length, 1);
  const numbers = JSON.parse(execFileSync(join(target, 'release', 'hash-phase'), ['encode', network, '--dataset', 'moons'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  const three = (/** @type {number} */ number) => number.toFixed(3);
  assert.deepEqual(await cells('redundancy ratio'), [numbers.redundancy.train, numbers.redundancy.test].map(three));
  assert.deepEqual(await cells('K-Means'), [numbers.kmeans.train, numbers.kmeans.test].map(three));
  assert.deepEqual(await cells('K-NN'), ['–', three(numbers.knn)]);
  assert.deepEqual(await cells('logistic'), ['–', three(numbers.logistic)]);
  assert.deepEqual(await cells('network accuracy'), [numbers.accuracy.train, numbers.accuracy.test].map(three));
});

test('each of its layers is measured alone, drawn and saved', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  await page.locator('#measure-layers').click();
  await page.locator('.network-layers', { hasText: '2 of 2 layers measured' }).waitFor();
  assert.equal(await page.locator('.network-layers svg.lines').count(), 1);
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.network-layers button', { hasText: 'Save as CSV' }).click()]);
  assert.equal(download.suggestedFilename(), 'moons.onnx-layers.csv');
  const [head, first, second] = readFileSync(await download.path(), 'utf8').trim().split('\n').map((line) => line.split(','));
  assert.deepEqual(head.slice(0, 5), ['layer', 'name', 'width', 'bits', 'redundancy_train']);
  // Two lines cut the plane into four regions: four codes for 1,024 examples.
  assert.deepEqual(first.slice(0, 5), ['1', 'lines', '2', '2', String(1020 / 1024)]);
  assert.deepEqual(second.slice(0, 3), ['2', 'more', '3']);
});

test('who shares a code, and what simple algorithms take for what, is shown for it as for any other', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  await page.locator('#look-at-codes').click();
  const figures = page.locator('#elsewhere .studied figure');
  await figures.filter({ hasText: 'Collisions' }).waitFor();
  const [knn] = (await cells('K-NN')).slice(1);
  assert.match(await figures.filter({ hasText: 'K-NN' }).locator('figcaption').innerText(), new RegExp(`accuracy ${(100 * Number(knn)).toFixed(1)}%`));
  const said = /1,024 training examples have ([\d,]+) codes; ([\d,]+) share theirs/.exec(await figures.filter({ hasText: 'Collisions' }).innerText());
  assert.ok(said);
  const [distinct, sharing] = said.slice(1).map((number) => Number(number.replace(',', '')));
  const [redundancy] = await cells('redundancy ratio');
  assert.equal(((1024 - distinct) / 1024).toFixed(3), redundancy);
  assert.ok(sharing > 1000);
  assert.equal(await figures.locator('svg.raster').getAttribute('viewBox').then((box) => box?.split(' ')[2]), '5');
});

test('a reader says which of its ReLUs are the code', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  await page.locator('#elsewhere > details > summary').click();
  await page.locator('#elsewhere [name=layers]').fill('1');
  await page.locator('#elsewhere form button').click();
  await page.locator('#elsewhere', { hasText: '1 ReLU layer with 2 ReLUs; 2 bits of the code vary.' }).waitFor();
  assert.deepEqual(await cells('redundancy ratio'), [(1020 / 1024).toFixed(3), (508 / 512).toFixed(3)]);
  await page.locator('#elsewhere > details > summary').click();
  await page.locator('#elsewhere [name=layers]').fill('7');
  await page.locator('#elsewhere form button').click();
  await page.locator('#notice', { hasText: 'moons.onnx: layers \'7\': \'7\' is not within 1 to 2: name ReLUs, or their places from 1 to 2' }).waitFor();
});

test('a network that is right more often on inputs of another scale is measured on them by one click', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  await page.locator('#load').setInputFiles(fixture('moons-of-bytes.onnx'));
  await page.locator('#elsewhere', { hasText: 'if inputs are 255 x, for 0.500 as they are here, from 0 to 1: which was it trained on?' }).waitFor();
  assert.deepEqual(await cells('network accuracy'), ['0.500', '0.500']);
  await page.locator('#measure-otherwise').click();
  await page.locator('#measure-otherwise').waitFor({ state: 'detached' });
  await page.locator('#elsewhere table').waitFor();
  for (const accuracy of await cells('network accuracy')) assert.ok(Number(accuracy) > 0.8, accuracy);
  await page.locator('#elsewhere > details > summary').click();
  assert.equal(await page.locator('#elsewhere [name=inputs]').inputValue(), 'bytes');
});

test('layers are measured and codes looked at one after the other, whatever is asked first', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  await page.locator('#load').setInputFiles(fixture('moons.onnx'));
  await page.locator('#measure-layers').waitFor();
  await page.evaluate(() => {
    for (const id of ['measure-layers', 'look-at-codes']) document.querySelector(`#${id}`)?.dispatchEvent(new MouseEvent('click'));
  });
  await page.locator('.network-layers', { hasText: '2 of 2 layers measured' }).waitFor();
  await page.locator('#elsewhere .studied figure', { hasText: 'Collisions' }).waitFor();
});

test('what cannot be read is called by its name, and the page goes on', { timeout: PATIENCE }, async () => {
  const { page, complaints } = opened;
  await page.locator('#load').setInputFiles(fixture('lenet.onnx'));
  await page.locator('#notice', { hasText: 'lenet.onnx: it takes examples of 1 x 8 x 8 numbers, the data have 2 numbers an example: choose the data set that it was trained on' }).waitFor();
  const cut = fixture('moons.onnx');
  await page.locator('#load').setInputFiles({ ...cut, buffer: cut.buffer.subarray(0, 200) });
  await page.locator('#notice', { hasText: 'moons.onnx: not an ONNX file, or cut off' }).waitFor();
  await page.locator('#load').setInputFiles(fixture('external.onnx'));
  await page.locator('#notice', { hasText: "external.onnx: it takes examples of 3 x 8 x 8 numbers" }).waitFor();
  assert.equal(await page.locator('#elsewhere table').count(), 0);
  await page.locator('#load').setInputFiles(fixture('moons.onnx'));
  await page.locator('#elsewhere table').waitFor();
  assert.deepEqual(complaints, []);
});

test('a bit a channel is the code of feature maps, and sums of channels are measured beside it', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  // Sixty pictures of eight times eight, brighter where their class says it.
  const pixel = (/** @type {number} */ row, /** @type {number} */ place) => (((row * 64 + place + 1) * 2654435761) % 2 ** 32) / 2 ** 33 + (Math.floor(place / 16) === row % 4 ? 0.5 : 0);
  const rows = Array.from({ length: 60 }, (_, row) => [...Array.from({ length: 64 }, (_, place) => pixel(row, place).toFixed(4)), `class ${row % 4}`]);
  const table = `${[...Array.from({ length: 64 }, (_, place) => `pixel${place}`), 'label'].join(',')}\n${rows.map((row) => row.join(',')).join('\n')}\n`;
  await page.locator('#own-files').setInputFiles([{ name: 'pictures.csv', mimeType: 'text/csv', buffer: Buffer.from(table) }]);
  await page.locator('#own-state', { hasText: 'pictures.csv: 48 training examples' }).waitFor({ timeout: PATIENCE });
  await page.locator('#load').setInputFiles(fixture('lenet.onnx'));
  await page.locator('#elsewhere', { hasText: '3 ReLU layers with 368 ReLUs' }).waitFor({ timeout: PATIENCE });
  await page.locator('#elsewhere > details > summary').click();
  await page.locator('#elsewhere [name=code]').selectOption('channels');
  await page.locator('#elsewhere form button').click();
  await page.locator('#elsewhere', { hasText: '3 ReLU layers with 26 channels' }).waitFor({ timeout: PATIENCE });
  const file = join(mkdtempSync(join(tmpdir(), 'channels-')), 'pictures.csv');
  writeFileSync(file, table);
  const numbers = JSON.parse(execFileSync(join(target, 'release', 'hash-phase'), ['encode', new URL('../fixtures/onnx/lenet.onnx', import.meta.url).pathname, '--dataset', file, '--code', 'channels'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  const three = (/** @type {number} */ number) => number.toFixed(3);
  assert.deepEqual(await cells('K-NN accuracy, on sums of channels'), ['–', three(numbers.channel_sums.knn)]);
  assert.deepEqual(await cells('redundancy ratio'), [numbers.redundancy.train, numbers.redundancy.test].map(three));
  assert.deepEqual(await cells('K-Means'), [numbers.kmeans.train, numbers.kmeans.test].map(three));
});
