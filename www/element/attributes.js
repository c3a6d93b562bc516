// @ts-check
// The attributes of the element: read with a warning that names what is wrong, and the default in its place.
import { heldFields, readView, viewNames } from '../state/fields.js';
import { readPlanText } from '../state/plan-text.js';

/** @typedef {import('../state/fields.js').View} View */
/** @typedef {import('../state/fields.js').Problem} Problem */
/** @typedef {import('../state/presets.js').PlanForm} PlanForm */
/** @typedef {import('../types.d.ts').Plan} Plan */

export const viewAttributes = [...viewNames, ...Object.keys(heldFields)];
export const attributes = ['src', 'controls', 'loading', 'plan', 'poster', 'reveal', ...viewAttributes];

/** What is chosen of names, the first of them by default. */
export const choices = /** @type {const} */ ({ controls: ['view', 'none', 'train'], loading: ['lazy', 'eager'], reveal: ['auto', 'manual'] });

/**
 * @param {Element} element
 * @param {View} before
 * @param {string[]} [names] of the attributes that count
 */
export function viewOf(element, before, names = viewAttributes) {
  const { view, problems } = readView((name) => (names.includes(name) ? element.getAttribute(name) : null), before);
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
 * What `plan` says, in one of the ways of {@link readPlanText}.
 * @param {Element} element
 * @returns {{ given: Plan | null, plan: PlanForm, notice?: string } | null} nothing where it says nothing; `notice` is what is wrong with it
 */
export function planOf(element) {
  const text = element.getAttribute('plan');
  if (text === null) return null;
  const { given, plan, problems } = readPlanText(text);
  problems.forEach((problem) => warn(element, problem));
  const notice = problems.map(({ name, value, remedy }) => `The plan says ${name === 'plan' ? value : `${name}=${value}`}: give ${remedy}; the default is taken.`).join(' ');
  return { given, plan, ...(notice ? { notice } : {}) };
}

/**
 * @param {Element} element
 * @param {Problem} problem
 */
function warn(element, { name, value, remedy }) {
  console.warn(`<${element.localName} ${name}="${value}">: give ${remedy}; the default is taken.`);
}
