// @ts-check
// Small multiples: a small heatmap for each value of a third axis, in the colours and with the borders of the large one, so that one sees
// the regimes move along it.
import { blocksOf } from './blocks.js';
import { fill } from './boxes.js';
import { heldAxes, squares } from './look.js';
import { axisLabel, axisText, axisValues } from './metrics.js';
import { paint } from './paint.js';
import { regimeNames } from './summary.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/fields.js').View} View */
/** @typedef {import('../state/names.js').Axis} Axis */
/** @typedef {{ value: number, view: View, name: string, said: string }} Facet `view` has its axis held at the value; `said` is what it shows, in words */

/** Pixels that a small heatmap is wide, at least, and how high for its width. */
const LEAST = 104;
const HIGH = 0.72;
/** Pixels between two of them. */
export const GAP = 10;
/** Squares along an axis that borders are drawn between one by one, at most. */
const FEW = 40;
/** How thick lines are, of those of a large one. */
const THIN = 0.55;

/**
 * The axis that is shown a value each, if the view asks for one that is not across or up and has several.
 * @param {PhaseChart} chart
 * @param {View} view
 * @returns {Axis | null}
 */
export const facetAxis = (chart, view) => heldAxes(chart, view).find((axis) => axis === view.facet) ?? null;

/**
 * The heatmaps of that axis, in its order.
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {Axis} axis
 * @returns {Facet[]}
 */
export const facets = (chart, view, axis) =>
  axisValues(chart, axis).map((value) => {
    const own = { ...view, at: { ...view.at, [axis]: value } };
    const name = axisText(chart, axis, value);
    return { value, view: own, name, said: `${axisLabel(chart, axis)} ${name}: ${regimesOf(chart, own)}` };
  });

/** How many squares are of which regime. @param {PhaseChart} chart @param {View} view */
function regimesOf(chart, view) {
  const { columns, rows, regime } = squares(chart, view);
  /** @type {Record<string, number>} */
  const counts = {};
  for (const column of columns.keys())
    for (const row of rows.keys()) {
      const here = regime(column, row);
      if (here) counts[regimeNames[here]] = (counts[regimeNames[here]] ?? 0) + 1;
    }
  const found = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return found.length ? `of ${columns.length * rows.length} squares ${found.join(', ')}` : `${columns.length * rows.length} squares`;
}

/**
 * How many stand side by side in so many pixels, and how large each is.
 * @param {number} count
 * @param {number} width
 */
export function facetSize(count, width) {
  const abreast = Math.max(1, Math.min(count, Math.floor((width + GAP) / (LEAST + GAP))));
  // Even rows: seven and seven rather than nine and five.
  const rows = Math.ceil(count / abreast);
  const even = Math.ceil(count / rows);
  const wide = Math.floor((width + GAP) / even) - GAP;
  return { abreast: even, width: wide, height: Math.round(wide * HIGH) };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {{ width: number, height: number }} size
 * @param {(name: string) => string} colour
 */
export function paintFacet(canvas, chart, view, size, colour) {
  const place = fill(chart, view, { left: 0, top: 0, ...size });
  const shown = squares(chart, view);
  const blocks = Math.max(shown.columns.length, shown.rows.length) > FEW ? blocksOf(shown, place) : { layout: place, regimeAt: shown.regime };
  paint(canvas, chart, view, place, blocks, { fineness: devicePixelRatio, thick: THIN, colour });
  return place;
}
