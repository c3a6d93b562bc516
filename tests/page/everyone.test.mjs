// @ts-check
// The page for those who hear it: names and roles of everything, and told at milestones only.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { openPage } from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe has to say of a page. @param {import('playwright-core').Page} page */
async function complaintsOf(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => /** @type {any} */ (window).axe.run(document, { resultTypes: ['violations'] }));
  return violations.map((/** @type {any} */ { id, help, nodes }) => `${id} (${help}): ${nodes.length} times, as ${nodes[0].html.slice(0, 200)}`);
}

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`axe finds nothing to complain of on the page, ${colorScheme}, everything opened`, { timeout: 240_000 }, async (t) => {
    const { page, address, close } = await openPage({ colorScheme, viewport: { width: 1280, height: 1000 } });
    t.after(close);
    await page.goto(address);
    await page.locator('#inspector table').waitFor();
    for (const details of ['#paper', '#numbers', '#take']) await page.locator(`${details} summary`).click();
    await page.locator('#take-bibtex').click();
    await page.locator('#paper-figures figure').nth(5).waitFor();
    assert.deepEqual(await complaintsOf(page), []);
  });

  test(`axe finds nothing to complain of in the element, ${colorScheme}, with all its controls`, { timeout: 240_000 }, async (t) => {
    const { page, address, close } = await openPage({ colorScheme, viewport: { width: 400, height: 800 } });
    t.after(close);
    await page.goto(`${address}embed.html?controls=train&metric=knn`);
    await page.locator('#inspector table').waitFor();
    for (const details of ['#numbers', '#take']) await page.locator(`${details} summary`).click();
    assert.deepEqual(await complaintsOf(page), []);
  });

  test(`nothing jumps on a machine four times as slow, ${colorScheme}`, { timeout: 240_000 }, async (t) => {
    const { page, address, close } = await openPage({ colorScheme, viewport: { width: 1280, height: 900 } });
    t.after(close);
    await (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await page.addInitScript(() => {
      Object.assign(window, { shift: 0 });
      new PerformanceObserver((list) => list.getEntries().forEach((/** @type {any} */ { value, hadRecentInput }) => hadRecentInput || Object.assign(window, { shift: /** @type {any} */ (window).shift + value }))).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(address);
    await page.locator('#inspector table').waitFor();
    await page.locator('#engine-why', { hasText: /^CPU/ }).waitFor();
    await page.locator('#start:enabled').waitFor();
    const shift = await page.evaluate(() => /** @type {any} */ (window).shift);
    assert.ok(shift < 0.02, `layout shift ${shift}`);
  });
}

test('at 320 px, and at 640 px zoomed twice, nothing but tables scrolls sideways', { timeout: 240_000 }, async (t) => {
  const { page, address, close } = await openPage({ viewport: { width: 320, height: 700 } });
  t.after(close);
  for (const path of ['', 'embed.html?controls=train']) {
    await page.goto(address + path);
    await page.locator('#inspector table').waitFor();
    await page.locator('#numbers summary').click();
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320, path);
  }
});

test('the chart is a grid that is walked by keys alone, and printed without its controls', { timeout: 240_000 }, async (t) => {
  const { page, address, close } = await openPage({ forcedColors: 'active', reducedMotion: 'reduce' });
  t.after(close);
  await page.goto(`${address}embed.html`);
  await page.locator('#inspector table').waitFor();
  await page.locator('#chart').focus();
  const heard = () => page.locator('#chart').evaluate((chart) => chart.querySelector(`#${chart.getAttribute('aria-activedescendant')}`)?.getAttribute('aria-label')?.split('\n')[0]);
  assert.equal(await heard(), 'width 33, epoch 100, 48,000 samples, 3 seeds');
  for (const [key, network] of [['ArrowRight', 'width 40, epoch 100'], ['ArrowDown', 'width 40, epoch 30'], ['Home', 'width 3, epoch 30'], ['End', 'width 100, epoch 30']]) {
    await page.keyboard.press(key);
    assert.ok((await heard())?.startsWith(network), `${key}: ${await heard()}`);
  }
  assert.equal(await page.getByRole('grid').getByRole('row').count(), 7, 'a head and a row for each epoch');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('#metric').isVisible(), false);
  assert.equal(await page.locator('#chart svg').isVisible(), true);
});

test('each square has a name that is heard, and training is told of at milestones only', { timeout: 240_000 }, async (t) => {
  const { page, address, close } = await openPage({});
  t.after(close);
  await page.goto(`${address}#dataset=moons&widths=3,8&epochs=0,2,8&samples=100,1024`);
  await page.getByRole('gridcell', { name: 'width 40, epoch 10, 48,000 samples, 3 seeds' }).waitFor({ state: 'attached' });
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
