// @ts-check
// The built page on a local server, and a headless Chromium to open it in.
import { readFileSync } from 'node:fs';
import { after, afterEach } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { servePage } from '../../scripts/serve-page.mjs';

/** Milliseconds that a page has to come to what is waited for, and between two looks. */
const PATIENCE = 60_000;
const LOOK_EVERY = 50;

/**
 * The Chromium that set-up has found.
 * @param {string[]} [more]
 * @returns {import('playwright-core').LaunchOptions}
 */
export function launchOptions(more = []) {
  const { CHROMIUM } = process.env;
  if (!CHROMIUM) throw new Error('CHROMIUM names no browser: run this by `npm test`, or set CHROMIUM to the path of one.');
  const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return { executablePath: CHROMIUM, args: ['--no-sandbox', ...quiet, ...more] };
}

/**
 * The Firefox that set-up has found. Its window is given its size at the start: puppeteer's viewports take a command that older ones lack (140 does).
 * @returns {import('puppeteer-core').LaunchOptions}
 */
export function firefoxOptions() {
  const { FIREFOX } = process.env;
  if (!FIREFOX) throw new Error('FIREFOX names no browser: run this by `npm test`, or set FIREFOX to the path of one.');
  return { browser: 'firefox', executablePath: FIREFOX, headless: true, defaultViewport: null, args: ['--width=1280', '--height=1000'] };
}

/** What tests have opened: a test that fails, or is out of time, leaves nothing behind that takes a processor from the next. @type {Set<{ close: () => Promise<void>, stays: boolean }>} */
const open = new Set();
const closeAll = (/** @type {boolean} */ all) => Promise.all([...open].filter(({ stays }) => all || !stays).map(({ close }) => close()));
// Scripts that are no tests open pages, too.
if (process.env.NODE_TEST_CONTEXT) {
  afterEach(() => closeAll(false));
  after(() => closeAll(true));
}

/**
 * @param {import('playwright-core').BrowserContextOptions & { webgpu?: boolean, bare?: boolean, stays?: boolean }} [options] `stays`: for all tests of a file; with `webgpu` the browser offers
 *   its software adapter, without it none; `bare`: from a server that sends no headers of ours
 */
export async function openPage({ webgpu = false, bare = false, stays = false, ...options } = {}) {
  const { address, close: endServer } = await servePage({ bare });
  const browser = await chromium.launch(launchOptions(webgpu ? ['--enable-unsafe-webgpu'] : []));
  // A service worker would bypass the tests' own responses; only its own test allows it.
  const context = await browser.newContext({ serviceWorkers: 'block', ...options });
  // A busy machine is given time.
  context.setDefaultTimeout(2 * PATIENCE);
  const page = await context.newPage();
  /** @type {string[]} What the console and the page complained of. */
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  let closed = false;
  const close = async () => {
    open.delete(it);
    if (closed) return;
    closed = true;
    await browser.close();
    await endServer();
  };
  const it = { close, stays };
  open.add(it);
  return { page, browser, address, complaints, close, endServer };
}

/**
 * Asks until there is an answer.
 * @template T
 * @param {() => Promise<T>} ask
 * @param {number} [patience] milliseconds
 * @returns {Promise<NonNullable<T>>}
 */
export async function answered(ask, patience = PATIENCE) {
  for (const end = Date.now() + patience; ; await pause(LOOK_EVERY)) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`there was never an answer to ${ask}`);
  }
}

/**
 * Waits until a page says yes. (`waitForFunction` takes the promise of a no for a yes.)
 * @template Argument
 * @param {import('playwright-core').Page} page
 * @param {(argument: Argument) => Promise<boolean>} ask runs in the page
 * @param {Argument} argument
 */
export const until = (page, ask, argument) => answered(() => page.evaluate(/** @type {any} */ (ask), argument));

/**
 * Counts what a page asks for before its chart is there, as a server that compresses sends it; to be called before it is opened.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<() => Promise<number>>} bytes, once the chart is there
 */
export async function sizesBeforeChart(page) {
  /** @type {Map<string, import('playwright-core').Response>} */
  const responses = new Map();
  page.on('response', (response) => responses.set(response.url(), response));
  await page.addInitScript(() => document.addEventListener('ready', () => Object.assign(window, { chartAt: performance.now() }), true));
  return async () => {
    const asked = await page.evaluate(() => [location.href, ...performance.getEntriesByType('resource').filter(({ startTime }) => startTime <= /** @type {any} */ (window).chartAt).map(({ name }) => name)]);
    const bodies = await Promise.all(asked.flatMap((name) => responses.get(name.replace(/#.*/, ''))?.body() ?? []));
    return bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
  };
}

/**
 * The chart that the page has now, as it downloads it.
 * @param {import('playwright-core').Page} page
 */
export async function downloadChart(page) {
  await page.locator('#take').evaluate((take) => /** @type {HTMLDetailsElement} */ (take).open = true);
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#download').click()]);
  return { name: download.suggestedFilename(), path: await download.path(), chart: JSON.parse(readFileSync(await download.path(), 'utf8')) };
}

/**
 * Mean difference over all numbers of two charts of the same cells.
 * @param {any} one
 * @param {any} two
 */
export function meanDifference(one, two) {
  const numbers = (/** @type {any} */ cell) => [cell.redundancy.train, cell.redundancy.test, cell.accuracy.train, cell.accuracy.test, cell.kmeans.train, cell.kmeans.test, cell.knn, cell.logistic];
  const key = (/** @type {any} */ { seed, samples, epoch, width }) => [seed, samples, epoch, width].join('-');
  const others = new Map(two.cells.map((/** @type {any} */ cell) => [key(cell), cell]));
  const differences = one.cells.flatMap((/** @type {any} */ cell) => {
    const other = numbers(others.get(key(cell)));
    return numbers(cell).map((number, place) => Math.abs(number - other[place]));
  });
  return differences.reduce((/** @type {number} */ sum, /** @type {number} */ apart) => sum + apart, 0) / differences.length;
}
