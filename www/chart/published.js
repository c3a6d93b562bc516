// @ts-check
// What the paper published, and under which protocol, after how many epochs and on how many examples: a number of ours
// stands beside one of the paper's only where all of that is held. The same rule as src/chart/published.rs.
import { presetPlan } from '../state/presets.js';
import list from '../published.json' with { type: 'json' };

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/names.js').Axis} Axis */
/** @typedef {import('../state/names.js').Metric} Metric */
/** @typedef {{ over: 'width' | 'epoch' | 'samples', metric: Metric, width?: number, at: Partial<Record<Axis, number>> }} Place a curve, and where the axes are held that it does not run over */
/**
 * @typedef {{
 *   dataset: string, preset: string, depth: number, samples?: number, epoch?: { from: number, to?: number },
 *   curves: { over: string, width?: number, metric: string, points: number[][] }[],
 * }} Published curves of the same networks; `samples` and `epoch` are left out where the curves run over them
 */

const published = /** @type {Published[]} */ (list);

/** The paper's early stopping, which it may or may not have used. */
const PATIENCE = 10;

/**
 * Why a chart's numbers at a place are not of the networks that some of the paper's are of; nothing where they are.
 * @param {Published} paper
 * @param {PhaseChart} chart
 * @param {Place} place
 * @returns {string | undefined}
 */
function differs(paper, chart, { over, at }) {
  const field = otherField(paper, protocolAt(chart, at.factor ?? 0));
  if (field) return `of another ${field.replaceAll('_', ' ')}`;
  const { samples, epoch } = paper;
  if (samples && over !== 'samples' && at.samples !== samples) return `of ${samples} training examples, these of ${at.samples}`;
  const held = at.epoch ?? 0;
  if (epoch && over !== 'epoch' && (held < epoch.from || held > (epoch.to ?? Infinity))) return `of epoch ${epoch.from}${epoch.to ? '' : ' or later'}, these of epoch ${held}`;
}

/**
 * The first hyper-parameter by which networks are others than the paper's.
 * @param {Published} paper
 * @param {Record<string, unknown>} protocol
 */
function otherField({ dataset, preset, depth }, protocol) {
  // The preset is only a name, the paper's figures do not give the batch size, and random inputs are measured in addition.
  const leftOut = ['preset', 'batch', 'random_inputs'];
  /** @type {Record<string, unknown>} */
  const wanted = { ...presetPlan(preset, dataset).protocol, depth };
  /** @type {Record<string, unknown>} */
  const given = { ...protocol, early_stopping: protocol.early_stopping === PATIENCE ? 0 : protocol.early_stopping };
  const fields = [...new Set([...Object.keys(wanted), ...Object.keys(given)])].filter((field) => !leftOut.includes(field)).sort();
  return fields.find((field) => text(field, wanted[field]) !== text(field, given[field]));
}

/**
 * A hyper-parameter as text; one that is left out is at its default.
 * @param {string} field
 * @param {unknown} value
 */
function text(field, value) {
  if (value && typeof value === 'object') return JSON.stringify(Object.entries(value).sort());
  return JSON.stringify(value || (field === 'activation' ? 'relu' : 0));
}

/**
 * A chart's protocol with the value of its factor at a level.
 * @param {PhaseChart} chart
 * @param {number} level
 * @returns {Record<string, unknown>}
 */
const protocolAt = ({ protocol, axes: { factor } }, level) => ({ ...protocol, ...(factor ? { [factor.name]: factor.values[level] } : {}) });

/** @param {Place} place */
const of = ({ over, metric, width }) => (/** @type {Published['curves'][number]} */ curve) => curve.over === over && curve.metric === metric && curve.width === width;

/**
 * The published points of a curve, by place along its axis, where the paper's networks are held.
 * @param {PhaseChart} chart
 * @param {Place} place
 * @returns {Map<number, number>}
 */
export function publishedPoints(chart, place) {
  const same = published.filter((paper) => paper.dataset === chart.dataset.name && !differs(paper, chart, place));
  const points = same.flatMap(({ curves }) => curves.filter(of(place)).flatMap(({ points }) => points));
  const here = points.filter(([at]) => chart.axes[place.over].includes(at)).sort(([one], [other]) => one - other);
  return new Map(/** @type {[number, number][]} */ (here));
}

/**
 * Why published points of a curve are left out, where there are some at the chart's places.
 * @param {PhaseChart} chart
 * @param {Place} place
 * @returns {string | undefined}
 */
export function withheld(chart, place) {
  const here = (/** @type {Published['curves'][number]} */ curve) => of(place)(curve) && curve.points.some(([at]) => chart.axes[place.over].includes(at));
  for (const paper of published) {
    const why = paper.dataset === chart.dataset.name && paper.curves.some(here) && differs(paper, chart, place);
    if (why) return why;
  }
}
