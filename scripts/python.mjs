// @ts-check
// Python environments of our own: the references that ours is held against, and readers of other formats.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { quietly, say } from './shell.mjs';

const REFERENCES = ['tensorflow-cpu==2.21.0', 'keras==3.15.1', 'scikit-learn==1.9.1'];

/**
 * Makes it below a folder, unless it is there.
 * @param {string} folder
 * @param {string[]} packages at their versions
 * @returns {Promise<string>} the environment's Python
 */
export async function pythonIn(folder, packages = REFERENCES) {
  const python = join(folder, 'venv', 'bin', 'python');
  if (!existsSync(python)) await quietly('python3', ['-m', 'venv', join(folder, 'venv')], { remedy: 'install Python 3.11 or later with venv.' });
  say(`Python: ${packages.join(', ')}`);
  await quietly(python, ['-m', 'pip', 'install', '--quiet', ...packages], { remedy: 'check the network and run this again.' });
  return python;
}
