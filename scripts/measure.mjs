// @ts-check
// What the README says of sizes and first paint: the built page in headless Chromium, medians of several openings.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openPage } from '../tests/page/browser.mjs';
import { root } from './places.mjs';

const OPENINGS = 7;
const assets = join(root, 'dist', 'assets');
const module = readFileSync(join(assets, readdirSync(assets).find((file) => file.endsWith('.wasm')) ?? ''));
console.log(`CPU module: ${(module.length / 1e6).toFixed(2)} MB, ${(gzipSync(module, { level: 9 }).length / 1e6).toFixed(2)} MB gzipped`);

/** @type {number[]} */
const paints = [];
/** @type {number[]} */
const charts = [];
let transfer = 0;
for (let opening = 0; opening < OPENINGS; opening++) {
  const { page, address, close } = await openPage({ viewport: { width: 1280, height: 900 } });
  let bytes = 0;
  page.on('response', async (response) => {
    // What a server that compresses sends; the local one does not.
    bytes += gzipSync(await response.body(), { level: 9 }).length;
  });
  await page.goto(address);
  await page.locator('#chart svg').first().waitFor();
  charts.push(await page.evaluate(() => performance.now()));
  paints.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
  await page.waitForLoadState('networkidle');
  transfer = bytes;
  await close();
}
const median = (/** @type {number[]} */ values) => Math.round([...values].sort((a, b) => a - b)[values.length >> 1]);
console.log(`first paint after ${median(paints)} ms, chart after ${median(charts)} ms (medians of ${OPENINGS}); ${(transfer / 1e3).toFixed(0)} kB gzipped before Train`);
