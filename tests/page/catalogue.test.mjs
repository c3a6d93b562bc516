// @ts-check
// The page while its engines are still being compiled: everything else works, and Train comes alive without a reload.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openPage } from './browser.mjs';

/** @typedef {import('../../www/engine/catalogue.js').Catalogue} Catalogue */

/** @type {Awaited<ReturnType<typeof openPage>>} */
let opened;
/** What the server says now, made of what it has. @type {(there: Catalogue) => Partial<Catalogue>} */
let said = (there) => there;

before(async () => {
  opened = await openPage({ stays: true });
  await opened.page.route('**/engines/index.json', async (route) => {
    const there = await (await route.fetch()).json();
    await route.fulfill({ json: { ...there, ...said(there) } });
  });
});
beforeEach(async () => {
  said = () => ({ cpu: null, tensors: null, gpu: null, making: { engine: 'cpu', seconds: 185, total: 400 } });
  await opened.page.goto('about:blank');
  await opened.page.goto(`${opened.address}#dataset=moons`);
  await opened.page.locator('#chart svg').first().waitFor();
});
after(() => opened.close());

const missing = (/** @type {RegExp} */ hasText) => opened.page.locator('#engine-missing', { hasText }).waitFor();

test('while the CPU engine is compiled the page says how long, and trains as soon as it is there', async () => {
  const { page } = opened;
  await missing(/^The CPU engine is being compiled: 3 of about 7 minutes\. Train is enabled as soon as it is there\.$/);
  assert.equal(await page.locator('#start').isDisabled(), true);
  await page.locator('#load').setInputFiles({ name: 'some.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
  await page.locator('#notice', { hasText: 'some.json: The CPU engine is being compiled: 3 of about 7 minutes' }).waitFor();
  said = () => ({ gpu: null, making: { engine: 'gpu', seconds: 10, total: 350 } });
  await page.locator('#start:enabled').waitFor();
  assert.equal(await page.locator('#engine-missing').textContent(), '');
  await page.locator('#start').click();
  await page.locator('#progress-text', { hasText: /^Done: 105 of 105/ }).waitFor({ timeout: 480_000 });
});

test('a reader who wants the GPU is told when its engine comes, and can train on the CPU before', async () => {
  const { page } = opened;
  said = () => ({ gpu: null, making: { engine: 'gpu', seconds: 59, total: 350 } });
  await page.locator('#engine').selectOption('gpu');
  await missing(/^The GPU engine is being compiled: 0 of about 6 minutes/);
  assert.equal(await page.locator('#start').isDisabled(), true);
  await page.locator('#engine').selectOption('cpu');
  await page.locator('#start:enabled').waitFor();
  await page.locator('#engine').selectOption('gpu');
  said = (there) => there;
  await page.locator('#start:enabled').waitFor();
});

test('a compilation that fails is said where Train is, and the page revives when the next one succeeds', async () => {
  said = () => ({ cpu: null, tensors: null, gpu: null, failed: 'compiling the CPU engine failed (cargo build: exit code 101).' });
  await missing(/^There is no CPU engine: compiling the CPU engine failed \(cargo build: exit code 101\)\.$/);
  said = (there) => there;
  await opened.page.locator('#start:enabled').waitFor();
});

test('a copy that was built without an engine says so', async () => {
  said = () => ({ cpu: null, tensors: null, gpu: null });
  await missing(/^This copy of the page was built without its CPU engine\.$/);
});
