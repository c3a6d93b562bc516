// @ts-check
// From what a reader typed to a plan, or to what is wrong with it.
import bounds from '../bounds.json' with { type: 'json' };
import { codeDepth, has, hyperparameters, rules, withHyperparameters } from './hyperparameters.js';
import { squareCount } from './plan-size.js';
import { OWN } from './names.js';
import { presetForm, presetPlan } from './presets.js';

/** @typedef {import('./presets.js').PlanForm} PlanForm */
/** @typedef {import('../types.d.ts').Plan} Plan */
/** @typedef {import('../types.d.ts').Factor} Factor */

/** What each list may hold, at least and at most; the table of the most is the engine's. */
const lists = /** @type {const} */ ({ widths: ['width', 1, bounds.width], epochs: ['epoch', 0, bounds.epoch], samples: ['samples', 1, Infinity] });

/**
 * @param {PlanForm} form
 * @returns {{ plan: import('../types.d.ts').Plan, problems: Partial<Record<keyof PlanForm, string>> }} `plan` is of use only without problems
 */
export function readPlan(form) {
  const plan = presetPlan(form.preset, form.dataset);
  // The preset of the paper's figures goes up to all examples; how many own data have is known only once they are loaded.
  const all = presetPlan('figure', form.dataset).axes.samples;
  const most = form.dataset === OWN ? Infinity : all[all.length - 1];
  /** @type {Partial<Record<keyof PlanForm, string>>} */
  const problems = {};
  for (const [field, [axis, least, known]] of Object.entries(lists)) {
    // The width of a resnet is its number of channels.
    const bound = form.network === 'resnet' && axis === 'width' ? bounds.channels : known;
    const values = form[/** @type {keyof PlanForm} */ (field)].split(',').map((part) => part.trim());
    const numbers = values.map(Number);
    const problem = listProblem(values, numbers, least, axis === 'samples' ? most : bound, axis === 'samples' ? 'training examples there are' : `${bound} that are taken`);
    if (problem) problems[/** @type {keyof PlanForm} */ (field)] = problem;
    plan.axes[axis] = numbers;
  }
  const seeds = Number(form.seeds);
  if (!/^\d+$/.test(form.seeds.trim()) || seeds < 1 || seeds > bounds.seeds) problems.seeds = `Give a whole number from 1 to ${bounds.seeds}.`;
  else plan.axes.seed = Array.from({ length: seeds }, (_, index) => index + 1);
  // A field that the additional factor varies is set there.
  const { protocol, problems: wrong } = withHyperparameters(plan.protocol, form.factor ? { ...form, [form.factor]: presetForm(form.preset, form.dataset, form.network)[/** @type {Factor['name']} */ (form.factor)] } : form);
  Object.assign(problems, wrong);
  plan.protocol = { ...protocol, random_inputs: form.random === 'true' };
  if (form.network !== 'mlp' && form.dataset !== OWN) {
    const picture = hyperparameters.network.pictures?.[form.dataset];
    const most = picture ? Math.floor(Math.log2(Math.min(...picture))) : 0;
    if (!picture) problems.network = 'Convolutions take pictures, which the examples of this data set are not: choose mlp.';
    else if (form.network === 'vgg' && Number(form.blocks) > most) problems.blocks = `Give ${most} or fewer for pictures of ${picture.join(' x ')}.`;
  }
  if (form.factor) {
    const { factor, problem } = readFactor(/** @type {Factor['name']} */ (form.factor), form.levels, codeDepth(plan.protocol));
    if (problem) problems.levels = problem;
    else if (!has(form.network, factor.name)) problems.levels = `A network ${form.network} has no ${hyperparameters[factor.name].label}: choose network ${hyperparameters[factor.name].networks?.join(' or ')}.`;
    plan.axes.factor = factor;
  }
  if (!Object.keys(problems).length && squareCount(plan) > bounds.squares) problems.seeds = `These are ${squareCount(plan)} squares, and ${bounds.squares} are the most: take fewer seeds, epochs or sizes.`;
  return { plan, problems };
}

/**
 * @param {string[]} texts
 * @param {number[]} numbers
 * @param {number} least
 * @param {number} most
 * @param {string} what is so many
 */
function listProblem(texts, numbers, least, most, what) {
  const bad = texts.find((text) => !/^\d{1,9}$/.test(text));
  if (bad !== undefined) return bad === '' ? 'Give whole numbers with commas between them.' : `“${bad}” is no whole number.`;
  if (numbers[0] < least) return `${numbers[0]} leaves nothing to train: use ${least} or more.`;
  const fall = numbers.findIndex((number, index) => index > 0 && number <= numbers[index - 1]);
  if (fall > 0) return `${numbers[fall]} is not greater than ${numbers[fall - 1]}.`;
  const last = numbers[numbers.length - 1];
  return last > most ? `${last} is more than the ${what.startsWith('training') ? `${most} ` : ''}${what}.` : '';
}

/**
 * @param {Factor['name']} name
 * @param {string} text
 * @param {number} depth of the code, in layers
 * @returns {{ factor: Factor, problem: string }}
 */
function readFactor(name, text, depth) {
  const rule = rules[name];
  const byLayer = { read: (/** @type {string} */ text) => (text !== '' && Number(rule.read(text)) <= depth ? rule.read(text) : undefined), remedy: `a layer of the code, from 1 to ${depth}` };
  const { read, remedy } = name === 'layer' ? byLayer : rule;
  const texts = text.split(',').map((part) => part.trim());
  const values = texts.map(read);
  const bad = texts.findIndex((part, index) => part === '' || values[index] === undefined);
  const twice = values.some((value, index) => values.indexOf(value) !== index);
  const problem = bad >= 0 ? `${texts[bad] ? `“${texts[bad]}” will not do: each` : 'Each'} is ${remedy}.` : twice ? 'Give each value once.' : '';
  return { factor: /** @type {Factor} */ ({ name, values }), problem };
}
