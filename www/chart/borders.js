// @ts-check
// Lines between squares of different regimes, and the regimes' names where they have room.
import { s } from './elements.js';
import { regimeNames } from './summary.js';

/** @typedef {import('./summary.js').Regime} Regime */

/**
 * @param {Pick<ReturnType<typeof import('./look.js').squares>, 'grid'>} shown
 * @param {import('./heatmap.js').Layout} layout
 */
export function regimeBorders({ grid }, { columns, rows, left, top, wide, high }) {
  const x = (/** @type {number} */ column) => left + column * wide;
  const y = (/** @type {number} */ row) => top + (rows.length - 1 - row) * high;
  /** @type {Record<'under' | 'sufficient', string[]>} */
  const borders = { under: [], sufficient: [] };
  const regimeAt = (/** @type {number} */ column, /** @type {number} */ row) => grid[column]?.[row]?.regime ?? null;
  for (let i = 0; i < columns.length; i++)
    for (let j = 0; j < rows.length; j++) {
      const here = regimeAt(i, j);
      if (!here) continue;
      const edges = /** @type {const} */ ([
        [regimeAt(i + 1, j), `M${x(i) + wide},${y(j)}v${high}`],
        [regimeAt(i, j + 1), `M${x(i)},${y(j)}h${wide}`],
      ]);
      for (const [other, line] of edges) if (other && other !== here) borders[here === 'under' || other === 'under' ? 'under' : 'sufficient'].push(line);
    }
  const paths = Object.entries(borders).flatMap(([kind, lines]) => {
    const line = { fill: 'none', d: lines.join(''), 'stroke-linecap': 'round' };
    return lines.length ? [s('path', { ...line, stroke: '#000', 'stroke-opacity': 0.45, 'stroke-width': 6 }), s('path', { ...line, stroke: `var(--${kind})`, 'stroke-width': 3.5 })] : [];
  });
  const names = [...longestRuns(columns.length, rows.length, regimeAt)].flatMap(([regime, runs]) => {
    const name = regimeNames[regime];
    const { row, from, to } = runs[Math.floor(runs.length / 2)];
    if ((to - from) * wide < name.length * 7.5) return []; // no room
    const at = { x: x(from) + ((to - from) * wide) / 2, y: y(row) + high / 2, dy: '0.35em' };
    return [s('text', { ...at, fill: '#fff', stroke: '#000', 'stroke-opacity': 0.65, 'stroke-width': 4, 'paint-order': 'stroke', 'stroke-linejoin': 'round', 'font-weight': 600, 'font-size': 14, 'text-anchor': 'middle' }, name)];
  });
  return s('g', {}, ...paths, ...names);
}

/**
 * For each regime, where most of its squares stand side by side: all such runs, from below.
 * @param {number} columns
 * @param {number} rows
 * @param {(column: number, row: number) => Regime | null} regimeAt
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
