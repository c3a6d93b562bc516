// @ts-check
// What is trained outlives the page: a reload, a crash, another chart, a second tab; and where it cannot be kept, the page says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage, until } from './browser.mjs';

const PATIENCE = 480_000;
/** Long enough to be left in the middle. */
const PLAN = 'dataset=moons&preset=quick&widths=32,64,128,256&epochs=0,1,2,3,4,6,8,10&samples=100,300,1024&seeds=2';
const ALL = 4 * 8 * 3 * 2;

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('../../www/element/hash-phase-chart.js').HashPhaseChart} HashPhaseChart */

/** @param {Page} page @param {string} address */
const open = async (page, address) => {
  await page.goto(`${address}embed.html?${new URLSearchParams({ plan: PLAN, controls: 'train' })}`);
  await page.locator('#start:enabled').waitFor();
};
/** @param {Page} page @param {number} networks */
const finished = (page, networks) => until(page, async (networks) => (/** @type {HashPhaseChart} */ (document.querySelector('hash-phase-chart')).chart?.cells.length ?? 0) >= networks, networks);
/** Waits until the browser has put some of what is finished into its database, which takes it a moment. @param {Page} page */
const kept = (page) =>
  until(page, () =>
    new Promise((told) => {
      const asked = indexedDB.open('hash-phase');
      asked.onsuccess = () => {
        const counted = asked.result.transaction('news').objectStore('news').count();
        counted.onsuccess = () => {
          asked.result.close();
          told(counted.result >= 3);
        };
      };
    }), undefined);
/** @param {Page} page */
const done = (page) => page.locator('#progress-text', { hasText: `Done: ${ALL} of ${ALL} squares` }).waitFor({ timeout: PATIENCE });
/** The chart without what tells of the run itself. @param {Page} page */
const chartOf = async (page) => {
  const chart = await page.evaluate(() => /** @type {HashPhaseChart} */ (document.querySelector('hash-phase-chart')).chart);
  assert.ok(chart);
  return { ...chart, provenance: { ...chart.provenance, seconds: 0 } };
};
/** What a run comes to that nothing disturbs. @param {Page} page */
async function undisturbed(page) {
  await page.locator('#start').click();
  await done(page);
  return chartOf(page);
}

test('a run that a reload cuts off is offered, gone on with, and comes to what it would have come to', { timeout: 2 * PATIENCE }, async (t) => {
  const opened = await openPage();
  t.after(opened.close);
  const { page, address } = opened;
  await open(page, address);
  await page.locator('#start').click();
  await kept(page);
  await page.reload();
  const offer = page.locator('#offer', { hasText: /Unfinished: moons, quick, \d+ of 192 squares/ });
  await offer.waitFor();
  const networks = Number(/(\d+) of/.exec((await offer.textContent()) ?? '')?.[1]);
  assert.ok(networks >= 3 && networks < ALL, `${networks} were kept`);
  await offer.getByRole('button', { name: /^Show it/ }).click();
  await finished(page, networks);
  assert.equal((await chartOf(page)).cells.length, networks);
  await offer.getByRole('button', { name: /^Go on/ }).click();
  await done(page);
  const resumed = await chartOf(page);
  await offer.waitFor({ state: 'hidden' });
  assert.deepEqual(resumed, await undisturbed(page));
  // The stored chart equals the one that was shown.
  await page.reload();
  await page.locator('#kept summary', { hasText: '(2)' }).click();
  await page.locator('#kept-charts li').last().getByRole('button', { name: /^Show/ }).click();
  await finished(page, ALL);
  assert.deepEqual(await chartOf(page), resumed);
  assert.deepEqual(opened.complaints, []);
});

test('a tab that crashes loses what it was at and nothing else', { timeout: PATIENCE }, async (t) => {
  const opened = await openPage();
  t.after(opened.close);
  await open(opened.page, opened.address);
  await opened.page.locator('#start').click();
  await kept(opened.page);
  const crashed = opened.page.waitForEvent('crash');
  opened.page.goto('chrome://crash').catch(() => {});
  await crashed;
  const page = await opened.page.context().newPage();
  await open(page, opened.address);
  await page.locator('#offer', { hasText: /[1-9]\d* of 192 squares/ }).waitFor();
});

test('two tabs train a run each, and neither takes the other’s', { timeout: 2 * PATIENCE }, async (t) => {
  const opened = await openPage();
  t.after(opened.close);
  const [one, other] = [opened.page, await opened.page.context().newPage()];
  await open(one, opened.address);
  await one.locator('#start').click();
  await finished(one, 1);
  await open(other, opened.address);
  await other.locator('#kept summary').click();
  await other.locator('#kept-charts', { hasText: 'is being trained' }).waitFor();
  assert.equal(await other.locator('#offer').isHidden(), true);
  assert.equal(await other.locator('#kept-charts').getByRole('button', { name: /^(Go on|Delete)/ }).count(), 0);
  await other.locator('#start').click();
  await Promise.all([done(one), done(other)]);
  assert.deepEqual(await chartOf(one), await chartOf(other));
  await other.locator('#kept summary', { hasText: '(2)' }).waitFor();
});

test('another chart that is chosen meanwhile throws nothing away, and own charts are named, shown, deleted and brought back', { timeout: PATIENCE }, async (t) => {
  const opened = await openPage();
  t.after(opened.close);
  const { page, address } = opened;
  await page.goto(`${address}#dataset=moons&preset=quick`);
  await page.locator('#start:enabled').click();
  await page.locator('#progress-text', { hasText: /[1-9]\d* of 105 squares/ }).waitFor();
  await page.locator('#reference').selectOption('mnist-code');
  await page.locator('#figure-title', { hasText: 'mnist' }).waitFor();
  const own = page.locator('#reference optgroup option');
  await own.first().waitFor({ state: 'attached' });
  await own.filter({ hasText: /^moons, quick \(\d+ of 105\)$/ }).first().waitFor({ state: 'attached' });
  await page.locator('#reference').selectOption({ index: await page.locator('#reference option').count() - 1 });
  await page.locator('#figure-title', { hasText: 'moons' }).waitFor();
  await finished(page, 1);

  await page.locator('#kept summary').click();
  const name = page.getByLabel('name of this chart');
  await name.fill('my moons');
  await name.press('Tab');
  await page.locator('#reference optgroup option', { hasText: 'my moons' }).waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Delete: my moons' }).click();
  await page.locator('#kept', { hasText: 'my moons is deleted' }).waitFor();
  assert.equal(await own.count(), 0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('#reference optgroup option', { hasText: 'my moons' }).waitFor({ state: 'attached' });
  assert.deepEqual(opened.complaints, []);
});

for (const [what, init, says] of /** @type {[string, () => void, RegExp][]} */ ([
  [
    'denied',
    () => Object.defineProperty(window, 'indexedDB', { get: () => { throw new DOMException('access is denied', 'SecurityError'); } }),
    /is not kept when this page is closed: the browser gives this page no storage \(access is denied\)/,
  ],
  [
    'full',
    () => {
      IDBObjectStore.prototype.add = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    },
    /is not kept when this page is closed: the browser’s storage for this page is full: delete charts that you do not need/,
  ],
]))
  test(`where storage is ${what} the run goes on, and the page says that it is not kept`, { timeout: PATIENCE }, async (t) => {
    const opened = await openPage();
    t.after(opened.close);
    const { page, address } = opened;
    await page.addInitScript(init);
    await open(page, address);
    await page.locator('#start').click();
    await page.locator('#unkept', { hasText: says }).waitFor();
    await done(page);
    assert.deepEqual(opened.complaints, []);
  });

test('in a sandboxed frame, which has no storage, the run goes on and the page says so', { timeout: PATIENCE }, async (t) => {
  const opened = await openPage();
  t.after(opened.close);
  const { page, address } = opened;
  await page.setContent(`<iframe sandbox="allow-scripts" width="900" height="900" src="${address}embed.html?${new URLSearchParams({ plan: 'quick moons', controls: 'train' })}"></iframe>`);
  const frame = page.frameLocator('iframe');
  await frame.locator('#start:enabled').click();
  await frame.locator('#unkept', { hasText: 'the browser gives this page no storage' }).waitFor();
  await frame.locator('#progress-text', { hasText: 'Done: 105 of 105' }).waitFor({ timeout: PATIENCE });
});
