// @ts-check
// Fetches and unpacks the files of a data set.
import bounds from '../bounds.json' with { type: 'json' };
import datasets from '../datasets.json' with { type: 'json' };
import { bytesOf, unpacked } from './limited.js';

/** @typedef {import('./home.js').DataHome} DataHome */
/** @typedef {{ trainImages: Uint8Array[], trainLabels: Uint8Array, testImages: Uint8Array, testLabels: Uint8Array }} Images idx files, unpacked */
/** @typedef {{ rows: Uint8Array[] }} Rows the files of a table or a bag of words, unpacked, in the order in which the engine takes them */
/** @typedef {Images | Rows} Files */

/** An error with a code, as the module throws them. */
export class DataError extends Error {
  code = 'dataset/fetch';
}

/**
 * The files of a plan's data set; of a sharded one, as many as its sample sizes need.
 * @param {import('../types.d.ts').Plan} plan
 * @param {DataHome} home
 * @param {(share: number) => void} told of the share that is there, where there are many files
 * @returns {Promise<Files | null>} null for a data set that is not made of files
 */
export async function fetchDataset({ dataset: name, axes: { samples } }, home, told) {
  const files = /** @type {Record<string, { each: number, files: string[] } | { rows: string[] }>} */ (datasets)[name];
  if (!files) return null;
  const file = (/** @type {string} */ part) => fetchUnpacked(home, name, part);
  let come = 0;
  const all = (/** @type {string[]} */ parts) =>
    Promise.all(
      parts.map(async (part) => {
        const bytes = await file(part);
        come += 1;
        if (parts.length > 1) told(come / parts.length);
        return bytes;
      }),
    );
  if ('rows' in files) return { rows: await all(files.rows) };
  const parts = files.files.slice(0, Math.ceil(samples[samples.length - 1] / files.each));
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all([all(parts), file('train-labels'), file('test-images'), file('test-labels')]);
  return { trainImages, trainLabels, testImages, testLabels };
}

/**
 * @param {DataHome} home
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
