// @ts-check
// The heatmap: two axes, a colour for the metric, the borders of the regimes, gaps where no network is yet.
import * as Plot from '@observablehq/plot';
import { axisLabel, axisText, axisValues, metrics, number, otherAxes } from '../metrics.js';
import { bestCategorization, diverged, placeKey, regime, regimeNames } from '../summary.js';

/** @typedef {import('../store.js').State} State */
/** @typedef {import('../summary.js').Summary} Summary */
/** @typedef {import('../summary.js').Regime} Regime */
/** @typedef {import('../metrics.js').Axis} Axis */
/** @typedef {{ x: number, y: number, value: number, summary: Summary, regime: Regime | null }} Square */

/**
 * The network of a square.
 * @param {State} state whose two axes are across and up
 * @param {Partial<Record<Axis, number>>} others where the other axes are held
 * @param {number} column
 * @param {number} row
 */
export const placeOf = ({ x, y }, others, column, row) => /** @type {import('../summary.js').Place} */ (/** @type {unknown} */ ({ ...others, [x]: column, [y]: row }));

/**
 * The squares of the view that a state shows, and where the other axes are held.
 * @param {State} state
 * @param {Map<string, Summary>} summaries
 */
export function squares(state, summaries) {
  const { chart, x, y, metric, redundancy, accuracy } = state;
  if (!chart) return null;
  const others = Object.fromEntries(otherAxes(x, y).map((axis) => [axis, held(state, axis)]));
  const [columns, rows] = [axisValues(chart, x), axisValues(chart, y)];
  const best = bestCategorization(summaries.values());
  /** @type {(Square | null)[][]} by column, then row */
  const grid = columns.map((column) =>
    rows.map((row) => {
      const summary = summaries.get(placeKey(placeOf(state, others, column, row)));
      const band = summary?.bands[metric];
      if (!summary || !band) return null;
      const collisions = summary.bands['redundancy-train'];
      const known = collisions && summary.categorization !== null;
      return {
        x: column,
        y: row,
        value: band.mean,
        summary,
        regime: known ? regime({ redundancy, accuracy }, collisions.mean, /** @type {number} */ (summary.categorization), best) : null,
      };
    }),
  );
  return { chart, others: /** @type {Partial<Record<Axis, number>>} */ (others), columns, rows, grid };
}

/**
 * Where an axis that is not shown is held: as chosen, else at its last value; a factor at its first.
 * @param {State} state
 * @param {Axis} axis
 */
export function held({ chart, at }, axis) {
  const values = chart ? axisValues(chart, axis) : [];
  const wanted = at[axis];
  return wanted !== undefined && values.includes(wanted) ? wanted : values[axis === 'factor' ? 0 : values.length - 1];
}

/**
 * Draws the heatmap.
 * @param {State} state
 * @param {Map<string, Summary>} summaries
 * @param {number} width in pixels
 * @returns {(SVGSVGElement | HTMLElement) & Plot.Plot | null}
 */
export function drawChart(state, summaries, width) {
  const view = squares(state, summaries);
  if (!view) return null;
  const { chart, others, columns, rows, grid } = view;
  const lost = diverged(chart);
  const there = grid.flat().filter((square) => square !== null);
  const gaps = columns.flatMap((x, i) => rows.flatMap((y, j) => (grid[i][j] ? [] : [{ x, y }])));
  const infinite = gaps.filter(({ x, y }) => lost.has(placeKey(placeOf(state, others, x, y))));
  const narrow = width < 520;
  const pinned = there.filter(({ summary }) => state.pin && placeKey(summary) === placeKey(state.pin));
  const plot = Plot.plot({
    width,
    height: Math.max(340, Math.min(480, Math.round(width * 0.62))),
    marginLeft: 64,
    marginRight: 8,
    marginTop: 24,
    marginBottom: 44,
    style: { fontSize: '13px', overflow: 'visible' },
    x: { type: 'band', domain: columns, padding: 0, label: `${axisLabel(chart, state.x)} →`, labelAnchor: 'center', labelOffset: 40, ticks: spaced(columns, narrow ? 8 : 16), tickFormat: (/** @type {number} */ value) => axisText(chart, state.x, value), tickSize: 0 },
    y: { type: 'band', domain: [...rows].reverse(), padding: 0, label: `↑ ${axisLabel(chart, state.y)}`, tickFormat: (/** @type {number} */ value) => axisText(chart, state.y, value), tickSize: 0 },
    color: { type: 'linear', scheme: 'viridis', domain: [0, 1] },
    marks: [
      Plot.cell(gaps, { x: 'x', y: 'y', fill: 'var(--gap)', inset: 1 }),
      Plot.text(infinite, { x: 'x', y: 'y', text: () => '∞', fill: 'currentColor', title: () => 'training diverged: no numbers' }),
      Plot.cell(there, { x: 'x', y: 'y', fill: 'value', ariaLabel: (/** @type {Square} */ square) => describe(state, square) }),
      Plot.cell(pinned, { x: 'x', y: 'y', fill: 'none', stroke: 'var(--ink)', strokeWidth: 5 }),
      Plot.cell(pinned, { x: 'x', y: 'y', fill: 'none', stroke: 'white', strokeWidth: 2 }),
      Plot.cell(there, Plot.pointer({ x: 'x', y: 'y', fill: 'none', stroke: 'white', strokeWidth: 2 })),
      Plot.tip(there, Plot.pointer({ x: 'x', y: 'y', title: (/** @type {Square} */ square) => describe(state, square), fontSize: 13 })),
    ],
  });
  addRegimes(plot, view);
  plot.setAttribute('role', 'group');
  plot.setAttribute('aria-label', `Heatmap of ${metrics[state.metric].label} by ${axisLabel(chart, state.x)} and ${axisLabel(chart, state.y)}; the table below holds its numbers`);
  // A name is heard of what has a role.
  for (const square of plot.querySelectorAll('rect[aria-label]')) square.setAttribute('role', 'img');
  for (const marks of plot.querySelectorAll('g[aria-label]')) marks.removeAttribute('aria-label');
  return plot;
}

/**
 * What a square says.
 * @param {State} state
 * @param {Square} square
 */
function describe(state, { summary, regime }) {
  const { bands, width, epoch, samples, factor } = summary;
  const seeds = bands[state.metric]?.seeds ?? 0;
  const lines = Object.entries(bands).map(([metric, band]) => `${metrics[/** @type {import('../metrics.js').Metric} */ (metric)].label}: ${number(band?.mean)}`);
  const level = state.chart?.axes.factor ? `, ${axisLabel(state.chart, 'factor')} ${axisText(state.chart, 'factor', factor)}` : '';
  const head = `width ${width}, epoch ${epoch}, ${samples.toLocaleString('en')} samples${level}${seeds > 1 ? `, ${seeds} seeds` : ''}`;
  return [head, regime ? regimeNames[regime] : '', '', ...lines].join('\n');
}

/**
 * Lines between squares of different regimes, and the regimes' names where they have room.
 * @param {(SVGSVGElement | HTMLElement) & Plot.Plot} plot
 * @param {NonNullable<ReturnType<typeof squares>>} view
 */
function addRegimes(plot, { columns, rows, grid }) {
  const [x, y] = [plot.scale('x'), plot.scale('y')];
  const [wide, high] = [x?.bandwidth ?? 0, y?.bandwidth ?? 0];
  const left = (/** @type {number} */ i) => x?.apply(columns[i]);
  const top = (/** @type {number} */ j) => y?.apply(rows[j]);
  /** @type {Record<'under' | 'sufficient', string[]>} */
  const borders = { under: [], sufficient: [] };
  const regimeAt = (/** @type {number} */ i, /** @type {number} */ j) => grid[i]?.[j]?.regime ?? null;
  for (let i = 0; i < columns.length; i++)
    for (let j = 0; j < rows.length; j++) {
      const here = regimeAt(i, j);
      if (!here) continue;
      const edges = /** @type {const} */ ([
        [regimeAt(i + 1, j), `M${left(i) + wide},${top(j)}v${high}`],
        [regimeAt(i, j + 1), `M${left(i)},${top(j)}h${wide}`],
      ]);
      for (const [other, line] of edges)
        if (other && other !== here) borders[here === 'under' || other === 'under' ? 'under' : 'sufficient'].push(line);
    }
  const svg = plot instanceof SVGSVGElement ? plot : plot.querySelector('svg');
  if (!svg) return;
  // Under the tip, which is the last of Plot's marks, and out of the pointer's way.
  const layer = element('g', { 'pointer-events': 'none' });
  svg.insertBefore(layer, svg.lastElementChild);
  for (const [kind, lines] of Object.entries(borders)) {
    layer.append(element('path', { class: 'regime-casing', d: lines.join('') }));
    layer.append(element('path', { class: 'regime-border', d: lines.join(''), stroke: `var(--${kind})` }));
  }
  for (const [name, runs] of longestRuns(columns.length, rows.length, regimeAt)) {
    const label = regimeNames[name];
    const { row, from, to } = runs[Math.floor(runs.length / 2)];
    if ((to - from) * wide < label.length * 7.5) continue; // no room
    const text = element('text', { class: 'regime-name', x: left(from) + ((to - from) * wide) / 2, y: top(row) + high / 2, dy: '0.35em', 'font-size': 14 });
    text.textContent = label;
    layer.append(text);
  }
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

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 */
function element(tag, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/**
 * About `most` of the values, evenly taken.
 * @param {number[]} values
 * @param {number} most
 */
function spaced(values, most) {
  const step = Math.ceil(values.length / most);
  return values.filter((_, index) => index % step === 0);
}
