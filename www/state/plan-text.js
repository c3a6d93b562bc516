// @ts-check
// A plan as one text, in links and attributes: a preset and a data set (`quick moons`), a form's fields (`dataset=moons&widths=3,8`, or as
// JSON), or a whole plan's JSON where no form says it.
import { planNames, readForm, writeForm } from './fields.js';
import { has, hyperparametersOf } from './hyperparameters.js';
import { readPlan } from './plan-form.js';
import { presetForm, presetNames, presetPlan } from './presets.js';

/** @typedef {import('./presets.js').PlanForm} PlanForm */
/** @typedef {import('./fields.js').Problem} Problem */
/** @typedef {import('../types.d.ts').Plan} Plan */
/** @typedef {{ given: Plan | null, plan: PlanForm, problems: Problem[] }} Read `given` is a whole plan, which stands in the place of the form's */

const WAYS = '“quick moons”, “dataset=moons&widths=3,8”, or JSON';

/**
 * @param {string} text
 * @returns {Read}
 */
export function readPlanText(text) {
  const wrong = (/** @type {string} */ remedy) => ({ given: null, plan: readForm(() => null).plan, problems: [{ name: 'plan', value: text, remedy }] });
  if (!text.trim().startsWith('{')) return text.includes('=') ? readFields(new Map(new URLSearchParams(text))) : readNames(text);
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return wrong(`${WAYS} (${/** @type {Error} */ (error).message})`);
  }
  if (!value.axes && !value.protocol) return readFields(new Map(Object.entries(value).map(([name, value]) => [name, String(value)])));
  const lack = lacks(value);
  return lack ? wrong(`a whole plan, whose ${lack}`) : { given: value, plan: readForm(() => null).plan, problems: [] };

  /** @param {string} words */
  function readNames(words) {
    const [preset, dataset, ...rest] = words.trim().split(/\s+/);
    return dataset && !rest.length ? readFields(new Map([['preset', preset], ['dataset', dataset]])) : wrong(WAYS);
  }
}

/** @param {Map<string, string>} fields @returns {Read} */
function readFields(fields) {
  const { plan, problems } = readForm((name) => fields.get(name) ?? null);
  // An unknown field is reported, not dropped: otherwise a larger plan than intended might be trained.
  for (const [name, value] of fields) if (!planNames.includes(/** @type {keyof PlanForm} */ (name))) problems.push({ name, value, remedy: `one of ${planNames.join(', ')}` });
  return { given: null, plan, problems };
}

/**
 * What a whole plan lacks, as the end of a sentence; the engine holds its numbers against the rules, here it must but have its parts.
 * @param {any} plan
 * @returns {string} nothing where nothing
 */
function lacks({ dataset, protocol, axes }) {
  if (typeof dataset !== 'string') return '“dataset” is a name';
  const axis = ['width', 'epoch', 'samples', 'seed'].find((axis) => !Array.isArray(axes?.[axis]) || !axes[axis].length || !axes[axis].every(Number.isInteger));
  if (axis) return `“axes.${axis}” are whole numbers in brackets`;
  if (axes.factor && (typeof axes.factor.name !== 'string' || !Array.isArray(axes.factor.values) || !axes.factor.values.length)) return '“axes.factor” has a “name” and “values”';
  const known = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (presetPlan('figure', 'moons').protocol));
  const field = Object.keys(known).find((field) => typeof protocol?.[field] !== typeof known[field]);
  if (field) return `“protocol.${field}” is there, as in www/presets.json`;
  const { optimizer } = protocol;
  return ['adam', 'sgd'].includes(optimizer?.name) && typeof optimizer.learning_rate === 'number' ? '' : '“protocol.optimizer” has a “name”, adam or sgd, and a “learning_rate”';
}

/**
 * The form that says a plan; nothing where none does: a preset that this page does not know, say.
 * @param {Plan} plan
 * @returns {PlanForm | null}
 */
export function formOf({ dataset, protocol, axes }) {
  if (!presetNames.includes(protocol.preset)) return null;
  const form = {
    dataset,
    preset: protocol.preset,
    widths: axes.width.join(', '),
    epochs: axes.epoch.join(', '),
    samples: axes.samples.join(', '),
    seeds: String(axes.seed.length),
    factor: axes.factor?.name ?? '',
    levels: axes.factor?.values.join(', ') ?? '',
    random: protocol.random_inputs ? 'true' : '',
    ...hyperparametersOf(protocol),
  };
  // Fields that networks of its family do not have are left out.
  const said = readForm((name) => (form[/** @type {keyof PlanForm} */ (name)] === '' || !has(form.network, name) ? null : form[/** @type {keyof PlanForm} */ (name)]));
  if (said.problems.length) return null;
  const { plan, problems } = readPlan(said.plan);
  return Object.keys(problems).length || !samePlan(plan, { dataset, protocol, axes }) ? null : said.plan;
}

/**
 * A plan as one text, which {@link readPlanText} reads.
 * @param {Plan} plan
 */
export function writePlanText(plan) {
  const form = formOf(plan);
  const { dataset, protocol, axes } = plan;
  if (!form) return JSON.stringify({ dataset, protocol, axes });
  const preset = presetForm(form.preset, form.dataset);
  if (planNames.every((name) => form[name] === preset[name])) return `${form.preset} ${form.dataset}`;
  return new URLSearchParams(writeForm(form)).toString().replaceAll('%2C', ',');
}

/**
 * Whether two plans are of the same networks, trained and measured in the same way.
 * @param {Plan} one
 * @param {Plan} other
 */
export const samePlan = (one, other) => ordered(one) === ordered(other);

/** As text, whatever the order of its fields; a hyper-parameter that is left out is off. @param {Plan} plan */
const ordered = ({ dataset, protocol, axes }) => JSON.stringify(sorted({ dataset, protocol: Object.fromEntries(Object.entries(protocol).filter(([, value]) => value && value !== 'relu' && value !== 'all')), axes }));

/** @param {unknown} value @returns {unknown} */
function sorted(value) {
  if (Array.isArray(value) || !value || typeof value !== 'object') return value;
  const fields = Object.entries(value).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(fields.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => [name, sorted(value)]));
}
