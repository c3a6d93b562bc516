// @ts-check
// Results that travel: a link with the chart in it, and a web page that shows it by itself.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';
import { LONGEST, packChart, unpackChart } from '../../www/chart/take/carried.js';
import { chartInPage, webPage } from '../../www/chart/take/web-page.js';
import { startingSettings } from '../../www/state/fields.js';
import { answered, firefoxOptions, openPage } from './browser.mjs';

const PATIENCE = 240_000;
const quick = JSON.parse(readFileSync(process.env.NATIVE_QUICK_CHART ?? '', 'utf8'));

/** @type {Awaited<ReturnType<typeof openPage>>} */
let opened;
let link = '';
before(async () => {
  opened = await openPage({ stays: true, acceptDownloads: true, viewport: { width: 1280, height: 900 } });
  const { page, address } = opened;
  await page.goto(`${address}#metric=knn`);
  await page.locator('#load').setInputFiles({ name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ ...quick, title: 'Mine & <yours>' })) });
  await page.locator('#figure-title', { hasText: 'Mine & <yours>: K-NN' }).waitFor({ timeout: PATIENCE });
  await page.locator('#take summary').click();
  await page.locator('#take-link').click();
  await page.locator('#taken', { hasText: 'with the chart in it' }).waitFor();
  link = await page.locator('#take-text').inputValue();
});
after(() => opened.close());

test('a chart comes out of a link as it went in, number by number', async () => {
  for (const chart of [quick, JSON.parse(readFileSync('www/charts/mnist-batch-norm.json', 'utf8')), JSON.parse(readFileSync('www/charts/mnist-random-inputs.json', 'utf8'))]) assert.deepEqual(JSON.parse(JSON.stringify(await unpackChart(await packChart(chart)))), chart);
  const packed = await packChart(quick);
  assert.match(packed, /^1\.[\w-]+$/);
  for (const [text, said] of /** @type {[string, RegExp][]} */ ([[packed.slice(0, -40), /cut off or changed/], [`2.${packed.slice(2)}`, /later version of this page/], [`1.${packed.slice(50)}`, /cut off or changed/], [await packChart({ ...quick, version: 2 }), /version: 2/]])) await assert.rejects(unpackChart(text), { message: said });
});

test('the link of the quick chart is short enough for mail and chats, and shows the chart elsewhere, view included', { timeout: PATIENCE }, async (t) => {
  assert.ok(link.length <= LONGEST && LONGEST === 8000, `${link.length} characters`);
  t.diagnostic(`${link.length} characters`);
  const { page, close, address } = await openPage({});
  t.after(close);
  await page.goto(link.replace(opened.address, address));
  await page.locator('#figure-title', { hasText: 'Mine & <yours>: K-NN' }).waitFor({ timeout: PATIENCE });
  await page.locator('#whose', { hasText: 'from the link that you followed' }).waitFor();
  const shown = await page.locator('hash-phase-chart').evaluate((element) => JSON.stringify(/** @type {any} */ (element).chart));
  assert.deepEqual(JSON.parse(shown).cells, quick.cells);
  // Its own link is the same, and a reload shows it again.
  await page.locator('#metric').selectOption('logistic');
  await page.reload();
  await page.locator('#figure-title', { hasText: 'Mine & <yours>: logistic' }).waitFor();
  assert.equal(new URL(page.url()).hash.includes('chart=1.'), true);
  // One that was cut off says so.
  await page.goto('about:blank');
  await page.goto(link.replace(opened.address, address).slice(0, -30));
  await page.locator('#notice', { hasText: /The chart in this link cannot be shown \(it is cut off or changed: ask for it again\)/ }).waitFor();
});

test('it opens in Firefox', { timeout: PATIENCE }, async (t) => {
  const browser = await puppeteer.launch(firefoxOptions());
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(link);
  await answered(() => page.evaluate(() => document.querySelector('hash-phase-chart')?.shadowRoot?.querySelector('#figure-title')?.textContent?.startsWith('Mine & <yours>: K-NN')), PATIENCE);
});

test('a chart that is too long for a link is not cut off: the link says so', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  const long = JSON.parse(readFileSync('www/charts/mnist-figure.json', 'utf8'));
  await page.locator('#load').setInputFiles({ name: 'long.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ ...long, title: 'long' })) });
  await page.locator('#figure-title', { hasText: 'long: ' }).waitFor();
  await page.locator('#take-link').click();
  await page.locator('#taken', { hasText: /would have [\d,]+ characters/ }).waitFor();
  assert.doesNotMatch(await page.locator('#take-text').inputValue(), /chart=/);
  await page.goBack();
  await page.locator('#figure-title', { hasText: 'Mine' }).waitFor();
});

test('saved as a web page, the chart is drawn without a network, and the page opens the file again', { timeout: PATIENCE }, async (t) => {
  const { page } = opened;
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#take-page').click()]);
  const folder = mkdtempSync(join(tmpdir(), 'hash-phase-page-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  const alone = await opened.browser.newContext({ offline: true });
  t.after(() => alone.close());
  const other = await alone.newPage();
  /** @type {string[]} */
  const asked = [];
  other.on('request', (request) => request.url().startsWith('file:') || request.url().startsWith('data:') || asked.push(request.url()));
  /** @type {string[]} */
  const complaints = [];
  other.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  other.on('pageerror', (error) => complaints.push(String(error)));
  await other.goto(pathToFileURL(path).href);
  await other.locator('#figure-title', { hasText: 'Mine & <yours>: K-NN' }).waitFor();
  await other.locator('#chart [role=gridcell]').first().waitFor();
  await other.locator('#y').selectOption('samples');
  assert.deepEqual([asked, complaints], [[], []]);
  await page.locator('#load').setInputFiles(path);
  await page.locator('#figure-title', { hasText: 'Mine' }).waitFor();
  await page.locator('#load').setInputFiles({ name: 'other.html', mimeType: 'text/html', buffer: Buffer.from('<p>no chart</p>') });
  await page.locator('#notice', { hasText: 'no chart is in this web page' }).waitFor();
});

test('nothing in a chart ends the page’s scripts', () => {
  const title = '</script><script>alert(1)</script><!--<script>';
  const file = webPage({ ...quick, title }, startingSettings().view, { script: 'const end = "</script>", open = "<!--";', page: 'https://a.example/"', link: 'https://a.example/' });
  assert.equal(file.match(/<script/g)?.length, 3);
  assert.equal(JSON.parse(chartInPage(file) ?? '').title, title);
});
