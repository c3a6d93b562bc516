// @ts-check
// What the README says of sizes and first paint: the built page in headless Chromium, medians of several openings.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { clickTrain } from './bench/in-browser.mjs';
import { readyToLook } from './browser.mjs';
import { engines } from './build.mjs';
import { lastStarted, memoryOf, processOf } from './memory.mjs';
import { root } from './places.mjs';
import { script } from './shell.mjs';

const OPENINGS = 7;

await script(async () => {
  const { openPage, sizesBeforeChart } = await readyToLook();
  for (const { title, folder } of engines) {
    const module = readFileSync(join(root, 'www', folder, 'hash_phase_bg.wasm'));
    const packed = brotliCompressSync(module, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: module.length, [constants.BROTLI_PARAM_LGWIN]: 24 } });
    const [raw, gzip, brotli] = [module, gzipSync(module, { level: 9 }), packed].map(({ length }) => (length / 1e6).toFixed(2));
    console.log(`${title} module: ${raw} MB, ${gzip} MB gzipped, ${brotli} MB as brotli`);
  }

  /** @type {number[]} */
  const paints = [];
  /** @type {number[]} */
  const charts = [];
  /** @type {number[]} */
  const alive = [];
  /** @type {number[]} */
  const rates = [];
  let transfer = 0;
  for (let opening = 0; opening < OPENINGS; opening++) {
    const { page, address, close } = await openPage({ viewport: { width: 1280, height: 900 } });
    const before = await sizesBeforeChart(page);
    await page.goto(address);
    await page.locator('#chart svg').first().waitFor();
    charts.push(await page.evaluate(() => performance.now()));
    paints.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
    await page.locator('#hook-state', { hasText: /^Training/ }).waitFor();
    alive.push(await page.evaluate(() => performance.now()));
    transfer = await before();
    await page.locator('#hook-state', { hasText: /^Trained/ }).waitFor();
    await page.locator('#plane').evaluate((plane) => plane.scrollIntoView({ block: 'center' }));
    await page.locator('#plane-width').fill('60');
    await page.locator('#plane-state', { hasText: /^Epoch [1-9]\d+ .*pictures/ }).waitFor();
    rates.push(Number(/(\d+) pictures/.exec((await page.locator('#plane-state').textContent()) ?? '')?.[1]));
    await close();
  }
  /** Of the page with its workers, whose form has what a link says: the browser's own windows are the same for any page. @param {string} link */
  async function memory(link) {
    const { page, address, close } = await openPage({ viewport: { width: 1280, height: 900 } });
    const browser = lastStarted();
    await page.goto('about:blank');
    const empty = memoryOf(await processOf(page, browser));
    await page.goto(address + link);
    const pid = await processOf(page, browser);
    const tab = () => memoryOf(pid);
    // The link scrolls past the hook, which trains only while in view.
    await (link ? page.locator('#start:enabled') : page.locator('#hook-state', { hasText: /^Trained/ })).waitFor();
    const read = tab();
    let [most, over] = [0, false];
    const trained = page.evaluate(clickTrain).finally(() => (over = true));
    while (!over) {
      most = Math.max(most, tab());
      await page.waitForTimeout(100);
    }
    const { first, done } = await trained;
    await close();
    return { empty, read, most, first, done };
  }
  const mb = (/** @type {number} */ value) => `${Math.round(value)} MB`;
  const { empty, read, most } = await memory('');
  console.log(`the tab: ${mb(read)} as it is read, ${mb(most)} at most while the quick chart trains, ${mb(empty)} with nothing in it`);
  for (const network of ['vgg', 'resnet']) {
    const own = await memory(`#reference=mnist-figure&dataset=mnist-small&network=${network}`);
    console.log(`the quick chart of a ${network}: first square after ${own.first.toFixed(1)} s, all after ${own.done.toFixed(0)} s; the tab: ${mb(own.most)} at most`);
  }

  const small = await smallMultiples(openPage);
  console.log(`14 small multiples of 23 x 16 squares, 1,280 pixels wide: drawn in ${small.drawn} ms with the large one, ${small.pointed} ms for the marks of a pointer's move; on a phone in ${(await smallMultiples(openPage, 390)).drawn} ms`);

  const median = (/** @type {number[]} */ values) => Math.round([...values].sort((a, b) => a - b)[values.length >> 1]);
  console.log(`first paint after ${median(paints)} ms, chart after ${median(charts)} ms (medians of ${OPENINGS}); ${(transfer / 1e3).toFixed(0)} kB gzipped and no WebAssembly before the chart`);
  console.log(`a digit's network trains after ${median(alive)} ms; ${median(rates)} pictures a second of the regions of 60 ReLUs`);
});

/**
 * What the whole grid takes as small multiples, in milliseconds: medians.
 * @param {typeof import('../tests/page/browser.mjs').openPage} openPage
 * @param {number} [width] of the page
 */
async function smallMultiples(openPage, width = 1280) {
  const { page, address, close } = await openPage({ viewport: { width, height: 1000 } });
  await page.goto(`${address}#reference=mnist-grid&facet=samples`);
  await page.locator('.facet').nth(13).waitFor();
  const taken = await page.evaluate(async () => {
    const chart = /** @type {import('../www/element/hash-phase-chart.js').HashPhaseChart} */ (document.querySelector('hash-phase-chart'));
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    /** @param {() => void} work */
    const time = async (work) => {
      const times = [];
      for (let turn = 0; turn < 15; turn += 1) {
        await frame();
        const begun = performance.now();
        work();
        times.push(performance.now() - begun);
      }
      return times.sort((one, other) => one - other)[7];
    };
    const metrics = /** @type {const} */ (['redundancy-train', 'knn']);
    let turn = 0;
    const drawn = await time(() => (chart.view = { ...chart.view, metric: metrics[(turn += 1) % 2] }));
    const canvas = /** @type {Element} */ (chart.shadowRoot?.querySelectorAll('.facet canvas')[3]);
    const { left, top } = canvas.getBoundingClientRect();
    const pointed = await time(() => canvas.dispatchEvent(new PointerEvent('pointermove', { pointerType: 'mouse', clientX: left + 20 + ((turn += 1) % 60), clientY: top + 30, bubbles: true })));
    return { drawn: Math.round(drawn), pointed: Number(pointed.toFixed(1)) };
  });
  await close();
  return taken;
}
