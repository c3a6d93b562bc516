// @ts-check
// After a first visit the page is there without a network, and trains; a reader who asks for it is forgotten.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage, until } from './browser.mjs';

const PATIENCE = 480_000;

test('the page trains without a server after a first visit, and is forgotten with ?offline=off', { timeout: 3 * PATIENCE }, async (t) => {
  const { page, address, close, endServer } = await openPage({ serviceWorkers: 'allow', bare: true, viewport: { width: 1280, height: 900 } });
  t.after(close);
  const trained = page.locator('#hook-state', { hasText: /^Trained in your browser/ });
  await page.goto(address);
  const kept = () => page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat());
  const wanted = await page.evaluate(async () => {
    const list = new URL('engines/index.json', location.href);
    const { cpu } = await (await fetch(list)).json();
    const parts = ['train-images', 'train-labels', 'test-images', 'test-labels'].map((part) => `data/mnist-small/${part}.gz`);
    return [list.href, ...[cpu.script, cpu.module].map((file) => new URL(file, list).href), ...parts.map((part) => new URL(part, location.href).href)];
  });
  await until(page, async (wanted) => (await Promise.all(wanted.map((address) => caches.match(address)))).every(Boolean), wanted);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  assert.ok((await kept()).every((address) => !address.includes('gpu-') || address.includes('gpu-worker')), 'nobody’s GPU module is fetched unasked');
  // The first visit is over: none of its requests is pending.
  await trained.waitFor({ timeout: PATIENCE });
  assert.equal(await page.evaluate(() => crossOriginIsolated), false, 'the server says nothing of it');
  await endServer();
  await page.reload();
  await page.locator('#chart svg').first().waitFor();
  assert.equal(await page.evaluate(() => crossOriginIsolated), true, 'workers share memory from the second visit on');
  await trained.waitFor({ timeout: PATIENCE }).catch(async () => assert.fail(`the hook says ${JSON.stringify(await page.locator('#hook-state').textContent())}, and what is kept is ${(await kept()).join(' ')}`));
  await page.goto(`${address}?offline=off`);
  await until(page, async () => !(await navigator.serviceWorker.getRegistrations()).length && !(await caches.keys()).some((name) => /^(hash-phase-|workbox-)/.test(name)), undefined);
});
