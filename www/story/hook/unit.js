// @ts-check
// What one ReLU of the hook sees: the weights of its pixels as a picture, and what they add up to on the drawing.
import { interpolatePuOr } from 'd3-scale-chromatic';
import { h } from '../../chart/elements.js';
import { write } from '../../element/controls/form.js';
import { SIDE } from './raster.js';

/** @typedef {import('./hasher.js').Layer} Layer */

const WAITS = 'Point at a lamp to see the weights of its pixels.';

/** A number with its sign. @param {number} value */
const signed = (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

/** A colour as its three bytes, whichever way it is written. @param {string} colour */
function bytesOf(colour) {
  const decimal = /rgb\((\d+), (\d+), (\d+)\)/.exec(colour);
  return decimal ? decimal.slice(1).map(Number) : [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

/** From the most negative weight to the most positive. */
const COLOURS = Array.from({ length: 256 }, (_, at) => [...bytesOf(interpolatePuOr(at / 255)), 255]);

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
      const units = bias.length;
      const weights = Float32Array.from({ length: SIDE * SIDE }, (_, place) => kernel[place * units + unit]);
      const most = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9);
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
      const image = context.createImageData(SIDE, SIDE);
      weights.forEach((weight, place) => image.data.set(COLOURS[Math.round(127.5 * (weight / most + 1))], 4 * place));
      context.putImageData(image, 0, 0);
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
