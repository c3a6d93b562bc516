// @ts-check
// Data sets that no package registry holds: whoever has the files of their publishers puts them into a folder, and they are laid out
// from there, by Python's own readers of their formats.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root } from './places.mjs';
import { pythonIn } from './python.mjs';
import { SetupError, printed } from './shell.mjs';

/** NumPy reads Keras' arrays, SciPy MATLAB's. */
const PACKAGES = ['numpy==2.4.6', 'scipy==1.17.1'];
/** What is needed, and where people have it from. @type {Record<string, { files: string[], from: string }>} */
const WANTED = {
  imdb: { files: ['imdb.npz'], from: 'Keras has it in ~/.keras/datasets once keras.datasets.imdb.load_data() has run' },
  svhn: { files: ['train_32x32.mat', 'test_32x32.mat'], from: 'they are format 2 of the Street View House Numbers, as torchvision.datasets.SVHN fetches them' },
};

export const broughtPython = () => pythonIn(join(cache, 'brought'), PACKAGES);

/**
 * @param {string} name
 * @param {string} to
 * @param {Record<string, string>} digests of the published files; whatever is brought where there are none
 * @param {string} [from] the folder that they are brought to
 * @returns {Promise<Record<string, string>>} digests of those that were brought; nothing is laid out where they are others
 */
export async function layOutBrought(name, to, digests, from = join(cache, 'brought')) {
  const { files, from: whence } = WANTED[name];
  mkdirSync(from, { recursive: true });
  const missing = files.filter((file) => !existsSync(join(from, file)));
  if (missing.length) throw new SetupError(`${name} is in no package registry, and ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not in ${from}.`, `put ${files.join(' and ')} there (${whence}), then run this again.`);
  const { stdout, why } = await printed(await broughtPython(), [join(root, 'scripts', 'brought.py'), name, from, to, JSON.stringify(digests)]);
  if (why) throw new SetupError(`${name} cannot be laid out (${why}).`, 'see the message above.');
  return JSON.parse(stdout);
}
