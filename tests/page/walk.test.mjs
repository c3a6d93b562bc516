// @ts-check
// A random walk over the page: title, view, choice, link, embed code and history agree with the chart on show at every step, and each link and embed code
// shows that chart in a fresh browser, or says why it cannot.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import puppeteer from 'puppeteer-core';
import { root } from '../../scripts/places.mjs';
import { answered, firefoxOptions, openPage } from './browser.mjs';
import { act, contradiction, dice, nextStep } from './walker.mjs';

const PATIENCE = 60_000;
const STEPS = { chromium: 300, firefox: 100 };
/** Steps between two links that are opened elsewhere. */
const OPEN_EVERY = 12;
const given = JSON.parse(readFileSync(join(root, 'www', 'charts', 'mnist-batch-norm.json'), 'utf8'));

/** @typedef {import('../../www/element/hash-phase-chart.js').HashPhaseChart} HashPhaseChart */
/** @typedef {import('./walker.mjs').Driven} Driven */

/**
 * Walks, and asks after each step until the page agrees with itself.
 * @param {Driven} page
 * @param {number} steps
 * @param {number} seed
 * @param {(took: string[]) => Promise<void>} [look] now and then
 */
async function walk(page, steps, seed, look = async () => {}) {
  const roll = dice(seed);
  /** @type {string[]} */
  const took = [];
  const agrees = async () => {
    let last = '';
    await answered(async () => (last = await page.evaluate(contradiction).catch((/** @type {Error} */ error) => error.message)) === '', PATIENCE).catch(() => assert.fail(`after ${took.slice(-8).join(', ')} (step ${took.length}): ${last}`));
  };
  await agrees();
  // The first history entry of this page is recorded.
  await page.evaluate(act, { name: 'twice back', which: 0, given });
  for (let step = 1; step <= steps; step++) {
    const { name, which } = nextStep(roll);
    took.push(`${name} ${which}`);
    if (name === 'reload') await page.reload();
    else await page.evaluate(act, { name, which, given });
    // Some readers are impatient.
    if (roll(4)) await agrees();
    if (step % OPEN_EVERY === 0) {
      await agrees();
      await look(took);
    }
  }
  await agrees();
}

/** What of a chart and its view must be there for whoever opens its link. Runs in the page. */
function onShow() {
  const chart = /** @type {HashPhaseChart} */ (document.querySelector('hash-phase-chart'));
  const { origin, view } = chart.settings;
  const { link, lack } = chart.words;
  return { kind: origin.kind, title: chart.chart?.title ?? '', plans: JSON.stringify(chart.chart?.plans), metric: view.metric, link, lack, code: lack ? '' : chart.words.embed(), isTraining: chart.isTraining };
}

test(`${STEPS.chromium} random steps over the page in Chromium`, { timeout: 15 * PATIENCE }, async (t) => {
  const opened = await openPage({ viewport: { width: 1280, height: 1000 } });
  t.after(opened.close);
  const { page, address, browser, complaints } = opened;
  await page.goto(address);
  await page.locator('#start:enabled').waitFor();
  let links = 0;
  await walk(page, STEPS.chromium, 2101, async (took) => {
    const here = await page.evaluate(onShow);
    const context = await browser.newContext({ serviceWorkers: 'block' });
    try {
      const other = await context.newPage();
      await other.goto(here.link);
      const chart = other.locator('hash-phase-chart');
      if (here.kind === 'reference' || here.kind === 'address') {
        await other.locator('#figure-title', { hasText: `${here.title}: ` }).waitFor();
        await answered(async () => (await chart.evaluate((element) => /** @type {HashPhaseChart} */ (element).settings.view.metric)) === here.metric).catch(() => assert.fail(`${here.link} is looked at otherwise, after ${took.slice(-5)}`));
      } else {
        await other.locator('#notice', { hasText: here.lack ? /a link does not carry|not on this server|trained in a browser/ : /press Train to train them/ }).waitFor();
        const plan = await chart.evaluate((element) => /** @type {any} */ (element).settings.plan);
        if (here.title.startsWith('moons')) assert.equal(plan.dataset, 'moons', here.link);
      }
      if (here.code) {
        // As a blogger pastes it.
        const blog = await context.newPage();
        await blog.setContent(`<!doctype html>${here.code}`);
        const element = blog.locator('hash-phase-chart');
        if (here.kind === 'reference') await element.locator('#figure-title', { hasText: `${here.title}: ` }).waitFor();
        else await element.locator('#start').waitFor();
      }
      links += 1;
    } finally {
      await context.close();
    }
  });
  assert.equal(links, STEPS.chromium / OPEN_EVERY);
  assert.deepEqual(complaints.filter((complaint) => !/^Failed to load resource/.test(complaint)), []);
});

test(`${STEPS.firefox} random steps over the page in Firefox`, { timeout: 10 * PATIENCE }, async (t) => {
  const opened = await openPage({});
  t.after(opened.close);
  const browser = await puppeteer.launch({ ...firefoxOptions(), protocolTimeout: 2 * PATIENCE });
  t.after(() => browser.close());
  const page = await browser.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(opened.address);
  await answered(() => page.evaluate(() => Boolean(document.querySelector('hash-phase-chart')?.shadowRoot?.querySelector('#start:enabled'))), PATIENCE);
  await walk(page, STEPS.firefox, 77);
  // A reload aborts requests pending in the service worker, which Firefox logs.
  assert.deepEqual(complaints.filter((complaint) => !/Failed to load ‘/.test(complaint)), []);
});
