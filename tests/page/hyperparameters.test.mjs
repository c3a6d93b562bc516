// @ts-check
// More settings: a reader changes hyper-parameters in the form, and link and command say them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { target } from '../../scripts/places.mjs';
import { downloadChart, meanDifference, openPage } from './browser.mjs';

const PATIENCE = 480_000;

/** The chart that a page trains, once it is asked to. @param {import('playwright-core').Page} page */
async function trained(page) {
  await page.locator('#start:enabled').click();
  await page.locator('#progress-text', { hasText: /^Done: 8 of 8/ }).waitFor({ timeout: PATIENCE });
  return (await downloadChart(page)).chart;
}

test('a chart of changed hyper-parameters is made again by its link elsewhere, and by its command', { timeout: 2 * PATIENCE }, async (t) => {
  const here = await openPage({ acceptDownloads: true, viewport: { width: 1280, height: 900 } });
  t.after(here.close);
  const { page, address } = here;
  await page.goto(`${address}#dataset=mnist-small&widths=10,40&epochs=0,2&samples=1000,8000`);
  await page.locator('#more-settings > summary').click();
  await page.locator('#depth').fill('2');
  await page.locator('#learning_rate').fill('0.01');
  await page.locator('#dropout').fill('0.2');
  await page.locator('#changed', { hasText: 'quick, changed: hidden layers 2, dropout 0.2, learning rate 0.01' }).waitFor();
  const chart = await trained(page);
  assert.deepEqual([chart.protocol.depth, chart.protocol.optimizer, chart.protocol.dropout], [2, { name: 'adam', learning_rate: 0.01 }, 0.2]);
  const link = await page.locator('hash-phase-chart').evaluate((element) => /** @type {import('../../www/element/hash-phase-chart.js').HashPhaseChart} */ (element).words.link);
  assert.match(link, /#.*depth=2&dropout=0\.2&learning_rate=0\.01/);
  await page.locator('#take-command').click();
  await page.waitForFunction(() => document.querySelector('hash-phase-chart')?.shadowRoot?.querySelector('textarea')?.value);
  const command = await page.locator('#take-text').inputValue();
  assert.match(command, /--depth 2/);

  const elsewhere = await openPage({ acceptDownloads: true });
  t.after(elsewhere.close);
  await elsewhere.page.goto(link.replace(address, elsewhere.address));
  const again = await trained(elsewhere.page);
  assert.deepEqual([again.plans, again.cells], [chart.plans, chart.cells], 'to the last digit');

  const folder = mkdtempSync(join(tmpdir(), 'hash-phase-settings-'));
  t.after(() => rmSync(folder, { recursive: true }));
  execFileSync(join(target, 'release', 'hash-phase'), [...command.split(' ').slice(1, -1), join(folder, 'chart.json')], { stdio: 'pipe' });
  const native = JSON.parse(readFileSync(join(folder, 'chart.json'), 'utf8'));
  assert.deepEqual(native.plans, chart.plans, 'the very plan');
  assert.ok(meanDifference(native, chart) < 1e-5, `${meanDifference(native, chart)} apart`);
});

test('a setting out of its range is named where it is typed, and Train leads there', { timeout: PATIENCE }, async (t) => {
  const { page, address, close } = await openPage({ viewport: { width: 320, height: 800 } });
  t.after(close);
  await page.goto(`${address}#dataset=moons&widths=3&epochs=0,1&samples=20`);
  await page.locator('#more-settings > summary').click();
  assert.equal(await page.locator('#momentum').isVisible(), false);
  await page.locator('#optimizer').selectOption('sgd');
  assert.equal(await page.locator('#momentum').inputValue(), '0.9');
  await page.locator('#momentum').fill('1');
  await page.locator('#momentum-problem', { hasText: 'Give a number from 0 to below 1.' }).waitFor();
  await page.locator('#more-settings > summary').click();
  await page.locator('#start:enabled').click();
  assert.equal(await page.locator('#momentum').evaluate((input) => /** @type {ShadowRoot} */ (input.getRootNode()).activeElement === input), true);
  await page.locator('#factor').selectOption('dropout');
  assert.equal(await page.locator('#dropout').isVisible(), false, 'what the additional factor varies is set there');
  // Another preset fills what was not typed.
  await page.locator('#preset').selectOption('code');
  assert.deepEqual([await page.locator('#schedule').inputValue(), await page.locator('#momentum').inputValue(), await page.locator('#batch_norm').isChecked()], ['0.1/20', '1', true]);
  await page.locator('#dataset').selectOption('xor');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 320, `${wide} pixels wide`);
});
