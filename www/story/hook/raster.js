// @ts-check
// A drawing as MNIST has its digits: 28 x 28 pixels, 20 of them high or wide, their mass in the middle.

/** @typedef {[x: number, y: number][]} Stroke points from 0 to 1, from the left and from above */

export const SIDE = 28;
const BOX = 20;
const PEN = 2.4;

/** @returns {(strokes: Stroke[]) => Float32Array} pixels from 0 to 1, row by row */
export function createRaster() {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIDE;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));

  /** @param {Stroke[]} strokes in pixels */
  function draw(strokes) {
    context.clearRect(0, 0, SIDE, SIDE);
    Object.assign(context, { lineWidth: PEN, lineCap: 'round', lineJoin: 'round', strokeStyle: '#000' });
    for (const [[x, y], ...rest] of strokes) {
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x + 0.01, y);
      for (const [x, y] of rest) context.lineTo(x, y);
      context.stroke();
    }
    const { data } = context.getImageData(0, 0, SIDE, SIDE);
    return Float32Array.from({ length: SIDE * SIDE }, (_, place) => data[4 * place + 3] / 255);
  }

  return (strokes) => {
    const points = strokes.flat();
    if (!points.length) return new Float32Array(SIDE * SIDE);
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const scale = (BOX - PEN) / Math.max(right - left, bottom - top, 0.2);
    const placed = (/** @type {number} */ dx, /** @type {number} */ dy) => strokes.map((stroke) => stroke.map(([x, y]) => /** @type {[number, number]} */ ([(x - (left + right) / 2) * scale + dx, (y - (top + bottom) / 2) * scale + dy])));
    const pixels = draw(placed(SIDE / 2, SIDE / 2));
    // Its mass to the middle, as those of the data set have it.
    let [mass, x, y] = [0, 0, 0];
    pixels.forEach((value, place) => {
      mass += value;
      x += value * ((place % SIDE) + 0.5);
      y += value * (Math.floor(place / SIDE) + 0.5);
    });
    return draw(placed(SIDE - x / mass, SIDE - y / mass));
  };
}
