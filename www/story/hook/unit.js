// @ts-check
// What one ReLU of the hook sees: the weights of its pixels as a picture, and what they add up to on the drawing.
import { h } from '../../chart/elements.js';
import { write } from '../../element/controls/form.js';
import { paintWeights, weightsOf } from '../weights-picture.js';
import { SIDE } from './raster.js';

/** @typedef {import('./hasher.js').Layer} Layer */

const WAITS = 'Point at a lamp to see the weights of its pixels.';

/** A number with its sign. @param {number} value */
const signed = (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

export function unitView() {
  const canvas = h('canvas', { width: SIDE, height: SIDE, className: 'weights', role: 'img', 'aria-label': 'no lamp is chosen' });
  const said = h('p', { className: 'hint', id: 'unit' }, WAITS);
  const element = h('div', { className: 'unit' }, canvas, said);
  return {
    element,
    /**
     * @param {Layer} layer
     * @param {number} unit
     * @param {Float32Array} pixels what is drawn
     */
    show({ kernel, bias }, unit, pixels) {
      const weights = weightsOf(kernel, bias.length, unit);
      const most = paintWeights(canvas, weights);
      const sum = pixels.reduce((sum, value, place) => sum + value * weights[place], 0);
      const total = sum + bias[unit];
      canvas.setAttribute('aria-label', `weights of ReLU ${unit + 1}, from −${most.toFixed(2)} (purple) to +${most.toFixed(2)} (orange)`);
      write(said, `ReLU ${unit + 1}: your drawing adds up to ${signed(sum)}, with the bias ${signed(bias[unit])} to ${signed(total)}, so it ${total > 0 ? 'fires' : 'does not fire'}.`);
    },
    clear() {
      canvas.getContext('2d')?.clearRect(0, 0, SIDE, SIDE);
      canvas.setAttribute('aria-label', 'no lamp is chosen');
      write(said, WAITS);
    },
  };
}
