// @ts-check
// Draw a digit: its code is what Keras' networks have, its neighbours are who K-NN takes, and every stroke is answered at once.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { root } from '../../scripts/places.mjs';
import { codeOf, nearest, packed, vote } from '../../www/story/hook/hasher.js';
import { openPage } from './browser.mjs';

const PATIENCE = 480_000;
const fixture = (/** @type {string} */ name) => readFileSync(join(root, 'tests', 'fixtures', name));

test('codes are Keras’, bit for bit', () => {
  const { tensors } = JSON.parse(fixture('encoder-w20-plain.json').toString());
  assert.deepEqual(tensors.slice(0, 2).map((/** @type {any} */ { shape }) => shape), [[784, 20], [20]]);
  const weights = new Float32Array(Uint8Array.from(fixture('encoder-w20-plain.weights')).buffer);
  const layer = { kernel: weights.subarray(0, 784 * 20), bias: weights.subarray(784 * 20, 784 * 20 + 20) };
  const images = gunzipSync(readFileSync(join(root, 'www', 'public', 'data', 'mnist', 'test-images.gz'))).subarray(16);
  const codes = fixture('encoder-w20-plain.bits');
  for (let image = 0; image < 500; image++) {
    const pixels = Float32Array.from(images.subarray(image * 784, (image + 1) * 784), (pixel) => pixel / 255);
    assert.deepEqual([...packed(codeOf(layer, pixels))], [...codes.subarray(image * 3, image * 3 + 3)], `image ${image}`);
  }
});

test('the nine nearest are those that K-NN lets vote, and their vote is its answer', () => {
  const { bits, train, labels, knn } = JSON.parse(fixture('mnist-w40-plain.json').toString());
  const each = Math.ceil(bits / 8);
  const all = fixture('mnist-w40-plain.bits');
  const codes = all.subarray(0, train * each);
  knn.predictions_rule.slice(0, 300).forEach((/** @type {number} */ answer, /** @type {number} */ row) => {
    const code = all.subarray((train + row) * each, (train + row + 1) * each);
    const found = nearest(codes, code, 9);
    assert.equal(vote(found.map(({ example }) => labels.train[example])).label, answer, `row ${row}`);
  });
});

/** Milliseconds that each of some strokes over the pad takes to be answered by the lamps. @param {import('playwright-core').Page} page */
const strokes = (page) =>
  page.locator('#pad').evaluate((pad) => {
    const { left, top, width, height } = pad.getBoundingClientRect();
    const event = (/** @type {string} */ name, /** @type {number} */ x, /** @type {number} */ y) => new PointerEvent(name, { pointerId: 1, button: 0, clientX: left + x * width, clientY: top + y * height, bubbles: true });
    pad.setPointerCapture = () => {};
    pad.dispatchEvent(event('pointerdown', 0.5, 0.2));
    const lamps = () => document.querySelectorAll('.lamp.on').length;
    return Array.from({ length: 40 }, (_, step) => {
      const before = performance.now();
      pad.dispatchEvent(event('pointermove', 0.5 + 0.004 * step, 0.2 + 0.015 * step));
      lamps();
      document.body.getBoundingClientRect(); // laid out
      return performance.now() - before;
    });
  });

test('before the engine is there a small network answers, marked as such; then one that is trained here', { timeout: PATIENCE }, async (t) => {
  const { page, address, complaints, close } = await openPage({ viewport: { width: 1280, height: 900 } });
  t.after(close);
  let go = () => {};
  const held = new Promise((resolve) => (go = () => resolve(undefined)));
  await page.route('**/engines/**', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(address);
  const state = page.locator('#hook-state');
  await state.filter({ hasText: /^A network that came with the page, trained 8 epochs/ }).waitFor();
  assert.ok((await page.locator('.lamp.on').count()) > 5);
  const lit = () => page.locator('.lamp').evaluateAll((lamps) => lamps.map((lamp) => Number(lamp.classList.contains('on'))).join(''));
  const three = await lit();
  await page.getByRole('button', { name: '1', exact: true }).click();
  assert.notEqual(await lit(), three);
  // What a ReLU sees: its sum over the pixels is above 0 if its lamp is on. Arrow keys move between lamps.
  await page.locator('.lamp').first().focus();
  for (let lamp = 0; lamp < 40; lamp++) {
    const said = (await page.locator('#unit').textContent()) ?? '';
    const total = Number(/ to ([+−][\d.]+), so it/.exec(said)?.[1].replace('−', '-'));
    const on = await page.locator('.lamp').nth(lamp).evaluate((one) => [one.classList.contains('on'), one.getAttribute('aria-pressed')]);
    assert.deepEqual([said.startsWith(`ReLU ${lamp + 1}: `), on], [true, [total > 0, String(total > 0)]], said);
    await page.keyboard.press('ArrowRight');
  }
  go();
  await state.filter({ hasText: /^Training in your browser: epoch \d/ }).waitFor();
  await state.filter({ hasText: /^Trained in your browser, 8 epochs on 8,000 digits/ }).waitFor();
  // A drawn digit has neighbours of its own class.
  await page.locator('.near', { hasText: /[5-9] of 9 say 1\./ }).waitFor();
  assert.equal(await page.locator('#neighbours canvas').count(), 9);
  await page.locator('#hook [role=status]', { hasText: /of 40 ReLUs fire.*say 1/ }).waitFor();
  assert.deepEqual(complaints, []);
});

test('a stroke is answered within 50 ms on a machine four times as slow', { timeout: PATIENCE }, async (t) => {
  const { page, address, close } = await openPage({ viewport: { width: 390, height: 844 }, hasTouch: true });
  t.after(close);
  await page.goto(address);
  await page.locator('#hook-state', { hasText: /^Training/ }).waitFor();
  await (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: 4 });
  const times = (await strokes(page)).sort((one, other) => one - other);
  t.diagnostic(`a stroke takes ${times[20].toFixed(1)} ms, the slowest ${times[39].toFixed(1)} ms`);
  assert.ok(times[20] < 50, String(times));
});

test('it trains only while it is seen, gives way to a reader’s own training, and goes on after', { timeout: PATIENCE }, async (t) => {
  const { page, address, close } = await openPage({ viewport: { width: 1280, height: 900 } });
  t.after(close);
  await page.goto(`${address}#dataset=moons&widths=3,8&epochs=0,2&samples=100`);
  await page.locator('#start:enabled').waitFor();
  const state = page.locator('#hook-state');
  // The link has led to the chart, far below it.
  await state.filter({ hasText: /^A network that came with the page/ }).waitFor();
  await page.locator('#start').click();
  await page.locator('#progress-text', { hasText: /^Done: 4 of 4/ }).waitFor();
  assert.match((await state.textContent()) ?? '', /^A network that came with the page/);
  await page.evaluate(() => window.scrollTo(0, 0));
  await state.filter({ hasText: /^Training in your browser: epoch [^0]/ }).waitFor();
  // In view, but the reader has asked for something else.
  await page.locator('#start').evaluate((button) => /** @type {HTMLElement} */ (button).click());
  await page.locator('#progress-text', { hasText: /^Done: 4 of 4/ }).waitFor();
  await state.filter({ hasText: /^Trained in your browser/ }).waitFor();
});

test('where data are to be spared nothing is loaded unasked', { timeout: PATIENCE }, async (t) => {
  const { page, address, close } = await openPage({ viewport: { width: 1280, height: 900 } });
  t.after(close);
  await page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
  const asked = /** @type {string[]} */ ([]);
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(address);
  await page.locator('#hook-state', { hasText: 'to spare your data' }).waitFor();
  assert.deepEqual(asked.filter((address) => /\.wasm|data\//.test(address)), []);
  await page.locator('#hook').getByRole('button', { name: 'Train again' }).click();
  await page.locator('#hook-state', { hasText: /^Trained in your browser/ }).waitFor();
});
