// @ts-check
// One state object; the URL's hash is a view of it.
import references from './charts.json' with { type: 'json' };
import presets from './presets.json' with { type: 'json' };
import { axisNames, factorNames, metricNames } from './metrics.js';
import { defaultThresholds } from './summary.js';
import { wishes } from './engine/choose.js';

/** @typedef {import('./types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('./metrics.js').Axis} Axis */
/** @typedef {import('./metrics.js').Metric} Metric */
/** @typedef {import('./summary.js').Place} Place */
/** @typedef {{ dataset: string, preset: string, widths: string, epochs: string, samples: string, seeds: string, factor: string, levels: string, random: string }} PlanForm as typed; `factor` is none where nothing else varies, `random` is true where random inputs are measured, too */
/** @typedef {{ status: 'idle' | 'loading' | 'running' | 'paused' | 'done' | 'stopped' | 'failed', plan: string, cells: number, gaps: number, total: number, fraction: number, seconds: number, engine: string, loaded: number, what: string }} Run `plan` is the one that trains, as JSON; `gaps`: networks without numbers; `loaded`: share of `what`, a large module or data set, that is there */
/**
 * @typedef {{
 *   chart: PhaseChart | null,
 *   reference: string,
 *   metric: Metric, x: Axis, y: Axis,
 *   at: Partial<Record<Axis, number>>,
 *   pin: Place | null,
 *   redundancy: number, accuracy: number,
 *   plan: PlanForm,
 *   engine: import('./engine/choose.js').Wanted,
 *   adapter: import('./engine/choose.js').Adapter | null | undefined,
 *   catalogue: import('./engine/catalogue.js').Catalogue | null,
 *   run: Run,
 *   elsewhere: { name: string, dataset: string, share: number, numbers: import('./types.d.ts').Elsewhere | null } | null,
 *   linked: Partial<State> | null,
 *   notice: string,
 * }} State `linked` is how a link wants networks to be looked at that have still to be trained; `elsewhere` is a network trained elsewhere, `share` how much of its data set is there; `reference` names the reference chart on show, and nothing where it is the reader's own; `adapter` is not known before the browser has answered, and null where it has none; `catalogue` are the engines, not known before the server has answered
 */

export { references };
export const datasetNames = Object.keys(presets.quick);
export const presetNames = Object.keys(presets);

/**
 * The plan's form as a preset fills it.
 * @param {string} preset
 * @param {string} dataset
 * @returns {PlanForm}
 */
export function presetForm(preset, dataset) {
  const { axes } = presetPlan(preset, dataset);
  return {
    dataset,
    preset,
    widths: axes.width.join(', '),
    epochs: axes.epoch.join(', '),
    samples: axes.samples.join(', '),
    seeds: String(axes.seed.length),
    factor: '',
    levels: '',
    random: '',
  };
}

/**
 * @param {string} preset
 * @param {string} dataset
 * @returns {import('./types.d.ts').Plan}
 */
export function presetPlan(preset, dataset) {
  const plans = /** @type {Record<string, Record<string, unknown>>} */ (presets);
  return /** @type {import('./types.d.ts').Plan} */ (structuredClone(plans[preset][dataset]));
}

/** Whether training has begun and not ended.
 * @param {Run} run
 */
export const isBusy = ({ status }) => ['loading', 'running', 'paused'].includes(status);

/** @returns {State} */
const initial = () => ({
  chart: null,
  reference: references[0].name,
  metric: 'redundancy-train',
  x: 'width',
  y: 'epoch',
  at: {},
  pin: null,
  ...defaultThresholds,
  plan: presetForm('quick', 'mnist-small'),
  engine: 'auto',
  adapter: undefined,
  catalogue: null,
  run: { status: 'idle', plan: '', cells: 0, gaps: 0, total: 0, fraction: 0, seconds: 0, engine: '', loaded: 1, what: '' },
  elsewhere: null,
  linked: null,
  notice: '',
});

/**
 * A store that starts as the URL's hash says.
 * @param {string} hash
 */
export function createStore(hash) {
  let state = { ...initial(), ...readHash(hash) };
  /** @type {Set<(state: State) => void>} */
  const listeners = new Set();
  return {
    /** @returns {State} */
    get: () => state,
    /** @param {Partial<State>} change */
    set(change) {
      state = { ...state, ...change };
      listeners.forEach((listener) => listener(state));
    },
    /** @param {(state: State) => void} listener */
    subscribe: (listener) => listeners.add(listener),
  };
}

/** @typedef {ReturnType<typeof createStore>} Store */

/** In a link, in place of the name of a reference chart: networks that its reader trained. */
export const OWN = 'own';

/**
 * Everything that a link decides, what it leaves out at its default.
 * @param {string} hash
 */
export function ofLink(hash) {
  const { metric, x, y, at, pin, redundancy, accuracy, plan, engine, reference } = initial();
  return { metric, x, y, at, pin, redundancy, accuracy, plan, engine, reference, notice: '', ...readHash(hash) };
}

/** What the hash keeps: everything a reader chose, nothing that is computed.
 * @param {State} state
 */
export function writeHash(state) {
  const fields = new URLSearchParams();
  const start = initial();
  for (const name of /** @type {const} */ (['metric', 'x', 'y', 'redundancy', 'accuracy', 'engine', 'reference']))
    if (state[name] && state[name] !== start[name]) fields.set(name, String(state[name]));
  for (const axis of axisNames) if (state.at[axis] !== undefined) fields.set(`at-${axis}`, String(state.at[axis]));
  if (state.reference === '') fields.set('reference', OWN);
  if (state.pin) fields.set('pin', [state.pin.width, state.pin.epoch, state.pin.samples, ...(state.pin.factor ? [state.pin.factor] : [])].join('-'));
  for (const [name, value] of Object.entries(state.plan))
    if (value !== start.plan[/** @type {keyof PlanForm} */ (name)]) fields.set(name, value.replaceAll(' ', ''));
  return fields.toString();
}

/**
 * What a hash says; what it says wrongly is left out and named in the notice.
 * @param {string} hash
 * @returns {Partial<State>}
 */
export function readHash(hash) {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  /** @type {string[]} */
  const wrong = [];
  /**
   * @template T
   * @param {string} name
   * @param {(text: string) => T | undefined} parse
   * @returns {T | undefined}
   */
  const field = (name, parse) => {
    const text = fields.get(name);
    if (text === null) return undefined;
    const value = parse(text);
    if (value === undefined) wrong.push(`${name}=${text}`);
    return value;
  };
  /** @param {readonly string[]} names */
  const oneOf = (names) => (/** @type {string} */ text) => (names.includes(text) ? text : undefined);
  const share = (/** @type {string} */ text) => (/^[01]?(\.\d+)?$/.test(text) && text && Number(text) <= 1 ? Number(text) : undefined);
  const count = (/** @type {string} */ text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);
  const list = (/** @type {string} */ text) => (/^[\d, ]{1,400}$/.test(text) ? text.split(',').map((part) => part.trim()).join(', ') : undefined);

  const found = {
    metric: /** @type {Metric | undefined} */ (field('metric', oneOf(metricNames))),
    x: /** @type {Axis | undefined} */ (field('x', oneOf(axisNames))),
    y: /** @type {Axis | undefined} */ (field('y', oneOf(axisNames))),
    engine: /** @type {State['engine'] | undefined} */ (field('engine', oneOf(wishes))),
    reference: field('reference', (text) => (text === OWN ? '' : oneOf(references.map(({ name }) => name))(text))),
    redundancy: field('redundancy', share),
    accuracy: field('accuracy', share),
    pin: field('pin', (text) => {
      const [width, epoch, samples, factor, ...rest] = text.split('-').map(count);
      const bad = width === undefined || epoch === undefined || samples === undefined || rest.length || (factor === undefined && text.split('-').length > 3);
      return bad ? undefined : { width, epoch, samples, factor: factor ?? 0 };
    }),
  };
  const start = initial();
  if ((found.x ?? start.x) === (found.y ?? start.y)) {
    wrong.push('x and y being the same axis');
    delete found.x;
    delete found.y;
  }
  /** @type {Partial<Record<Axis, number>>} */
  const at = {};
  for (const axis of axisNames) {
    const value = field(`at-${axis}`, count);
    if (value !== undefined) at[axis] = value;
  }
  const preset = field('preset', oneOf(presetNames)) ?? start.plan.preset;
  const dataset = field('dataset', oneOf(datasetNames)) ?? start.plan.dataset;
  const form = {
    widths: field('widths', list),
    epochs: field('epochs', list),
    samples: field('samples', list),
    seeds: field('seeds', (text) => (count(text) ? text : undefined)),
    factor: field('factor', oneOf(factorNames)),
    random: field('random', oneOf(['true'])),
    levels: field('levels', (text) => (/^[\w.,+ -]{1,200}$/.test(text) ? text.split(',').map((part) => part.trim()).join(', ') : undefined)),
  };
  return {
    ...defined(found),
    at,
    plan: { ...presetForm(preset, dataset), ...defined(form) },
    notice: wrong.length ? `This link says ${wrong.join(', ')}, which is nothing this page knows; the rest of it is shown.` : '',
  };
}

/**
 * @template {object} T
 * @param {T} object
 * @returns {{ [K in keyof T]?: Exclude<T[K], undefined> }}
 */
const defined = (object) => /** @type {any} */ (Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)));
