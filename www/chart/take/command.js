// @ts-check
// The command that makes a chart, for a shell.
import { familyOf } from '../../state/families.js';
import { hyperparameters } from '../../state/hyperparameters.js';
import { presetPlan, presetNames, datasetNames } from '../../state/presets.js';

/** @typedef {import('../../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../../types.d.ts').Protocol} Protocol */

/** A call that makes a chart, and does nothing else. A chart may be a stranger's, and what is copied is pasted into a shell. */
const OURS = /^hash-phase sweep( (?!-o\b|--(output|overwrite|weights|data)\b)(--[a-z-]+(=[\w.,=+%/-]+)?|[\w.,=+%][\w.,=+%/-]*))*$/;

/**
 * @param {PhaseChart} chart
 * @returns {string | null} nothing where no command makes it: seeds that are not 1, 2, 3 …, say
 */
export function sweepCommand({ dataset, protocol, axes, provenance }) {
  if (provenance.command && OURS.test(provenance.command)) return `${provenance.command} -o chart.json`;
  if (!presetNames.includes(protocol.preset) || !datasetNames.includes(dataset.name) || axes.seed.some((seed, at) => seed !== at + 1)) return null;
  const { network } = protocol;
  const preset = { ...presetPlan(protocol.preset, dataset.name).protocol, ...familyOf(protocol).usual };
  const { optimizer, schedule } = protocol;
  const words = ['hash-phase sweep', `--dataset ${dataset.name}`, `--preset ${protocol.preset}`];
  words.push(`--widths ${axes.width.join(',')}`, `--epochs ${axes.epoch.join(',')}`, `--samples ${axes.samples.join(',')}`, `--seeds ${axes.seed.length}`);
  if (axes.factor) words.push(`--factor ${axes.factor.name}=${axes.factor.values.join(',')}`);
  for (const name of /** @type {(keyof Protocol)[]} */ ([...new Set([...Object.keys(preset), ...Object.keys(protocol)])])) {
    const [value, other] = [protocol[name], preset[name]];
    if (text(value) === text(other)) continue;
    if (['random_inputs', 'noise_inputs', 'flip'].includes(name)) {
      if (value) words.push(`--${name.replace('_', '-')}`);
    } else if (name === 'network') {
      const { name: family, ...sizes } = network ?? { name: 'mlp' };
      words.push(`--network ${family}`, ...Object.entries(sizes).map(([size, value]) => `--${size} ${value}`));
    } else if (name === 'code') words.push(`--code ${value ?? 'all'}`);
    else if (name === 'optimizer') {
      words.push(`--learning-rate ${optimizer.learning_rate}`, ...(optimizer.name === 'sgd' ? [`--momentum ${optimizer.momentum}`] : []));
    } else if (name === 'schedule') words.push(`--schedule ${schedule ? `${schedule.factor}/${schedule.every}` : 'none'}`);
    else if (Object.hasOwn(hyperparameters, name)) words.push(`--${name.replaceAll('_', '-')} ${protocol[name]}`);
    else return null;
  }
  const command = words.join(' ');
  return OURS.test(command) ? `${command} -o chart.json` : null;
}

/** A hyper-parameter as text, in whatever order its parts are; what is left out is off. @param {unknown} value */
const text = (value) => JSON.stringify(value && typeof value === 'object' ? Object.entries(value).sort() : value || null);
