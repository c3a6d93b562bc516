// @ts-check
// The quick chart in each browser that is installed.
import { readFileSync } from 'node:fs';
import { servePage } from '../serve-page.mjs';
import { SetupError, say } from '../shell.mjs';
import { inChromium, inFirefox, inWebKit } from '../three-browsers.mjs';
import { ROUNDS, clickTrain, median } from './in-browser.mjs';

/** @typedef {import('./in-browser.mjs').Measured} Measured */

/** The same grid by the paper's published code: batch norm, weight decay, and all starts of K-Means. */
const BY_CODE = (() => {
  const { width, epoch, samples } = JSON.parse(readFileSync(new URL('../../www/presets.json', import.meta.url), 'utf8')).quick['mnist-small'].axes;
  return `#preset=code&dataset=mnist-small&widths=${width}&epochs=${epoch}&samples=${samples}&seeds=1`;
})();

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
  /** @type {{ first: number[], done: number[], code: number[] }} */
  const times = { first: [], done: [], code: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const clicked = async (/** @type {string} */ fragment) => {
      await go('about:blank');
      await go(`${address}${fragment}`);
      await evaluate(fragment ? readyToTrain : digitsLearned, null);
      return evaluate(clickTrain, null);
    };
    const { first, done } = await clicked('');
    times.first.push(first);
    times.done.push(done);
    times.code.push((await clicked(BY_CODE)).done);
  }
  return [
    { name: 'quick chart, first square', where: name, unit: 's', ...median(times.first) },
    { name: 'quick chart', where: name, unit: 's', ...median(times.done) },
    { name: "quick chart by the paper's published code", where: name, unit: 's', ...median(times.code) },
  ];
}

/** Waits until the button can be pressed: runs in a page. */
async function readyToTrain() {
  while (!document.querySelector('hash-phase-chart')?.shadowRoot?.querySelector('button#start:enabled')) await new Promise((go) => setTimeout(go, 50));
}

/** Waits until the page's own network is trained: runs in a page. */
async function digitsLearned() {
  while (!document.querySelector('#hook-state')?.textContent?.startsWith('Trained')) await new Promise((go) => setTimeout(go, 50));
}
