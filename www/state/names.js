// @ts-check
// What can be named in a link, an attribute or a form: the axes of a chart, its numbers, the factors, the engines.

/** @typedef {'width' | 'epoch' | 'samples' | 'factor'} Axis */
/** @typedef {'redundancy-train' | 'redundancy-test' | 'redundancy-random' | 'kmeans' | 'knn' | 'logistic' | 'accuracy'} Metric */
/** @typedef {import('../types.d.ts').Factor['name']} FactorName */
/** @typedef {'auto' | 'gpu' | 'cpu'} EngineWish */

/** Those that every chart has, and the one for anything else that varies. @type {Axis[]} */
export const axisNames = ['width', 'epoch', 'samples', 'factor'];

/** @type {Metric[]} */
export const metricNames = ['redundancy-train', 'redundancy-test', 'redundancy-random', 'kmeans', 'knn', 'logistic', 'accuracy'];

/** Each factor, with values to begin with. @type {Record<FactorName, string>} */
export const factorValues = {
  depth: '1, 2, 3',
  activation: 'relu, leaky_relu, tanh, gelu',
  batch_norm: 'false, true',
  dropout: '0, 0.2, 0.5',
  weight_decay: '0, 1e-4, 1e-3',
  label_noise: '0, 0.2, 0.5, 1',
  noise_inputs: 'false, true',
  layer: '1',
  early_stopping: '0, 10',
  channels: '2, 4, 8',
  blocks: '1, 2, 3',
};

export const factorNames = /** @type {FactorName[]} */ (Object.keys(factorValues));

/** @type {EngineWish[]} */
export const engineNames = ['auto', 'gpu', 'cpu'];

/** The data that a reader brings. */
export const OWN = 'own';
