// @ts-check
// Brings a data set into the module's memory: toys are generated there, others are fetched, or were by the page for all of its workers.
import { OWN } from '../state/names.js';
import { DataError, fetchDataset } from './fetch-dataset.js';

/**
 * The data set of a plan; of a sharded one, as much as its sample sizes need.
 * @param {typeof import('../pkg/hash_phase.js').Dataset} Dataset
 * @param {import('../types.d.ts').Plan} plan
 * @param {import('./home.js').DataHome} home
 * @param {(share: number) => void} [told] of the share that is there, where there are many files
 */
export async function loadDataset(Dataset, plan, home, told = () => {}) {
  const { dataset: name, axes: { samples } } = plan;
  if (name === OWN) return ownDataset(Dataset, home);
  const files = home.fetched ?? (await fetchDataset(plan, home, told));
  if (!files) return Dataset.generate(name);
  if ('rows' in files) return Dataset.fromRows(name, .../** @type {[Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array]} */ (files.rows));
  return Dataset.fromIdx(name, samples[samples.length - 1], files.trainImages, files.trainLabels, files.testImages, files.testLabels);
}

/**
 * @param {typeof import('../pkg/hash_phase.js').Dataset} Dataset
 * @param {import('./home.js').DataHome} home
 */
function ownDataset(Dataset, { own }) {
  if (!own) throw Object.assign(new DataError('Your data are not loaded: drop the files on the page again.'), { code: 'dataset/own' });
  const { values, labels, train } = own;
  const description = JSON.stringify(own.description);
  if (values instanceof Uint8Array) return Dataset.ofBytes(values, labels, train, description);
  if (values instanceof Float32Array) return Dataset.ofFloats(values, labels, train, description);
  const { inputs, starts, places, numbers } = values;
  return Dataset.ofSparse(inputs, starts, places, numbers, labels, train, description);
}
