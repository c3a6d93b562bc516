// @ts-check
// A run that reloads cut off at random moments, and that is gone on with each time, comes to the chart of a run that nobody disturbed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, openPage } from './browser.mjs';
import { dice } from './walker.mjs';

const PATIENCE = 60_000;
const SCHEDULES = 25;
const PLAN = 'dataset=moons&preset=quick&widths=32,64,128&epochs=0,1,2,3,4&samples=100,1024&seeds=1';
const ALL = 3 * 5 * 2;

/** @typedef {import('../../www/element/hash-phase-chart.js').HashPhaseChart} HashPhaseChart */
/** @typedef {import('playwright-core').Page} Page */

/** The chart without what tells of the run itself. @param {Page} page */
async function chartOf(page) {
  const chart = await page.evaluate(() => /** @type {HashPhaseChart} */ (document.querySelector('hash-phase-chart')).chart);
  assert.ok(chart);
  return { ...chart, provenance: { ...chart.provenance, seconds: 0 } };
}
/** @param {Page} page */
const isDone = (page) => page.evaluate((words) => document.querySelector('hash-phase-chart')?.shadowRoot?.querySelector('#progress-text')?.textContent?.startsWith(words) ?? false, `Done: ${ALL} of ${ALL}`);
/** @param {Page} page */
const isTraining = (page) => page.evaluate(() => /** @type {HashPhaseChart} */ (document.querySelector('hash-phase-chart')).isTraining);
/** @param {Page} page */
const count = (page) => page.evaluate(() => /** @type {HashPhaseChart} */ (document.querySelector('hash-phase-chart')).chart?.cells.length ?? 0);

test(`${SCHEDULES} schedules of up to four reloads: always the undisturbed chart`, { timeout: 20 * PATIENCE }, async () => {
  const { page, address, complaints } = await openPage();
  const open = async () => {
    await page.goto(`${address}embed.html?${new URLSearchParams({ plan: PLAN, controls: 'train' })}`);
    await page.locator('#start:enabled').waitFor();
  };
  await open();
  await page.locator('#start').click();
  await answered(() => isDone(page), PATIENCE);
  const undisturbed = await chartOf(page);
  const roll = dice(7);
  for (let schedule = 0; schedule < SCHEDULES; schedule++) {
    await open();
    await page.locator('#start').click();
    /** @type {number[]} */
    const cuts = [];
    for (let left = 1 + roll(4); left > 0 && !(await isDone(page)); left--) {
      const networks = roll(ALL);
      cuts.push(networks);
      await answered(async () => (await count(page)) >= networks || (await isDone(page)), PATIENCE);
      await page.reload();
      await page.locator('#start:enabled').waitFor();
      const offer = page.locator('#offer button', { hasText: 'Go on' });
      // A finished run, or one without cells, is not offered.
      const offered = await answered(() => page.evaluate(async () => {
        const runs = await new Promise((told) => {
          const asked = indexedDB.open('hash-phase');
          asked.onsuccess = () => {
            const all = asked.result.transaction('runs').objectStore('runs').getAll();
            all.onsuccess = () => {
              asked.result.close();
              told(all.result);
            };
          };
        });
        const last = /** @type {any[]} */ (runs).sort((one, other) => other.begun - one.begun)[0];
        const offer = /** @type {HTMLElement | null | undefined} */ (document.querySelector('hash-phase-chart')?.shadowRoot?.querySelector('#offer'));
        return last.done === last.total ? 'done' : offer?.hidden ? '' : 'offered';
      }), PATIENCE);
      if (offered === 'done') break;
      await offer.click();
      // It is read before it goes on.
      await answered(async () => (await isTraining(page)) || (await isDone(page)), PATIENCE);
    }
    if (!(await isDone(page))) {
      const kept = page.locator('#kept');
      if (await isTraining(page)) await answered(() => isDone(page), PATIENCE);
      else {
        await kept.locator('summary').click();
        await page.locator('#kept-charts li').first().getByRole('button', { name: /^Show/ }).click();
        await answered(async () => (await count(page)) === ALL, PATIENCE);
      }
    }
    assert.deepEqual(await chartOf(page), undisturbed, `schedule ${schedule}: reloaded after ${cuts}`);
  }
  assert.deepEqual(complaints, []);
});
