// @ts-check
// Squares that are too small for lines between them are taken together in blocks: a block is of the regime that most of its squares are of.

/** @typedef {import('./summary.js').Regime} Regime */
/** @typedef {import('./heatmap.js').Layout} Layout */

/** Pixels that a block is wide and high, at least. */
const SIZE = 8;
/** Squares of a block that are asked, along each side, at most. */
const ASKED = 4;
const REGIMES = /** @type {const} */ ([null, 'under', 'critical', 'sufficient']);

/**
 * @param {import('./look.js').Shown} shown
 * @param {Layout} layout
 * @returns {{ layout: Layout, regimeAt: import('./borders.js').RegimeAt }} of the blocks
 */
export function blocksOf(shown, layout) {
  const across = along(layout.columns.length, layout.wide);
  const up = along(layout.rows.length, layout.high);
  const regimes = new Uint8Array(across.count * up.count);
  const votes = new Uint8Array(REGIMES.length);
  for (let i = 0; i < across.count; i++)
    for (let j = 0; j < up.count; j++) {
      votes.fill(0);
      for (const column of across.asked(i)) for (const row of up.asked(j)) votes[REGIMES.indexOf(shown.regime(column, row))] += 1;
      regimes[i * up.count + j] = votes.indexOf(Math.max(...votes));
    }
  return {
    layout: { ...layout, columns: across.numbers, rows: up.numbers, wide: across.size, high: up.size },
    regimeAt: (column, row) => REGIMES[regimes[column * up.count + row]],
  };
}

/**
 * Blocks along an axis.
 * @param {number} squares
 * @param {number} size of a square in pixels
 */
function along(squares, size) {
  const count = Math.min(squares, Math.max(1, Math.floor((squares * size) / SIZE)));
  const numbers = Array.from({ length: count }, (_, at) => at);
  const asked = numbers.map((block) => {
    const [from, to] = [Math.floor((block * squares) / count), Math.floor(((block + 1) * squares) / count)];
    const some = Math.min(ASKED, to - from);
    return Array.from({ length: some }, (_, at) => from + Math.floor(((at + 0.5) * (to - from)) / some));
  });
  return { count, numbers, size: (squares * size) / count, asked: (/** @type {number} */ block) => asked[block] };
}
