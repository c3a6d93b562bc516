// @ts-check
// A drawing as MNIST has its digits: 28 x 28 pixels, 20 of them high or wide, their mass in the middle.

/** @typedef {[x: number, y: number][]} Stroke points from 0 to 1, from the left and from above */

export const SIDE = 28;
const BOX = 20;
const PEN = 2.4;

/**
 * How far a point is from a stretch of a stroke, squared.
 * @param {number} x @param {number} y
 * @param {[number, number]} from @param {[number, number]} to
 */
function apart(x, y, [fromX, fromY], [toX, toY]) {
  const [dx, dy] = [toX - fromX, toY - fromY];
  const along = Math.max(0, Math.min(1, ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy || 1)));
  return (x - fromX - along * dx) ** 2 + (y - fromY - along * dy) ** 2;
}

/** Strokes of a round pen, in pixels: a pixel is as dark as the pen's edge is far inside it. (Drawn on a canvas and read back they would be noise in browsers
 * that protect their readers from being recognised.) @param {Stroke[]} strokes */
function draw(strokes) {
  const pixels = new Float32Array(SIDE * SIDE);
  for (const stroke of strokes)
    stroke.forEach((point, at) => {
      const before = stroke[Math.max(0, at - 1)];
      const reach = PEN / 2 + 1;
      const [left, right] = [Math.min(point[0], before[0]) - reach, Math.max(point[0], before[0]) + reach];
      const [top, bottom] = [Math.min(point[1], before[1]) - reach, Math.max(point[1], before[1]) + reach];
      for (let row = Math.max(0, Math.floor(top)); row <= Math.min(SIDE - 1, bottom); row++)
        for (let column = Math.max(0, Math.floor(left)); column <= Math.min(SIDE - 1, right); column++) {
          const place = row * SIDE + column;
          const inside = PEN / 2 + 0.5 - Math.sqrt(apart(column + 0.5, row + 0.5, before, point));
          pixels[place] = Math.max(pixels[place], Math.min(1, inside));
        }
    });
  return pixels;
}

/** @returns {(strokes: Stroke[]) => Float32Array} pixels from 0 to 1, row by row */
export function createRaster() {
  return (strokes) => {
    const points = strokes.flat();
    if (!points.length) return new Float32Array(SIDE * SIDE);
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const scale = (BOX - PEN) / Math.max(right - left, bottom - top, 0.2);
    const placed = (/** @type {number} */ dx, /** @type {number} */ dy) => strokes.map((stroke) => stroke.map(([x, y]) => /** @type {[number, number]} */ ([(x - (left + right) / 2) * scale + dx, (y - (top + bottom) / 2) * scale + dy])));
    const pixels = draw(placed(SIDE / 2, SIDE / 2));
    // Centred by its mass, like the digits of the data set.
    let [mass, x, y] = [0, 0, 0];
    pixels.forEach((value, place) => {
      mass += value;
      x += value * ((place % SIDE) + 0.5);
      y += value * (Math.floor(place / SIDE) + 0.5);
    });
    return draw(placed(SIDE - x / mass, SIDE - y / mass));
  };
}
