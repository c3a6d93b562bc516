// @ts-check
// Where a digit is drawn, with finger, pen or mouse.
import { h } from '../../chart/elements.js';

/** @typedef {import('./raster.js').Stroke} Stroke */

/** Pixels of the drawing's own. */
const SIZE = 400;

/** @param {(strokes: Stroke[], isReader: boolean) => void} drawn told with every move, and whether it is the reader’s */
export function createPad(drawn) {
  const canvas = h('canvas', { id: 'pad', width: SIZE, height: SIZE, role: 'img', 'aria-label': 'Draw a digit here, or choose one of the ten beside it' });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  /** @type {Stroke[]} */
  let strokes = [];
  /** The finger, pen or mouse that draws: others do not draw into its stroke. @type {number | null} */
  let drawing = null;
  /** Whether the next stroke begins a drawing of its own. */
  let fresh = true;

  /** @param {boolean} [isReader] */
  function paint(isReader = true) {
    context.clearRect(0, 0, SIZE, SIZE);
    Object.assign(context, { lineWidth: SIZE / 11, lineCap: 'round', lineJoin: 'round', strokeStyle: getComputedStyle(canvas).color });
    for (const [[x, y], ...rest] of strokes) {
      context.beginPath();
      context.moveTo(x * SIZE, y * SIZE);
      context.lineTo(x * SIZE + 0.1, y * SIZE);
      for (const [x, y] of rest) context.lineTo(x * SIZE, y * SIZE);
      context.stroke();
    }
    drawn(strokes, isReader);
  }

  /** @param {PointerEvent} event */
  function at({ clientX, clientY }) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return /** @type {[number, number]} */ ([(clientX - left) / width, (clientY - top) / height]);
  }

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || drawing !== null) return;
    canvas.setPointerCapture(event.pointerId);
    if (fresh) strokes = [];
    fresh = false;
    drawing = event.pointerId;
    strokes.push([at(event)]);
    paint();
  });
  canvas.addEventListener('pointermove', (event) => {
    if (event.pointerId !== drawing) return;
    strokes[strokes.length - 1].push(at(event));
    paint();
  });
  for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, (event) => event instanceof PointerEvent && event.pointerId === drawing && (drawing = null));
  // The ink follows the theme.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => paint(false));

  return {
    element: canvas,
    /** @param {Stroke[]} given which the reader's next stroke replaces @param {boolean} [isReader] whether the reader chose it */
    show(given, isReader = false) {
      strokes = given;
      fresh = true;
      paint(isReader);
    },
    clear() {
      strokes = [];
      fresh = false;
      paint();
    },
  };
}
