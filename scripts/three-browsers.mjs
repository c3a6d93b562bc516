// @ts-check
// Three browsers in the same words: a page that is opened, asked and counted.
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { firefox, readyToLook } from './browser.mjs';
import { lastStarted, memoryOf } from './memory.mjs';
import { openWebKit } from './webkit-driver.mjs';

/** @typedef {{ memory: number, workers: number, listeners: number, nodes: number }} Counts in MB; 0 where a browser does not tell */
/**
 * @typedef {{
 *   name: string,
 *   go: (address: string) => Promise<unknown>,
 *   evaluate: <T, R>(inPage: (argument: T) => Promise<R>, argument: T) => Promise<R>,
 *   count: () => Promise<Counts>,
 *   end: () => Promise<void>,
 * }} Opened `evaluate` runs a function in the page, with nothing of its file around it
 */

/** @param {boolean} gpu whether it offers one @returns {Promise<Opened>} */
export async function inChromium(gpu) {
  const { launchOptions } = await readyToLook();
  const opened = await chromium.launch(launchOptions(gpu ? ['--enable-unsafe-webgpu'] : []));
  const pid = lastStarted();
  const page = await opened.newPage();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  return {
    name: gpu ? 'Chromium, both engines' : 'Chromium',
    go: (address) => page.goto(address),
    evaluate: (inPage, argument) => page.evaluate(/** @type {any} */ (inPage), argument),
    async count() {
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      const metric = (/** @type {string} */ name) => metrics.find((one) => one.name === name)?.value ?? 0;
      return { memory: memoryOf(pid), workers: page.workers().length, listeners: metric('JSEventListeners'), nodes: metric('Nodes') };
    },
    end: () => opened.close(),
  };
}

/** Of its memory, that of pages and workers: its own process grows by what it notes of each database and worker. @returns {Promise<Opened>} */
export async function inFirefox() {
  const { firefoxOptions } = await readyToLook();
  Object.assign(process.env, await firefox());
  const opened = await puppeteer.launch(firefoxOptions());
  const own = opened.process()?.pid ?? 0;
  const page = await opened.newPage();
  return {
    name: 'Firefox',
    go: (address) => page.goto(address),
    evaluate: (inPage, argument) => page.evaluate(/** @type {any} */ (inPage), argument),
    count: async () => ({ memory: memoryOf(own, (_, pid) => pid !== own), workers: 0, listeners: 0, nodes: 0 }),
    end: () => opened.close(),
  };
}

/** @returns {Promise<Opened>} */
export async function inWebKit() {
  const { name, pid = 0, ask, run, until, end } = await openWebKit();
  return {
    name,
    go: (address) => ask('POST', '/url', { url: address }),
    async evaluate(inPage, argument) {
      // The result is stored on the page, since the driver does not wait for promises.
      await run(`window.answered = null; (${inPage})(${JSON.stringify(argument) ?? ''}).then((answer) => (window.answered = { answer }), (error) => (window.answered = { error: String(error) }))`);
      const { answer, error } = await until('an answer', () => run('return window.answered'));
      if (error) throw new Error(error);
      return answer;
    },
    count: async () => ({ memory: memoryOf(pid), workers: 0, listeners: 0, nodes: 0 }),
    end,
  };
}
