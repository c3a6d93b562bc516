// @ts-check
// The page's own thread stays free while its sections train, one at a time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './browser.mjs';

const PATIENCE = 480_000;

test('no task of the page’s thread takes 50 ms while its sections train, and never do two of them train at once', { timeout: PATIENCE }, async (t) => {
  const { page, address, close, complaints } = await openPage({ viewport: { width: 1280, height: 900 } });
  t.after(close);
  await page.addInitScript(() => {
    const watched = Object.assign(window, { long: /** @type {number[]} */ ([]), states: /** @type {string[]} */ ([]) });
    new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => watched.long.push(duration))).observe({ type: 'longtask' });
  });
  await page.goto(address);
  await page.locator('#hook-state', { hasText: /^Training/ }).waitFor();
  // Opening the page is another matter.
  await page.evaluate(() => {
    const watched = /** @type {any} */ (window);
    watched.long = [];
    for (const id of ['#hook-state', '#plane-state', '#codes [role=status]']) new MutationObserver(() => watched.states.push(id)).observe(/** @type {Element} */ (document.querySelector(id)), { childList: true, characterData: true, subtree: true });
  });
  await page.locator('#hook-state', { hasText: /^Trained/ }).waitFor({ timeout: PATIENCE });
  await page.locator('#plane').evaluate((plane) => plane.scrollIntoView({ block: 'center' }));
  await page.locator('#plane-width').fill('60');
  await page.locator('#plane-state', { hasText: /^Epoch 250/ }).waitFor({ timeout: PATIENCE });
  await page.locator('#codes .stage').evaluate((stage) => stage.scrollIntoView({ block: 'start' }));
  await page.locator('#codes [role=status]', { hasText: /^Width 40, trained/ }).waitFor({ timeout: PATIENCE });
  const [long, states] = await page.evaluate(() => [/** @type {any} */ (window).long, /** @type {any} */ (window).states]);
  t.diagnostic(`tasks over 50 ms: ${long.length}, the longest ${Math.round(Math.max(0, ...long))} ms`);
  // None on an idle machine; one that is busy may stop any task.
  assert.ok(long.length <= 3 && Math.max(0, ...long) < 250, String(long));
  // What trained first was through before the next began.
  const order = states.filter((/** @type {string} */ id, /** @type {number} */ at) => id !== states[at - 1]);
  assert.deepEqual(order.filter((/** @type {string} */ id, /** @type {number} */ at) => order.indexOf(id) === at), ['#hook-state', '#plane-state', '#codes [role=status]']);
  assert.equal(order.lastIndexOf('#hook-state') < order.indexOf('#codes [role=status]'), true);
  assert.deepEqual(complaints, []);
});
