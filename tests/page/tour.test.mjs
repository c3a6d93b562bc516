// @ts-check
// The tour says what is so: its sentences are of the chart's numbers, its regimes those that the chart draws.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/places.mjs';
import { stops } from '../../www/story/tour.js';
import { openPage } from './browser.mjs';

const chart = JSON.parse(readFileSync(join(root, 'www', 'charts', 'mnist-figure.json'), 'utf8'));

test('each stop names the regime, the codes and the accuracy of its network', () => {
  const said = stops(chart);
  const of = (/** @type {number} */ width, /** @type {number} */ epoch) => chart.cells.filter((/** @type {any} */ cell) => cell.width === width && cell.epoch === epoch && cell.samples === 48_000);
  const mean = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  for (const [at, width, epoch, regime] of /** @type {const} */ ([[0, 10, 100, 'under-expressive'], [1, 60, 0, 'critically expressive'], [2, 50, 1, 'under-expressive'], [3, 80, 100, 'sufficiently expressive']])) {
    const { text } = said[at];
    const codes = Math.round(48_000 * (1 - mean(of(width, epoch).map((/** @type {any} */ cell) => cell.redundancy.train)))).toLocaleString('en');
    assert.ok(text.includes(`${codes} codes`) && text.includes(regime), text);
    assert.doesNotMatch(text, /NaN|undefined/);
  }
  assert.ok(said[3].text.includes(`${Math.round(100 * mean(of(80, 100).map((/** @type {any} */ cell) => cell.knn)))}%`));
});

test('the tour opens its chart, shows each stop in it, and can be left', { timeout: 240_000 }, async (t) => {
  const { page, address, close } = await openPage({});
  t.after(close);
  await page.goto(`${address}#reference=mnist-code`);
  await page.locator('#figure-title').filter({ hasNotText: 'Loading' }).waitFor();
  const buttons = page.locator('#tour button');
  for (const [at, pinned] of [[0, 'Layer width 10, epoch 100'], [1, 'Layer width 60, epoch 0'], [2, 'Layer width 50, epoch 1'], [3, 'Layer width 80, epoch 100']]) {
    await buttons.nth(Number(at)).click();
    await page.locator('#inspector', { hasText: `${pinned}, 48,000 training examples` }).waitFor();
    assert.equal(await page.locator('#tour-text').textContent(), stops(chart)[Number(at)].text);
  }
  assert.equal(await page.locator('#reference').inputValue(), 'mnist-figure');
  await page.goBack();
  await page.locator('#inspector', { hasText: 'Layer width 50' }).waitFor();
  await page.getByRole('button', { name: 'leave the tour' }).click();
  assert.equal(await page.locator('#tour-text').isHidden(), true);
});
