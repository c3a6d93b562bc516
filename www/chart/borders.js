// @ts-check
// Lines between squares of different regimes, and the regimes' names where they have room.
import { s } from './elements.js';
import { boxOf } from './boxes.js';
import { regimeNames } from './summary.js';

/** @typedef {import('./summary.js').Regime} Regime */
/** @typedef {import('./boxes.js').Layout} Layout */
/** @typedef {(column: number, row: number) => Regime | null} RegimeAt nothing beside the squares, and where a square has none */
/** @typedef {{ kind: 'under' | 'sufficient', x: number, y: number, across: boolean, long: number }} Border the side of a square: so long from x, y on across, or down */

/** How thick a line is, and its rim, in pixels. */
export const THICK = { line: 3.5, rim: 6 };

/**
 * @param {RegimeAt} regimeAt
 * @param {Layout} layout
 */
export function regimeBorders(regimeAt, layout) {
  /** @type {Record<'under' | 'sufficient', string[]>} */
  const lines = { under: [], sufficient: [] };
  for (const { kind, x, y, across, long } of bordersOf(regimeAt, layout)) lines[kind].push(`M${x},${y}${across ? 'h' : 'v'}${long}`);
  const paths = Object.entries(lines).flatMap(([kind, lines]) => {
    const line = { fill: 'none', d: lines.join(''), 'stroke-linecap': 'round' };
    return lines.length ? [s('path', { ...line, stroke: '#000', 'stroke-opacity': 0.45, 'stroke-width': THICK.rim }), s('path', { ...line, stroke: `var(--${kind})`, 'stroke-width': THICK.line })] : [];
  });
  return s('g', {}, ...paths, ...nameElements(regimeAt, layout));
}

/**
 * @param {RegimeAt} regimeAt
 * @param {Layout} layout
 * @returns {Border[]}
 */
export function bordersOf(regimeAt, layout) {
  const { columns, rows } = layout;
  /** @type {Border[]} */
  const borders = [];
  for (let i = 0; i < columns.length; i++)
    for (let j = 0; j < rows.length; j++) {
      const here = regimeAt(i, j);
      if (!here) continue;
      const kindTo = (/** @type {Regime | null} */ other) => (!other || other === here ? null : here === 'under' || other === 'under' ? 'under' : 'sufficient');
      const right = kindTo(i + 1 < columns.length ? regimeAt(i + 1, j) : null);
      const { x, y, width, height } = boxOf(layout, i, j);
      if (right) borders.push({ kind: right, x: x + width, y, across: false, long: height });
      const above = kindTo(j + 1 < rows.length ? regimeAt(i, j + 1) : null);
      if (above) borders.push({ kind: above, x, y, across: true, long: width });
    }
  return borders;
}

/**
 * The names of the regimes, each where most of its squares stand side by side.
 * @param {RegimeAt} regimeAt
 * @param {Layout} layout
 */
export function nameElements(regimeAt, { columns, rows, xs, ys }) {
  return [...longestRuns(columns.length, rows.length, regimeAt)].flatMap(([regime, runs]) => {
    const name = regimeNames[regime];
    const { row, from, to } = runs[Math.floor(runs.length / 2)];
    if (xs[to] - xs[from] < name.length * 7.5) return []; // not enough room
    const at = { x: (xs[from] + xs[to]) / 2, y: (ys[row] + ys[row + 1]) / 2, dy: '0.35em' };
    return [s('text', { ...at, fill: '#fff', stroke: '#000', 'stroke-opacity': 0.65, 'stroke-width': 4, 'paint-order': 'stroke', 'stroke-linejoin': 'round', 'font-weight': 600, 'font-size': 14, 'text-anchor': 'middle' }, name)];
  });
}

/**
 * For each regime, where most of its squares stand side by side: all such runs, from below.
 * @param {number} columns
 * @param {number} rows
 * @param {RegimeAt} regimeAt
 */
function longestRuns(columns, rows, regimeAt) {
  /** @type {Map<Regime, { row: number, from: number, to: number }[]>} */
  const longest = new Map();
  for (let row = 0; row < rows; row++) {
    let from = 0;
    while (from < columns) {
      const here = regimeAt(from, row);
      let to = from + 1;
      while (to < columns && regimeAt(to, row) === here) to++;
      if (here) {
        const runs = longest.get(here) ?? [];
        const length = runs.length ? runs[0].to - runs[0].from : 0;
        if (to - from > length) longest.set(here, [{ row, from, to }]);
        else if (to - from === length) runs.push({ row, from, to });
      }
      from = to;
    }
  }
  return longest;
}
