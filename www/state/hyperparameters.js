// @ts-check
// What can be set of a protocol: the engine's own table of names, labels and ranges (`src/training/hyperparameters.rs`), read and written
// as texts for forms, links and attributes.
import table from '../hyperparameters.json' with { type: 'json' };
import { families, familyName, familyOf } from './families.js';

/** @typedef {import('../types.d.ts').Protocol} Protocol */
/** @typedef {'network' | 'channels' | 'blocks' | 'convolutions' | 'code' | 'depth' | 'activation' | 'batch_norm' | 'dropout' | 'optimizer' | 'learning_rate' | 'momentum' | 'schedule' | 'batch' | 'weight_decay' | 'label_noise' | 'noise_inputs' | 'rotation' | 'shift' | 'flip' | 'early_stopping' | 'layer' | 'neighbours' | 'kmeans_starts' | 'kmeans_assignment' | 'logistic_c' | 'penalised_intercept'} Hyperparameter */
/** @typedef {Record<Hyperparameter, string>} Hyperparameters as typed */
/** @typedef {{ read: (text: string) => unknown, remedy: string }} Rule `read` gives nothing for what may not be */
/** @typedef {{ name: string, label: string, kind: string, remedy: string, names?: string[], least?: number, above?: number, most?: number, below?: number, networks?: string[], pictures?: Record<string, number[]> }} Entry `networks`: the families that have it, if not all; `pictures`: height and width of those data sets that are pictures */

/** @type {Record<Hyperparameter, Entry>} */
export const hyperparameters = /** @type {any} */ (Object.fromEntries(table.map((/** @type {Entry} */ entry) => [entry.name, entry])));
export const hyperparameterNames = /** @type {Hyperparameter[]} */ (Object.keys(hyperparameters));

/** A number as it is typed: `1e-4`, `.5`, `20`. */
const NUMBER = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** The momentum that is offered where the optimizer has one. */
const MOMENTUM = '0.9';
/** The activations of networks with convolutions. */
const RECTIFIERS = ['relu', 'leaky_relu'];
const NONE = 'none';

/** @param {Entry} entry @returns {Rule} */
function ruleOf({ kind, remedy, names = [], least, above, most, below }) {
  if (kind === 'flag') return { read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined), remedy };
  if (kind === 'choice') return { read: (text) => names.find((name) => name === text), remedy };
  if (kind === 'schedule') return { read: readSchedule, remedy };
  const holds = (/** @type {number} */ value) => Number.isFinite(value) && value >= (least ?? -Infinity) && value > (above ?? -Infinity) && value <= (most ?? Infinity) && value < (below ?? Infinity);
  return { read: (text) => ((kind === 'whole' ? /^\d{1,9}$/ : NUMBER).test(text) && holds(Number(text)) ? Number(text) : undefined), remedy };
}

/** @param {string} text @returns {{ factor: number, every: number } | null | undefined} */
function readSchedule(text) {
  if (text === NONE) return null;
  const [factor, every, ...rest] = text.split('/').map((part) => part.trim());
  if (rest.length || !NUMBER.test(factor) || !/^\d{1,9}$/.test(every ?? '') || !(Number(factor) > 0 && Number(every) > 0)) return undefined;
  return { factor: Number(factor), every: Number(every) };
}

/** How each is read, and what to give instead of what it is not. @type {Record<Hyperparameter, Rule>} */
export const rules = /** @type {any} */ (Object.fromEntries(table.map((/** @type {Entry} */ entry) => [entry.name, ruleOf(entry)])));
/** What is measured is the code of all hidden layers where none is named. */
rules.layer = { read: (text) => (text === '' ? null : ruleOf(hyperparameters.layer).read(text)), remedy: `${ruleOf(hyperparameters.layer).remedy}, or nothing for all` };

/** What a plan leaves out where it is so, as the engine does. @type {Record<string, unknown>} */
const OFF = { activation: 'relu', code: 'all', label_noise: 0, noise_inputs: false, rotation: 0, shift: 0, flip: false, early_stopping: 0, kmeans_assignment: false, penalised_intercept: false, layer: null, schedule: null };

/**
 * A protocol's own, as texts.
 * @param {Protocol} protocol
 * @returns {Hyperparameters}
 */
export function hyperparametersOf({ network, optimizer, schedule, layer, ...plain }) {
  const said = { ...OFF, ...families.vgg.sizes, ...network, ...plain, network: familyName({ network }), optimizer: optimizer.name, learning_rate: optimizer.learning_rate };
  const momentum = optimizer.name === 'sgd' ? String(optimizer.momentum) : MOMENTUM;
  const texts = { momentum, schedule: schedule ? `${schedule.factor}/${schedule.every}` : NONE, layer: layer ? String(layer) : '' };
  return /** @type {Hyperparameters} */ (Object.fromEntries(hyperparameterNames.map((name) => [name, texts[/** @type {keyof typeof texts} */ (name)] ?? String(said[/** @type {keyof typeof said} */ (name)])])));
}

/**
 * A protocol with what was typed, and what is wrong with that.
 * @param {Protocol} protocol
 * @param {Hyperparameters} typed
 * @returns {{ protocol: Protocol, problems: Partial<Record<Hyperparameter, string>> }} the protocol is of use only without problems
 */
export function withHyperparameters(protocol, typed) {
  const values = /** @type {Record<Hyperparameter, any>} */ (Object.fromEntries(hyperparameterNames.map((name) => [name, rules[name].read(typed[name].trim())])));
  /** @type {Partial<Record<Hyperparameter, string>>} */
  const problems = {};
  const family = values.network ?? 'mlp';
  const idle = (/** @type {Hyperparameter} */ name) => (name === 'momentum' && values.optimizer === 'adam') || !has(family, name);
  for (const name of hyperparameterNames) if (values[name] === undefined && !idle(name)) problems[name] = `Give ${rules[name].remedy}.`;
  // Fields that its networks do not have.
  for (const name of /** @type {const} */ (['depth', 'dropout', 'rotation', 'shift', 'flip'])) if (!has(family, name)) values[name] = OFF[name] ?? 0;
  const { channels, blocks, convolutions, optimizer: name, learning_rate, momentum, ...plain } = values;
  delete plain.network;
  const sizes = { channels, blocks, convolutions };
  if (family !== 'mlp' && !RECTIFIERS.includes(values.activation)) problems.activation = `Networks with convolutions take ${RECTIFIERS.join(' or ')}.`;
  if (family === 'mlp' && values.code !== 'all') problems.code = 'An mlp has none but dense layers: take all, or one of its layers.';
  if (family === 'resnet' && values.code === 'dense') problems.code = 'A resnet has no dense hidden layer: take channels or all.';
  const network = family === 'mlp' ? {} : { network: { name: family, ...Object.fromEntries(Object.keys(families[family].sizes).map((name) => [name, sizes[/** @type {keyof typeof sizes} */ (name)]])) } };
  const layers = codeDepth({ depth: values.depth, code: values.code, ...network });
  if (values.layer > layers) problems.layer = `The code has ${layers} ${layers === 1 ? 'layer' : 'layers'}.`;
  const on = Object.fromEntries(Object.entries(plain).filter(([name, value]) => !(name in OFF) || value !== OFF[name]));
  const rest = Object.fromEntries(Object.entries(protocol).filter(([name]) => !(name in OFF) && name !== 'network'));
  return { protocol: /** @type {any} */ ({ ...rest, ...network, ...on, optimizer: { name, learning_rate, ...(name === 'sgd' ? { momentum } : {}) } }), problems };
}

/**
 * Whether networks of a family have what a hyper-parameter sets.
 * @param {string} family
 * @param {string} name
 */
export const has = (family, name) => hyperparameters[/** @type {Hyperparameter} */ (name)]?.networks?.includes(family) ?? true;

/**
 * How many layers the code of a protocol has.
 * @param {Pick<Protocol, 'depth' | 'code' | 'network'>} protocol
 */
export function codeDepth({ depth, code, network }) {
  if (code === 'dense') return 1;
  return depth + familyOf({ network }).maps(/** @type {any} */ (network), 1).length;
}
