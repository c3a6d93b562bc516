// @ts-check
// From what a reader typed to a plan, or to what is wrong with it.
import { presetPlan } from './store.js';

/** @typedef {import('./store.js').PlanForm} PlanForm */

/** What each list may hold. Sizes above the data set's are refused by the engine, which knows it. */
const lists = /** @type {const} */ ({ widths: ['width', 1], epochs: ['epoch', 0], samples: ['samples', 1] });

/** Squares of a plan's chart, all seeds counted.
 * @param {import('./types.d.ts').Plan} plan
 */
export const squareCount = ({ axes: { width, epoch, samples, seed } }) => width.length * epoch.length * samples.length * seed.length;

/**
 * @param {PlanForm} form
 * @returns {{ plan: import('./types.d.ts').Plan, problems: Partial<Record<keyof PlanForm, string>> }} `plan` is of use only without problems
 */
export function readPlan(form) {
  const plan = presetPlan(form.preset, form.dataset);
  const most = plan.axes.samples[plan.axes.samples.length - 1];
  /** @type {Partial<Record<keyof PlanForm, string>>} */
  const problems = {};
  for (const [field, [axis, least]] of Object.entries(lists)) {
    const values = form[/** @type {keyof PlanForm} */ (field)].split(',').map((part) => part.trim());
    const numbers = values.map(Number);
    const problem = listProblem(values, numbers, least, axis === 'samples' ? most : Infinity);
    if (problem) problems[/** @type {keyof PlanForm} */ (field)] = problem;
    plan.axes[axis] = numbers;
  }
  const seeds = Number(form.seeds);
  if (!/^\d+$/.test(form.seeds.trim()) || seeds < 1 || seeds > 100) problems.seeds = 'Give a whole number from 1 to 100.';
  else plan.axes.seed = Array.from({ length: seeds }, (_, index) => index + 1);
  const noise = Number(form.noise);
  if (!form.noise.trim() || !(noise >= 0 && noise <= 1)) problems.noise = 'Give a share from 0 to 1.';
  else if (noise) plan.protocol.label_noise = noise;
  return { plan, problems };
}

/**
 * @param {string[]} texts
 * @param {number[]} numbers
 * @param {number} least
 * @param {number} most
 */
function listProblem(texts, numbers, least, most) {
  const bad = texts.find((text) => !/^\d{1,9}$/.test(text));
  if (bad !== undefined) return bad === '' ? 'Give whole numbers with commas between them.' : `“${bad}” is no whole number.`;
  if (numbers[0] < least) return `${numbers[0]} leaves nothing to train: use ${least} or more.`;
  const fall = numbers.findIndex((number, index) => index > 0 && number <= numbers[index - 1]);
  if (fall > 0) return `${numbers[fall]} does not rise above ${numbers[fall - 1]}.`;
  const last = numbers[numbers.length - 1];
  return last > most ? `${last} is more than the ${most} training examples there are.` : '';
}
