// @ts-check
// Codes: what is shown of a network's codes is of the chart's own networks, and adds up to their numbers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { downloadChart, openPage } from './browser.mjs';

const PATIENCE = 480_000;

test('the section’s networks are those of the quick chart, epoch by epoch', { timeout: PATIENCE }, async (t) => {
  const { page, address, close, complaints } = await openPage({ viewport: { width: 1280, height: 900 } });
  t.after(close);
  await page.goto(address);
  await page.locator('#hook-state', { hasText: /^Trained/ }).waitFor({ timeout: PATIENCE });
  await page.locator('#codes .stage').evaluate((stage) => stage.scrollIntoView({ block: 'start' }));
  await page.locator('#codes [role=status]', { hasText: /^Width 40, trained in your browser on 8,000 digits/ }).waitFor({ timeout: PATIENCE });
  const native = JSON.parse(readFileSync(process.env.NATIVE_QUICK_CHART ?? '', 'utf8'));
  const right = async (/** @type {string} */ name) => Number(/accuracy ([\d.]+)%/.exec((await page.locator('#codes figcaption', { hasText: name }).textContent()) ?? '')?.[1]) / 100;
  /** @type {number[]} */
  const parted = [];
  for (const [at, epoch] of native.axes.epoch.entries()) {
    await page.locator('#codes-epoch').fill(String(at));
    const cell = native.cells.find((/** @type {any} */ cell) => cell.width === 40 && cell.epoch === epoch && cell.samples === 8000);
    for (const [name, number] of /** @type {const} */ ([['K-NN', cell.knn], ['Logistic', cell.logistic]])) assert.ok(Math.abs((await right(name)) - number) < 0.02, `${name} after ${epoch} epochs: ${await right(name)}, natively ${number}`);
    const codes = Number(/have ([\d,]+) codes/.exec((await page.locator('#codes figure', { hasText: 'Collisions' }).textContent()) ?? '')?.[1].replace(',', ''));
    assert.ok(Math.abs((8000 - codes) / 8000 - cell.redundancy.train) < 0.02, `${codes} codes after ${epoch} epochs`);
    const [, near, far] = /differ in (\d+\.\d) of 40 bits on average, two of different classes in (\d+\.\d)/.exec((await page.locator('#codes figure', { hasText: 'same class' }).textContent()) ?? '') ?? [];
    parted.push(Number(far) / Number(near));
  }
  assert.ok(parted[parted.length - 1] > parted[0] && parted[0] > 1, `classes part: ${parted}`);
  assert.ok((await page.locator('#codes .wrong canvas').count()) > 20 && (await page.locator('#codes .raster path').count()) > 100);
  assert.deepEqual(complaints, []);
});

test('inside a pinned network is what its square says, to the last digit where it was trained here', { timeout: PATIENCE }, async (t) => {
  const { page, address, close } = await openPage({ acceptDownloads: true, viewport: { width: 1280, height: 900 } });
  t.after(close);
  await page.goto(`${address}#dataset=blobs&widths=3,8,20&epochs=0,2,8&samples=100&factor=label_noise&levels=0,0.5`);
  await page.locator('#start:enabled').click();
  await page.locator('#progress-text', { hasText: /^Done: 18 of 18/ }).waitFor({ timeout: PATIENCE });
  const { chart } = await downloadChart(page);
  await page.locator('hash-phase-chart').evaluate((element) => Object.assign(element, { view: { pin: { width: 8, epoch: 2, samples: 100, factor: 1 } } }));
  await page.locator('#look-inside').click();
  await page.locator('#inside [role=status]', { hasText: /^Inside width 8, epoch 2, 100 examples, label noise 0\.5, seed 1: the same network as in the chart/ }).waitFor();
  const cell = chart.cells.find((/** @type {any} */ cell) => cell.width === 8 && cell.epoch === 2 && cell.level === 1);
  const captions = (await page.locator('#inside figcaption').allTextContents()).join();
  assert.ok(captions.includes(`K-NN, a vote of the nearest codes: accuracy ${(100 * cell.knn).toFixed(1)}%`) && captions.includes(`K-Means, on training codes: accuracy ${(100 * cell.kmeans.train).toFixed(1)}%`), `${captions} for ${cell.knn}, ${cell.kmeans.train}`);
  const codes = Math.round(100 * (1 - cell.redundancy.train));
  await page.locator('#inside figure', { hasText: `100 training examples have ${codes} codes` }).waitFor();
  // The confusion matrix is readable as text, too: K-NN's answers for the 256 test points.
  const answered = page.locator('#inside figure', { hasText: 'K-NN, a vote' });
  await answered.locator('summary', { hasText: 'Counts' }).press('Enter');
  // They are inserted once the element is open, which the browser reports a moment later.
  await answered.locator('td').first().waitFor();
  const counts = (await answered.locator('td').allTextContents()).map(Number);
  const classes = Math.sqrt(counts.length);
  const right = counts.filter((_, place) => place % (classes + 1) === 0).reduce((sum, count) => sum + count, 0);
  assert.ok(Math.abs(right / counts.reduce((sum, count) => sum + count, 0) - cell.knn) < 1e-4, `${counts} for ${cell.knn}`);
});

test('two networks are held side by side, and training is played epoch by epoch', { timeout: PATIENCE }, async (t) => {
  const { page, address, close } = await openPage({ viewport: { width: 1280, height: 900 } });
  t.after(close);
  await page.goto(`${address}#pin=20-10-48000`);
  await page.locator('#inspector', { hasText: 'Layer width 20, epoch 10' }).waitFor();
  await page.locator('#hold').click();
  await page.locator('#chart').focus();
  await page.keyboard.press('ArrowRight');
  const caption = page.locator('#compared caption');
  await caption.filter({ hasText: 'First: width 20, epoch 10, 48,000 examples. Pinned: width 27, epoch 10, 48,000 examples.' }).waitFor();
  const [held, pinned, change] = (await page.locator('#compared tbody tr').first().locator('td').allTextContents()).slice(1).map((text) => Number(text.replace('−', '-')));
  assert.ok(Math.abs(pinned - held - change) < 0.0011 && change < 0, `${held} ${pinned} ${change}`);
  await page.locator('#play').click();
  for (const epoch of [0, 1, 3]) await page.locator('#inspector', { hasText: new RegExp(`epoch ${epoch},`) }).waitFor();
  await page.locator('#play', { hasText: 'Stop' }).click();
  assert.equal(await page.locator('#play').textContent(), '▶ Play training');

  // It stops when the reader chooses another view, but not for another colour, and ends at the last epoch.
  await page.locator('#play').click();
  await page.locator('#inspector', { hasText: /epoch 1,/ }).waitFor();
  await page.locator('#metric').selectOption('knn');
  await page.locator('#inspector', { hasText: /epoch 3,/ }).waitFor();
  await page.locator('#x').selectOption('epoch');
  await page.locator('#play', { hasText: 'Play training' }).waitFor();
  assert.equal(await page.locator('#x').inputValue(), 'epoch');
  await page.locator('#reference').selectOption('mnist-batch-norm');
  await page.locator('#figure-title', { hasText: 'by batch norm' }).waitFor();
  await page.locator('#play').click();
  await page.locator('#play', { hasText: 'Stop' }).waitFor();
  await page.locator('#inspector', { hasText: /epoch 30,/ }).waitFor();
  await page.locator('#play', { hasText: 'Play training' }).waitFor();
});
