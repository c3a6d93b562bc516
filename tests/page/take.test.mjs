// @ts-check
// Save and share: what leaves the page is whole, and comes back as it was.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PNG } from 'pngjs';
import { root, target } from '../../scripts/places.mjs';
import { openPage } from './browser.mjs';

/** @type {Awaited<ReturnType<typeof openPage>>} */
let opened;
before(async () => {
  opened = await openPage({ stays: true, acceptDownloads: true, viewport: { width: 1280, height: 1000 }, colorScheme: 'dark' });
  await opened.page.goto(`${opened.address}#metric=knn&reference=mnist-batch-128&redundancy=0.1`);
  await opened.page.locator('#figure-title', { hasText: 'K-NN' }).waitFor();
  await opened.page.locator('#take summary').click();
});
after(() => opened.close());

/** The file that a button gives. @param {string} id */
async function taken(id) {
  const [download] = await Promise.all([opened.page.waitForEvent('download'), opened.page.locator(`#${id}`).click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** The words that a button puts beside the clipboard. @param {string} id */
async function copied(id) {
  const text = opened.page.locator('#take-text');
  await text.evaluate((text) => void (/** @type {HTMLTextAreaElement} */ (text).value = ''));
  await opened.page.locator(`#${id}`).click();
  // The module that makes these texts is fetched on first use.
  await opened.page.waitForFunction(() => document.querySelector('hash-phase-chart')?.shadowRoot?.querySelector('textarea')?.value);
  return text.inputValue();
}

test('the picture has title, axes, regimes, legend and source, in the theme and for print', async () => {
  const { name, bytes } = await taken('take-svg');
  assert.equal(name, 'mnist-figure-knn.svg');
  const svg = bytes.toString();
  for (const part of ['mnist, one hidden layer: K-NN accuracy, test', 'layer width →', '↑ epoch', 'sufficiently expressive', 'not trained', 'Made by hash-phase sweep', 'arXiv 2101.05490', 'training redundancy 0.1 and 0.95']) assert.ok(svg.includes(part), part);
  assert.doesNotMatch(svg, /var\(|currentColor|class="[^"]*tip/);
  assert.match(svg, /fill="rgb\(20, 23, 28\)"/, 'dark, as the page');
  const png = PNG.sync.read((await taken('take-png')).bytes);
  assert.ok(png.width === 1800 && png.height > 1000, `${png.width} x ${png.height}`);
  assert.deepEqual([...png.data.subarray(0, 3)], [20, 23, 28]);
  await opened.page.locator('#for-print').check();
  assert.match((await taken('take-svg')).bytes.toString(), /fill="rgb\(255, 255, 255\)"/, 'light for print');
});

test('the table has a row for each network and time', async () => {
  const { name, bytes } = await taken('take-csv');
  assert.equal(name, 'mnist-figure.csv');
  const { cells } = JSON.parse(readFileSync(join(root, 'www', 'charts', 'mnist-batch-128.json'), 'utf8'));
  assert.equal(bytes.toString().trimEnd().split('\r\n').length, cells.length + 1);
});

test('the link leads back to the view, and the embed code shows it', async () => {
  const { page, address } = opened;
  const link = await copied('take-link');
  assert.ok(link.startsWith(`${address}#metric=knn`), link);
  const code = await copied('take-embed');
  assert.match(code, /<script async src="http:\/\/127\.0\.0\.1:\d+\/embed\.js"><\/script>\n<hash-phase-chart src="mnist-batch-128" metric="knn" redundancy="0\.1" pin="[\d-]+">/);
  const other = await page.context().newPage();
  await other.goto(link);
  await other.locator('#figure-title', { hasText: 'K-NN' }).waitFor();
  assert.equal(await other.locator('#threshold-redundancy').inputValue(), '0.1');
  await other.route('**/post', (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><title>post</title>${code}` }));
  await other.goto(`${address}post`);
  await other.locator('hash-phase-chart #figure-title', { hasText: 'K-NN accuracy' }).waitFor();
  await other.close();
});

test('back and forward walk through views, and typing is one step', async () => {
  const { page, address } = opened;
  await page.goto('about:blank');
  await page.goto(address);
  await page.locator('#figure-title', { hasText: 'redundancy ratio, train' }).waitFor();
  const before = await page.evaluate(() => history.length);
  await page.locator('#metric').selectOption('knn');
  await page.locator('#threshold-redundancy').fill('0.1');
  await page.locator('#threshold-redundancy').fill('0.15');
  await page.locator('#threshold-redundancy').fill('0.2');
  await page.locator('#y').selectOption('samples');
  assert.equal(await page.evaluate(() => history.length), before + 3);
  await page.goBack();
  assert.equal(await page.locator('#y').inputValue(), 'epoch');
  await page.locator('#threshold-redundancy').blur();
  assert.equal(await page.locator('#threshold-redundancy').inputValue(), '0.2');
  await page.goBack();
  await page.goBack();
  await page.locator('#figure-title', { hasText: 'redundancy ratio, train' }).waitFor();
  await page.goForward();
  await page.locator('#figure-title', { hasText: 'K-NN' }).waitFor();
});

test('the command makes the chart, and the citation names the paper', { timeout: 480_000 }, async () => {
  const { page, address } = opened;
  await page.goto('about:blank');
  await page.goto(`${address}#dataset=moons&widths=3,8&epochs=0,2&samples=100,1024&factor=label_noise&levels=0,0.5&random=true`);
  await page.locator('#start:enabled').click();
  await page.locator('#progress-text', { hasText: /^Done: 16 of 16/ }).waitFor();
  await page.locator('#take summary').click();
  const command = await copied('take-command');
  assert.equal(command, 'hash-phase sweep --dataset moons --preset quick --widths 3,8 --epochs 0,2 --samples 100,1024 --seeds 1 --factor label_noise=0,0.5 --random-inputs -o chart.json');
  const { bytes } = await taken('download');
  const here = JSON.parse(bytes.toString());
  const folder = mkdtempSync(join(tmpdir(), 'hash-phase-command-'));
  execFileSync(join(target, 'release', 'hash-phase'), [...command.split(' ').slice(1, -1), join(folder, 'chart.json')], { stdio: 'pipe' });
  const there = JSON.parse(readFileSync(join(folder, 'chart.json'), 'utf8'));
  assert.deepEqual(there.plans, here.plans, 'the very plan');
  assert.match(await copied('take-bibtex'), /@article\{he2021neural,[\s\S]*arXiv:2101\.05490[\s\S]*@software\{hash_phase,/);
});

test('the weights of the pinned network give the numbers of its square back', { timeout: 480_000 }, async () => {
  const { page, address } = opened;
  await page.goto('about:blank');
  await page.goto(`${address}#dataset=moons&preset=code&seeds=1&widths=3,8,12&epochs=0,2,10&samples=100,1024`);
  await page.locator('#start:enabled').click();
  await page.locator('#progress-text', { hasText: /^Done: 18 of 18/ }).waitFor();
  await page.locator('#chart [aria-label^="width 8, epoch 2,"]').click();
  await page.locator('#take summary').click();
  const chart = JSON.parse((await taken('download')).bytes.toString());
  const { name, bytes } = await taken('take-weights');
  assert.equal(name, 'width-8_epoch-2_samples-1024_seed-1.safetensors');
  await page.locator('#taken', { hasText: 'the same network as in the chart' }).waitFor();
  const cell = chart.cells.find((/** @type {any} */ { width, epoch, samples }) => width === 8 && epoch === 2 && samples === 1024);

  // By the page, in the browser, and by the command line.
  await page.locator('#load').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: bytes });
  await page.locator('#elsewhere table').waitFor();
  const shown = await page.locator('#elsewhere td').allTextContents();
  for (const number of [cell.redundancy.train, cell.redundancy.test, cell.knn, cell.logistic, cell.accuracy.test]) assert.ok(shown.includes(number.toFixed(3)), `${number} is not among ${shown.join(' ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'hash-phase-weights-'));
  writeFileSync(join(folder, name), bytes);
  const there = JSON.parse(execFileSync(join(target, 'release', 'hash-phase'), ['encode', join(folder, name), '--dataset', 'moons'], { encoding: 'utf8' }));
  assert.deepEqual([there.redundancy, there.accuracy, there.bits], [cell.redundancy, cell.accuracy, cell.bits]);
});
