// @ts-check
// The attributes of the element: read with a warning that names what is wrong, and the default in its place.
import { heldFields, readForm, readView, viewNames } from '../state/fields.js';

/** @typedef {import('../state/fields.js').View} View */
/** @typedef {import('../state/fields.js').Problem} Problem */
/** @typedef {import('../state/presets.js').PlanForm} PlanForm */
/** @typedef {import('../types.d.ts').Plan} Plan */

export const viewAttributes = [...viewNames, ...Object.keys(heldFields)];
export const attributes = ['src', 'controls', 'loading', 'plan', ...viewAttributes];

/** What is chosen of names, the first of them by default. */
export const choices = /** @type {const} */ ({ controls: ['view', 'none', 'train'], loading: ['lazy', 'eager'] });

/**
 * @param {Element} element
 * @param {View} before
 */
export function viewOf(element, before) {
  const { view, problems } = readView((name) => element.getAttribute(name), before);
  problems.forEach((problem) => warn(element, problem));
  return view;
}

/**
 * @template {keyof typeof choices} Name
 * @param {Element} element
 * @param {Name} name
 * @returns {typeof choices[Name][number]}
 */
export function choiceOf(element, name) {
  const value = element.getAttribute(name);
  const found = choices[name].find((choice) => choice === value);
  if (value !== null && found === undefined) warn(element, { name, value, remedy: `one of ${choices[name].join(', ')}` });
  return found ?? choices[name][0];
}

/**
 * What `plan` says: a plan's JSON, or a form's fields as JSON, as a link has them (`dataset=moons&widths=3,8`), or as a preset and a data set
 * (`quick moons`).
 * @param {Element} element
 * @returns {{ given: Plan | null, plan: PlanForm } | null} nothing where it says nothing
 */
export function planOf(element) {
  const text = element.getAttribute('plan');
  if (text === null) return null;
  const fields = fieldsOf(text);
  if (fields instanceof Map || fields === null) {
    const { plan, problems } = readForm((name) => fields?.get(name) ?? null);
    if (!fields) problems.push({ name: 'plan', value: text, remedy: '“quick moons”, “dataset=moons&widths=3,8”, or JSON' });
    problems.forEach((problem) => warn(element, problem));
    return { given: null, plan };
  }
  return { given: fields, plan: readForm(() => null).plan };
}

/**
 * @param {string} text
 * @returns {Map<string, string> | Plan | null}
 */
function fieldsOf(text) {
  if (text.trim().startsWith('{')) {
    try {
      const value = JSON.parse(text);
      // What is in it is held against the rules by the engine; here it must but have the parts of a plan.
      if (value.axes || value.protocol) return typeof value.dataset === 'string' && value.protocol && ['width', 'epoch', 'samples', 'seed'].every((axis) => Array.isArray(value.axes?.[axis])) ? value : null;
      return new Map(Object.entries(value).map(([name, value]) => [name, String(value)]));
    } catch {
      return null;
    }
  }
  if (text.includes('=')) return new Map(new URLSearchParams(text));
  const [preset, dataset, ...rest] = text.trim().split(/\s+/);
  return dataset && !rest.length ? new Map([['preset', preset], ['dataset', dataset]]) : null;
}

/**
 * @param {Element} element
 * @param {Problem} problem
 */
function warn(element, { name, value, remedy }) {
  console.warn(`<${element.localName} ${name}="${value}">: give ${remedy}; the default is taken.`);
}
