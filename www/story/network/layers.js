// @ts-check
// What the code of each layer of a network comes to alone: the depth of the network as the axis.
import { h } from '../../chart/elements.js';
import { drawLines } from '../../chart/lines.js';
import { metrics } from '../../chart/metrics.js';
import { quoted } from '../../chart/take/csv.js';
import { save } from '../../element/save.js';

/** @typedef {import('../../types.d.ts').OfLayer} OfLayer */

/** @type {[metric: 'redundancy-train' | 'redundancy-test' | 'kmeans' | 'knn' | 'logistic', of: (numbers: OfLayer) => number][]} */
const LINES = [
  ['redundancy-train', ({ redundancy }) => redundancy.train],
  ['redundancy-test', ({ redundancy }) => redundancy.test],
  ['kmeans', ({ kmeans }) => kmeans.train],
  ['knn', ({ knn }) => knn],
  ['logistic', ({ logistic }) => logistic],
];
const HEIGHT = 300;

/**
 * @param {OfLayer[]} layers those that are measured
 * @param {number} count of all
 * @param {number} width in pixels
 */
export function layersView(layers, count, width) {
  const lines = LINES.map(([metric, of], mark) => ({
    name: metrics[metric].label,
    colour: `var(--${metric})`,
    dashed: metric.startsWith('redundancy'),
    mark,
    points: layers.map((layer, at) => ({ x: at + 1, mean: of(layer), low: of(layer), high: of(layer) })),
  }));
  return drawLines({
    width,
    height: HEIGHT,
    x: { label: 'ReLU layer', values: Array.from({ length: count }, (_, at) => at + 1), text: String, even: true },
    lines,
    keys: true,
    name: `The numbers of each of ${count} ReLU layers alone`,
    tip: ({ name }, { x, mean }) => `${layers[x - 1].name} (${layers[x - 1].width.toLocaleString('en')} wide)\n${name}: ${mean.toFixed(3)}`,
  });
}

/**
 * The same as files: for spreadsheets, a row a layer, and for programs.
 * @param {OfLayer[]} layers
 * @param {string} name of the network's file
 */
export function layersFiles(layers, name) {
  const columns = ['layer', 'name', 'width', 'bits', 'redundancy_train', 'redundancy_test', 'kmeans_train', 'kmeans_test', 'knn', 'logistic'];
  const rows = layers.map(({ name, width, bits, redundancy, kmeans, knn, logistic }, at) => [at + 1, name, width, bits, redundancy.train, redundancy.test, kmeans.train, kmeans.test, knn, logistic]);
  const csv = () => [columns, ...rows].map((row) => row.map(quoted).join(',')).join('\n') + '\n';
  return h('div', { className: 'bar' }, saving('CSV', 'text/csv', csv), saving('JSON', 'application/json', () => JSON.stringify(layers, null, 2)));

  /** @param {string} format @param {string} type @param {() => string} text */
  function saving(format, type, text) {
    const button = h('button', { type: 'button' }, `Save as ${format}`);
    button.addEventListener('click', () => save(new Blob([text()], { type }), `${name}-layers.${format.toLowerCase()}`));
    return button;
  }
}
