// @ts-check
// Wires the page: its sections, the element, the link, the files that a reader brings.
import { references } from './element/charts.js';
import { defineChart } from './element/hash-phase-chart.js';
import { createRoom } from './element/room.js';
import { homeOf } from './home.js';
import { createOwnShelf } from './kept/own-data.js';
import { createRuns } from './kept/runs.js';
import { chooseChart } from './story/choose-chart.js';
import { openFiles } from './story/files.js';
import { openTerms } from './story/glossary.js';
import { hook } from './story/hook.js';
import hookWorker from './story/hook/worker.js?worker&url';
import { keepOffline } from './story/offline.js';
import { followLinks } from './story/links.js';
import ownWorker from './story/own/worker.js?worker&url';
import { sayNewer } from './story/newer.js';
import { paperSection } from './story/paper.js';
import { inside, playTraining } from './story/phases.js';
import regionsWorker from './story/regions/worker.js?worker&url';
import { tour } from './story/tour.js';

/** @typedef {import('./element/hash-phase-chart.js').HashPhaseChart} HashPhaseChart */

/** @param {string} selector @returns {any} */
const find = (selector) => document.querySelector(selector);
const at = (/** @type {string} */ address) => new URL(address, document.baseURI).href;

const home = homeOf(document.baseURI);
const runs = createRuns();
const shelf = createOwnShelf();
const room = createRoom(home, runs, shelf);
/** @type {HashPhaseChart} */
const chart = find('hash-phase-chart');
const top = hook(find('#hook'), room, at(hookWorker));
/** Sections further down. @type {ReturnType<typeof makeBelow> | null} */
let below = null;
/** They are fetched once the chart is there, or as soon as files are dropped. */
const sectionsBelow = () => (below ??= makeBelow());
async function makeBelow() {
  const [{ regions }, { codes }, { ownData }] = await Promise.all([import('./story/regions.js'), import('./story/codes.js'), import('./story/own.js')]);
  const study = codes(find('#codes'), room);
  return { sections: [regions(find('#regions'), room, at(regionsWorker)), study], own: ownData(chart, room, shelf, find('#own'), at(ownWorker), study.useOwn) };
}

followLinks(chart, references.map(({ name }) => name), runs, window, () => defineChart(home, room));
chooseChart(chart, references, runs, find('[slot=choose]'));
openFiles(chart, home, find('[slot=files]'), document, async (brought) => (await sectionsBelow()).own.open(brought));
paperSection(chart, find('#paper'), find('#agreement'));
/** @type {HTMLDetailsElement} */
const space = find('#space');
const openSpace = () => void import('./story/space.js').then(({ spaceSection }) => spaceSection(chart, space));
// Fetched when it is asked for, which may have been before this script came.
if (space.open) openSpace();
else space.addEventListener('toggle', openSpace, { once: true });
tour(chart, find('#tour'));
playTraining(chart, find('#tour'));
inside(chart, room, find('#inside'));
openTerms(find('#glossary'));
sayNewer(room, find('main'));

// A link to a chart scrolls to it; a reloaded page stays where it was.
const [arrival] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
if (location.hash.length > 1 && (arrival?.type ?? 'navigate') === 'navigate') find('#phases').scrollIntoView();
// No engine is fetched before the chart is shown or has failed to load.
let begun = false;
/** One after the other, as they stand: who is first has the first turn. */
async function begin() {
  // A failure of one section must not affect the others.
  const attempt = async (/** @type {() => unknown} */ what) => {
    try {
      await what();
    } catch (error) {
      console.error(error);
    }
  };
  await attempt(() => top.begin());
  await attempt(async () => {
    for (const { begin } of (await sectionsBelow()).sections) await attempt(begin);
  });
  // While nothing trains, the number of workers is measured, so that the reader's first chart need not wait for it.
  const end = await room.turn(() => {}, () => {});
  await room.processors().finally(end);
}
for (const event of ['ready', 'error'])
  chart.addEventListener(event, () => {
    if (begun) return;
    begun = true;
    requestAnimationFrame(() => setTimeout(begin));
    keepOffline(location);
  });
