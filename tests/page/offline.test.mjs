// @ts-check
// After a first visit the page is there without a network, and trains; a reader who asks for it is forgotten.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './browser.mjs';

const PATIENCE = 120_000;

test('the page trains without a network after a first visit, and is forgotten with ?offline=off', { timeout: PATIENCE }, async (t) => {
  const { page, address, close } = await openPage({ serviceWorkers: 'allow', viewport: { width: 1280, height: 900 } });
  t.after(close);
  await page.goto(address);
  const kept = () => page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)))).flat());
  await page.waitForFunction(async () => (await Promise.all((await caches.keys()).filter((name) => name.startsWith('hash-phase-')).map(async (name) => (await (await caches.open(name)).keys()).length))).reduce((sum, count) => sum + count, 0) >= 7);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  assert.ok((await kept()).every((path) => !path.includes('gpu-') || path.includes('gpu-worker')), 'nobody’s GPU module is fetched unasked');
  await page.context().setOffline(true);
  await page.reload();
  await page.locator('#chart svg').first().waitFor();
  await page.locator('#hook-state', { hasText: /^Trained in your browser/ }).waitFor({ timeout: PATIENCE });
  await page.context().setOffline(false);
  await page.goto(`${address}?offline=off`);
  await page.waitForFunction(async () => !(await navigator.serviceWorker.getRegistrations()).length && !(await caches.keys()).some((name) => /^(hash-phase-|workbox-)/.test(name)));
});
