// @ts-check
// Examples of a data set as pictures.
import { h } from '../chart/elements.js';

/** Inputs of a picture whose pixels are red, green and blue (CIFAR-10). */
const COLOURED = 3 * 32 * 32;

/**
 * How wide a square picture of so many numbers is; nothing where they are none.
 * @param {number} inputs
 */
export function sideOf(inputs) {
  const side = Math.sqrt(inputs === COLOURED ? inputs / 3 : inputs);
  return Number.isInteger(side) && side >= 8 ? side : null;
}

/**
 * @param {Uint8Array} pixels of one example
 * @param {string} name what a listener hears
 * @returns {HTMLCanvasElement | null} none where the numbers are no picture
 */
export function picture(pixels, name) {
  const side = sideOf(pixels.length);
  if (!side) return null;
  const canvas = h('canvas', { className: 'example', width: side, height: side, role: 'img', 'aria-label': name });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const image = context.createImageData(side, side);
  const channels = pixels.length / (side * side);
  for (let place = 0; place < side * side; place++) {
    for (let channel = 0; channel < 3; channel++) image.data[4 * place + channel] = pixels[place * channels + (channels === 3 ? channel : 0)];
    image.data[4 * place + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
