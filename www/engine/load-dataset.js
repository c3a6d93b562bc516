// @ts-check
// Brings a data set into the module's memory: toys are generated there, others are fetched and unpacked.

import bounds from '../bounds.json' with { type: 'json' };
import { OWN } from '../state/names.js';
import { bytesOf, unpacked } from './limited.js';

/** An error with a code, as the module throws them. */
class DataError extends Error {
  code = 'dataset/fetch';
}

/**
 * The data set of a plan; of a sharded one, as much as its sample sizes need.
 * @param {typeof import('../pkg/hash_phase.js').Dataset} Dataset
 * @param {import('../types.d.ts').Plan} plan
 * @param {import('./home.js').DataHome} home
 * @param {(share: number) => void} [told] of the share that is there, where there are many files
 */
export async function loadDataset(Dataset, { dataset: name, axes: { samples } }, home, told = () => {}) {
  if (name === OWN) return ownDataset(Dataset, home);
  if (!Dataset.isFiles(name)) return Dataset.generate(name);
  const most = samples[samples.length - 1];
  const parts = Dataset.trainImages(name, most);
  let come = 0;
  const image = async (/** @type {string} */ part) => {
    const bytes = await fetchUnpacked(home, name, part);
    come += 1;
    if (parts.length > 1) told(come / parts.length);
    return bytes;
  };
  const file = (/** @type {string} */ part) => fetchUnpacked(home, name, part);
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all([Promise.all(parts.map(image)), file('train-labels'), file('test-images'), file('test-labels')]);
  return Dataset.fromIdx(name, most, trainImages, trainLabels, testImages, testLabels);
}

/**
 * @param {typeof import('../pkg/hash_phase.js').Dataset} Dataset
 * @param {import('./home.js').DataHome} home
 */
function ownDataset(Dataset, { own }) {
  if (!own) throw Object.assign(new DataError('Your own data are not here: drop their files on the page again.'), { code: 'dataset/own' });
  const { values, labels, train } = own;
  return values instanceof Uint8Array ? Dataset.ofBytes(values, labels, train) : Dataset.ofFloats(values, labels, train);
}

/**
 * @param {import('./home.js').DataHome} home
 * @param {string} name
 * @param {string} part
 */
async function fetchUnpacked({ base, files }, name, part) {
  const file = `${name}/${part}.gz`;
  const address = files?.[file] ?? new URL(file, base).href;
  const answer = await fetch(address).catch((error) => {
    throw new DataError(`${address} cannot be fetched (${error.message}): check the connection and press Train again.`);
  });
  // A server that knows no such file may answer with its start page.
  if (!answer.ok || answer.headers.get('content-type')?.startsWith('text/html'))
    throw new DataError(`${address} is not there (${answer.status}): run \`npm run data -- ${name}\` and build the page again.`);
  // Some servers announce .gz files as encoded, and then the browser has unpacked them already.
  try {
    const bytes = answer.body ? await bytesOf(answer.body, bounds.data_bytes, address) : new Uint8Array();
    return await unpacked(bytes, bounds.data_bytes, address);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new DataError(`${message.includes(address) ? message : `${address} does not come whole (${message})`}: reload the page, and tell its owner if it stays so.`, { cause: error });
  }
}
