// @ts-check
// Wires the page: the element, the link, the files that a reader brings, the paper's figures.
import { references } from './element/charts.js';
import { defineChart } from './element/hash-phase-chart.js';
import { homeOf } from './home.js';
import { chooseChart } from './story/choose-chart.js';
import { openFiles } from './story/files.js';
import { followLinks } from './story/links.js';
import { paperSection } from './story/paper.js';
import { tour } from './story/tour.js';

/** @typedef {import('./element/hash-phase-chart.js').HashPhaseChart} HashPhaseChart */

const home = homeOf(document.baseURI);
const chart = /** @type {HashPhaseChart} */ (document.querySelector('hash-phase-chart'));
followLinks(chart, references.map(({ name }) => name), window, () => defineChart(home));
chooseChart(chart, references, /** @type {HTMLElement} */ (document.querySelector('[slot=choose]')));
openFiles(chart, home, /** @type {HTMLElement} */ (document.querySelector('[slot=files]')), document);
paperSection(chart, /** @type {HTMLDetailsElement} */ (document.querySelector('#paper')));
tour(chart, /** @type {HTMLElement} */ (document.querySelector('#tour')));
