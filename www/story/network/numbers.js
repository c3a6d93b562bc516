// @ts-check
// The numbers of a network that was trained elsewhere.
import { h } from '../../chart/elements.js';
import { number } from '../../chart/metrics.js';

/** @typedef {import('../../types.d.ts').Elsewhere} Numbers */
/** @typedef {import('../../types.d.ts').Fed} Fed */

/** What becomes of an input x. @param {Fed} fed */
function changed({ scale, mean, std, planes }) {
  const order = planes ? ', channel by channel' : '';
  if (mean.some((each) => each !== 0) || std.some((each) => each !== 1)) return `(${scale === 1 ? '' : `${scale} `}x − ${listed(mean)}) / ${listed(std)}${order}`;
  return `${scale === 1 ? 'x' : `${scale} x`}${order}`;
}
/** @param {number[]} numbers one for each channel */
const listed = (numbers) => [...new Set(numbers.map((each) => String(Number(each.toPrecision(6)))))].join(', ');

/**
 * What is to be known of the numbers, and, where the network seems to have been trained on other inputs, a button that measures it on them.
 * @param {Numbers} numbers
 * @param {boolean} isOnnx
 * @param {(fed: Fed) => void} measure
 */
export function notesView({ code, widths, names, left_out, is_guessing, otherwise, bits, accuracy }, isOnnx, measure) {
  const relus = widths.reduce((sum, width) => sum + width, 0);
  const units = code === 'channels' ? 'channels' : 'ReLUs';
  const layers = isOnnx ? `${names.length} ReLU layer${names.length === 1 ? '' : 's'} with ${relus.toLocaleString('en')} ${units}` : `Hidden layers of ${widths.join(', ')} ${units}`;
  const why = isOnnx ? 'since they have no on and off' : 'since the layers are named without it';
  const notes = [
    `${layers}; ${bits.toLocaleString('en')} bits of the code vary.`,
    ...(left_out.length ? [`Left out, ${why}: ${left_out.join(', ')}.`] : []),
    ...(accuracy ? [] : ['None of its outputs is a number for each class, so that its own accuracy is left out.']),
    ...(is_guessing && !otherwise ? ['The network is right no more often than by guessing: it may have been trained on inputs of another scale (here they are from 0 to 1), on other classes, or with its layers in another order.'] : []),
  ].map((note) => h('p', { className: 'hint' }, note));
  if (!otherwise) return notes;
  const { fed } = otherwise;
  const button = h('button', { type: 'button', id: 'measure-otherwise' }, 'Measure it so');
  button.addEventListener('click', () => measure(fed));
  const asked = `The network is right for ${number(otherwise.accuracy)} of the first test examples if inputs are ${changed(fed)}, for ${number(otherwise.as_they_are)} as they are here, from 0 to 1: which was it trained on?`;
  return [...notes, h('p', { className: 'hint' }, asked, ' ', button)];
}

/**
 * @param {Numbers} numbers
 * @param {string} dataset
 */
export function numbersView({ redundancy, accuracy, kmeans, knn, logistic, channel_sums_knn: sums }, dataset) {
  const rows = /** @type {const} */ ([
    ['redundancy ratio', redundancy.train, redundancy.test],
    ['K-Means accuracy', kmeans.train, kmeans.test],
    ['K-NN accuracy', null, knn],
    ...(typeof sums === 'number' ? [/** @type {const} */ (['K-NN accuracy, on sums of channels', null, sums])] : []),
    ['logistic regression accuracy', null, logistic],
    ['network accuracy', accuracy?.train, accuracy?.test],
  ]);
  const head = h('tr', {}, h('th', { scope: 'col' }, `on ${dataset}`), h('th', { scope: 'col' }, 'train'), h('th', { scope: 'col' }, 'test'));
  const body = rows.map(([label, train, test]) => h('tr', {}, h('td', {}, label), h('td', {}, number(train)), h('td', {}, number(test))));
  return h('table', {}, h('thead', {}, head), h('tbody', {}, ...body));
}
