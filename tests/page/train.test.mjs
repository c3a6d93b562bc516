// @ts-check
// A reader opens the page, trains the quick preset on real MNIST to the end, and downloads the chart.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../scripts/places.mjs';
import { downloadChart, meanDifference, openPage } from './browser.mjs';

/** Milliseconds within which the quick preset is trained on two slow processors. */
const PATIENCE = 240_000;

/** @type {Awaited<ReturnType<typeof openPage>>} */
let opened;
/** Everything the page asked the server for. @type {string[]} */
const asked = [];

before(async () => {
  opened = await openPage({ stays: true, acceptDownloads: true, viewport: { width: 1280, height: 900 } });
  opened.page.on('request', (request) => asked.push(request.url()));
  // The longest task of the page's thread.
  await opened.page.addInitScript(() => {
    Object.assign(window, { longest: 0 });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) Object.assign(window, { longest: Math.max(/** @type {any} */ (window).longest, duration) });
    }).observe({ type: 'longtask' });
  });
  // When the chart was there.
  await opened.page.addInitScript(() => document.addEventListener('ready', () => Object.assign(window, { chartAt: performance.now() }), true));
  await opened.page.goto(opened.address);
});

after(() => opened.close());

test('the page opens with a chart, and nothing of an engine is fetched before that', async () => {
  const { page } = opened;
  await page.locator('#chart svg').first().waitFor();
  await page.locator('#hook-state', { hasText: /^Training/ }).waitFor();
  const first = (/** @type {RegExp} */ name) => asked.findIndex((address) => name.test(address));
  assert.ok(first(/mnist-figure/) >= 0 && first(/mnist-figure/) < first(/worker-/) && first(/mnist-figure/) < first(/\.wasm/), asked.join('\n'));
  const [chartAt, engine] = await page.evaluate(() => [/** @type {any} */ (window).chartAt, performance.getEntriesByType('resource').filter(({ name }) => /worker-|\.wasm/.test(name)).map(({ startTime }) => startTime)]);
  assert.ok(engine.length && engine.every((/** @type {number} */ at) => at > chartAt));
});

test('a chart file that is none is refused with the place and the reason, and the chart stays', async () => {
  const { page } = opened;
  const chart = JSON.parse(readFileSync(join(root, 'www', 'charts', 'mnist-figure.json'), 'utf8'));
  chart.cells[3].knn = 7;
  await page.locator('#load').setInputFiles({ name: 'wrong.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(chart)) });
  await page.locator('#notice:not([hidden])').waitFor();
  assert.match((await page.locator('#notice').textContent()) ?? '', /wrong\.json: cells\[3\]\.knn: 7 is not between 0 and 1/);
  assert.equal(await page.locator('#chart svg').count() > 0, true);
});

test('what cannot be trained is marked where it is typed', async () => {
  const { page } = opened;
  await page.locator('#widths').fill('10, 5');
  assert.match((await page.locator('#widths-problem').textContent()) ?? '', /5 is not greater than 10/);
  await page.locator('#start').click();
  assert.equal(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.id), 'widths');
  await page.locator('#preset').selectOption('quick');
  await page.locator('#widths').fill('3, 7, 10, 15, 20, 30, 40, 60, 100');
});

test('Train fills the chart from MNIST; it can be paused and resumed', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  await page.evaluate(() => Object.assign(window, { longest: 0 }));
  await page.locator('#start').click();
  await page.locator('#progress-text', { hasText: /[1-9]\d* of 180 squares/ }).waitFor();
  await page.locator('#pause').click();
  await page.locator('#progress-text', { hasText: /^Paused/ }).waitFor();
  await page.locator('#pause').click();
  await page.locator('#progress-text', { hasText: /^Done: 180 of 180/ }).waitFor({ timeout: PATIENCE });
  const longest = await page.evaluate(() => /** @type {any} */ (window).longest);
  console.log(`longest task of the page's thread while training: ${Math.round(longest)} ms`);
});

test('the numbers that the page shows are those of the chart it downloads', async () => {
  const { page } = opened;
  const { name, path, chart } = await downloadChart(page);
  assert.equal(name, 'mnist-small-quick.json');
  assert.equal(chart.cells.length, 180);

  const pinned = chart.cells.find((/** @type {any} */ cell) => cell.width === 20 && cell.epoch === 8 && cell.samples === 8000);
  const expectedNumbers = {
    'redundancy-train': pinned.redundancy.train,
    'redundancy-test': pinned.redundancy.test,
    kmeans: pinned.kmeans.train,
    knn: pinned.knn,
    logistic: pinned.logistic,
    accuracy: pinned.accuracy.test,
  };
  for (const [metric, value] of Object.entries(expectedNumbers))
    await page.locator(`#inspector [data-metric="${metric}"] td:last-child`, { hasText: value.toFixed(3) }).waitFor();

  await page.locator('#metric').selectOption('knn');
  await page.locator('#numbers summary').click();
  await page.locator('#table caption', { hasText: 'K-NN' }).waitFor();
  const table = await page.locator('#table tbody tr').last().locator('td').allTextContents();
  const expected = chart.axes.width.map((/** @type {number} */ width) => chart.cells.find((/** @type {any} */ cell) => cell.width === width && cell.epoch === 8 && cell.samples === 8000).knn.toFixed(3));
  assert.deepEqual(table, expected);

  // And the page reads back what it wrote.
  await page.locator('#load').setInputFiles(path);
  await page.locator('#figure-title', { hasText: 'mnist-small' }).waitFor();
  assert.equal(await page.locator('#notice').isHidden(), true);
});

test('the same plan on the command line gives the same chart but for rounding', async () => {
  // Filled by `hash-phase sweep` on the same plan; see scripts/test.mjs.
  const { chart: here } = await downloadChart(opened.page);
  const native = JSON.parse(readFileSync(process.env.NATIVE_QUICK_CHART ?? '', 'utf8'));
  assert.equal(here.dataset.digest, native.dataset.digest);
  assert.equal(here.cells.length, native.cells.length);
  const mean = meanDifference(here, native);
  console.log(`mean difference between browser and command line over ${8 * here.cells.length} numbers: ${mean.toFixed(5)}`);
  assert.ok(mean < 0.01, `mean difference ${mean}`);
  assert.deepEqual(opened.complaints, []);
});
