// @ts-check
// A reader's own data: tables, idx files and pictures are read as they are meant, and refused with the place and the reason.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { downloadChart, openPage } from './browser.mjs';

const PATIENCE = 480_000;

/** The reader's module, as the page opens it. */
const reader = /** @type {Promise<typeof import('../../www/pkg-reader/hash_phase.js')>} */ (
  (async () => {
    const module = await import(new URL('../../www/pkg-reader/hash_phase.js', import.meta.url).href);
    await module.default({ module_or_path: readFileSync(new URL('../../www/pkg-reader/hash_phase_bg.wasm', import.meta.url)) });
    return module;
  })()
);

const fixtures = new URL('../fixtures/own/', import.meta.url).pathname;

/** A file, or all of a folder, by their paths below what is brought. @param {string} place @param {string} path @returns {{ path: string, bytes: Uint8Array }[]} */
function filesOf(place, path) {
  if (!statSync(place).isDirectory()) return [{ path, bytes: new Uint8Array(readFileSync(place)) }];
  return readdirSync(place).sort().flatMap((name) => filesOf(join(place, name), `${path}/${name}`));
}

test('the page reads every file as the command line does, digest included', async () => {
  const { readOwn } = await reader;
  const lines = readFileSync(join(fixtures, 'expected.txt'), 'utf8').trim().split('\n');
  assert.ok(lines.length > 100);
  for (const line of lines) {
    const place = line.slice(0, line.indexOf(': '));
    const name = place.split('/').at(-1) ?? '';
    const files = filesOf(join(fixtures, place), name);
    let said;
    try {
      const { description, train, labels, digest, values } = readOwn(name, files.map(({ path }) => path), files.map(({ bytes }) => bytes), {});
      const inputs = 'inputs' in values ? values.inputs : values.length / labels.length;
      said = `${train} + ${labels.length - train} examples, ${inputs} inputs; ${description.classes.join(', ')}; ${digest}`;
    } catch (error) {
      said = /** @type {Error} */ (error).message;
    }
    assert.equal(`${place}: ${said}`, line);
  }
});

test('what a reader says of his table counts', async () => {
  const { readOwn } = await reader;
  const table = Buffer.from(['id,a,b', ...Array.from({ length: 30 }, (_, row) => `${row},${row % 3},${row % 2}`)].join('\n'));
  const { columns, description } = readOwn('t.csv', ['t.csv'], [table], { label: 'a', keep: ['id'], leave_out: ['b'] });
  assert.deepEqual(columns.map(({ used }) => used), ['number', 'label', 'nothing']);
  assert.deepEqual(description.classes, ['0', '1', '2']);
  assert.throws(() => readOwn('t.csv', ['t.csv'], [table], { label: 'c' }), /t\.csv: there is no column “c”: choose one of id, a, b/);
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
  await state.filter({ hasText: 'heaps.csv: 96 training examples, 24 test examples, 3 inputs; 2 classes: far, near.' }).waitFor();
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
  const bad = ['a,b', '1,x', 'oops,y', ...Array.from({ length: 20 }, (_, at) => `${(7 * at) % 11},${at % 2 ? 'x' : 'y'}`)].join('\n');
  await files.setInputFiles([brought('bad.csv', Buffer.from(bad))]);
  await state.filter({ hasText: 'bad.csv: line 3 has “oops” in column “a”, where all others are numbers' }).waitFor();
  await files.setInputFiles([brought('song.mp3', Buffer.from('la'))]);
  await state.filter({ hasText: 'song.mp3: no table of two columns or more is found in it' }).waitFor();
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
  await state.filter({ hasText: '40 training examples, 40 test examples, 8 × 8 pixels; 2 classes: 0, 1.' }).waitFor();
  await page.locator('#own-files').setInputFiles([brought('train-images-idx3-ubyte.gz', idx([40, 8, 8], images))]);
  await state.filter({ hasText: 'images and their labels are needed' }).waitFor();
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
  await state.filter({ hasText: 'pets: 10 training examples, 2 test examples, 10 × 10 pixels in colour; 2 classes: cats, dogs.' }).waitFor();
});

test('own data are kept in the browser: a run on them goes on after a reload, they are used again, and deleted', { timeout: PATIENCE }, async (t) => {
  const { page, address, close, complaints } = await openPage({ acceptDownloads: true, viewport: { width: 1280, height: 900 } });
  t.after(close);
  const [state, kept] = [page.locator('#own-state'), page.locator('#own-kept')];
  await page.goto(`${address}#dataset=moons`);
  assert.equal(await kept.isVisible(), false);
  await page.locator('#own-files').setInputFiles([brought('heaps.csv', Buffer.from(heaps))]);
  await kept.locator('summary', { hasText: 'Your data, kept in this browser (1)' }).waitFor();
  for (const [field, value] of [['#widths', '3, 20, 60'], ['#epochs', '0, 2000'], ['#samples', '10, 96'], ['#seeds', '20']]) await page.locator(field).fill(value);
  await page.getByRole('button', { name: 'Train on it' }).click();
  await page.locator('#progress-text', { hasText: /[1-9]\d* of 240 squares/ }).waitFor();
  await page.locator('#stop').click();
  const { chart: before } = await downloadChart(page);
  assert.ok(before.cells.length < 240);

  await page.reload();
  await state.filter({ hasText: 'No data yet' }).waitFor();
  await page.locator('#offer').getByRole('button', { name: /^Go on/ }).click();
  await page.locator('#progress-text', { hasText: /^Done: 240 of 240/ }).waitFor({ timeout: PATIENCE });
  const { chart } = await downloadChart(page);
  assert.equal(chart.cells.length, 240);
  assert.equal(chart.dataset.digest, before.dataset.digest);

  await page.reload();
  await kept.locator('summary').click();
  await kept.locator('li', { hasText: 'heaps.csv' }).filter({ hasText: '96 + 24 examples' }).getByRole('button', { name: 'Use: heaps.csv' }).click();
  await state.filter({ hasText: 'heaps.csv: 96 training examples, 24 test examples, 3 inputs; 2 classes: far, near.' }).waitFor();
  assert.equal(await page.locator('#dataset').inputValue(), 'own');
  await kept.locator('li', { hasText: ', in use' }).waitFor();
  await kept.getByRole('button', { name: 'Delete: heaps.csv' }).click();
  await kept.waitFor({ state: 'hidden' });
  assert.deepEqual(complaints, []);
});
