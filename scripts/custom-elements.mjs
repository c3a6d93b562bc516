// @ts-check
// The custom elements manifest, which editors read: made of the guide's tables and lists, so that both say the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';

const METHODS = { train: 'Trains a plan, or the one of the attribute or the form.', pause: 'Pauses training.', resume: 'Goes on with training.', stop: 'Ends training.', reveal: 'Fetches and draws the chart.', toSVG: 'The view as an SVG file.', toBlob: 'The view as a PNG.' };
const EVENTS = ['ready', 'cell', 'progress', 'done', 'error', 'pin', 'change'];
const PARTS = ['instrument', 'title', 'controls', 'chart', 'source', 'train', 'pinned'];

/** @param {string} text in Markdown */
const plain = (text) => text.replaceAll('`', '').trim();

/** @returns {string} JSON */
export function customElements() {
  const guide = readFileSync(join(root, 'docs', 'embed.md'), 'utf8');
  const [, table] = guide.split('## Attributes');
  const attributes = [...table.matchAll(/^\| (`[^|]+`) \| ([^|]+) \| ([^|]+) \|$/gm)].flatMap(([, names, description, otherwise]) =>
    names.split(',').map((name) => ({ name: plain(name), description: plain(description), default: plain(otherwise) })),
  );
  const declaration = {
    kind: 'class',
    customElement: true,
    tagName: 'hash-phase-chart',
    name: 'HashPhaseChart',
    description: 'An activation hash phase chart: shown, or trained in the browser.',
    attributes,
    members: [
      ...['chart', 'view', 'ready'].map((name) => ({ kind: 'field', name })),
      ...Object.entries(METHODS).map(([name, description]) => ({ kind: 'method', name, description })),
    ],
    events: EVENTS.map((name) => ({ name, type: { text: 'CustomEvent' } })),
    cssParts: PARTS.map((name) => ({ name })),
    cssProperties: ['ink', 'paper', 'accent', 'text', 'radius', 'padding'].map((name) => ({ name: `--hash-phase-${name}` })),
    slots: [{ name: '', description: 'Shown until there is a chart.' }],
  };
  const module = { kind: 'javascript-module', path: 'embed.js', declarations: [declaration], exports: [{ kind: 'custom-element-definition', name: 'hash-phase-chart', declaration: { name: 'HashPhaseChart', module: 'embed.js' } }] };
  return `${JSON.stringify({ schemaVersion: '1.0.0', modules: [module] }, null, 2)}\n`;
}
