// @ts-check
// A chart that grows as networks are finished: each step is a new chart, so that whoever looks can see the change.

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../types.d.ts').Cell} Cell */
/** @typedef {import('../types.d.ts').Gap} Gap */
/** @typedef {Pick<import('../types.d.ts').Provenance, 'engine' | 'backend'>} Maker what trained a network */
/** @typedef {Pick<Cell, 'level' | 'seed' | 'samples' | 'epoch' | 'width'>} Network */
/** @typedef {{ cell: Cell, maker: Maker } | { gap: Gap, maker: Maker }} News */

/**
 * @param {PhaseChart} chart
 * @param {News[]} news in the order in which they came
 * @returns {PhaseChart}
 */
export function grown(chart, news) {
  if (!news.length) return chart;
  const cells = news.flatMap((one) => ('cell' in one ? [one.cell] : []));
  const gaps = news.flatMap((one) => ('gap' in one ? [one.gap] : []));
  const makers = news.map(({ maker }) => maker);
  const first = !chart.cells.length && !chart.gaps?.length;
  return {
    ...chart,
    cells: joined(chart.cells, cells),
    ...(chart.gaps || gaps.length ? { gaps: joined(chart.gaps ?? [], gaps) } : {}),
    provenance: { ...chart.provenance, engine: credited(chart, makers, 'engine', first), backend: credited(chart, makers, 'backend', first) },
  };
}

/**
 * What made a chart's networks, one after the other.
 * @param {PhaseChart} chart
 * @param {Maker[]} makers
 * @param {'engine' | 'backend'} part
 * @param {boolean} first whether nothing was made before
 */
function credited({ provenance }, makers, part, first) {
  const names = first ? [] : provenance[part].split(', then ');
  for (const maker of makers) if (names[names.length - 1] !== maker[part]) names.push(maker[part]);
  return names.join(', then ');
}

/**
 * Networks at their places: by level, seed, samples, epoch, width, as the file format orders them.
 * @template {Network} T
 * @param {T[]} networks in order
 * @param {T[]} more in any
 */
const joined = (networks, more) => (more.length ? [...networks, ...more].sort(byPlace) : networks);

/**
 * @param {Network} one
 * @param {Network} other
 */
const byPlace = (one, other) =>
  (one.level ?? 0) - (other.level ?? 0) || one.seed - other.seed || one.samples - other.samples || one.epoch - other.epoch || one.width - other.width;
