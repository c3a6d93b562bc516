// @ts-check
// The weights of one ReLU as a picture: orange where a pixel makes it fire, purple where it keeps it from firing.
import { divergingBytes } from '../chart/diverging.js';

/** From the most negative weight to the most positive. */
const COLOURS = Array.from({ length: 256 }, (_, at) => [...divergingBytes(at / 255), 255]);

/**
 * The weights of a unit in a layer.
 * @param {Float32Array} kernel `[inputs, units]`, row by row
 * @param {number} units
 * @param {number} unit
 */
export const weightsOf = (kernel, units, unit) => Float32Array.from({ length: kernel.length / units }, (_, place) => kernel[place * units + unit]);

/**
 * Paints them, as many to a row as the canvas is wide.
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} weights
 * @returns {number} the greatest of them by its amount, at which the colours end
 */
export function paintWeights(canvas, weights) {
  const most = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const image = context.createImageData(canvas.width, canvas.height);
  weights.forEach((weight, place) => image.data.set(COLOURS[Math.round(127.5 * (weight / most + 1))], 4 * place));
  context.putImageData(image, 0, 0);
  return most;
}
