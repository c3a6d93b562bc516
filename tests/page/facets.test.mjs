// @ts-check
// Small multiples: a small heatmap for each value of a third axis, with shared colours and shared pointing; one of them is the large one.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { openPage } from './browser.mjs';

const PATIENCE = 120_000;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const chart = JSON.parse(readFileSync(new URL('../../www/charts/mnist-figure.json', import.meta.url), 'utf8'));
/** @type {number[]} */
const sizes = chart.axes.samples;

/** @type {Awaited<ReturnType<typeof openPage>>} */
let opened;
before(async () => {
  opened = await openPage({ stays: true, viewport: { width: 1280, height: 1000 } });
  await opened.page.goto(`${opened.address}#reference=mnist-figure&facet=samples`);
  await opened.page.locator('.facet').nth(sizes.length - 1).waitFor();
});
after(() => opened.close());

test('there is one for each value, and what it shows is said in words', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  assert.deepEqual(await page.locator('.facet .name').allTextContents(), ['10', '100', '1k', '10k', '48k']);
  const said = await page.locator('.facet').evaluateAll((all) => all.map((one) => one.ariaLabel ?? ''));
  const squares = chart.axes.width.length * chart.axes.epoch.length;
  for (const [at, label] of said.entries()) {
    // Redundancy above .05 as a mean over seeds: the rule of the under-expressive regime.
    const means = new Map();
    for (const { width, epoch, samples, redundancy } of chart.cells) if (samples === sizes[at]) means.set(`${width} ${epoch}`, (means.get(`${width} ${epoch}`) ?? 0) + redundancy.train / chart.axes.seed.length);
    const under = [...means.values()].filter((mean) => mean > 0.05).length;
    assert.match(label, new RegExp(`^training sample size [\\dk]+: of ${squares} squares ${under} under-expressive`));
  }
});

test('each has the colours of the large one, which one of them becomes by a click', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  /** What the middle of each square of the small one has as a colour, from below. @param {number} index */
  const colours = (index) => page.locator('.facet canvas').nth(index).evaluate((canvas, [columns, rows]) => {
    const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
    const context = /** @type {HTMLCanvasElement} */ (canvas).getContext('2d');
    return Array.from({ length: columns * rows }, (_, at) => [...(context?.getImageData(Math.floor(((at % columns) + 0.5) * width / columns), Math.floor((rows - Math.floor(at / columns) - 0.5) * height / rows), 1, 1).data ?? [])].slice(0, 3));
  }, [chart.axes.width.length, chart.axes.epoch.length]);
  for (const index of [0, 3]) {
    await page.locator('.facet').nth(index).click();
    assert.equal(await page.locator('.facet').nth(index).getAttribute('aria-pressed'), 'true');
    assert.match(page.url(), new RegExp(`at-samples=${sizes[index]}(&|$)`));
    const large = await page.locator('.heatmap [role=gridcell]').evaluateAll((cells) => cells.map((cell) => ({ id: cell.id, fill: getComputedStyle(cell).fill.match(/\d+/g)?.slice(0, 3).map(Number) ?? [] })));
    const small = await colours(index);
    const columns = chart.axes.width.length;
    assert.equal(large.length, small.length);
    for (const { id, fill } of large) {
      const [column, row] = id.match(/\d+/g)?.map(Number) ?? [];
      const own = small[row * columns + column];
      // The palette of a canvas has 256 steps.
      assert.ok(own.every((part, channel) => Math.abs(part - fill[channel]) < 8), `${id}: ${own} is not ${fill}`);
    }
  }
});

test('pointing at a square of one, or of the large one, marks it in all', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  const at = async (/** @type {string} */ selector, /** @type {number} */ index, /** @type {number} */ share) => {
    const box = await page.locator(selector).nth(index).boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + share * box.width, box.y + share * box.height);
  };
  await page.locator('#facets').scrollIntoViewIfNeeded();
  await at('.facet canvas', 1, 0.5);
  const places = () => page.locator('.facet .mark:not([hidden])').evaluateAll((marks) => marks.map((mark) => /** @type {HTMLElement} */ (mark).style.transform));
  const marked = await places();
  assert.equal(marked.length, sizes.length);
  assert.equal(new Set(marked).size, 1);
  assert.match(await page.locator('#facets .tip').innerText(), /^width 33, epoch (3|10), 100 samples, 3 seeds/);
  await page.mouse.move(2, 2);
  assert.equal((await places()).length, 0);
  await page.locator('#chart').scrollIntoViewIfNeeded();
  await at('#chart .heatmap', 0, 0.5);
  assert.equal((await places()).length, sizes.length);
});

test('with the keyboard they are one stop, arrows go from one to the next, and Enter makes one large', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  await page.locator('.facet').nth(0).click();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('.facet[aria-pressed=true] .name').innerText(), '1k');
  assert.deepEqual(await page.locator('.facet').evaluateAll((all) => all.map((one) => /** @type {HTMLElement} */ (one).tabIndex)), [-1, -1, 0, -1, -1]);
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('.facet[aria-pressed=true] .name').innerText(), '48k');
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run(document.querySelector('hash-phase-chart')));
  assert.deepEqual(violations.map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes[0].html}`), []);
});

test('another axis, or none, is chosen beside them; what is across or up is not offered', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  const choice = page.locator('#facet');
  assert.deepEqual(await choice.locator('option:not([hidden])').allTextContents(), ['none', 'training sample size']);
  await page.locator('#y').selectOption('samples');
  assert.equal(await page.locator('#facets').isHidden(), true);
  assert.deepEqual(await choice.locator('option:not([hidden])').allTextContents(), ['none', 'epoch']);
  await choice.selectOption('epoch');
  assert.deepEqual(await page.locator('.facet .name').allTextContents(), chart.axes.epoch.map(String));
  assert.match(page.url(), /facet=epoch/);
  await choice.selectOption('');
  assert.equal(await page.locator('#facets').isHidden(), true);
  assert.deepEqual(opened.complaints, []);
});

test('they stand within a phone’s width', { timeout: PATIENCE }, async (t) => {
  const phone = await openPage({ viewport: { width: 360, height: 740 } });
  t.after(phone.close);
  await phone.page.goto(`${phone.address}#reference=mnist-figure&facet=samples`);
  await phone.page.locator('.facet').nth(sizes.length - 1).waitFor();
  assert.ok(await phone.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});
