// @ts-check
// Runs and views are true under every click: whatever a reader does, in whatever order, the page shows what it says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/places.mjs';
import { downloadChart, openPage } from './browser.mjs';

const PATIENCE = 240_000;
const MOONS = 'dataset=moons&widths=3,8,20&epochs=0,2,30&samples=100,400,1024';

/**
 * @param {import('node:test').TestContext} t after which the browser is closed
 * @param {string} [link]
 * @param {(page: import('playwright-core').Page) => Promise<unknown>} [before] the page is opened
 */
async function open(t, link = '', before = async () => {}) {
  const opened = await openPage({ acceptDownloads: true, viewport: { width: 1280, height: 1000 } });
  t.after(opened.close);
  await before(opened.page);
  await opened.page.goto(`${opened.address}${link ? `#${link}` : ''}`);
  return {
    ...opened,
    until: (/** @type {RegExp} */ hasText) => opened.page.locator('#progress-text', { hasText }).waitFor({ timeout: PATIENCE }),
    title: (/** @type {string} */ hasText) => opened.page.locator('#figure-title', { hasText }).waitFor(),
    notice: (/** @type {RegExp} */ hasText) => opened.page.locator('#notice', { hasText }).waitFor(),
    pin: () => opened.page.locator('#inspector p').first().textContent(),
    alive: () => opened.page.locator('#start:enabled').waitFor(),
  };
}

/** A browser that does not name its GPU before `nameGpu` is called, however long that takes. @param {import('playwright-core').Page} page */
const slowGpu = (page) =>
  page.addInitScript(() => {
    const named = new Promise((give) => Object.assign(window, { nameGpu: () => give(null) }));
    Object.assign(/** @type {any} */ (navigator).gpu, { requestAdapter: () => named });
  });

const json = (/** @type {string} */ name, /** @type {any} */ chart) => ({ name, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(chart)) });
const shipped = (/** @type {string} */ name) => JSON.parse(readFileSync(join(root, 'www', 'charts', `${name}.json`), 'utf8'));

test('Train, Stop, Train, Stop, Train while the browser is slow to name its GPU is one run', { timeout: PATIENCE }, async (t) => {
  const { page, until, alive } = await open(t, MOONS, slowGpu);
  await alive();
  await page.evaluate(() => {
    const own = window.Worker;
    Object.assign(window, { begun: 0 });
    // @ts-ignore -- a worker that is counted
    window.Worker = class extends own {
      /** @param {any[]} given */
      constructor(...given) {
        // @ts-ignore
        super(...given);
        // Workers that measure the number of processors do not train.
        if (!String(given[0]).startsWith('blob:')) /** @type {any} */ (window).begun += 1;
      }
    };
  });
  // Faster than any reader: before the page stops waiting for a name.
  await page.evaluate(() => {
    const root = /** @type {ShadowRoot} */ (document.querySelector('hash-phase-chart')?.shadowRoot);
    for (const button of ['start', 'stop', 'start', 'stop', 'start']) /** @type {HTMLButtonElement} */ (root.querySelector(`#${button}:enabled`)).click();
    /** @type {any} */ (window).nameGpu();
  });
  await until(/^Done: 27 of 27 squares /);
  const begun = await page.evaluate(() => [/** @type {any} */ (window).begun, navigator.hardwareConcurrency]);
  assert.ok(begun[0] <= Math.min(8, begun[1]), `${begun[0]} workers on ${begun[1]} processors`);
  assert.equal((await downloadChart(page)).chart.cells.length, 27);
});

test('a browser that never names its GPU does not hold Train for ever', { timeout: PATIENCE }, async (t) => {
  const { page, until, alive } = await open(t, 'dataset=moons&widths=3&epochs=0,1&samples=100', slowGpu);
  await alive();
  await page.locator('#start').click();
  await until(/^Done: 2 of 2 squares .*CPU/);
});

for (const [when, moment] of /** @type {const} */ ([
  ['the engine is still loading', 'what has come'],
  ['its own chart is on show', 'its first square'],
]))
  test(`Train goes on when the chart that the page opens with comes only as ${when}`, { timeout: PATIENCE }, async (t) => {
    /** @type {(() => void) | undefined} */
    let send;
    const held = new Promise((go) => (send = () => go(null)));
    const { page, until, title } = await open(t, 'dataset=moons&widths=3&epochs=0,1&samples=100', async (page) => {
      await slowGpu(page);
      await page.route('**/mnist-figure-*.json', async (route) => {
        await held;
        // If the training came first, nothing waits for it any more.
        await route.continue().catch(() => {});
      });
    });
    await page.locator('#start:enabled').click();
    await page.locator('#stop:enabled').waitFor();
    if (moment === 'its first square') {
      await page.evaluate(() => /** @type {any} */ (window).nameGpu());
      await title('moons');
      send?.();
    } else {
      send?.();
      await title('mnist, one hidden layer');
      assert.equal(await page.locator('#stop').isEnabled(), true, 'it is still loading');
      await page.evaluate(() => /** @type {any} */ (window).nameGpu());
    }
    await until(/^Done: 2 of 2 squares /);
    await title('moons');
    await page.evaluate(() => /** @type {any} */ (document.querySelector('hash-phase-chart')).ready);
  });

test('of two files opened shortly after one another the last one is shown', { timeout: PATIENCE }, async (t) => {
  const { page, alive, title } = await open(t, 'dataset=moons');
  await alive();
  await page.locator('#load').setInputFiles([]);
  await page.evaluate(([one, other]) => {
    const drop = (/** @type {string} */ text, /** @type {string} */ name) => {
      const data = new DataTransfer();
      data.items.add(new File([text], name, { type: 'application/json' }));
      document.dispatchEvent(Object.assign(new Event('drop'), { dataTransfer: data }));
    };
    drop(one, 'one.json');
    drop(other, 'other.json');
  }, [JSON.stringify({ ...shipped('mnist-figure'), title: 'the first, a large one' }), JSON.stringify({ ...shipped('mnist-batch-norm'), title: 'the last' })]);
  await title('the last:');
  await page.waitForLoadState('networkidle');
  assert.match((await page.locator('#figure-title').textContent()) ?? '', /^the last:/);
});

test('a corrected copy of a chart is drawn', { timeout: PATIENCE }, async (t) => {
  const { page, alive } = await open(t);
  await alive();
  const chart = shipped('mnist-batch-norm');
  await page.locator('#load').setInputFiles(json('first.json', chart));
  const shown = () => page.locator('#inspector tr[data-metric=redundancy-train] td').last().textContent();
  await page.locator('#figure-title', { hasText: 'by batch norm' }).waitFor();
  const before = await shown();
  for (const cell of chart.cells) cell.redundancy.train = 0.125;
  await page.locator('#load').setInputFiles(json('corrected.json', chart));
  await page.locator('#inspector tr[data-metric=redundancy-train] td', { hasText: '0.125' }).waitFor();
  assert.notEqual(await shown(), before);
});

test('a link typed into the open page is followed as at the beginning, and an emptied one resets the view', { timeout: PATIENCE }, async (t) => {
  const { page, title, notice } = await open(t);
  await title('mnist, one hidden layer: redundancy ratio, train');
  await page.evaluate(() => (location.hash = 'reference=mnist-label-noise&metric=knn&pin=40-30-48000-1'));
  await title('by label noise: K-NN accuracy, test');
  await page.locator('#inspector', { hasText: 'Layer width 40, epoch 30, 48,000 training examples, label noise 0.2' }).waitFor();
  await page.evaluate(() => (location.hash = 'metric=redundancy-random&x=factor'));
  await title('mnist, one hidden layer: redundancy ratio, train');
  assert.equal(await page.locator('#x').inputValue(), 'width', 'a chart without a factor is not looked at across it');
  await page.evaluate(() => (location.hash = 'metric=nonsense'));
  await notice(/This link says metric=nonsense/);
  await page.evaluate(() => (location.hash = 'metric=knn&redundancy=0.2'));
  await title('K-NN accuracy, test');
  await page.evaluate(() => (location.hash = ''));
  await title('redundancy ratio, train');
  assert.equal(await page.locator('#threshold-redundancy').inputValue(), '0.05');
});

test('a link to one’s own run offers to train it, and then shows it as it was looked at', { timeout: PATIENCE }, async (t) => {
  const mine = await open(t, 'dataset=moons&widths=3,8&epochs=0,2&samples=100');
  await mine.alive();
  await mine.page.locator('#start').click();
  await mine.until(/^Done: 4 of 4/);
  await mine.page.locator('#metric').selectOption('knn');
  await mine.page.locator('#chart [aria-label^="width 3, epoch 2,"]').click();
  const link = new URL(mine.page.url()).hash.slice(1);

  const theirs = await open(t, link);
  await theirs.notice(/of networks that were trained in a browser: press Train/);
  assert.equal(new URL(theirs.page.url()).hash.slice(1), link, 'the link stays');
  assert.match((await theirs.pin()) ?? '', /48,000 training examples/, 'the pin is in the chart on show');
  await theirs.alive();
  await theirs.page.locator('#start').click();
  await theirs.until(/^Done: 4 of 4/);
  await theirs.title('moons, 3 hidden layers: K-NN accuracy, test');
  await theirs.page.locator('#inspector', { hasText: /^Layer width 3, epoch 2, 100 training examples/ }).waitFor();
});

test('while cells come in, a threshold can be typed and a click on a square counts', { timeout: 2 * PATIENCE }, async (t) => {
  const { page, until, alive, pin } = await open(t, 'dataset=moons&widths=2,3,4,5,6,7,8,9&epochs=0,1,2,3,4,5,6,7,8,9,10,20,40,80,160,320,640,1000&samples=100,200,300,400,500,600,700,800,900,1024&seeds=4');
  await alive();
  await page.locator('#start').click();
  await until(/^\d\d+ of 5,?760/); // more than is trained while we look
  const typed = page.locator('#threshold-redundancy');
  await typed.focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('.1', { delay: 500 });
  assert.equal(await typed.inputValue(), '.1');
  await typed.blur();
  assert.equal(await typed.inputValue(), '0.1');

  // Measured on the frame, which stays: the drawing in it may be replaced at any time.
  const chart = await page.locator('#chart').boundingBox();
  assert.ok(chart);
  const places = [[0.3, 0.3], [0.7, 0.6], [0.5, 0.8], [0.2, 0.5], [0.8, 0.2]];
  for (const [x, y] of places) {
    const before = await pin();
    await page.mouse.move(chart.x + chart.width * x, chart.y + chart.height * y);
    await page.mouse.down();
    // As long as a reader's press takes; the chart is redrawn in the meantime.
    const drawing = await page.locator('#chart svg').first().elementHandle();
    await page.waitForFunction((drawing) => !drawing?.isConnected, drawing);
    await page.mouse.up();
    await page.locator('#inspector p').first().filter({ hasNotText: before ?? '' }).waitFor();
  }
  await page.locator('#stop').click();
});

test('the pinned network is one of those on show when a slider moves, and Alt with an arrow is the browser’s', { timeout: PATIENCE }, async (t) => {
  const { page, title, pin } = await open(t);
  await title('mnist, one hidden layer');
  await page.locator('#at-samples').focus();
  await page.keyboard.press('ArrowLeft');
  await page.locator('#inspector', { hasText: '10,000 training examples' }).waitFor();
  await page.locator('#chart').focus();
  const before = await pin();
  await page.locator('#chart').dispatchEvent('keydown', { key: 'ArrowLeft', altKey: true });
  assert.equal(await pin(), before);
  await page.keyboard.press('ArrowLeft');
  assert.notEqual(await pin(), before);
});

test('a reference chart that cannot be loaded leaves the one before, by its name', { timeout: PATIENCE }, async (t) => {
  const { page, title, notice } = await open(t, '', (page) => page.route(/mnist-code.*\.json/, (route) => route.abort()));
  await title('mnist, one hidden layer');
  await page.locator('#reference').selectOption('mnist-code');
  await notice(/The chart mnist-code cannot be loaded .*Training works without it/);
  assert.equal(await page.locator('#reference').inputValue(), 'mnist-figure');

  const alone = await open(t, '', (page) => page.route(/assets\/.*\.json/, (route) => route.abort()));
  await alone.notice(/cannot be loaded/);
  await alone.title('No chart yet');
});

test('what was typed stays when data set or preset are chosen, and a plan that is edited meanwhile says when it counts', { timeout: PATIENCE }, async (t) => {
  const { page, alive, until } = await open(t, 'dataset=moons');
  await alive();
  await page.locator('#widths').fill('3, 5');
  await page.locator('#dataset').selectOption('spirals');
  await page.locator('#preset').selectOption('figure');
  assert.equal(await page.locator('#widths').inputValue(), '3, 5');
  assert.equal(await page.locator('#epochs').inputValue(), '0, 1, 3, 6, 10, 20, 30, 40, 60, 80, 100');
  await page.locator('#seeds').fill('100'); // more than is trained while we look
  await page.locator('#start').click();
  await until(/of \d+ squares/);
  await page.locator('#widths').fill('4');
  await page.locator('#work', { hasText: 'once you press Train again; the current training keeps its settings' }).waitFor();
  await page.locator('#stop').click();
});

test('a data set that is not on the server is not offered', { timeout: PATIENCE }, async (t) => {
  const { page, alive } = await open(t, 'dataset=cifar10', (page) =>
    page.route('**/engines/index.json', async (route) => route.fulfill({ json: { ...(await (await route.fetch()).json()), datasets: ['mnist', 'mnist-small'] } })),
  );
  await page.locator('#engine-missing', { hasText: /^The data set cifar10 is not on this server: choose another one\.$/ }).waitFor();
  assert.equal(await page.locator('#start').isDisabled(), true);
  assert.equal(await page.locator('#dataset option[value=fashion-mnist]').isDisabled(), true);
  await page.locator('#dataset').selectOption('mnist-small');
  await alive();
});
