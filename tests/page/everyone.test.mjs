// @ts-check
// The page for those who hear it: names and roles of everything, and told at milestones only.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { openPage } from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

for (const colorScheme of /** @type {const} */ (['light', 'dark']))
  test(`axe finds nothing to complain of, ${colorScheme}, everything opened`, { timeout: 60_000 }, async (t) => {
    const { page, address, close } = await openPage({ colorScheme, viewport: { width: 1280, height: 1000 } });
    t.after(close);
    await page.goto(address);
    await page.locator('#inspector table').waitFor();
    for (const details of ['#paper', '#numbers']) await page.locator(`${details} summary`).click();
    await page.locator('#paper-figures figure').nth(5).waitFor();
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => /** @type {any} */ (window).axe.run(document, { resultTypes: ['violations'] }));
    const told = violations.map((/** @type {any} */ { id, help, nodes }) => `${id} (${help}): ${nodes.length} times, as ${nodes[0].html.slice(0, 200)}`);
    assert.deepEqual(told, []);
  });

test('each square has a name that is heard, and training is told of at milestones only', { timeout: 60_000 }, async (t) => {
  const { page, address, close } = await openPage({});
  t.after(close);
  await page.goto(`${address}#dataset=moons&widths=3,8&epochs=0,2,8&samples=100,1024`);
  assert.equal(await page.getByRole('gridcell', { name: 'width 40, epoch 10, 48,000 samples, 3 seeds' }).count(), 1);
  await page.locator('#start:enabled').waitFor();
  await page.evaluate(() => {
    const heard = /** @type {any} */ (Object.assign(window, { heard: [] })).heard;
    const inside = document.querySelector('hash-phase-chart')?.shadowRoot;
    for (const region of [document, inside].flatMap((root) => [...(root?.querySelectorAll('[role=status], [role=alert], [aria-live]') ?? [])])) new MutationObserver(() => heard.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
  });
  await page.locator('#start').click();
  await page.locator('#progress-text', { hasText: /^Done: 12 of 12/ }).waitFor();
  const heard = await page.evaluate(() => /** @type {any} */ (window).heard);
  assert.ok(heard.length <= 8, heard.join(' | '));
  assert.match(heard.at(-1), /^Done: 12 of 12 squares/);
});
