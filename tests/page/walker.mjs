// @ts-check
// A reader who does anything in any order, and what must be true of the page after each step. In the words of a page that both browsers' drivers have:
// everything is done and looked at by `evaluate`.

/** @typedef {import('../../www/element/hash-phase-chart.js').HashPhaseChart} HashPhaseChart */
/** @typedef {{ evaluate: (ask: any, argument?: any) => Promise<any>, reload: () => Promise<unknown> }} Driven */

/** The same numbers each time. @param {number} seed */
export function dice(seed) {
  return (/** @type {number} */ sides) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * sides);
  };
}

/**
 * In what the page contradicts itself; nothing where it does not. Runs in the page.
 * @returns {string}
 */
export function contradiction() {
  const chart = /** @type {HashPhaseChart | null} */ (document.querySelector('hash-phase-chart'));
  const root = chart?.shadowRoot;
  const shown = chart?.chart;
  if (!chart || !root || !shown) return 'there is no chart';
  const { origin, view } = chart.settings;
  const { fields, link } = chart.words;
  const text = (/** @type {string} */ selector) => root.querySelector(selector)?.textContent ?? '';
  const value = (/** @type {string} */ selector) => /** @type {HTMLSelectElement | null} */ ((document.querySelector(selector) ?? root.querySelector(selector)))?.value;
  if (!text('#figure-title').startsWith(`${shown.title}: `)) return `the title is “${text('#figure-title')}”, and the chart “${shown.title}”`;
  if (value('#metric') !== view.metric) return `the choice of colours is ${value('#metric')}, and the view’s ${view.metric}`;
  if (/NaN|undefined/.test(`${text('#figure-title')}${text('#inspector')}${document.querySelector('#tour')?.textContent}`)) return 'a number is none';
  const choice = value('#reference') ?? '';
  const wanted = origin.kind === 'reference' ? origin.name : (origin.kind === 'kept' || origin.kind === 'training') && choice ? `kept:${origin.id}` : '';
  if (choice !== wanted) return `the choice of charts is “${choice}”, and on show is ${JSON.stringify(origin)}`;
  const waits = /Until then a reference chart is on show/.test(chart.notice);
  if (decodeURIComponent(location.hash.slice(1)) !== decodeURIComponent(fields) && !waits) return `the address is “${location.hash}”, and the link “${fields}”`;
  if (!waits && JSON.stringify(history.state?.origin) !== JSON.stringify(origin)) return `the history has ${JSON.stringify(history.state)}, and on show is ${JSON.stringify(origin)}`;
  const own = ['kept', 'training', 'given'].includes(origin.kind);
  if (origin.kind === 'carried' && !link.includes('chart=1.')) return `a link carries the chart on show, and its own link does not: ${link}`;
  if (own !== /reference=own/.test(link)) return `on show is ${JSON.stringify(origin)}, and its link ${link}`;
  const code = chart.words.lack ? '' : chart.words.embed();
  if (origin.kind === 'reference' && !code.includes(`src="${origin.name}"`)) return `on show is ${origin.name}, and the embed code ${code}`;
  if (own && code && !/ plan="/.test(code)) return `the embed code of an own chart has no plan: ${code}`;
  const inView = ['width', 'epoch', 'samples'].every((axis) => !view.pin || /** @type {any} */ (shown.axes)[axis].includes(/** @type {any} */ (view.pin)[axis]));
  return inView ? '' : `the pin is not in the chart: ${JSON.stringify(view.pin)}`;
}

/**
 * What a reader may do, each by a name and a number that chooses among several. Runs in the page.
 * @param {{ name: string, which: number, given: any }} step
 */
export function act({ name, which, given }) {
  const chart = /** @type {HashPhaseChart} */ (document.querySelector('hash-phase-chart'));
  const root = /** @type {ShadowRoot} */ (chart.shadowRoot);
  const click = (/** @type {ParentNode} */ place, /** @type {string} */ selector) => {
    const found = /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll(selector));
    if (found.length) found[which % found.length].click();
  };
  const choose = (/** @type {HTMLSelectElement} */ select) => {
    const options = [...select.options].filter((option) => !option.disabled && !option.hidden && option.value);
    select.value = options[which % options.length].value;
    select.dispatchEvent(new Event('change'));
  };
  // The history starts with a page that is not part of this test.
  const { navigation } = /** @type {any} */ (window);
  const goesBack = (/** @type {number} */ entries) => {
    if (!navigation) return false;
    const first = Number((sessionStorage.first ??= navigation.currentEntry.index));
    return navigation.currentEntry.index - entries >= first;
  };
  const press = (/** @type {string} */ key, /** @type {object} */ more = {}) => root.querySelector('#chart')?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...more }));
  switch (name) {
    case 'chart':
      return choose(/** @type {HTMLSelectElement} */ (document.querySelector('#reference')));
    case 'metric':
      return choose(/** @type {HTMLSelectElement} */ (root.querySelector('#metric')));
    case 'axis':
      return choose(/** @type {HTMLSelectElement} */ (root.querySelector(which % 2 ? '#x' : '#y')));
    case 'keys':
      return void press(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown'][which % 8], which % 3 ? {} : { ctrlKey: true });
    case 'back':
      return goesBack(1) ? history.back() : undefined;
    case 'twice back':
      if (!goesBack(2)) return;
      history.back();
      return history.back();
    case 'forward':
      return history.forward();
    case 'tour':
      return click(document, '#tour button');
    case 'two stops of the tour':
      click(document, '#tour button[aria-pressed]');
      which += 1;
      return click(document, '#tour button[aria-pressed]');
    case 'play':
      return click(document, '#play');
    case 'link in the text':
      return click(document, 'a[href^="#reference="]');
    case 'file':
      return chart.give({ ...given, title: `file ${which % 3}` }, `file-${which % 3}.json`);
    case 'plan':
      return chart.set({ given: null, plan: { ...chart.settings.plan, dataset: 'moons', preset: 'quick', seeds: '1', factor: '', levels: '', random: '', widths: ['2, 3', '3, 5', '4'][which % 3], epochs: '0, 1, 2', samples: '20, 40' } });
    case 'train':
      return click(root, '#start:enabled');
    case 'stop':
      return click(root, '#stop:enabled');
    case 'show a kept run':
      /** @type {HTMLDetailsElement} */ (root.querySelector('#kept')).open = true;
      return click(root, '#kept-charts button[aria-label^="Show"]');
    case 'go on':
      return click(root, '#offer button[aria-label^="Go on"]');
    case 'delete':
      return click(root, '#kept-charts button[aria-label^="Delete"]');
  }
}

/** How often each is done, of a hundred. @type {[name: string, share: number][]} */
const STEPS = [['chart', 12], ['metric', 6], ['axis', 4], ['keys', 8], ['back', 14], ['twice back', 4], ['forward', 9], ['tour', 6], ['two stops of the tour', 3], ['play', 3], ['link in the text', 3], ['file', 5], ['plan', 5], ['train', 8], ['stop', 2], ['show a kept run', 4], ['go on', 1], ['delete', 1], ['reload', 2]];

/** A step by its share. @param {(sides: number) => number} roll */
export function nextStep(roll) {
  let left = roll(STEPS.reduce((sum, [, share]) => sum + share, 0));
  const [name] = STEPS.find(([, share]) => (left -= share) < 0) ?? STEPS[0];
  return { name, which: roll(1000) };
}
