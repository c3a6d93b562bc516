// @ts-check
// Draws faces of the space as they are seen from somewhere, the farthest first.

/** @typedef {import('./solid.js').Point} Point */
/** @typedef {import('./solid.js').Face} Face */
/** @typedef {{ turn: number, tilt: number }} Seen from where, in radians */
/** @typedef {{ under: string, sufficient: string, ink: string, faint: string, font: string }} Colours */
/** @typedef {{ name: string, first: string, last: string }} Axis what is written along an edge */

/** Of the smaller side of the drawing, a side of the cube has this much. */
const SIZE = 0.57;
/** How far the eye is away, in sides of the cube: lines to the back run together. */
const FAR = 6;
/** How much of what lies behind a surface is covered. */
const COVER = { under: 0.5, sufficient: 0.55, slice: 0.95 };
/** Where along an edge its ends are named. */
const INSET = 0.06;
const EDGES = /** @type {[Point, Point][]} */ ([0, 1, 2].flatMap((axis) => [[0, 0], [0, 1], [1, 0], [1, 1]].map(([a, b]) => [0, 1].map((end) => /** @type {Point} */ ([0, 1, 2].map((each) => (each === axis ? end : each === (axis + 1) % 3 ? a : b)))))));

/**
 * What projects a point: its place in the drawing, and how near it is.
 * @param {Seen} seen
 * @param {{ width: number, height: number }} size
 */
export function projection({ turn, tilt }, { width, height }) {
  const [sin, cos, sink, rise] = [Math.sin(turn), Math.cos(turn), Math.sin(tilt), Math.cos(tilt)];
  const scale = SIZE * Math.min(width, height);
  return (/** @type {Point} */ [x, z, y]) => {
    const [a, b, c] = [x - 0.5, y - 0.5, z - 0.5];
    const [right, back] = [a * cos - c * sin, a * sin + c * cos];
    const [up, depth] = [b * rise + back * sink, back * rise - b * sink];
    const near = FAR / (FAR + depth);
    return { x: width / 2 + scale * right * near, y: height / 2 - scale * up * near, depth };
  };
}

/**
 * @param {CanvasRenderingContext2D} context in which a unit is a pixel of the page
 * @param {Face[]} faces
 * @param {Seen} seen
 * @param {{ width: number, height: number }} size
 * @param {[across: Axis, back: Axis, up: Axis]} axes
 * @param {Colours} colours
 */
export function draw(context, faces, seen, size, axes, colours) {
  const project = projection(seen, size);
  context.clearRect(0, 0, size.width, size.height);
  context.lineJoin = 'round';
  const edges = EDGES.map((ends) => ends.map(project));
  const line = (/** @type {typeof edges[number]} */ [from, to]) => {
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  };
  context.strokeStyle = colours.faint;
  context.lineWidth = 1;
  edges.forEach(line);
  const placed = faces.map((face) => {
    const corners = face.corners.map(project);
    return { face, corners, depth: corners.reduce((sum, { depth }) => sum + depth, 0) / corners.length };
  });
  placed.sort((one, other) => other.depth - one.depth);
  for (const { face, corners } of placed) {
    context.beginPath();
    corners.forEach(({ x, y }, at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
    context.globalAlpha = COVER[face.kind];
    context.fillStyle = context.strokeStyle = face.kind === 'slice' ? face.colour : colours[face.kind];
    context.fill();
    context.globalAlpha = face.kind === 'slice' ? COVER.slice : 1;
    context.lineWidth = face.kind === 'slice' ? 0.5 : 0.8;
    context.stroke();
  }
  context.globalAlpha = 1;
  context.font = colours.font;
  context.fillStyle = colours.ink;
  for (const [axis, words] of axes.entries()) name(context, edges.slice(4 * axis, 4 * axis + 4), words, size, axis === 2);
}

/**
 * Writes along the edge of an axis that is nearest to the border of the drawing: the lowest, or of those upright the leftmost.
 * @param {CanvasRenderingContext2D} context
 * @param {{ x: number, y: number }[][]} edges
 * @param {Axis} words
 * @param {{ width: number }} size
 * @param {boolean} isUp
 */
function name(context, edges, { name, first, last }, { width }, isUp) {
  const middle = (/** @type {{ x: number, y: number }[]} */ [from, to]) => ({ x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 });
  const [edge] = [...edges].sort((one, other) => (isUp ? middle(one).x - middle(other).x : middle(other).y - middle(one).y));
  const at = (/** @type {number} */ share) => ({ x: edge[0].x + share * (edge[1].x - edge[0].x), y: edge[0].y + share * (edge[1].y - edge[0].y) });
  const write = (/** @type {string} */ text, /** @type {{ x: number, y: number }} */ { x, y }, /** @type {number} */ away) => {
    context.textAlign = isUp || at(0.5).x < width / 2 ? 'right' : 'left';
    context.textBaseline = 'middle';
    const side = context.textAlign === 'right' ? -8 : 8;
    const wide = context.measureText(text).width;
    const start = context.textAlign === 'right' ? Math.max(wide + 2, x + side) : Math.min(width - wide - 2, x + side);
    context.fillText(text, start, isUp ? y : y + away);
  };
  // Away from the corners, where two axes meet.
  write(first, at(INSET), 9);
  write(last, at(1 - INSET), 9);
  write(name, at(0.5), 22);
}
