// @ts-check
// A random walk over the sections that train by themselves: seen and left, hidden, their engine late, their turn taken, settings changed. Never does one have
// more than one worker, and none has any after its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, openPage } from './browser.mjs';
import { dice } from './walker.mjs';

const PATIENCE = 60_000;
const STEPS = 250;

/** @typedef {import('playwright-core').Page} Page */

/** Counts workers as they live and end, by whose they are: told by the first thing that they are told. @param {Page} page */
const countWorkers = (page) =>
  page.addInitScript(() => {
    const Own = window.Worker;
    /** @type {Map<string, number>} */
    const alive = new Map();
    Object.assign(window, { alive, hide: false });
    Object.defineProperty(document, 'hidden', { get: () => /** @type {any} */ (window).hide });
    const count = (/** @type {string} */ name, /** @type {number} */ by) => alive.set(name, (alive.get(name) ?? 0) + by);
    // @ts-ignore -- a worker that is counted
    window.Worker = class extends Own {
      whose = '';

      /** @param {any} message @param {any} [more] */
      postMessage(message, more) {
        if (!this.whose) {
          this.whose = message?.type === 'train' ? 'hook' : message?.type === 'canvas' ? 'regions' : message?.type === 'load' ? (message.workers ? 'chart' : message.of ? 'inside' : 'codes') : 'other';
          count(this.whose, 1);
        }
        super.postMessage(message, more);
      }

      terminate() {
        if (this.whose && this.whose !== 'ended') count(this.whose, -1);
        this.whose = 'ended';
        super.terminate();
      }
    };
  });

/** Workers that live, by whose they are. @param {Page} page @returns {Promise<Record<string, number>>} */
const alive = (page) => page.evaluate(() => Object.fromEntries([.../** @type {any} */ (window).alive].filter(([, count]) => count)));

test(`${STEPS} random steps over the sections: never two workers in one, and none is left behind`, { timeout: 10 * PATIENCE }, async (t) => {
  const opened = await openPage({ viewport: { width: 1280, height: 800 } });
  t.after(opened.close);
  const { page, address, complaints } = opened;
  await countWorkers(page);
  /** Whether the server has an engine yet. */
  let late = true;
  await page.route('**/engines/index.json', async (route) => {
    const there = await (await route.fetch()).json();
    await route.fulfill({ json: late ? { ...there, cpu: null, tensors: null, gpu: null, making: { engine: 'cpu', seconds: 1, total: 2 } } : there });
  });
  await page.goto(address);
  await page.locator('#hook-state', { hasText: /is being compiled/ }).waitFor();

  const roll = dice(40);
  const scrollTo = (/** @type {string} */ selector, /** @type {ScrollLogicalPosition} */ block = 'center') => page.evaluate(([selector, block]) => document.querySelector(selector)?.scrollIntoView({ block: /** @type {ScrollLogicalPosition} */ (block) }), [selector, block]);
  const click = (/** @type {string} */ selector) => page.evaluate((selector) => /** @type {HTMLElement | null} */ (document.querySelector(selector))?.click(), selector);
  const inChart = (/** @type {string} */ selector) => page.evaluate((selector) => /** @type {HTMLElement | null | undefined} */ (document.querySelector('hash-phase-chart')?.shadowRoot?.querySelector(selector))?.click(), selector);
  /** @type {[string, () => Promise<unknown>][]} */
  const steps = [
    ['the hook is seen', () => scrollTo('#hook')],
    ['the regions are seen', () => scrollTo('#plane')],
    ['the codes are seen', () => scrollTo('#codes .stage')],
    ['the chart is seen', () => scrollTo('hash-phase-chart')],
    ['the end is seen', () => scrollTo('footer', 'end')],
    ['the tab is hidden or shown', () => page.evaluate(() => {
      /** @type {any} */ (window).hide = !(/** @type {any} */ (window).hide);
      document.dispatchEvent(new Event('visibilitychange'));
    })],
    ['the engine comes', async () => (late = false)],
    ['the regions’ width', () => page.evaluate((width) => {
      const slider = /** @type {HTMLInputElement} */ (document.querySelector('#plane-width'));
      slider.value = String(width);
      slider.dispatchEvent(new Event('input'));
    }, 2 + roll(40))],
    ['the regions’ data', () => page.evaluate((which) => {
      const select = /** @type {HTMLSelectElement} */ (document.querySelector('#plane-data'));
      select.selectedIndex = which;
      select.dispatchEvent(new Event('change'));
    }, roll(6))],
    ['the codes’ width', () => page.evaluate((which) => {
      const select = /** @type {HTMLSelectElement} */ (document.querySelector('#codes-width'));
      select.selectedIndex = which % select.options.length;
      select.dispatchEvent(new Event('change'));
    }, roll(3))],
    ['look inside', () => click('#look-inside')],
    ['a section is paused or goes on', () => page.evaluate((which) => {
      const buttons = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll('button.pause:enabled')]);
      buttons[which % buttons.length]?.click();
    }, roll(4))],
    ['train a chart', () => inChart('#start:enabled')],
    ['stop the chart', () => inChart('#stop:enabled')],
  ];
  await page.evaluate(() => /** @type {any} */ (document.querySelector('hash-phase-chart')).set({ plan: { .../** @type {any} */ (document.querySelector('hash-phase-chart')).settings.plan, dataset: 'moons', preset: 'quick', widths: '2, 3', epochs: '0, 1', samples: '20', seeds: '1', factor: '', levels: '', random: '' } }));
  /** @type {string[]} */
  const took = [];
  for (let step = 0; step < STEPS; step++) {
    const [name, act] = steps[roll(steps.length)];
    // At first there is none.
    if (name === 'the engine comes' && step < 40) continue;
    took.push(name);
    await act();
    const counted = await alive(page);
    for (const [whose, count] of Object.entries(counted)) {
      const most = ['hook', 'regions', 'codes', 'inside'].includes(whose) ? 1 : Infinity;
      assert.ok(count >= 0 && count <= most, `${count} workers of ${whose} after ${took.slice(-10).join(', ')}`);
    }
  }
  late = false;
  await page.evaluate(() => {
    /** @type {any} */ (window).hide = false;
    document.dispatchEvent(new Event('visibilitychange'));
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('button.pause:enabled'))) if (button.textContent === 'Go on') button.click();
  });
  await inChart('#stop:enabled');
  // Each finishes while in view: afterwards the worker of the codes is gone, and hook and regions keep at most the one that answers.
  for (const [place, ended] of /** @type {const} */ ([['#hook', '#hook-state'], ['#codes .stage', '#codes .hint[role=status]']])) {
    await scrollTo(place);
    await page.locator(ended, { hasText: /^(Trained|Width \d+, trained)/ }).first().waitFor({ timeout: PATIENCE });
  }
  await scrollTo('#inside');
  await answered(async () => {
    const { chart = 0, codes = 0, inside = 0, hook = 0, regions = 0 } = await alive(page);
    return chart + codes + inside === 0 && hook <= 1 && regions <= 1;
  }, PATIENCE).catch(async () => assert.fail(JSON.stringify(await alive(page))));
  assert.deepEqual(complaints, []);
});
