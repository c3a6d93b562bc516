// @ts-check
// The space in three dimensions: its surfaces are the borders that the command line finds, and it is turned by hand, by keys and by itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root, target } from '../../scripts/places.mjs';
import { defaultThresholds } from '../../www/state/fields.js';
import { bordersOf, crossing, perDoubling } from '../../www/story/space/borders.js';
import { faces, hasSpace } from '../../www/story/space/solid.js';
import { firstView } from '../../www/chart/look.js';
import { startingSettings } from '../../www/state/fields.js';
import { openPage } from './browser.mjs';

const PATIENCE = 120_000;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const file = join(root, 'www', 'charts', 'mnist-figure.json');
const chart = JSON.parse(readFileSync(file, 'utf8'));

/** @type {Awaited<ReturnType<typeof openPage>>} */
let opened;
/** What the page has fetched. @type {string[]} */
const fetched = [];
before(async () => {
  opened = await openPage({ stays: true, viewport: { width: 1200, height: 900 }, reducedMotion: 'reduce' });
  opened.page.on('request', (request) => fetched.push(request.url()));
  await opened.page.goto(`${opened.address}#reference=mnist-figure`);
  await opened.page.locator('.heatmap').waitFor();
});
after(() => opened.close());

test('borders are those of the command line', () => {
  const printed = execFileSync(join(target, 'release', 'hash-phase'), ['borders', file], { encoding: 'utf8' });
  const tables = printed.split('\n\n').filter((part) => part.startsWith('| epoch')).map((table) => table.trim().split('\n').slice(2).map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim())));
  assert.equal(tables.length, 2);
  const { under, sufficient } = bordersOf(chart, defaultThresholds, 0);
  for (const [at, borders] of [under, sufficient].entries())
    for (const [row, own] of borders.entries()) {
      const [epoch, ...cells] = tables[at][row];
      assert.equal(Number(epoch), chart.axes.epoch[row]);
      const said = own.map((border) => (border === null ? '' : border === 0 ? 'all' : border === Infinity ? '> 100' : border.toFixed(1)));
      assert.deepEqual(said, cells.slice(0, own.length), `epoch ${epoch}`);
      const slope = perDoubling(chart.axes.samples, own);
      assert.equal(cells[own.length].split(' ')[0], slope === null ? '' : `${slope < 0 ? '' : '+'}${slope.toFixed(2)}`);
    }
});

test('a border is where the last width falls short and the next does not; a missing network has none', () => {
  assert.equal(crossing([4, 16, 64], [-1, -1, -1]), 0);
  assert.equal(crossing([4, 16, 64], [1, 1, 1]), Infinity);
  assert.ok(Math.abs(Number(crossing([4, 16, 64], [0.2, -0.2, -1])) - 8) < 1e-9);
  assert.equal(crossing([4, 16, 64], [1, NaN, -1]), null);
});

test('faces lie within the space, the slice where its axis is held, and a chart of one sample size has no space', () => {
  const view = { ...firstView(chart, startingSettings().view), at: { samples: 1000 } };
  const solid = faces(chart, view, bordersOf(chart, view, 0));
  for (const { corners } of solid) for (const place of corners.flat()) assert.ok(place >= 0 && place <= 1);
  const slice = solid.filter(({ kind }) => kind === 'slice');
  assert.equal(slice.length, chart.axes.width.length * chart.axes.epoch.length);
  const held = Math.log(1000 / 10) / Math.log(48_000 / 10);
  for (const { corners } of slice) for (const [, back] of corners) assert.ok(Math.abs(back - held) < 1e-9);
  assert.ok(hasSpace(chart));
  assert.ok(!hasSpace(JSON.parse(readFileSync(join(root, 'www', 'charts', 'mnist-batch-norm.json'), 'utf8'))));
});

const picture = () => opened.page.locator('#space-picture').evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
/** Until the picture is another one. @param {string} before */
async function another(before) {
  await opened.page.waitForFunction((before) => /** @type {HTMLCanvasElement} */ (document.querySelector('#space-picture')).toDataURL() !== before, before, { timeout: PATIENCE });
  return picture();
}

test('it is fetched when it is opened, and stays still for a reader who asks for that', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  assert.ok(!fetched.some((address) => /space/.test(address)));
  await page.locator('#space > summary').click();
  await page.locator('#space-finding', { hasText: 'Before training, codes of 48,000 examples stop colliding at layer width 40 (2.1 wider for twice as many examples).' }).waitFor();
  assert.ok(fetched.some((address) => /space/.test(address)));
  assert.equal(await page.locator('#space-turn').innerText(), 'Turn by itself');
  const label = await page.locator('#space-picture').getAttribute('aria-label');
  assert.match(label ?? '', /^The space of epoch, training sample size, layer width in three dimensions.*stop colliding at layer width 40/);
});

test('arrow keys and dragging turn it, a button lets it turn by itself', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  const first = await another('data:,');
  await page.locator('#space-picture').focus();
  await page.keyboard.press('ArrowLeft');
  const second = await another(first);
  await page.keyboard.press('ArrowRight');
  assert.equal(await another(second), first, 'back where it was');
  await page.keyboard.press('ArrowUp');
  const third = await another(first);
  await page.locator('#space-picture').scrollIntoViewIfNeeded();
  const box = await page.locator('#space-picture').boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 200, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x + 260, box.y + 190, { steps: 4 });
  await page.mouse.up();
  const fourth = await another(third);
  await page.locator('#space-turn').click();
  await another(await another(fourth));
  await page.locator('#space-turn').click();
  assert.equal(await page.locator('#space-turn').innerText(), 'Turn by itself');
});

test('another slice is another plane, another chart another space, and the numbers are a table', { timeout: PATIENCE }, async () => {
  const { page } = opened;
  const before = await picture();
  await page.locator('#y').selectOption('samples');
  await another(before);
  await page.locator('#space-numbers > summary').click();
  const cells = await page.locator('#space-numbers table').first().locator('tbody tr').first().locator('td').allTextContents();
  assert.deepEqual(cells, ['13.6', '18.3', '25.3', '32.5', '39.6']);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run(document.querySelector('#space')));
  assert.deepEqual(violations.map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes[0].html}`), []);
  await page.locator('[slot=choose] select').selectOption('mnist-batch-norm');
  await page.locator('#space-finding', { hasText: 'has one training sample size: choose one with several' }).waitFor();
  assert.equal(await page.locator('#space-picture').isHidden(), true);
  assert.deepEqual(opened.complaints, []);
});
