// @ts-check
// Save and share: the chart as a file, the view as a picture, and the words that bring either back.
import { h } from '../../chart/elements.js';
import { save } from '../save.js';
import { weightsOf } from '../weights.js';
import { wordsOf } from '../words.js';

/** @typedef {import('../state.js').State} State */

/** What is only needed when a reader asks for it. */
const files = () => import('../take-files.js');

/**
 * @param {import('../../state/store.js').Store<State>} store
 * @param {import('../session.js').Session} session
 * @param {import('../room.js').Room} room
 */
export function takeControls(store, session, room) {
  const { home } = room;
  const said = h('p', { className: 'hint', role: 'status', id: 'taken' });
  const text = h('textarea', { id: 'take-text', readOnly: true, hidden: true, rows: 4, 'aria-label': 'to be copied' });

  /**
   * @param {string} id
   * @param {string} label
   * @param {(state: State & { chart: import('../../types.d.ts').PhaseChart }) => unknown} take
   */
  const button = (id, label, take) => {
    const button = h('button', { type: 'button', id, disabled: true }, label);
    button.addEventListener('click', async () => {
      session.flush();
      const state = store.get();
      const { chart } = state;
      if (!chart) return;
      try {
        await take({ ...state, chart });
      } catch (error) {
        say(`${label}: ${/** @type {Error} */ (error).message}`);
      }
    });
    return button;
  };
  /** A listener is told of the end alone. @param {string} words @param {boolean} [isBusy] */
  function say(words, isBusy = false) {
    said.ariaBusy = String(isBusy);
    said.textContent = words;
  }
  const nameOf = (/** @type {import('../../types.d.ts').PhaseChart} */ { dataset, protocol }) => `${dataset.name}-${protocol.preset}`;

  /** Shows words and puts them on the clipboard, where the browser lets it. @param {string} words @param {string} what */
  async function copy(words, what) {
    text.hidden = false;
    text.value = words;
    text.rows = Math.min(12, words.split('\n').length + 1);
    try {
      await navigator.clipboard.writeText(words);
      say(`${what} is on the clipboard.`);
    } catch {
      text.select();
      say(`${what}: this page may not use the clipboard, so copy it from here.`);
    }
  }

  /** @param {State & { chart: import('../../types.d.ts').PhaseChart }} state */
  async function picture({ chart, view }) {
    return (await files()).pictureOf(/** @type {ShadowRoot} */ (said.getRootNode()), chart, view, forPrint.checked ? 'light' : 'inherit');
  }

  /** The shortest link by which others see the chart. @param {State} state */
  async function copyLink(state) {
    const { link, lack, carrying } = wordsOf(state, home);
    const carried = await carrying();
    if (!carried.link) return copy(link, 'A link to this view');
    if (carried.fits) return copy(carried.link, `A link to this view, with the chart in it (${carried.link.length.toLocaleString('en')} characters),`);
    const long = `with the chart in it, it would have ${carried.link.length.toLocaleString('en')} characters, and mail programs and chats may cut it off; a web page or JSON carries it`;
    return copy(link, `A link to this view, whose reader ${lack ? `is asked for the chart’s file since ${lack}` : 'trains its networks anew'} (${long}),`);
  }

  /** @param {State & { chart: import('../../types.d.ts').PhaseChart }} state */
  async function asPage(state) {
    const { embed = '', page = '' } = home;
    const answer = await fetch(embed);
    if (!answer.ok) throw new Error(`${embed}: the server answered ${answer.status}`);
    const { chart, view } = state;
    const { webPage } = await files();
    save(new Blob([webPage(chart, view, { script: await answer.text(), page, link: wordsOf(state, home).link })], { type: 'text/html' }), `${nameOf(chart)}.html`);
  }

  const forPrint = h('input', { type: 'checkbox', id: 'for-print' });
  const savers = [
    button('download', 'JSON', ({ chart }) => save(new Blob([`${JSON.stringify(chart)}\n`], { type: 'application/json' }), `${nameOf(chart)}.json`)),
    ...(home.embed ? [button('take-page', 'web page', asPage)] : []),
    button('take-csv', 'CSV', async ({ chart }) => save(new Blob([(await files()).chartCsv(chart)], { type: 'text/csv' }), `${nameOf(chart)}.csv`)),
    button('take-svg', 'SVG', async (state) => save(new Blob([await picture(state)], { type: 'image/svg+xml' }), `${nameOf(state.chart)}-${state.view.metric}.svg`)),
    button('take-png', 'PNG', async (state) => save(await (await files()).pngPicture(await picture(state)), `${nameOf(state.chart)}-${state.view.metric}.png`)),
  ];
  const weights = button('take-weights', 'weights of the pinned network', async (state) => {
    // A disabled button would lose the focus.
    if (weights.getAttribute('aria-busy')) return;
    weights.setAttribute('aria-busy', 'true');
    try {
      const { file, name, note } = await weightsOf(state.chart, state.view, room, (words) => say(words, true));
      save(new Blob([file], { type: 'application/octet-stream' }), name);
      say(note);
    } finally {
      weights.removeAttribute('aria-busy');
    }
  });
  const words = [
    ...(home.page ? [button('take-link', 'link', copyLink)] : []),
    ...(home.page && home.embed
      ? [button('take-embed', 'embed code', (state) => copy(wordsOf(state, home).embed(), 'The embed code')), h('a', { href: new URL('docs/embed.html', home.page).href }, 'how to embed')]
      : []),
    button('take-command', 'command', async ({ chart }) => {
      const command = (await files()).sweepCommand(chart);
      if (!command) throw new Error('no command line makes this chart: its seeds or hyper-parameters have no flags');
      return copy(command, 'The command');
    }),
    button('take-bibtex', 'BibTeX', async ({ chart }) => copy((await files()).bibtex(chart), 'The citation')),
  ];
  const element = h(
    'details',
    { id: 'take' },
    h('summary', {}, 'Save and share'),
    h('div', { className: 'bar' }, h('span', { className: 'hint' }, 'save'), ...savers, weights, h('label', { className: 'field check' }, forPrint, 'pictures for print')),
    h('div', { className: 'bar' }, h('span', { className: 'hint' }, 'copy'), ...words),
    text,
    said,
  );
  return {
    element,
    /** @param {State} state */
    show({ chart }) {
      for (const button of [...savers, ...words]) if (button instanceof HTMLButtonElement) button.disabled = !chart;
      weights.disabled = !chart;
    },
  };
}
