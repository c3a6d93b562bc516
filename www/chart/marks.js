// @ts-check
// Shapes of the dots of a line, so that lines are told apart without their colours, too.
import { s } from './elements.js';

const SIZE = 3;
/** By their number: a disc, a square, a triangle, a diamond, a cross, a triangle that stands on its tip, a bar. @type {((x: number, y: number, r: number) => string)[]} */
const shapes = [
  (x, y, r) => `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0z`,
  (x, y, r) => `M${x - r},${y - r}h${2 * r}v${2 * r}h${-2 * r}z`,
  (x, y, r) => `M${x},${y - 1.2 * r}l${1.2 * r},${2.1 * r}h${-2.4 * r}z`,
  (x, y, r) => `M${x},${y - 1.35 * r}l${1.35 * r},${1.35 * r}l${-1.35 * r},${1.35 * r}l${-1.35 * r},${-1.35 * r}z`,
  (x, y, r) => `M${x - r / 3},${y - 1.2 * r}h${(2 * r) / 3}v${0.87 * r}h${0.87 * r}v${(2 * r) / 3}h${-0.87 * r}v${0.87 * r}h${(-2 * r) / 3}v${-0.87 * r}h${-0.87 * r}v${(-2 * r) / 3}h${0.87 * r}z`,
  (x, y, r) => `M${x},${y + 1.2 * r}l${1.2 * r},${-2.1 * r}h${-2.4 * r}z`,
  (x, y, r) => `M${x - 1.2 * r},${y - r / 2}h${2.4 * r}v${r}h${-2.4 * r}z`,
];

/** The outline of a dot. @param {number} mark @param {number} x @param {number} y */
export const markAt = (mark, x, y) => shapes[mark % shapes.length](Number(x.toFixed(2)), Number(y.toFixed(2)), SIZE);

/** A line with its dot, small. @param {string} colour @param {number} mark @param {boolean} [dashed] */
export const swatch = (colour, mark, dashed = false) =>
  s(
    'svg',
    { class: 'line-swatch', width: 22, height: 10, viewBox: '0 0 22 10', 'aria-hidden': 'true' },
    s('path', { d: 'M0,5H22', stroke: colour, 'stroke-width': 2, 'stroke-dasharray': dashed ? '6 3' : undefined }),
    s('path', { d: markAt(mark, 11, 5), fill: colour }),
  );
