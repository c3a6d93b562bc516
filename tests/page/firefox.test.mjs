// @ts-check
// A second browser: page, element and what is taken along are in Firefox what they are in Chromium.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import puppeteer from 'puppeteer-core';
import { answered, firefoxOptions, openPage } from './browser.mjs';

/** @typedef {import('../../www/element/hash-phase-chart.js').HashPhaseChart} HashPhaseChart */

const PATIENCE = 480_000;
const PLAN = 'dataset=moons&widths=3,8,20&epochs=0,2,30&samples=100,1024&factor=batch_norm&levels=false,true';

/** The chart that a page has, but for what its making took. @param {HashPhaseChart['chart']} chart */
const withoutTime = (chart) => JSON.stringify({ ...chart, provenance: { ...chart?.provenance, seconds: 0 } });

/**
 * @param {import('node:test').TestContext} t
 * @returns {Promise<{ page: import('puppeteer-core').Page, complaints: string[] }>}
 */
async function openFirefox(t) {
  const browser = await puppeteer.launch({ ...firefoxOptions(), protocolTimeout: PATIENCE });
  t.after(() => browser.close());
  const page = await browser.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  return { page, complaints };
}

/** Puppeteer's own waiting makes a function of text in the page, and a Firefox that heeds the page's policy there, 140, does not let it. @template T @param {() => Promise<T>} ask */
const until = (ask) => answered(ask, PATIENCE);

/** Clicks what is in the element, once it is there: by the page's own hand, since Firefox 140 does not tell where a frame's things lie. @param {import('puppeteer-core').Frame} frame @param {string} selector */
const click = async (frame, selector) => (await until(() => frame.$(`hash-phase-chart >>> ${selector}`))).evaluate((there) => /** @type {HTMLElement} */ (there).click());

/** Waits for how training has ended. @param {import('puppeteer-core').Frame} frame @param {string} words */
const ended = (frame, words) => until(() => frame.evaluate((words) => document.querySelector('hash-phase-chart')?.shadowRoot?.querySelector('#progress-text')?.textContent?.startsWith(words), words));

test('the page trains in Firefox to the bits of Chromium, and gives the same files', { timeout: 2 * PATIENCE }, async (t) => {
  const opened = await openPage({});
  t.after(opened.close);
  await opened.page.goto(`${opened.address}#${PLAN}`);
  await opened.page.locator('#start:enabled').click();
  await opened.page.locator('#progress-text', { hasText: /^Done: 36 of 36/ }).waitFor({ timeout: PATIENCE });
  const expected = await opened.page.locator('hash-phase-chart').evaluate((element) => /** @type {HashPhaseChart} */ (element).chart);

  const { page, complaints } = await openFirefox(t);
  await page.goto(`${opened.address}#${PLAN}`);
  await click(page.mainFrame(), '#start:not([disabled])');
  await ended(page.mainFrame(), 'Done: 36 of 36');
  const chart = await page.$eval('hash-phase-chart', (element) => /** @type {HashPhaseChart} */ (element).chart);
  assert.equal(withoutTime(chart), withoutTime(expected));

  // The files that the buttons save.
  await page.evaluate(() => {
    const saved = /** @type {any} */ (Object.assign(window, { saved: [] })).saved;
    const own = URL.createObjectURL;
    URL.createObjectURL = (/** @type {any} */ file) => (saved.push(file), own.call(URL, file));
  });
  for (const selector of ['#take summary', '#download', '#take-csv', '#take-svg', '#take-png']) await click(page.mainFrame(), selector);
  await until(() => page.evaluate(() => /** @type {any} */ (window).saved.length === 4));
  const files = await page.evaluate(() => Promise.all(/** @type {Blob[]} */ (/** @type {any} */ (window).saved).map(async (file) => ({ type: file.type, size: file.size, text: file.type === 'application/json' ? await file.text() : '' }))));
  assert.deepEqual(files.map(({ type }) => type), ['application/json', 'text/csv', 'image/svg+xml', 'image/png']);
  assert.equal(withoutTime(JSON.parse(files[0].text)), withoutTime(expected));
  assert.ok(files.every(({ size }) => size > 1000), JSON.stringify(files.map(({ size }) => size)));
  assert.deepEqual(complaints, []);
});

test('the element draws and trains in Firefox within a sandboxed frame of another origin', { timeout: PATIENCE }, async (t) => {
  const opened = await openPage({});
  t.after(opened.close);
  const { page } = await openFirefox(t);
  await page.goto('about:blank');
  await page.setContent(`<iframe title="chart" sandbox="allow-scripts" width="900" height="900" src="${opened.address}embed.html?plan=${encodeURIComponent('dataset=moons&widths=3,8&epochs=0,2&samples=100')}&controls=train"></iframe>`);
  const frame = await page.waitForFrame((frame) => frame.url().includes('embed.html'));
  await click(frame, '#start:not([disabled])');
  await ended(frame, 'Done: 4 of 4');
});

test('the page’s sections are alive in Firefox: a digit’s code, regions, codes', { timeout: 2 * PATIENCE }, async (t) => {
  const opened = await openPage({}); // only its server is needed
  t.after(opened.close);
  const { page, complaints } = await openFirefox(t);
  await page.goto(opened.address);
  const says = (/** @type {string} */ place, /** @type {string} */ words) => until(() => page.evaluate((place, words) => document.querySelector(place)?.textContent?.startsWith(words), place, words));
  await says('#hook-state', 'Trained in your browser');
  await until(() => page.evaluate(() => document.querySelectorAll('#neighbours canvas').length === 9));
  await page.evaluate(() => document.querySelector('#plane')?.scrollIntoView({ block: 'center' }));
  await says('#plane-state', 'Epoch 250 of 250');
  await page.evaluate(() => document.querySelector('#codes .stage')?.scrollIntoView({ block: 'start' }));
  await says('#codes [role=status]', 'Width 40, trained in your browser');
  assert.deepEqual(complaints, []);
});
