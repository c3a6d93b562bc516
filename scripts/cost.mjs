// @ts-check
// What a chart costs against its squares: plans of 10 to 1,000 on the command line and in headless Chromium, with all processors.
// `npm run cost` writes docs/figures/cost.svg; the page and the command line must be built.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { clickTrain } from './bench/in-browser.mjs';
import { secondsOfSweep } from './bench/sweep.mjs';
import { readyToLook } from './browser.mjs';
import { picture } from './picture.mjs';
import { root } from './places.mjs';
import { say, script } from './shell.mjs';

/** A seed is a population of ten squares: five widths at two times. */
const PLAN = { dataset: 'mnist-small', preset: 'quick', widths: '10,20,30,40,50', epochs: '0,1', samples: '1000' };
const SQUARES = 10;
const SEEDS = [1, 2, 5, 10, 20, 40, 60, 80, 100];

await script(async () => {
  const { openPage } = await readyToLook();
  const folder = mkdtempSync(join(tmpdir(), 'hash-phase-cost-'));
  const { page, address, close } = await openPage();
  /** @type {[number, number][][]} */
  const [native, browser] = [[], []];
  try {
    for (const seeds of SEEDS) {
      const squares = SQUARES * seeds;
      const plan = Object.entries({ ...PLAN, seeds: String(seeds) });
      native.push([squares, await secondsOfSweep([...plan.flatMap(([name, value]) => [`--${name}`, value]), '-o', join(folder, `${seeds}.json`)])]);
      await page.goto(`${address}embed.html?${new URLSearchParams({ plan: plan.map((field) => field.join('=')).join('&'), controls: 'train' })}`);
      await page.locator('#start:enabled').waitFor();
      const { done } = await page.evaluate(clickTrain);
      browser.push([squares, done]);
      say(`${squares} squares: ${native[native.length - 1][1].toFixed(2)} s on the command line, ${done.toFixed(2)} s in Chromium`);
    }
  } finally {
    await close();
    rmSync(folder, { recursive: true });
  }
  const lines = [{ name: 'headless Chromium', points: browser }, { name: 'command line', points: native }];
  for (const { name, points } of lines) say(`${name}: ${fit(points)}`);
  writeFileSync(join(root, 'docs', 'figures', 'cost.svg'), picture({ title: `Cost of a chart against its squares, ${availableParallelism()} processors`, across: 'squares', up: 's', lines, dots: true }));
});

/** The straight line that fits best. @param {[number, number][]} points */
function fit(points) {
  const mean = (/** @type {(point: [number, number]) => number} */ of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(([x]) => x), mean(([, y]) => y)];
  const [sxy, sxx, syy] = [mean(([px, py]) => (px - x) * (py - y)), mean(([px]) => (px - x) ** 2), mean(([, py]) => (py - y) ** 2)];
  const slope = sxy / sxx;
  return `${(1e3 * slope).toFixed(1)} ms a square and ${(y - slope * x).toFixed(2)} s beside, R² ${((sxy * sxy) / (sxx * syy)).toFixed(4)}`;
}
