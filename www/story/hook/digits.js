// @ts-check
// Ten digits as somebody might draw them, in strokes of our own.

/** @typedef {import('./raster.js').Stroke} Stroke */

/**
 * Part of an ellipse, angles in turns from the right, clockwise.
 * @param {number} x
 * @param {number} y
 * @param {number} wide
 * @param {number} high
 * @param {number} from
 * @param {number} to
 * @returns {Stroke}
 */
const arc = (x, y, wide, high, from, to) =>
  Array.from({ length: 25 }, (_, step) => {
    const angle = 2 * Math.PI * (from + ((to - from) * step) / 24);
    return [x + wide * Math.cos(angle), y + high * Math.sin(angle)];
  });

/** @type {Stroke[][]} */
export const digits = [
  [arc(0.5, 0.5, 0.2, 0.3, 0, 1)],
  [[[0.56, 0.2], [0.46, 0.8]]],
  [[...arc(0.49, 0.35, 0.18, 0.16, 0.52, 1.08), [0.3, 0.78], [0.72, 0.76]]],
  [[...arc(0.46, 0.35, 0.18, 0.15, 0.55, 1.2), ...arc(0.46, 0.64, 0.2, 0.16, 0.8, 1.42)]],
  [[[0.4, 0.2], [0.32, 0.52], [0.68, 0.5]], [[0.64, 0.24], [0.58, 0.82]]],
  [[[0.68, 0.22], [0.42, 0.22], [0.38, 0.47], ...arc(0.48, 0.62, 0.2, 0.17, 0.75, 1.4)]],
  [[[0.6, 0.18], [0.46, 0.32], [0.36, 0.55], ...arc(0.5, 0.63, 0.16, 0.15, 0.5, -0.5)]],
  [[[0.3, 0.24], [0.7, 0.22], [0.6, 0.45], [0.46, 0.82]]],
  [[...arc(0.5, 0.35, 0.15, 0.14, 0.25, -0.75), ...arc(0.5, 0.65, 0.18, 0.16, 0.75, 1.75)]],
  [[...arc(0.5, 0.36, 0.16, 0.16, 0, -1), [0.65, 0.5], [0.58, 0.82]]],
];
