// @ts-check
// A reader lets something else vary, looks along it, and opens the reference charts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { downloadChart, openPage } from './browser.mjs';

const PATIENCE = 60_000;

/** @type {Awaited<ReturnType<typeof openPage>>} */
let opened;

before(async () => {
  opened = await openPage({ acceptDownloads: true, viewport: { width: 1280, height: 900 } });
  await opened.page.goto(`${opened.address}#dataset=moons&widths=4,8&epochs=0,2&samples=64,1024`);
});

after(() => opened.close());

test('what else varies becomes an axis of the chart', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  await page.locator('#factor').selectOption('label_noise');
  await page.locator('#levels').fill('0, 2');
  await page.locator('#levels-problem', { hasText: 'Give shares from 0 to 1' }).waitFor();
  await page.locator('#levels').fill('0, 0.5');
  await page.locator('#work', { hasText: '8 networks, looked at 2 times: 16 squares' }).waitFor();
  await page.locator('#random').check();
  await page.locator('#start').click();
  await page.locator('#progress-text', { hasText: 'Done: 16 of 16' }).waitFor({ timeout: PATIENCE });
  assert.equal(await page.locator('#y').inputValue(), 'factor');
  await page.locator('#figure-title', { hasText: 'by label noise' }).waitFor();

  const { chart } = await downloadChart(page);
  assert.deepEqual(chart.axes.factor, { name: 'label_noise', values: [0, 0.5] });
  assert.equal(chart.cells.length, 16);
  assert.ok(chart.cells.every((/** @type {any} */ cell) => cell.redundancy_random >= 0));
  assert.match((await page.locator('#inspector').textContent()) ?? '', /random inputs/);
  await page.locator('#numbers summary').click();
  const rows = await page.locator('#table tbody th').allTextContents();
  assert.deepEqual(rows, ['0', '0.5']);
  const shown = await page.locator('#table tbody tr').last().locator('td').last().textContent();
  const cell = chart.cells.find((/** @type {any} */ cell) => cell.level === 1 && cell.width === 8 && cell.epoch === 2 && cell.samples === 1024);
  assert.equal(shown, cell.redundancy.train.toFixed(3));
});

test('a link brings the reader to the same networks', { timeout: PATIENCE }, async () => {
  const { page, address, close } = await openPage({});
  await page.goto(`${address}${new URL(opened.page.url()).hash}`);
  assert.equal(await page.locator('#factor').inputValue(), 'label_noise');
  assert.equal(await page.locator('#levels').inputValue(), '0, 0.5');
  assert.ok(await page.locator('#random').isChecked());
  await close();
});

test('reference charts open at once, and the paper’s figures are drawn over them', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  await page.locator('#metric').selectOption('redundancy-random');
  await page.locator('#reference').selectOption('mnist-figure');
  await page.locator('#figure-title', { hasText: 'mnist, one hidden layer:' }).waitFor();
  assert.notEqual(await page.locator('#y').inputValue(), 'factor');
  assert.equal(await page.locator('#metric').inputValue(), 'redundancy-train', 'it has no random inputs');
  assert.match((await page.locator('#provenance').textContent()) ?? '', /Adam 0.001, batches of 64, no batch norm, 3 seeds. Made by hash-phase sweep .* min\./);
  await page.locator('#paper summary').click();
  await page.locator('#paper-figures figure').nth(3).waitFor();
  const rings = await page.locator('#paper-figures figure').first().locator('circle').count();
  assert.ok(rings >= 20, `${rings} published values are drawn`);
  // The figures stand where the pinned network is.
  await page.locator('#chart [aria-label^="width 40, epoch 10,"]').click();
  await page.locator('#paper-figures figcaption', { hasText: 'redundancy ratio, test at epoch 10' }).waitFor();

  await page.locator('#reference').selectOption('mnist-label-noise');
  await page.locator('#figure-title', { hasText: 'by label noise' }).waitFor();
  assert.equal(await page.locator('#y').inputValue(), 'factor');
  assert.deepEqual(opened.complaints, []);
});
