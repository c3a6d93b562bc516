// @ts-check
// A data set once for all workers, in pages that may share memory; the same numbers in pages that may not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './browser.mjs';

const PATIENCE = 480_000;
const PLAN = 'dataset=mnist-small&preset=quick&widths=3,20,40&epochs=0,1,2&samples=10,100&seeds=2';
const ALL = 3 * 3 * 2 * 2;
const IMAGES = ['train-images', 'test-images'];

/** @typedef {import('../../www/element/hash-phase-chart.js').HashPhaseChart} HashPhaseChart */

/** Trains, and tells what was asked for and what was shared. @param {import('node:test').TestContext} t @param {boolean} isolated */
async function trained(t, isolated) {
  const { page, address, complaints, close } = await openPage({ bare: !isolated });
  t.after(close);
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(...IMAGES.filter((part) => request.url().endsWith(`/${part}.gz`))));
  let workers = 0;
  page.on('worker', (worker) => void (workers += Number(/\/worker[\w.-]*\.js$/.test(worker.url()))));
  await page.addInitScript(() => {
    /** @type {number[]} */
    const shared = [];
    const Original = globalThis.SharedArrayBuffer;
    if (Original) globalThis.SharedArrayBuffer = /** @type {any} */ (new Proxy(Original, { construct: (target, [bytes]) => (shared.push(bytes), new target(bytes)) }));
    Object.assign(window, { shared });
  });
  await page.goto(`${address}embed.html?${new URLSearchParams({ plan: PLAN, controls: 'train', engine: 'cpu' })}`);
  assert.equal(await page.evaluate(() => crossOriginIsolated), isolated);
  await page.locator('#start:enabled').click();
  await page.locator('#progress-text', { hasText: `Done: ${ALL} of ${ALL} squares` }).waitFor({ timeout: PATIENCE });
  const cells = await page.evaluate(() => /** @type {HashPhaseChart} */ (document.querySelector('hash-phase-chart')).chart?.cells);
  assert.deepEqual(complaints, []);
  return { asked, workers, shared: await page.evaluate(() => /** @type {any} */ (window).shared), cells };
}

/** @param {import('../../www/types.d.ts').Cell} one @param {import('../../www/types.d.ts').Cell} other */
const inOrder = (one, other) => one.seed - other.seed || one.samples - other.samples || one.width - other.width || one.epoch - other.epoch;

test('a page that is isolated fetches its data set once for all workers, and comes to the numbers of one that is not', { timeout: 2 * PATIENCE }, async (t) => {
  const one = await trained(t, true);
  assert.deepEqual(one.asked.sort(), IMAGES.toSorted());
  // All of MNIST's small cut, with a header to each file.
  assert.deepEqual(one.shared, [8_000 * 784 + 16, 2_000 * 784 + 16]);
  const other = await trained(t, false);
  assert.deepEqual(other.shared, []);
  // One processor, one worker.
  assert.ok(other.workers >= 1 && other.asked.length === IMAGES.length * other.workers, `${other.asked} for ${other.workers} workers`);
  assert.deepEqual(one.cells?.toSorted(inOrder), other.cells?.toSorted(inOrder));
});
