// @ts-check
// The quick chart in each browser that is installed.
import { servePage } from '../serve-page.mjs';
import { SetupError, say } from '../shell.mjs';
import { inChromium, inFirefox, inWebKit } from '../three-browsers.mjs';
import { ROUNDS, clickTrain, median } from './in-browser.mjs';

/** @typedef {import('./in-browser.mjs').Measured} Measured */

export async function quickCharts() {
  const { address, close } = await servePage();
  /** @type {Measured[]} */
  const measured = [];
  try {
    for (const open of [() => inChromium(false), inFirefox, inWebKit]) {
      try {
        const browser = await open();
        say(`the quick chart in ${browser.name}`);
        measured.push(...(await quickChart(browser, address).finally(browser.end)));
      } catch (error) {
        if (!(error instanceof SetupError)) throw error;
        say(`${error.message} The quick chart is not measured there.`);
      }
    }
  } finally {
    await close();
  }
  return measured;
}

/**
 * From the click on Train to the first and to the last square of the quick chart, in seconds.
 * @param {import('../three-browsers.mjs').Opened} browser
 * @param {string} address of the page
 * @returns {Promise<Measured[]>}
 */
async function quickChart({ name, go, evaluate }, address) {
  /** @type {{ first: number[], done: number[] }} */
  const times = { first: [], done: [] };
  for (let round = 0; round < ROUNDS; round++) {
    await go('about:blank');
    await go(address);
    await evaluate(digitsLearned, null);
    const { first, done } = await evaluate(clickTrain, null);
    times.first.push(first);
    times.done.push(done);
  }
  return [
    { name: 'quick chart, first square', where: name, unit: 's', ...median(times.first) },
    { name: 'quick chart', where: name, unit: 's', ...median(times.done) },
  ];
}

/** Waits until the page's own network is trained: runs in a page. */
async function digitsLearned() {
  while (!document.querySelector('#hook-state')?.textContent?.startsWith('Trained')) await new Promise((go) => setTimeout(go, 50));
}
