// @ts-check
// The numbers of a network that was trained elsewhere.
import { h } from '../chart/elements.js';
import { number } from '../chart/metrics.js';

/** @typedef {{ name: string, dataset: string, share: number, numbers: import('../types.d.ts').Elsewhere | null }} Elsewhere `share` is how much of the data set is there */

/** What becomes of an input x. @param {import('../types.d.ts').Fed} fed */
const changed = ({ scale, mean, std }) => (scale === 1 ? `(x − ${listed(mean)}) / ${listed(std)}` : `${scale} x`);
/** @param {number[]} numbers one for each channel */
const listed = (numbers) => [...new Set(numbers.map((each) => String(Number(each.toPrecision(6)))))].join(', ');

/**
 * @param {Elsewhere} elsewhere
 * @returns {HTMLElement[]}
 */
export function elsewhereView({ name, dataset, numbers, share }) {
  const heading = h('h3', {}, name);
  if (!numbers) return [heading, h('p', { className: 'hint' }, share < 1 ? `Loading ${dataset}: ${Math.round(100 * share)}% …` : `Taking its codes on ${dataset} …`)];
  const { widths, left_out, is_guessing, otherwise, bits, redundancy, accuracy, kmeans, knn, logistic } = numbers;
  const rows = /** @type {const} */ ([
    ['redundancy ratio', redundancy.train, redundancy.test],
    ['K-Means accuracy', kmeans.train, kmeans.test],
    ['K-NN accuracy', null, knn],
    ['logistic regression accuracy', null, logistic],
    ['network accuracy', accuracy.train, accuracy.test],
  ]);
  const head = h('tr', {}, h('th', { scope: 'col' }, `on ${dataset}`), h('th', { scope: 'col' }, 'train'), h('th', { scope: 'col' }, 'test'));
  const body = rows.map(([label, train, test]) => h('tr', {}, h('td', {}, label), h('td', {}, number(train)), h('td', {}, number(test))));
  const notes = [
    `Hidden layers of ${widths.join(', ')} ReLUs; ${bits} bits of the code vary.`,
    ...(left_out.length ? [`Left out, since the layers are named without it: ${left_out.join(', ')}.`] : []),
    ...(otherwise ? [`The network is right for ${number(otherwise.accuracy)} of the test examples if inputs are ${changed(otherwise.fed)}, for ${number(otherwise.as_they_are)} as they are here, from 0 to 1: which was it trained on? The command hash-phase encode takes --scale, --mean and --std.`] : []),
    ...(is_guessing && !otherwise ? ['The network is right no more often than by guessing: it may have been trained on inputs of another scale (here they are from 0 to 1), on other classes, or with its layers in another order.'] : []),
  ];
  return [heading, ...notes.map((note) => h('p', { className: 'hint' }, note)), h('table', {}, h('thead', {}, head), h('tbody', {}, ...body))];
}
