// @ts-check
// embed.html: the element alone, all by the query, for sites that let in frames only. It tells the page around it how high it is.
import { attributes } from './element/attributes.js';
import { defineChart } from './element/hash-phase-chart.js';
import { createRoom } from './element/room.js';
import { homeOf } from './home.js';
import { createRuns } from './kept/runs.js';

const chart = /** @type {HTMLElement} */ (document.querySelector('hash-phase-chart'));
const query = new URLSearchParams(location.search);
chart.removeAttribute('src');
for (const name of attributes) if (query.has(name)) chart.setAttribute(name, query.get(name) ?? '');
const home = homeOf(document.baseURI);
defineChart(home, createRoom(home, createRuns()));
new ResizeObserver(() => parent.postMessage({ type: 'hash-phase/height', height: Math.ceil(document.documentElement.getBoundingClientRect().height) }, '*')).observe(document.documentElement);
