// @ts-check
// Which of the CPU's two modules trains a plan. The small one has kernels of its own for ReLU and leaky ReLU networks. Smooth activations are
// tensor programs, for which a module with a tensor framework is fetched, three times as large. Both have the same kernels and come to the
// same numbers.

/** The activations that the kernels are made for. */
const TAKEN = ['relu', 'leaky_relu'];

/**
 * @param {import('../types.d.ts').Plan} plan
 * @returns {'cpu' | 'tensors'} the module's name in the catalogue
 */
export function cpuModule({ protocol, axes: { factor } }) {
  const activations = factor?.name === 'activation' ? factor.values : [protocol.activation ?? 'relu'];
  return activations.every((activation) => TAKEN.includes(activation)) ? 'cpu' : 'tensors';
}

/**
 * The modules that train a plan on an engine: codes that the GPU takes are measured on the CPU.
 * @param {import('../types.d.ts').Plan} plan
 * @param {'cpu' | 'gpu'} engine
 * @returns {import('./catalogue.js').Name[]}
 */
export const modulesFor = (plan, engine) => (engine === 'gpu' ? [cpuModule(plan), 'gpu'] : [cpuModule(plan)]);
