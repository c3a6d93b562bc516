// @ts-check
// Wires the page: the element, the link, the files that a reader brings, the paper's figures.
import cpuWorker from './engine/worker.js?worker&url';
import gpuWorker from './engine/gpu-worker.js?worker&url';
import { homeAt } from './engine/home.js';
import { defineChart } from './element/hash-phase-chart.js';
import { references } from './element/charts.js';
import { chooseChart } from './story/choose-chart.js';
import { openFiles } from './story/files.js';
import { followLinks } from './story/links.js';
import { paperSection } from './story/paper.js';

/** @typedef {import('./element/hash-phase-chart.js').HashPhaseChart} HashPhaseChart */

const here = new URL('.', document.baseURI).href;
const home = {
  ...homeAt(here, { cpu: new URL(cpuWorker, document.baseURI).href, gpu: new URL(gpuWorker, document.baseURI).href }),
  charts: Object.fromEntries(references.map(({ name }) => [name, new URL(`./charts/${name}.json`, import.meta.url).href])),
  page: here,
  embed: new URL('embed.js', here).href,
};

const chart = /** @type {HashPhaseChart} */ (document.querySelector('hash-phase-chart'));
followLinks(chart, references.map(({ name }) => name), window, () => defineChart(home));
chooseChart(chart, references, /** @type {HTMLElement} */ (document.querySelector('[slot=choose]')));
openFiles(chart, home, /** @type {HTMLElement} */ (document.querySelector('[slot=files]')), document);
paperSection(chart, /** @type {HTMLDetailsElement} */ (document.querySelector('#paper')));
