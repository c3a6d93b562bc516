// @ts-check
// A reader lets something else vary, looks along it, and opens the reference charts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root, target } from '../../scripts/places.mjs';
import { downloadChart, meanDifference, openPage } from './browser.mjs';

const PATIENCE = 240_000;

/** @type {Awaited<ReturnType<typeof openPage>>} */
let opened;

before(async () => {
  opened = await openPage({ stays: true, acceptDownloads: true, viewport: { width: 1280, height: 900 } });
  await opened.page.goto(`${opened.address}#dataset=moons&widths=4,8&epochs=0,2&samples=64,1024`);
});

after(() => opened.close());

test('an additional factor becomes an axis of the chart', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  await page.locator('#factor').selectOption('label_noise');
  await page.locator('#levels').fill('0, 2');
  await page.locator('#levels-problem', { hasText: '“2” will not do: each is a number from 0 to 1.' }).waitFor();
  await page.locator('#levels').fill('0, 0.5');
  await page.locator('#work', { hasText: '8 networks, evaluated at 2 epochs: 16 squares' }).waitFor();
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
  await page.locator('#table table').waitFor();
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

test('label noise below full size is on the page what it is on the command line, and both say that they saw the same', { timeout: PATIENCE }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hash-phase-noise-'));
  const plan = ['--dataset', 'mnist-small', '--widths', '10,40', '--epochs', '0,1', '--samples', '10,100', '--seeds', '1', '--factor', 'label_noise=0,0.5'];
  const made = spawnSync(join(target, 'release', 'hash-phase'), ['sweep', ...plan, '-o', join(folder, 'native.json')], { cwd: root, encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  const native = JSON.parse(readFileSync(join(folder, 'native.json'), 'utf8'));
  rmSync(folder, { recursive: true });
  const { page, address, close } = await openPage({ acceptDownloads: true });
  await page.goto(`${address}#dataset=mnist-small&widths=10,40&epochs=0,1&samples=10,100&factor=label_noise&levels=0,0.5`);
  await page.locator('#start').click();
  await page.locator('#progress-text', { hasText: 'Done: 16 of 16' }).waitFor({ timeout: PATIENCE });
  const { chart } = await downloadChart(page);
  await close();
  assert.deepEqual([chart.dataset, chart.plans], [native.dataset, native.plans]);
  assert.notEqual(chart.plans[0], chart.plans[1]);
  const level = (/** @type {any} */ { cells }, /** @type {number} */ wanted) => ({ cells: cells.filter((/** @type {any} */ cell) => (cell.level ?? 0) === wanted) });
  for (const wanted of [0, 1]) {
    const apart = meanDifference(level(chart, wanted), level(native, wanted));
    assert.ok(apart < 0.01, `${apart} apart at level ${wanted}`);
  }
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
  const rings = await page.locator('#paper-figures figure').first().locator('.ring').count();
  assert.ok(rings >= 20, `${rings} published values are drawn`);
  // The figures stand where the pinned network is, and the paper's numbers beside them only where its networks are.
  await page.locator('#chart [aria-label^="width 40, epoch 10,"]').click();
  await page.locator('#paper-figures figcaption', { hasText: 'redundancy ratio, test at epoch 10' }).waitFor();
  await page.locator('#paper-figures .hint', { hasText: 'Numbers of the paper are left out: they are of epoch 100 or later, these of epoch 10.' }).first().waitFor();
  assert.equal(await page.locator('#paper-figures figure').first().locator('.ring').count(), 0);

  await page.locator('#reference').selectOption('mnist-label-noise');
  await page.locator('#figure-title', { hasText: 'by label noise' }).waitFor();
  assert.equal(await page.locator('#y').inputValue(), 'factor');
  assert.deepEqual(opened.complaints, []);
});

test('networks whose training diverges cost the others nothing', { timeout: PATIENCE }, async () => {
  const { page, address, close } = await openPage({ acceptDownloads: true });
  // A penalty that no number can hold.
  await page.goto(`${address}#dataset=moons&widths=4,8&epochs=0,2&samples=64&factor=weight_decay&levels=0,3e38`);
  await page.locator('#start').click();
  await page.locator('#progress-text', { hasText: 'Done: 6 of 8 squares, 2 where training diverged' }).waitFor({ timeout: PATIENCE });
  const { chart } = await downloadChart(page);
  await close();
  const gap = (/** @type {number} */ width) => ({ width, epoch: 2, samples: 64, seed: 1, level: 1, reason: 'diverged' });
  assert.deepEqual(chart.gaps, [gap(4), gap(8)]);
  assert.equal(chart.cells.length, 6);
});

test('a network whose training diverged is shown as a gap that says why', async () => {
  const { page } = opened;
  const chart = JSON.parse(readFileSync(join(root, 'www', 'charts', 'mnist-batch-norm.json'), 'utf8'));
  const { width, epoch, samples, seed, level = 0 } = chart.cells[0];
  const same = (/** @type {any} */ cell) => cell.width === width && cell.epoch === epoch && cell.samples === samples && (cell.level ?? 0) === level;
  chart.gaps = chart.cells.filter(same).map((/** @type {any} */ { seed }) => ({ width, epoch, samples, seed, reason: 'diverged' }));
  chart.cells = chart.cells.filter((/** @type {any} */ cell) => !same(cell));
  assert.ok(chart.gaps.some((/** @type {any} */ gap) => gap.seed === seed));
  await page.locator('#load').setInputFiles({ name: 'gaps.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(chart)) });
  await page.locator('#figure-title', { hasText: 'by batch norm' }).waitFor();
  await page.locator('#y').selectOption('epoch');
  await page.locator('#chart text', { hasText: '∞' }).waitFor();
  await page.locator('#chart').focus();
  for (let step = 0; step < 8; step++) await page.keyboard.press('ArrowLeft');
  for (let step = 0; step < 8; step++) await page.keyboard.press('ArrowDown');
  await page.locator('#inspector', { hasText: 'Training diverged with 3 of 3 seeds: it has no numbers there' }).waitFor();
});
