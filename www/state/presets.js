// @ts-check
// The plans that a preset and a data set make, as plans and as a form shows them.
import { families } from './families.js';
import { hyperparametersOf } from './hyperparameters.js';
import { OWN } from './names.js';
import presets from '../presets.json' with { type: 'json' };

/** @typedef {import('../types.d.ts').Plan} Plan */
/** @typedef {{ dataset: string, preset: string, widths: string, epochs: string, samples: string, seeds: string, factor: string, levels: string, random: string } & import('./hyperparameters.js').Hyperparameters} PlanForm as typed; `factor` is none where nothing else varies, `random` is true where random inputs are measured, too */

export const datasetNames = Object.keys(presets.quick);
/** As whose plans those of a reader's own data begin. */
const LIKE = 'mnist-small';
export const presetNames = Object.keys(presets);

/**
 * @param {string} preset
 * @param {string} dataset
 * @returns {Plan}
 */
export function presetPlan(preset, dataset) {
  if (dataset === OWN) return { ...presetPlan(preset, LIKE), dataset };
  const plans = /** @type {Record<string, Record<string, unknown>>} */ (presets);
  return /** @type {Plan} */ (structuredClone(plans[preset][dataset]));
}

/**
 * The plan's form as a preset fills it.
 * @param {string} preset
 * @param {string} dataset
 * @param {string} [network]
 * @returns {PlanForm}
 */
export function presetForm(preset, dataset, network = 'mlp') {
  const { axes, protocol } = presetPlan(preset, dataset);
  // The value in a link may not be a preset.
  const family = families[network];
  return {
    dataset,
    preset,
    widths: (family?.widths?.(preset) ?? axes.width).join(', '),
    epochs: axes.epoch.slice(0, preset === 'quick' && family?.tooLong ? -family.tooLong : undefined).join(', '),
    samples: axes.samples.join(', '),
    seeds: String(axes.seed.length),
    factor: '',
    levels: '',
    random: '',
    ...hyperparametersOf(protocol),
    ...Object.fromEntries(Object.entries({ network, ...family?.sizes, ...family?.usual }).map(([name, value]) => [name, String(value)])),
  };
}

/**
 * A form with another preset, data set or network, and with what was typed into it.
 * @param {PlanForm} form
 * @param {Partial<PlanForm>} change
 * @returns {PlanForm}
 */
export function refilled(form, change) {
  const [before, next] = [form, { ...form, ...change }].map(({ preset, dataset, network }) => presetForm(preset, dataset, network));
  const typed = Object.entries(form).filter(([name, value]) => value !== before[/** @type {keyof PlanForm} */ (name)]);
  return { ...next, ...Object.fromEntries(typed) };
}
