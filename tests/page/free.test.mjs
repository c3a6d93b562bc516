// @ts-check
// The page's own thread stays free while its sections train, one at a time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './browser.mjs';

const PATIENCE = 480_000;

/** What a task of the page’s thread may take, in microseconds of its processor: a reader notices what is longer. */
const NOTICED = 100_000;

test('no task of the page’s thread takes 100 ms while its sections train, and never do two of them train at once', { timeout: PATIENCE }, async (t) => {
  const { page, browser, address, close, complaints } = await openPage({ viewport: { width: 1280, height: 900 } });
  t.after(close);
  await page.goto(address);
  await page.locator('#hook-state', { hasText: /^Training/ }).waitFor();
  await page.evaluate(() => {
    const watched = Object.assign(window, { states: /** @type {string[]} */ ([]) });
    for (const id of ['#hook-state', '#plane-state', '#codes [role=status]']) new MutationObserver(() => watched.states.push(id)).observe(/** @type {Element} */ (document.querySelector(id)), { childList: true, characterData: true, subtree: true });
  });
  // Opening the page is another matter.
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] });
  await page.locator('#hook-state', { hasText: /^Trained/ }).waitFor({ timeout: PATIENCE });
  await page.locator('#plane').evaluate((plane) => plane.scrollIntoView({ block: 'center' }));
  await page.locator('#plane-width').fill('60');
  await page.locator('#plane-state', { hasText: /^Epoch 250/ }).waitFor({ timeout: PATIENCE });
  await page.locator('#codes .stage').evaluate((stage) => stage.scrollIntoView({ block: 'start' }));
  await page.locator('#codes [role=status]', { hasText: /^Width 40, trained/ }).waitFor({ timeout: PATIENCE });
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const states = await page.evaluate(() => /** @type {any} */ (window).states);
  // Processor time of a task, which does not depend on other programs.
  const main = new Set(traceEvents.filter((/** @type {any} */ { name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map((/** @type {any} */ { pid, tid }) => `${pid} ${tid}`));
  const tasks = traceEvents.filter((/** @type {any} */ { name, pid, tid, tdur }) => name === 'RunTask' && tdur !== undefined && main.has(`${pid} ${tid}`)).map((/** @type {any} */ { tdur }) => tdur);
  assert.ok(tasks.length > 1000, `${tasks.length} tasks are known`);
  const long = tasks.filter((/** @type {number} */ tdur) => tdur > NOTICED);
  t.diagnostic(`of ${tasks.length} tasks the longest took ${(Math.max(...tasks) / 1000).toFixed(1)} ms of its processor`);
  assert.deepEqual(long, [], 'microseconds of those that were too long');
  // The first training was finished before the next one started.
  const order = states.filter((/** @type {string} */ id, /** @type {number} */ at) => id !== states[at - 1]);
  assert.deepEqual(order.filter((/** @type {string} */ id, /** @type {number} */ at) => order.indexOf(id) === at), ['#hook-state', '#plane-state', '#codes [role=status]']);
  assert.equal(order.lastIndexOf('#hook-state') < order.indexOf('#codes [role=status]'), true);
  assert.deepEqual(complaints, []);
});
