// @ts-check
// A worker that dies is one worker: another takes its place, and the chart is that of an undisturbed run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage, until } from './browser.mjs';

const PATIENCE = 480_000;
const PLAN = 'dataset=moons&preset=quick&widths=32,64,128,256&epochs=0,1,2,3,4,6,8,10&samples=100,300,1024&seeds=2';
const ALL = 4 * 8 * 3 * 2;
/** What the page takes a silence for: two minutes and a look more. */
const SILENCE = 130_000;

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('../../www/element/hash-phase-chart.js').HashPhaseChart} HashPhaseChart */

/** An element that trains, and what is on its way to it. @param {import('node:test').TestContext} t @param {(page: Page) => Promise<unknown>} [first] */
async function training(t, first = async () => {}) {
  const opened = await openPage();
  t.after(opened.close);
  const { page, address } = opened;
  await first(page);
  await page.goto(`${address}embed.html?${new URLSearchParams({ plan: PLAN, controls: 'train' })}`);
  await page.locator('#start:enabled').click();
  await finished(page, 3);
  return opened;
}
/** @param {Page} page @param {number} networks */
const finished = (page, networks) => until(page, async (networks) => (/** @type {HashPhaseChart} */ (document.querySelector('hash-phase-chart')).chart?.cells.length ?? 0) >= networks, networks);
/** @param {Page} page */
const cells = (page) => page.evaluate(() => /** @type {HashPhaseChart} */ (document.querySelector('hash-phase-chart')).chart?.cells);
/** @param {Page} page */
const done = (page) => page.locator('#progress-text', { hasText: `Done: ${ALL} of ${ALL} squares` }).waitFor({ timeout: PATIENCE });

/** The same chart, undisturbed. @param {Page} page */
async function again(page) {
  await page.locator('#start').click();
  await done(page);
  return cells(page);
}

/** Ways in which a worker dies, done to it from within. @type {[string, () => void, RegExp][]} */
const deaths = [
  ['throws', () => void setTimeout(() => { throw new Error('a fault of its own'); }), /A worker died \(.*a fault of its own\)/],
  [
    'traps',
    // The smallest module whose start is `unreachable`.
    () => void setTimeout(() => new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 11])))),
    /A worker died \(.*unreachable\)/,
  ],
  ['runs out of memory', () => void setTimeout(() => new WebAssembly.Memory({ initial: 1, maximum: 1 }).grow(1)), /A worker died \(.*Memory.*\)/],
];

for (const [what, kill, says] of deaths)
  test(`a worker that ${what} costs no finished network, and the chart is complete`, { timeout: 2 * PATIENCE }, async (t) => {
    const { page } = await training(t);
    const before = await cells(page);
    await page.workers()[0].evaluate(kill);
    await page.locator('#notice', { hasText: says }).waitFor();
    await done(page);
    const after = await cells(page);
    assert.ok(before?.every((cell) => after?.some((other) => JSON.stringify(other) === JSON.stringify(cell))));
    assert.deepEqual(after, await again(page));
  });

test('a worker that is closed, or never answers again, is found out and replaced', { timeout: 2 * PATIENCE }, async (t) => {
  // The page's clock can be set; the workers' cannot.
  const { page } = await training(t, (page) => page.clock.install());
  // With one processor there is one worker, and no other to take over.
  const others = page.workers().length - 1;
  await page.workers()[0].evaluate(() => self.close());
  // The other worker finishes everything else; then the clock is advanced, and the worker that stays silent is dropped.
  await until(page, async ([populations, size]) => {
    const { chart } = /** @type {HashPhaseChart} */ (document.querySelector('hash-phase-chart'));
    const counts = Object.values(Object.groupBy(chart?.cells ?? [], ({ seed, samples }) => `${seed} ${samples}`));
    return counts.filter((cells) => cells?.length === size).length >= populations;
  }, [others ? 5 : 0, 32]);
  await page.clock.runFor(SILENCE);
  await page.locator('#notice', { hasText: 'a worker was silent for 2 minutes' }).waitFor();
  await done(page);
  const after = await cells(page);
  assert.deepEqual(after, await again(page));
});

test('a population of which every worker dies is given up and named, and the rest completes', { timeout: 2 * PATIENCE }, async (t) => {
  // The worker's script with a fault that one population triggers.
  const fault = `addEventListener('message', (event) => {
    const { type, population } = event.data;
    if (type !== 'run' || population.samples !== 300 || population.seed !== 2) return;
    event.stopImmediatePropagation();
    throw new Error('always this one');
  });`;
  const { page } = await training(t, (page) =>
    page.route(/assets\/worker-.*\.js$/, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: `${fault}\n${await answer.text()}` });
    }),
  );
  await page.locator('#progress-text', { hasText: `Done: ${ALL - 32} of ${ALL} squares` }).waitFor({ timeout: PATIENCE });
  assert.match((await page.locator('#notice').textContent()) ?? '', /The 32 networks of 300 examples, seed 2 are given up \(3 workers died of it, the last with: .*always this one\)/);
});

test('a worker that never comes is told of by its name, and what to do', { timeout: PATIENCE }, async (t) => {
  const opened = await openPage();
  t.after(opened.close);
  const { page, address } = opened;
  await page.route(/\.wasm$/, (route) => route.abort());
  await page.goto(`${address}embed.html?${new URLSearchParams({ plan: PLAN, controls: 'train' })}`);
  await page.locator('#start:enabled').click();
  await page.locator('#notice', { hasText: /The engine’s file http.*\.wasm cannot be loaded \(.*\): check that nothing blocks it/ }).waitFor();
  await page.unroute(/\.wasm$/);
  await page.route(/assets\/worker-.*\.js$/, (route) => route.abort());
  await page.locator('#start').click();
  await page.locator('#notice', { hasText: /The engine’s script http.*worker-.*\.js cannot be loaded: check that nothing blocks it/ }).waitFor();
  await page.unroute(/assets\/worker-.*\.js$/);
  await page.locator('#start').click();
  await done(page);
});
