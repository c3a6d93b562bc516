// @ts-check
// Two charts as one picture, and what the colours and axes are scaled by.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../scripts/places.mjs';
import { layout, squareAt } from '../../www/chart/boxes.js';
import { scaleOf } from '../../www/chart/scale.js';
import { startingSettings } from '../../www/state/fields.js';
import { openPage } from './browser.mjs';

const PATIENCE = 240_000;
const chartOf = (/** @type {string} */ name) => JSON.parse(readFileSync(join(root, 'www', 'charts', `${name}.json`), 'utf8'));
const { view } = startingSettings();

/** Mean over seeds of the training redundancy at a place, by hand; nothing where there is none. @param {any} chart @param {any} place */
function byHand({ cells }, { width, epoch, samples, level = 0 }) {
  const there = cells.filter((/** @type {any} */ cell) => cell.width === width && cell.epoch === epoch && cell.samples === samples && (cell.level ?? 0) === level).map((/** @type {any} */ cell) => cell.redundancy.train);
  return there.length ? there.reduce((/** @type {number} */ sum, /** @type {number} */ value) => sum + value, 0) / there.length : undefined;
}

/** @type {Awaited<ReturnType<typeof openPage>>} */
let opened;
before(async () => (opened = await openPage({ stays: true, viewport: { width: 1280, height: 900 } })));
after(() => opened.close());

/** The numbers of the table of a view, row by row, as they are written. */
async function numbers() {
  const { page } = opened;
  await page.locator('#numbers').evaluate((details) => void (/** @type {HTMLDetailsElement} */ (details).open = true));
  return page.locator('#table tbody tr').evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('td')].map(({ textContent }) => textContent)));
}

test('the difference of two charts is, square by square, what one gets by hand; what one of them lacks is a gap', { timeout: PATIENCE }, async () => {
  const { page, address } = opened;
  await page.goto(address);
  await page.locator('#scale summary').click();
  await page.locator('#minus').selectOption('mnist-batch-128');
  await page.locator('#figure-title', { hasText: 'mnist, one hidden layer − mnist-batch-128: redundancy ratio, train' }).waitFor();
  const [one, other] = [chartOf('mnist-figure'), chartOf('mnist-batch-128')];
  const expected = one.axes.epoch.map((/** @type {number} */ epoch) => one.axes.width.map((/** @type {number} */ width) => {
    const [mine, theirs] = [one, other].map((chart) => byHand(chart, { width, epoch, samples: 48_000 }));
    return mine === undefined || theirs === undefined ? '–' : (mine - theirs).toFixed(3);
  }));
  assert.deepEqual(await numbers(), expected);
  assert.ok(expected.flat().includes('–') && expected.flat().some((/** @type {string} */ text) => Number(text) < -0.1));
  assert.equal(await page.locator('#chart [aria-hidden] path[stroke="var(--under)"]').count(), 0, 'a difference has no regimes');
  await page.locator('.legend[aria-label^="Colours from −0.2 to +0.2"]').waitFor();
  // Its link shows the same, and so does the element.
  const link = page.url();
  assert.match(link, /minus=mnist-batch-128/);
  await page.goto('about:blank');
  await page.goto(link);
  await page.locator('#figure-title', { hasText: '− mnist-batch-128' }).waitFor();
  await page.goto(`${address}embed.html?src=mnist-figure&minus=mnist-batch-128&metric=knn`);
  await page.locator('#figure-title', { hasText: '− mnist-batch-128: K-NN accuracy' }).waitFor();
});

test('where a page gives its readers no controls, there are none of the scale either', { timeout: PATIENCE }, async () => {
  const { page, address } = opened;
  await page.goto(`${address}embed.html?controls=none`);
  await page.locator('#chart svg').first().waitFor();
  for (const id of ['scale', 'view-controls', 'thresholds', 'take']) assert.equal(await page.locator(`#${id}`).isVisible(), false, id);
});

test('one value of a factor is subtracted from another', { timeout: PATIENCE }, async () => {
  const { page, address } = opened;
  await page.goto(`${address}#reference=mnist-batch-norm&y=epoch&at-factor=1&minus=level-0`);
  await page.locator('#figure-title', { hasText: 'by batch norm − batch norm without: ' }).waitFor();
  const chart = chartOf('mnist-batch-norm');
  const expected = chart.axes.epoch.map((/** @type {number} */ epoch) => chart.axes.width.map((/** @type {number} */ width) => {
    const [without, with_] = [0, 1].map((level) => byHand(chart, { width, epoch, samples: 48_000, level }));
    return (Number(with_) - Number(without)).toFixed(3).replace(/^-0\.000$/, '-0.000');
  }));
  assert.deepEqual(await numbers(), expected);
});

test('a chart that cannot be had for a difference is named, and the chart stays', { timeout: PATIENCE }, async () => {
  const { page, address } = opened;
  await page.goto(`${address}#minus=no-such-chart`);
  await page.locator('#notice', { hasText: 'The chart no-such-chart cannot be subtracted (no chart has this name: give one of mnist-figure' }).waitFor();
  assert.doesNotMatch(page.url(), /minus/);
  await page.locator('#figure-title', { hasText: 'mnist, one hidden layer: redundancy ratio, train' }).waitFor();
});

test('colours go over the range and on the scale that are asked for, and say where they end', () => {
  const texts = (/** @type {Partial<typeof view>} */ change) => scaleOf(null, { ...view, ...change }).ticks.map(({ text }) => text);
  assert.deepEqual(texts({}), ['0', '0.5', '1']);
  assert.deepEqual(texts({ metric: 'knn', range: [0.9, 1] }), ['≤ 0.9', '0.95', '1']);
  assert.deepEqual(texts({ scale: 'log' }), ['≤ 0.001', '0.01', '0.1', '1']);
  assert.deepEqual(texts({ scale: 'log', metric: 'knn' }), ['0', '0.5', '1'], 'accuracies are not logarithmic');
  const near = scaleOf(null, { ...view, metric: 'knn', range: [0.9, 1] });
  assert.deepEqual([near.at(0.5), near.at(0.95).toFixed(9), near.at(1)], [0, '0.500000000', 1]);
  assert.equal(scaleOf(null, { ...view, scale: 'log' }).at(Math.sqrt(1e-3)).toFixed(9), '0.500000000');
});

test('at true distances squares are as wide as their values are apart, and each is found where it is drawn', () => {
  const chart = chartOf('mnist-figure');
  for (const spacing of /** @type {const} */ (['even', 'true']))
    for (const [x, y] of /** @type {const} */ ([['width', 'epoch'], ['samples', 'width'], ['epoch', 'samples']])) {
      const place = layout(chart, { ...view, x, y, spacing }, 800);
      for (const edges of [place.xs, place.ys]) {
        for (let at = 0; at + 1 < edges.length; at++) assert.equal(squareAt(edges, (edges[at] + edges[at + 1]) / 2), at);
        assert.deepEqual([squareAt(edges, edges[0] + (edges[0] - edges[1])), squareAt(edges, 2 * edges[edges.length - 1] - edges[edges.length - 2])], [-1, -1]);
      }
    }
  const { xs, columns } = layout(chart, { ...view, spacing: 'true' }, 800);
  const wide = (/** @type {number} */ width) => xs[columns.indexOf(width) + 1] - xs[columns.indexOf(width)];
  assert.ok(Math.abs(wide(100) / wide(80) - 20 / 20) < 1e-9 && wide(60) > 3 * wide(30), `${wide(100)} ${wide(80)} ${wide(60)} ${wide(30)}`);
});

test('range, scale and distances are set on the page, stand in its link, and the legend marks the pinned network', { timeout: PATIENCE }, async () => {
  const { page, address } = opened;
  await page.goto('about:blank');
  await page.goto(`${address}#metric=knn&pin=40-30-48000`);
  await page.locator('#scale summary').click();
  assert.equal(await page.locator('#logarithmic').isVisible(), false);
  await page.locator('#colours-from').fill('0.8');
  await page.locator('#distances').check();
  assert.match(page.url(), /range=0\.8-1.*spacing=true/);
  await page.locator('.legend text', { hasText: '≤ 0.8' }).waitFor();
  await page.locator('.legend text', { hasText: /^pinned: 0\.\d{3}$/ }).waitFor();
  await page.locator('#colours-from').fill('2');
  assert.equal(await page.locator('#colours-from').getAttribute('aria-invalid'), 'true');
  await page.locator('#metric').selectOption('redundancy-train');
  await page.locator('#logarithmic').check();
  assert.match(page.url(), /scale=log/);
  // A click still pins what it is on.
  const square = page.locator('#chart [aria-label^="width 80, epoch 3,"]');
  const box = await square.boundingBox();
  assert.ok(box);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.locator('#inspector', { hasText: /^Layer width 80, epoch 3,/ }).waitFor();
});
