// @ts-check
// Squares that are too small for lines between them are taken together in blocks: a block is of the regime that most of its squares are of.

/** @typedef {import('./summary.js').Regime} Regime */
/** @typedef {import('./boxes.js').Layout} Layout */

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
  const across = along(layout.xs);
  const up = along(layout.ys);
  const regimes = new Uint8Array(across.count * up.count);
  const votes = new Uint8Array(REGIMES.length);
  for (let i = 0; i < across.count; i++)
    for (let j = 0; j < up.count; j++) {
      votes.fill(0);
      for (const column of across.asked(i)) for (const row of up.asked(j)) votes[REGIMES.indexOf(shown.regime(column, row))] += 1;
      regimes[i * up.count + j] = votes.indexOf(Math.max(...votes));
    }
  return {
    layout: { ...layout, columns: across.numbers, rows: up.numbers, xs: across.edges, ys: up.edges },
    regimeAt: (column, row) => REGIMES[regimes[column * up.count + row]],
  };
}

/**
 * Blocks along an axis.
 * @param {Float64Array} edges of the squares
 */
function along(edges) {
  const squares = edges.length - 1;
  const count = Math.min(squares, Math.max(1, Math.floor(Math.abs(edges[squares] - edges[0]) / SIZE)));
  const numbers = Array.from({ length: count }, (_, at) => at);
  const first = (/** @type {number} */ block) => Math.floor((block * squares) / count);
  const asked = numbers.map((block) => {
    const [from, to] = [first(block), first(block + 1)];
    const some = Math.min(ASKED, to - from);
    return Array.from({ length: some }, (_, at) => from + Math.floor(((at + 0.5) * (to - from)) / some));
  });
  return { count, numbers, edges: Float64Array.from({ length: count + 1 }, (_, block) => edges[first(block)]), asked: (/** @type {number} */ block) => asked[block] };
}
