// @ts-check
// Lines with a band of one standard deviation, rings for published values, and a tip for the nearest point.
import { ticks } from 'd3-array';
import { h, s } from './elements.js';
import { markAt, swatch } from './marks.js';
import { createTip } from './tip.js';

/** @typedef {{ x: number, mean: number, low: number, high: number, ring?: number }} Point */
/** @typedef {{ name: string, colour: string, dashed?: boolean, mark?: number, points: Point[] }} Line its points from left to right; `mark` is the shape of their dots, so that colour is not all that tells lines apart */
/** @typedef {{ label: string, values: number[], text: (value: number) => string, even: boolean }} AcrossAxis `even`: its values stand side by side rather than where they are */
/** @typedef {{ width: number, height: number, x: AcrossAxis, lines: Line[], mark?: number, name: string, keys?: boolean, tip: (line: Line, point: Point) => string }} Options `mark` is a value across with a line of its own; `keys`: the lines' names above; `name` is what a listener hears */

/** Points of a line that have a dot each, at most. */
const MOST_DOTS = 100;
const MARGIN = { left: 40, right: 14, top: 12, bottom: 44 };

/** @param {Options} options */
export function drawLines({ width, height, x, lines, mark, name, keys = false, tip }) {
  const [left, right, top, bottom] = [MARGIN.left, width - MARGIN.right, MARGIN.top, height - MARGIN.bottom];
  const [first, last] = [x.values[0], x.values[x.values.length - 1]];
  const indexOf = new Map(x.values.map((value, index) => [value, index]));
  const indexAt = (/** @type {number} */ value) => indexOf.get(value) ?? NaN;
  const step = (right - left) / Math.max(1, x.values.length);
  const xAt = (/** @type {number} */ value) => (x.even ? left + (indexAt(value) + 0.5) * step : left + ((value - first) / (last - first || 1)) * (right - left));
  const yAt = (/** @type {number} */ value) => bottom - value * (bottom - top);
  /** Points that stand side by side: where a network is missing there is a gap. @param {Point[]} points */
  const runsOf = (points) => {
    /** @type {Point[][]} */
    const runs = [];
    points.forEach((point, at) => {
      if (at && indexAt(point.x) === indexAt(points[at - 1].x) + 1) runs[runs.length - 1].push(point);
      else runs.push([point]);
    });
    return runs;
  };
  const path = (/** @type {[number, number][]} */ points) => points.map(([x, y], at) => `${at ? 'L' : 'M'}${x.toFixed(2)},${y.toFixed(2)}`).join('');

  const grid = [0, 0.2, 0.4, 0.6, 0.8, 1].flatMap((value) => [
    s('path', { d: `M${left},${yAt(value)}H${right}`, stroke: 'currentColor', 'stroke-opacity': 0.12 }),
    s('text', { x: left - 6, y: yAt(value), dy: '0.35em', 'text-anchor': 'end', fill: 'currentColor' }, value.toFixed(1)),
  ]);
  const room = Math.max(1, Math.floor((right - left) / 44));
  const named = x.even ? x.values.filter((_, at) => at % Math.ceil(x.values.length / room) === 0) : ticks(first, last, Math.min(10, room));
  const names = named.map((value) => s('text', { x: xAt(value), y: bottom + 18, 'text-anchor': 'middle', fill: 'currentColor' }, x.text(value)));
  const drawn = lines.flatMap(({ colour, dashed, mark = 0, points }) => {
    const runs = runsOf(points);
    const at = (/** @type {Point[]} */ run, /** @type {(point: Point) => number} */ of) => run.map((point) => /** @type {[number, number]} */ ([xAt(point.x), yAt(of(point))]));
    const around = (/** @type {Point[]} */ run) => `${path([...at(run, ({ high }) => high), ...at(run, ({ low }) => low).reverse()])}Z`;
    const band = points.some(({ low, high }) => high > low) ? [s('path', { d: runs.map(around).join(''), fill: colour, 'fill-opacity': 0.18 })] : [];
    // Redundancy is dashed, so that it differs from accuracy not by colour alone.
    const line = s('path', { d: runs.map((run) => path(at(run, ({ mean }) => mean))).join(''), fill: 'none', stroke: colour, 'stroke-width': 2, 'stroke-linejoin': 'round', 'stroke-dasharray': dashed ? '6 3' : undefined });
    // If points would hide the line, only the line is drawn.
    const dots = (points.length > MOST_DOTS ? [] : points).map(({ x, mean }) => s('path', { d: markAt(mark, xAt(x), yAt(mean)), fill: colour }));
    const rings = points.flatMap(({ x, ring }) => (ring === undefined ? [] : [s('circle', { class: 'ring', cx: xAt(x), cy: yAt(ring), r: 5, fill: 'none', stroke: colour, 'stroke-width': 2 })]));
    return [...band, line, ...dots, ...rings];
  });
  const line = mark === undefined ? [] : [s('path', { d: `M${xAt(mark)},${top}V${bottom}`, stroke: 'currentColor', 'stroke-dasharray': '2 4' })];
  const near = s('circle', { r: 5, fill: 'none', stroke: 'currentColor', 'stroke-width': 2, visibility: 'hidden' });
  const svg = s(
    'svg',
    { class: 'lines', role: 'img', 'aria-label': name, width, height, viewBox: `0 0 ${width} ${height}`, 'font-size': 13 },
    ...grid,
    ...names,
    s('text', { x: (left + right) / 2, y: height - 6, 'text-anchor': 'middle', fill: 'currentColor' }, `${x.label} →`),
    ...drawn,
    ...line,
    near,
  );

  const beside = createTip();
  const places = lines.flatMap((line) => line.points.map((point) => ({ line, point, x: xAt(point.x), y: yAt(point.mean) })));
  svg.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect();
    const scale = box.width / width || 1;
    const [px, py] = [(event.clientX - box.left) / scale, (event.clientY - box.top) / scale];
    const distance = (/** @type {typeof places[number]} */ place) => (place.x - px) ** 2 + (place.y - py) ** 2;
    const nearest = places.reduce((/** @type {typeof places[number] | null} */ best, place) => (best && distance(best) <= distance(place) ? best : place), null);
    if (!nearest) return;
    near.setAttribute('cx', String(nearest.x));
    near.setAttribute('cy', String(nearest.y));
    near.setAttribute('visibility', 'visible');
    beside.show(tip(nearest.line, nearest.point), nearest.x, nearest.y, width);
  });
  svg.addEventListener('pointerleave', () => {
    near.setAttribute('visibility', 'hidden');
    beside.hide();
  });
  return h('div', { className: 'drawing' }, ...(keys ? [h('div', { className: 'keys' }, ...lines.map(key))] : []), svg, beside.element);
}

/** What a colour and the shape of its dots stand for. @param {{ name: string, colour: string, dashed?: boolean, mark?: number }} line */
export const key = ({ name, colour, dashed, mark }) => h('span', { className: 'key' }, mark === undefined ? h('span', { className: 'swatch', style: `background: ${colour}` }) : swatch(colour, mark, dashed), name);
