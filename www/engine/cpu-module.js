// @ts-check
// Which of the CPU's two modules trains a plan. The small one has kernels of its own for plain ReLU networks under Adam, whatever their depth and
// width; all others are tensor programs, for which a module with a tensor framework is fetched, three times as large. Both have the same kernels
// and come to the same numbers.

/** What the kernels are made for, by the protocol's field. @type {Record<string, (value: any) => boolean>} */
const TAKEN = {
  optimizer: ({ name }) => name === 'adam',
  activation: (activation = 'relu') => activation === 'relu',
  batch_norm: (batchNorm) => !batchNorm,
  dropout: (dropout) => dropout === 0,
};

/**
 * @param {import('../types.d.ts').Plan} plan
 * @returns {'cpu' | 'tensors'} the module's name in the catalogue
 */
export function cpuModule({ protocol, axes: { factor } }) {
  /** @type {Record<string, any>} */
  const fields = protocol;
  const taken = Object.entries(TAKEN).every(([field, isTaken]) => {
    /** @type {any[]} */
    const values = factor?.name === field ? factor.values : [fields[field]];
    return values.every(isTaken);
  });
  return taken ? 'cpu' : 'tensors';
}

/**
 * The modules that train a plan on an engine: codes that the GPU takes are measured on the CPU.
 * @param {import('../types.d.ts').Plan} plan
 * @param {'cpu' | 'gpu'} engine
 * @returns {import('./catalogue.js').Name[]}
 */
export const modulesFor = (plan, engine) => (engine === 'gpu' ? [cpuModule(plan), 'gpu'] : [cpuModule(plan)]);
