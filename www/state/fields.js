// @ts-check
// Everything a reader can set, one entry each: where it starts, how it is read and written. Links, attributes of the element and
// embed codes are all made of this list.
import { hyperparameterNames, rules } from './hyperparameters.js';
import { axisNames, engineNames, factorNames, metricNames, OWN } from './names.js';
import { datasetNames, presetForm, presetNames } from './presets.js';

/** @typedef {import('./names.js').Axis} Axis */
/** @typedef {import('./names.js').Metric} Metric */
/** @typedef {import('./names.js').EngineWish} EngineWish */
/** @typedef {import('./presets.js').PlanForm} PlanForm */
/** @typedef {{ width: number, epoch: number, samples: number, factor: number }} Place a network at a time, `factor` its level */
/** @typedef {'linear' | 'log'} ColourScale */
/** @typedef {'even' | 'true'} Spacing */
/**
 * @typedef {{
 *   metric: Metric,
 *   x: Axis,
 *   y: Axis,
 *   at: Partial<Record<Axis, number>>,
 *   pin: Place | null,
 *   redundancy: number,
 *   accuracy: number,
 *   range: [low: number, high: number] | null,
 *   scale: ColourScale,
 *   spacing: Spacing,
 *   minus: string,
 *   facet: Axis | '',
 *   other?: { name: string, chart: import('../types.d.ts').PhaseChart } | null,
 * }} View how a chart is looked at: its colour, its two axes, where the others are held (`at`), the pinned network and the thresholds of the
 *   regimes; the ends of the colours and whether they are logarithmic; whether squares are alike or as wide as their values are apart; what is
 *   subtracted (`minus`), and that chart once it was fetched (`other`, which no link carries); the axis of which each value has a small heatmap of its own (`facet`)
 */
/** @typedef {{ view: View, plan: PlanForm, engine: EngineWish }} Settings */
/**
 * @template Value
 * @typedef {{ read: (text: string) => Value | undefined, write: (value: Value) => string, remedy: string }} Field `read` gives nothing for what it does not know
 */

/** The thresholds between the regimes; the rule is ours. */
export const defaultThresholds = { redundancy: 0.05, accuracy: 0.95 };

/** @returns {Settings} */
export const startingSettings = () => ({
  view: { metric: 'redundancy-train', x: 'width', y: 'epoch', at: {}, pin: null, ...defaultThresholds, range: null, scale: 'linear', spacing: 'even', minus: '', facet: '' },
  plan: presetForm('quick', 'mnist-small'),
  engine: 'auto',
});

/**
 * @template {string} Name
 * @param {readonly Name[]} names
 */
const oneOf = (names) => ({ read: (/** @type {string} */ text) => names.find((name) => name === text), write: (/** @type {string} */ name) => name, remedy: `one of ${names.join(', ')}` });

/** @param {string} text */
const count = (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);
/** @type {Field<number>} */
const whole = { read: count, write: String, remedy: 'a whole number of at most 9 digits' };
/** @type {Field<number>} */
const share = {
  read: (text) => (/^(\d*\.?\d+|\d+\.)(e-\d+)?$/.test(text) && Number(text) <= 1 ? Number(text) : undefined),
  write: String,
  remedy: 'a number from 0 to 1',
};

/**
 * @param {RegExp} pattern
 * @param {string} remedy
 * @returns {Field<string>}
 */
const list = (pattern, remedy) => ({
  read: (text) => (pattern.test(text) ? text.split(',').map((part) => part.trim()).join(', ') : undefined),
  write: (text) => text.replaceAll(' ', ''),
  remedy,
});
/** As long as the list of a chart that is drawn square by square may be. */
const counts = list(/^[\d, ]{1,9000}$/, 'whole numbers with commas between them');

/** @type {Field<Place>} */
const pin = {
  read(text) {
    const parts = text.split('-').map(count);
    const [width, epoch, samples, factor = 0] = parts;
    if (width === undefined || epoch === undefined || samples === undefined || parts.length > 4 || parts.includes(undefined)) return undefined;
    return { width, epoch, samples, factor };
  },
  write: ({ width, epoch, samples, factor }) => [width, epoch, samples, ...(factor ? [factor] : [])].join('-'),
  remedy: 'WIDTH-EPOCH-SAMPLES, or with the place of the factor’s value as a fourth number',
};

/** @param {import('./hyperparameters.js').Hyperparameter} name @returns {Field<string>} */
function hyperparameter(name) {
  const { read, remedy } = rules[name];
  return { read: (text) => (read(text) === undefined ? undefined : text), write: (text) => text.replaceAll(' ', ''), remedy };
}

/** @type {Field<[number, number]>} */
const range = {
  read(text) {
    const [low, high, ...rest] = text.split('-').map(share.read);
    return low !== undefined && high !== undefined && !rest.length && low < high ? [low, high] : undefined;
  },
  write: (range) => range.map((end) => end.toFixed(6).replace(/\.?0+$/, '')).join('-'),
  remedy: 'two numbers from 0 to 1, the lower one first, as 0.9-1',
};

/** @type {Field<string>} */
const minus = {
  read: (text) => (/^(level-\d{1,4}|[\w-]{1,80}|kept:[\w.-]{1,80}|https?:\/\/\S{1,2000})$/.test(text) ? text : undefined),
  write: (text) => text,
  remedy: 'the name or address of a chart, or level-0 for the factor’s first value',
};

/** How a chart is looked at, but for where its other axes are held. */
export const viewFields = { metric: oneOf(metricNames), x: oneOf(axisNames), y: oneOf(axisNames), redundancy: share, accuracy: share, pin, range, scale: oneOf(/** @type {const} */ (['linear', 'log'])), spacing: oneOf(/** @type {const} */ (['even', 'true'])), minus, facet: oneOf(axisNames) };

/** Where an axis is held, by the name of its field. @type {Record<string, Axis>} */
export const heldFields = Object.fromEntries(axisNames.map((axis) => [`at-${axis}`, axis]));
export const held = whole;

/** What is trained. @type {Record<keyof PlanForm, Field<string>>} */
export const planFields = {
  dataset: oneOf([...datasetNames, OWN]),
  preset: oneOf(presetNames),
  widths: counts,
  epochs: counts,
  samples: counts,
  seeds: { read: (text) => (count(text) ? text : undefined), write: (text) => text, remedy: whole.remedy },
  factor: oneOf(factorNames),
  levels: list(/^[\w.,+ -]{1,2000}$/, 'values with commas between them'),
  random: oneOf(['true']),
  .../** @type {Record<import('./hyperparameters.js').Hyperparameter, Field<string>>} */ (Object.fromEntries(hyperparameterNames.map((name) => [name, hyperparameter(name)]))),
};

export const engineField = oneOf(engineNames);

export const viewNames = /** @type {(keyof typeof viewFields)[]} */ (Object.keys(viewFields));
export const planNames = /** @type {(keyof PlanForm)[]} */ (Object.keys(planFields));

/** What is wrong with a value, and what would be right. */
/** @typedef {{ name: string, value: string, remedy: string }} Problem */

/**
 * The view that some texts say, what they leave out as before.
 * @param {(name: string) => string | null} said by the name of a field; nothing where it is left out
 * @param {View} before
 * @returns {{ view: View, problems: Problem[] }}
 */
export function readView(said, before) {
  /** @type {Problem[]} */
  const problems = [];
  const read = reader(said, problems);
  const found = Object.fromEntries(viewNames.flatMap((name) => {
    const value = read(name, /** @type {Field<unknown>} */ (viewFields[name]));
    return value === undefined ? [] : [[name, value]];
  }));
  const at = { ...before.at };
  for (const [name, axis] of Object.entries(heldFields)) {
    const value = read(name, held);
    if (value !== undefined) at[axis] = value;
  }
  const view = { ...before, ...found, at };
  if (view.x !== view.y) return { view, problems };
  problems.push({ name: 'x and y', value: view.x, remedy: 'two different axes' });
  return { view: distinct({ ...view, x: before.x, y: before.y }), problems };
}

/**
 * A view whose axes are two.
 * @param {View} view
 * @returns {View}
 */
export const distinct = (view) => (view.x === view.y ? { ...view, y: view.x === 'width' ? 'epoch' : 'width' } : view);

/**
 * The fields of a view that a program sets, as far as they are sound.
 * @param {Partial<View>} change
 * @returns {{ change: Partial<View>, problems: Problem[] }}
 */
export function soundView(change) {
  /** @type {Problem[]} */
  const problems = [];
  const known = /** @type {Record<string, Field<any>>} */ (viewFields);
  const isSound = (/** @type {string} */ name, /** @type {any} */ value) => {
    if (name === 'at') return typeof value === 'object' && value !== null;
    if (!known[name]) return false;
    return (['pin', 'range'].includes(name) && value === null) || (['minus', 'facet'].includes(name) && value === '') || known[name].read(known[name].write(value ?? '')) !== undefined;
  };
  const fields = Object.entries(change).filter(([name, value]) => {
    if (name === 'other') return false; // fetched by `minus`
    const sound = isSound(name, value);
    if (!sound) problems.push({ name, value: JSON.stringify(value), remedy: known[name]?.remedy ?? `one of ${[...viewNames, 'at'].join(', ')}` });
    return sound;
  });
  return { change: Object.fromEntries(fields), problems };
}

/**
 * A view with one of its fields as it starts.
 * @param {View} view
 * @param {string} name of the field
 * @returns {View}
 */
export function withoutField(view, name) {
  const at = Object.fromEntries(Object.entries(view.at).filter(([axis]) => axis !== heldFields[name]));
  const start = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (startingSettings().view));
  return heldFields[name] ? { ...view, at } : distinct({ ...view, [name]: start[name] });
}

/**
 * The texts of a view, as far as it differs from another.
 * @param {View} view
 * @param {View} [than]
 * @returns {[name: string, text: string][]}
 */
export function writeView(view, than = startingSettings().view) {
  /** @type {[string, string][]} */
  const fields = [];
  for (const name of viewNames) {
    const [value, other] = [view[name], than[name]];
    const write = /** @type {(value: unknown) => string} */ (viewFields[name].write);
    if (value !== null && (other === null || write(value) !== write(other))) fields.push([name, write(value)]);
  }
  for (const [name, axis] of Object.entries(heldFields)) if (view.at[axis] !== undefined) fields.push([name, held.write(view.at[axis])]);
  return fields;
}

/**
 * The form of a plan that some texts say: a preset's, with what they change.
 * @param {(name: string) => string | null} said
 * @returns {{ plan: PlanForm, problems: Problem[] }}
 */
export function readForm(said) {
  /** @type {Problem[]} */
  const problems = [];
  const read = reader(said, problems);
  const found = /** @type {Partial<PlanForm>} */ (Object.fromEntries(planNames.flatMap((name) => {
    const value = read(name, planFields[name]);
    return value === undefined ? [] : [[name, value]];
  })));
  const { preset, dataset } = startingSettings().plan;
  return { plan: { ...presetForm(found.preset ?? preset, found.dataset ?? dataset, found.network), ...found }, problems };
}

/**
 * The texts of a plan's form, as far as it differs from its preset's.
 * @param {PlanForm} form
 * @returns {[name: string, text: string][]}
 */
export function writeForm(form) {
  const start = startingSettings().plan;
  const filled = { ...presetForm(form.preset, form.dataset, form.network), dataset: start.dataset, preset: start.preset, network: start.network };
  return planNames.filter((name) => form[name] !== filled[name] && form[name] !== '').map((name) => [name, planFields[name].write(form[name])]);
}

/**
 * @param {(name: string) => string | null} said
 * @param {Problem[]} problems that are found
 */
function reader(said, problems) {
  /**
   * @template Value
   * @param {string} name
   * @param {Field<Value>} field
   */
  return (name, { read, remedy }) => {
    const value = said(name);
    if (value === null) return undefined;
    const known = read(value);
    if (known === undefined) problems.push({ name, value, remedy });
    return known;
  };
}
